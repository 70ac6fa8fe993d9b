"""``deploy``: from ``.env`` to a server that is proven to work, in steps that can be interrupted.

Nothing exists before consent but an empty shell of a stack, which is removed when the plan is
declined. After consent the secret is written, then the stack; whatever stops this, running it
again finds what is there and goes on: the secret by its name, the stack by its state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ash_ops.aws import cloudformation
from ash_ops.aws.cloudformation import Stack
from ash_ops.aws.iam import Identity, caller
from ash_ops.aws.session import Aws
from ash_ops.deploy import address, template_files
from ash_ops.deploy.change_set import Plan, discard, make_plan, render_plan
from ash_ops.deploy.clock import Clock
from ash_ops.deploy.dialogue import Dialogue
from ash_ops.deploy.evidence import Evidence
from ash_ops.deploy.failure import explain
from ash_ops.deploy.live import find_service
from ash_ops.deploy.parameters import build_parameters, lets_in, planned_secret
from ash_ops.deploy.placement import Placement, choose_network
from ash_ops.deploy.preflight import Outcome, Verdict, refusal, run_checks
from ash_ops.deploy.preflight_checks import deployment_checks
from ash_ops.deploy.progress import Progress
from ash_ops.deploy.recover import make_ready
from ash_ops.deploy.request import DeployOptions, Request, read_request
from ash_ops.deploy.states import is_success
from ash_ops.deploy.stored import KeyPlan, plan_keys, write_keys
from ash_ops.deploy.verify import Wanted, verify
from ash_ops.deploy.watch import End, Watch, last_event
from ash_ops.deployment import Deployment
from ash_ops.errors import ExitCode, OpsError, ReadFailed
from ash_ops.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployChoices:
    """How the deployment is to be made, beside what it is to be.

    Attributes:
        plan_only: show the plan and stop.
        wait: follow to the end and verify.
        canary: run a session at the end; ``None`` means for EC2 only.
        skip_checks: preflight checks whose refusal is overruled.
        template: a directory with templates of one's own.
    """

    plan_only: bool = False
    wait: bool = True
    canary: bool | None = None
    skip_checks: frozenset[str] = frozenset()
    template: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the deployment needs of the world, handed in.

    Attributes:
        find_address: tells this machine's public address.
        estimate: tells the monthly cost of a request, as a line; empty when it cannot.
    """

    aws: Aws
    settings: Settings
    dialogue: Dialogue
    clock: Clock = field(default_factory=Clock)
    find_address: Callable[[], str] = address.own_address
    estimate: Callable[[Request], str] = lambda _request: ""

    @property
    def deployment(self) -> Deployment:
        """The names."""
        return self.settings.deployment


@dataclass(frozen=True, slots=True, kw_only=True)
class _Intent:
    """Everything that was decided before the plan."""

    stack: Stack | None
    identity: Identity
    request: Request
    placement: Placement
    cidrs: tuple[str, ...]
    keys: KeyPlan
    body: str
    declared: tuple[str, ...]

    def parameters(self, secret: tuple[str, str]) -> dict[str, str | None]:
        return build_parameters(
            self.request, self.placement, self.cidrs, secret, self.keys, self.declared
        )


def deploy(around: Surroundings, options: DeployOptions, choices: DeployChoices) -> ExitCode:
    """Deploy, or bring an existing deployment to what is wanted.

    Raises:
        OpsError: it cannot be done; nothing was created unless the message says so.
        KeyboardInterrupt: the user stopped it; what goes on in AWS was told.
    """
    identity = caller(around.aws)
    stack = make_ready(
        around.aws, around.deployment, around.dialogue, around.clock, choices.plan_only
    )
    if stack is None:
        _leave_foreign_alone(around)
    intent = _decide(around, identity, stack, options, choices)
    _say_checks(around, intent, choices)
    plan = _plan(around, intent)
    try:
        if plan.is_empty:
            return _nothing_to_do(around, intent)
        _show(around, intent, plan)
        if choices.plan_only:
            _throw_away(around, plan)
            return ExitCode.OK
        if not around.dialogue.confirm("Deploy this?"):
            _throw_away(around, plan)
            around.dialogue.say("Nothing was created or changed.")
            return ExitCode.FAILED
        plan = _write_secret(around, intent, plan)
    except BaseException:
        # Also for Ctrl-C and for an unanswered question: a plan nobody accepted is not left behind.
        _throw_away(around, plan)
        raise
    return _carry_out(around, intent, plan, choices)


def _decide(
    around: Surroundings,
    identity: Identity,
    stack: Stack | None,
    options: DeployOptions,
    choices: DeployChoices,
) -> _Intent:
    previous = dict(stack.parameters) if stack else {}
    if stack and "Mode" in stack.outputs:
        previous["Mode"] = stack.outputs["Mode"]
    request = read_request(around.settings, options, previous)
    body = template_files.load_template(request.mode, choices.template)
    keys = plan_keys(around.aws, around.settings)
    placement = choose_network(around.aws, request)
    return _Intent(
        stack=stack,
        identity=identity,
        request=request,
        placement=placement,
        cidrs=address.choose_cidrs(request, around.settings.endpoint_url, around.find_address),
        keys=keys,
        body=body,
        declared=cloudformation.template_parameters(around.aws, body),
    )


