"""Putting back what runs otherwise than the stack wants it: the calls, the wait, and the proof."""

from __future__ import annotations

from collections.abc import Collection

from ash_ops.aws import ecs
from ash_ops.aws.calls import call, fact
from ash_ops.aws.cloudformation import find_stack
from ash_ops.aws.operations import UPDATE_SERVICE
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.fleet.restart import restart_runners
from ash_ops.deploy.live import require_service
from ash_ops.deploy.plan.change_set import Plan
from ash_ops.deploy.plan.drift import Drift, lines_of, read_drift
from ash_ops.deploy.run.evidence import Evidence, collect
from ash_ops.deploy.run.execution import say_how_to_go_on
from ash_ops.deploy.run.proof import prove
from ash_ops.deploy.sessions.drain import Reopen, drained
from ash_ops.drift import Difference, calls
from ash_ops.errors import ExitCode, OpsError, ReadFailed
from ash_ops.facts.services import Service, ServiceRollout
from ash_ops.facts.stacks import Stack
from ash_ops.facts.wanted import SERVICE
from ash_ops.template_parameters import MULTI_MACHINE

_POLL = 3.0
_LIMIT = 45 * 60.0
# What AWS answers when a rule is in place, or gone, already.
_IN_PLACE = ("InvalidPermission.Duplicate", "InvalidPermission.NotFound")


def say_drift(environment: Environment, drift: Drift) -> None:
    """Tell what runs otherwise than the stack wants it, and what could not be compared."""
    say = environment.dialogue.say
    if drift.differences:
        say("What runs is not what the stack wants; it was changed past the stack:")
    for line in lines_of(drift.differences):
        say(line)
    for name in drift.gone:
        say(f"  gone       {name}: the stack made it, and it is not there any more")
    for sentence in drift.unread:
        say(f"  unknown    whether what runs is what the stack wants: {sentence}")
    if any(each.ends_sessions for each in drift.differences):
        say("  note       Putting it back replaces the task: the sessions that run now end.")


def put_back(environment: Environment, found: Collection[Difference]) -> ServiceRollout | None:
    """Make the calls that put differences back.

    Returns:
        The service's rollout that this began, if it was told to change.

    Raises:
        OpsError: one was refused; what was done before it was told.
    """
    started, done = None, 0
    todo = calls(found)
    for operation, parameters in todo:
        try:
            answer = call(environment.aws, operation, **parameters)
        except ReadFailed as error:
            if error.code in _IN_PLACE:
                continue
            raise OpsError(
                f"Not everything was put back: {done} of {len(todo)} calls were made",
                f"{error.call}: {error.code} {error.message}".strip(),
                "What was done stays, and is what the stack wants. Run `ash-ops deploy` again "
                "when it is allowed: it shows what is left.",
            ) from error
        done += 1
        if operation is UPDATE_SERVICE:
            started = fact(operation, Service, answer.get("service") or {}).primary
    return started


def before(drift: Drift, plan: Plan) -> list[Difference]:
    """What is put back before a plan is carried out: new tasks are to find a sound network.

    A service that the plan changes gets its revision by the plan, not twice.
    """
    changed = {change.logical_id for change in plan.changes}
    return [d for d in drift.differences if d.type != SERVICE or d.logical_id not in changed]


def put_back_rest(environment: Environment, choices: DeployChoices, evidence: Evidence) -> ExitCode:
    """After a plan: put back what of the service it left as it was, and prove that it works.

    A plan names the service also where it changes only what the service hangs on.
    """
    names = environment.deployment
    stack = find_stack(environment.aws, names.stack)
    rest = read_drift(environment.aws, names, stack).of_service
    if not rest:
        return prove(environment, evidence, choices.canary)
    for line in lines_of(rest):
        environment.dialogue.say(line)
    return settle(environment, put_back(environment, rest), choices)


