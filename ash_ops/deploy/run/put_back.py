"""Putting back what runs otherwise than the stack wants it: the calls, the wait, and the proof."""

from __future__ import annotations

from collections.abc import Collection

from ash_ops.aws import ecs
from ash_ops.aws.calls import call, fact
from ash_ops.aws.operations import UPDATE_SERVICE
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.live import require_service
from ash_ops.deploy.plan.drift import Drift, lines_of
from ash_ops.deploy.run.evidence import Evidence, collect
from ash_ops.deploy.run.execution import say_how_to_go_on
from ash_ops.deploy.run.proof import prove
from ash_ops.drift import Difference, calls
from ash_ops.errors import ExitCode, OpsError, ReadFailed
from ash_ops.facts.services import Service, ServiceRollout

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
    for doubt in drift.doubts:
        say(f"  unknown    whether what runs is what the stack wants: {doubt}")
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


def set_right(
    environment: Environment,
    found: Collection[Difference],
    choices: DeployChoices,
    question: str = "Put it back?",
) -> ExitCode:
    """Ask, put differences back, follow the service, and prove that it works.

    Raises:
        OpsError: it could not be done.
        KeyboardInterrupt: the user stopped waiting; how to go on was told.
    """
    if not environment.dialogue.confirm(question):
        environment.dialogue.say("Nothing was changed.")
        return ExitCode.FAILED
    started = put_back(environment, found)
    return settle(environment, started, choices)


def restart(environment: Environment, choices: DeployChoices) -> ExitCode:
    """Start the service's tasks anew, follow them and prove that they work."""
    names = environment.deployment
    service = ecs.restart_service(environment.aws, names.cluster, names.service)
    return settle(environment, service.primary, choices)


def settle(
    environment: Environment, started: ServiceRollout | None, choices: DeployChoices
) -> ExitCode:
    """Follow a rollout of the service to its end, and prove that it works or tell why not."""
    evidence = Evidence()
    if not choices.wait:
        environment.dialogue.say("Started. `ash-ops status` shows it.")
        return ExitCode.OK
    try:
        end = _follow(environment, started.id, evidence) if started else None
    except KeyboardInterrupt:
        say_how_to_go_on(environment)
        raise
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