def _leave_foreign_alone(around: Surroundings) -> None:
    """Recognise a deployment that another tool made, and say how to move."""
    names = around.deployment
    if find_service(around.aws, names) is None:
        return
    raise OpsError(
        f"{names.prefix} was deployed by something else, probably the public Terraform",
        f"the service {names.service} is there, but no stack {names.stack}; it was left alone",
        f"To move: deploy beside it (`ash-ops deploy --name {names.prefix}-2`), point clients at the "
        "new URL, then run `terraform destroy`. status, doctor, logs and cost read it as it is.",
    )


def _say_checks(around: Surroundings, intent: _Intent, choices: DeployChoices) -> None:
    checks = deployment_checks(
        around.aws, intent.identity, intent.request, intent.placement, is_new=intent.stack is None
    )
    outcomes = run_checks(checks)
    for outcome in outcomes:
        if outcome.verdict is not Verdict.PASSED:
            around.dialogue.say(_outcome_line(outcome))
    problem = refusal(outcomes, choices.skip_checks)
    if problem:
        raise problem


def _outcome_line(outcome: Outcome) -> str:
    fix = f" {outcome.fix}" if outcome.fix else ""
    return f"{outcome.verdict.value} ({outcome.check}): {outcome.text.rstrip('.')}.{fix}"


def _plan(around: Surroundings, intent: _Intent, secret: tuple[str, str] | None = None) -> Plan:
    planned = secret or planned_secret(
        intent.keys,
        intent.request,
        around.aws.region,
        intent.identity.account,
        intent.identity.partition,
    )
    return make_plan(
        around.aws,
        around.deployment,
        creates=intent.stack is None,
        body=intent.body,
        parameters=intent.parameters(planned),
        clock=around.clock,
    )


def _show(around: Surroundings, intent: _Intent, plan: Plan) -> None:
    verb = "create" if plan.creates else "change"
    say = around.dialogue.say
    say(f"Plan: {verb} {plan.stack} in {around.aws.region} (account {intent.identity.account})")
    for line in render_plan(plan):
        say(line)
    if intent.keys.changed:
        say(
            f"  secret     {around.deployment.secret}: {', '.join(intent.keys.changed)} will be stored"
        )
    say(f"  open to    {', '.join(intent.cidrs)}")
    if address.is_open(intent.cidrs):
        say(f"  WARNING    {address.OPEN_TO_ALL}")
    cost = around.estimate(intent.request)
    if cost:
        say(f"  cost       {cost}")


def _write_secret(around: Surroundings, intent: _Intent, plan: Plan) -> Plan:
    """Write the secret that the plan was waiting for; the plan then names its real ARN."""
    if not intent.keys.pending:
        return plan
    stored = write_keys(around.aws, around.deployment, intent.keys)
    final = _plan(around, intent, (stored.arn, stored.version or "initial"))
    cloudformation.delete_change_set(around.aws, plan.stack, plan.name)
    if final.outline != plan.outline:
        around.dialogue.say("The plan is different now:")
        _show(around, intent, final)
        if not around.dialogue.confirm("Deploy this?"):
            _throw_away(around, final)
            raise OpsError(
                "Not deployed",
                "the plan changed after the secret was written, and the new one was declined",
                f"The secret {around.deployment.secret} stays for the next run; `ash-ops teardown` "
                "removes it.",
            )
    return final


def _throw_away(around: Surroundings, plan: Plan) -> None:
    """Discard a plan as well as possible: what ended the run matters more than a failure here."""
    try:
        discard(around.aws, plan)
    except ReadFailed as error:
        if error.kind == "missing" or "does not exist" in error.message:
            return
        around.dialogue.say(
            f"The plan could not be removed ({error.call}: {error.code}); it is harmless."
        )


def _nothing_to_do(around: Surroundings, intent: _Intent) -> ExitCode:
    url = intent.stack.outputs.get("Url", "") if intent.stack else ""
    around.dialogue.say(f"Nothing to change: {around.deployment.stack} is as wanted. {url}")
    around.dialogue.say("`ash-ops doctor` tells whether it works.")
    return ExitCode.OK


def _carry_out(
    around: Surroundings, intent: _Intent, plan: Plan, choices: DeployChoices
) -> ExitCode:
    aws, names = around.aws, around.deployment
    started = datetime.now(UTC)
    after = None if plan.creates else last_event(aws, plan.stack)
    cloudformation.execute_change_set(aws, plan.stack, plan.name, plan.name)
    if not choices.wait:
        around.dialogue.say(
            "Started. `ash-ops deploy` again follows it; `ash-ops status` shows it."
        )
        return ExitCode.OK
    stack = cloudformation.find_stack(aws, plan.stack)
    watch = Watch(
        aws=aws,
        deployment=names,
        stack_id=stack.id if stack else plan.stack,
        dialogue=around.dialogue,
        clock=around.clock,
        progress=Progress(
            f"{'Creating' if plan.creates else 'Updating'} {names.prefix}", len(plan.changes)
        ),
        evidence=Evidence(started_after=started),
        after=after,
    )
    try:
        return finish(around, watch, plan.creates, choices, intent.request.is_ec2, intent.cidrs)
    except KeyboardInterrupt:
        _say_how_to_go_on(around)
        raise