def put_back_drift(environment: Environment, drift: Drift, choices: DeployChoices) -> ExitCode:
    """Where the stack is to stay as it is: show what runs otherwise, ask, put it back, prove it.

    Raises:
        OpsError: it could not be done.
        KeyboardInterrupt: the user stopped waiting; how to go on was told.
    """
    say_drift(environment, drift)
    code = ExitCode.OK
    if drift.differences and not choices.plan_only:
        code = _put_back_if_agreed(environment, drift.differences, choices, "Put it back?")
    if drift.gone and code is ExitCode.OK:
        environment.dialogue.say(
            "What is gone no call puts back: `ash-ops teardown`, then `ash-ops deploy`, makes it anew."
        )
        return ExitCode.PROBLEMS
    return ExitCode.INCONCLUSIVE if drift.unread and code is ExitCode.OK else code


def put_back_service(
    environment: Environment, stack: Stack, drift: Drift, choices: DeployChoices, question: str
) -> ExitCode:
    """Put back what the service runs, and nothing else."""
    for line in lines_of(drift.of_service):
        environment.dialogue.say(line)
    if not environment.dialogue.confirm(question):
        environment.dialogue.say("Nothing was changed.")
        return ExitCode.FAILED
    with drained(environment, stack, choices) as reopen:
        return settle(environment, put_back(environment, drift.of_service), choices, reopen)


def _put_back_if_agreed(
    environment: Environment, found: Collection[Difference], choices: DeployChoices, question: str
) -> ExitCode:
    if not environment.dialogue.confirm(question):
        environment.dialogue.say("Nothing was changed.")
        return ExitCode.FAILED
    return settle(environment, put_back(environment, found), choices)


def restart(environment: Environment, stack: Stack, choices: DeployChoices) -> ExitCode:
    """Start the service's tasks anew, runners before their coordinator; follow them, and prove that they work."""
    names = environment.deployment
    with drained(environment, stack, choices) as reopen:
        if stack.outputs.get("Mode") == MULTI_MACHINE:
            _restart_fleet(environment, choices)
        service = ecs.restart_service(environment.aws, names.cluster, names.service)
        return settle(environment, service.primary, choices, reopen)


def _restart_fleet(environment: Environment, choices: DeployChoices) -> None:
    try:
        restart_runners(environment, choices)
    except KeyboardInterrupt:
        say_how_to_go_on(environment)
        raise


def settle(
    environment: Environment,
    started: ServiceRollout | None,
    choices: DeployChoices,
    reopen: Reopen = lambda: None,
) -> ExitCode:
    """Follow a rollout of the service to its end, and prove that it works or tell why not.

    Args:
        environment: the world.
        started: the rollout; ``None`` when none was needed.
        choices: whether to wait, and to run a canary.
        reopen: lets in again who was kept out while sessions ended.
    """
    evidence = Evidence()
    if not choices.wait:
        environment.dialogue.say("Started. `ash-ops status` shows it.")
        return ExitCode.OK
    try:
        end = _follow(environment, started.id, evidence) if started else None
    except KeyboardInterrupt:
        say_how_to_go_on(environment)
        raise
    reopen()
    if started is None or (end is not None and end.state == "COMPLETED"):
        return prove(environment, evidence, choices.canary)
    told = f" ({end.rollout_state_reason})" if end and end.rollout_state_reason else ""
    environment.dialogue.say(f"\nThe rollout failed{told}; what ran before runs on.")
    environment.dialogue.say(environment.explain(environment.aws, environment.deployment, evidence))
    return ExitCode.PROBLEMS


def _follow(environment: Environment, wanted: str, evidence: Evidence) -> ServiceRollout | None:
    """Wait for one deployment of the service to settle; ``None`` when it was replaced."""
    end = environment.clock.now() + _LIMIT
    while environment.clock.now() < end:
        service = require_service(environment.aws, environment.deployment)
        collect(environment.aws, environment.deployment, service, evidence)
        found = next((r for r in service.deployments if r.id == wanted), None)
        if found is None or found.state in ("COMPLETED", "FAILED"):
            environment.dialogue.settle()
            return found
        environment.dialogue.live(
            [f"Rolling out {environment.deployment.prefix}", f"  {found.line}"]
        )
        environment.clock.sleep(_POLL)
    raise OpsError(
        "The rollout is still not finished",
        "it has been watched for 45 minutes",
        "It goes on by itself: `ash-ops status` shows it, `ash-ops doctor` tells why.",
    )
