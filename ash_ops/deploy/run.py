"""``deploy``: from ``.env`` to a server that is proven to work, in steps that can be interrupted.

Nothing exists before consent but an empty shell of a stack, which is removed when the plan is
declined. After consent the secret is written, then the stack; whatever stops this, running it
again finds what is there and goes on: the secret by its name, the stack by its state.
"""

from __future__ import annotations

from dataclasses import dataclass

from ash_ops.aws import cloudformation
from ash_ops.aws.cloudformation import Stack
from ash_ops.aws.iam import caller
from ash_ops.aws.secrets import StoredSecret
from ash_ops.deploy import address, template_files
from ash_ops.deploy.around import DeployChoices, Surroundings
from ash_ops.deploy.change_set import (
    Plan,
    discard,
    make_plan,
    refuse_replacement,
    render_plan,
)
from ash_ops.deploy.evidence import Evidence
from ash_ops.deploy.execution import carry_out, undo_keys
from ash_ops.deploy.live import find_service
from ash_ops.deploy.parameters import build_parameters, planned_secret
from ash_ops.deploy.placement import Placement, choose_network
from ash_ops.deploy.preflight import Outcome, Verdict, refusal, run_checks
from ash_ops.deploy.preflight_checks import deployment_checks
from ash_ops.deploy.proof import prove
from ash_ops.deploy.recover import make_ready
from ash_ops.deploy.request import DeployOptions, Request, read_request
from ash_ops.deploy.stored import KeyPlan, Replaced, plan_keys, replaced, write_keys
from ash_ops.deploy.watch import is_moving
from ash_ops.errors import ExitCode, OpsError, ReadFailed
from ash_ops.facts.start import Identity


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
    was_moving = _is_moving(around)
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
            return _nothing_to_do(around, intent, choices, followed=was_moving)
        _show(around, intent, plan)
        if "replacement" not in choices.skip_checks:
            refuse_replacement(plan)
        if choices.plan_only:
            _throw_away(around, plan)
            return ExitCode.OK
        if not around.dialogue.confirm("Deploy this?"):
            _throw_away(around, plan)
            around.dialogue.say("Nothing was created or changed.")
            return ExitCode.FAILED
        plan, change = _write_secret(around, intent, plan)
    except BaseException:
        # Also for Ctrl-C and for an unanswered question: a plan nobody accepted is not left behind.
        _throw_away(around, plan)
        raise
    return carry_out(around, plan, choices, change)


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
    keys = plan_keys(around.aws, around.settings, request.mode)
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


def _write_secret(
    around: Surroundings, intent: _Intent, plan: Plan
) -> tuple[Plan, Replaced | None]:
    """Write the secret that the plan was waiting for; the plan then names its real ARN.

    Returns:
        The final plan, and which values were replaced.
    """
    if not intent.keys.pending:
        return plan, None
    stored = write_keys(around.aws, around.deployment, intent.keys)
    change = replaced(intent.keys, stored)
    try:
        return _final_plan(around, intent, plan, stored), change
    except BaseException:
        # Nothing was started with the new values: what runs keeps those that it knows.
        if change is not None:
            undo_keys(around, change)
        raise


def _final_plan(around: Surroundings, intent: _Intent, plan: Plan, stored: StoredSecret) -> Plan:
    final = _plan(around, intent, (stored.arn, stored.version or "initial"))
    cloudformation.delete_change_set(around.aws, plan.stack, plan.name)
    if final.outline == plan.outline:
        return final
    around.dialogue.say("The plan is different now:")
    _show(around, intent, final)
    if around.dialogue.confirm("Deploy this?"):
        return final
    _throw_away(around, final)
    raise OpsError(
        "Not deployed",
        "the plan changed after the secret was written, and the new one was declined",
        f"The secret {around.deployment.secret} stays for the next run; `ash-ops teardown` "
        "removes it.",
    )


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


def _is_moving(around: Surroundings) -> bool:
    """Whether an earlier run, perhaps an interrupted one, is still at work."""
    stack = cloudformation.find_stack(around.aws, around.deployment.stack)
    return stack is not None and is_moving(stack)


def _nothing_to_do(
    around: Surroundings, intent: _Intent, choices: DeployChoices, *, followed: bool
) -> ExitCode:
    url = intent.stack.outputs.get("Url", "") if intent.stack else ""
    around.dialogue.say(f"Nothing to change: {around.deployment.stack} is as wanted. {url}")
    if followed and not choices.plan_only:
        return prove(around, Evidence(), choices.canary)
    around.dialogue.say("`ash-ops doctor` tells whether it works.")
    return ExitCode.OK