def _say_how_to_go_on(around: Surroundings) -> None:
    around.dialogue.settle()
    around.dialogue.say(
        "\nAWS goes on by itself. `ash-ops deploy` picks up where this ended; `ash-ops status` shows "
        "it; `ash-ops teardown` removes it."
    )


def finish(
    around: Surroundings,
    watch: Watch,
    creates: bool,
    choices: DeployChoices,
    is_ec2: bool,
    cidrs: tuple[str, ...],
) -> ExitCode:
    """Follow a deployment to its end, and prove that it works or tell why not."""
    end = watch.follow()
    if end.verdict is not None:
        end = _choose_rollback(around, watch, creates, end)
    if not is_success(end.status):
        around.dialogue.say(f"\nNot deployed: the stack is {end.status}.")
        around.dialogue.say(explain(around.aws, around.deployment, watch.evidence))
        around.dialogue.say("\nWhen it is repaired, run `ash-ops deploy` again.")
        return ExitCode.PROBLEMS
    return prove(around, end, watch.evidence, _wants_canary(choices, is_ec2), cidrs)


def _wants_canary(choices: DeployChoices, is_ec2: bool) -> bool:
    return is_ec2 if choices.canary is None else choices.canary


def _choose_rollback(around: Surroundings, watch: Watch, creates: bool, end: End) -> End:
    """Three tasks died of one cause: more waiting brings nothing. Roll back now, or let AWS go on."""
    say, verdict = around.dialogue.say, end.verdict
    if verdict is not None:
        say(f"\nThree tasks died of the same cause ({verdict.title}): waiting longer is pointless.")
    undo = "delete what was created" if creates else "go back to what ran before"
    if not around.dialogue.confirm(f"Roll back now ({undo})?"):
        say("Left to the circuit breaker, which rolls back by itself in a few minutes.")
        return End(status="IN_PROGRESS")
    undoing = cloudformation.delete_stack if creates else cloudformation.cancel_update
    undoing(around.aws, watch.stack_id)
    watch.stop_early = False
    watch.progress.title = f"Rolling back {around.deployment.prefix}"
    return watch.follow() if not creates else _after_deletion(watch.follow())


def _after_deletion(end: End) -> End:
    return End(status="removed again") if end.status == "DELETE_COMPLETE" else end


def prove(
    around: Surroundings,
    end: End,
    evidence: Evidence,
    canary: bool,
    cidrs: tuple[str, ...],
) -> ExitCode:
    """Verify the deployment step by step and say the result."""
    from ash_ops.deploy.connection import stored_key

    stack = cloudformation.find_stack(around.aws, around.deployment.stack)
    image = stack.parameters.get("Image", "") if stack else ""
    wanted = Wanted(
        deployment=around.deployment,
        task_definition=end.outputs.get("TaskDefinitionArn"),
        url=end.outputs.get("Url"),
        image=image,
        key=stored_key(around.aws, around.deployment),
        canary=canary,
        reachable=_is_let_in(around, stack, cidrs),
    )
    worst: bool | None = True
    for proof in verify(around.aws, wanted, around.clock):
        mark = {True: "ok", False: "FAILED", None: "could not tell"}[proof.ok]
        around.dialogue.say(f"  {mark:<8} {proof.step}: {proof.text}")
        worst = proof.ok
    return _conclude(around, worst, wanted, evidence)


def _is_let_in(around: Surroundings, stack: Stack | None, cidrs: tuple[str, ...]) -> bool:
    """Whether this machine can be expected to reach the server."""
    if stack is not None and stack.parameters.get("Scheme") == "internal":
        return False
    if address.is_loopback(around.settings.endpoint_url) or address.is_open(cidrs):
        return True
    try:
        return lets_in(cidrs, around.find_address())
    except OpsError:
        return False


def _conclude(
    around: Surroundings, worst: bool | None, wanted: Wanted, evidence: Evidence
) -> ExitCode:
    say, names = around.dialogue.say, around.deployment
    if worst:
        say(f"\nDeployed and verified: {wanted.url or names.prefix}")
        say(f'Next: `eval "$(ash-ops connect --name {names.prefix})"` sets what a client needs.')
        return ExitCode.OK
    if worst is None:
        say("\nDeployed, but it could not be verified from this machine.")
        say("`ash-ops doctor` tells more; run it from an address that is let in.")
        return ExitCode.INCONCLUSIVE
    say("\nDeployed, but it does not work:")
    say(explain(around.aws, names, evidence))
    return ExitCode.PROBLEMS
