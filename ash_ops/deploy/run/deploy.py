"""``deploy``: from ``.env`` to a server that is proven to work, in steps that can be interrupted.

Nothing exists before consent but an empty shell of a stack, which is removed when the plan is
declined. After consent the secret is written, then the stack; whatever stops this, running it
again finds what is there and goes on: the secret by its name, the stack by its state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ash_ops.aws import cloudformation
from ash_ops.aws.iam import caller
from ash_ops.deploy.deletion_policy import no_longer_kept
from ash_ops.deploy.domain.notes import domain_notes
from ash_ops.deploy.domain.zone import with_zone
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.fleet.room import room_notes
from ash_ops.deploy.live import find_service
from ash_ops.deploy.losses import (
    DISK,
    ENDS_WITH_THE_TASK,
    EPHEMERAL,
    agree_to,
    data_home,
    losses,
    say_losses,
)
from ash_ops.deploy.ownership import Claims
from ash_ops.deploy.pause.start import wake
from ash_ops.deploy.plan import callers as address
from ash_ops.deploy.plan import template_files
from ash_ops.deploy.plan.alarms import alarm_notes, with_budget
from ash_ops.deploy.plan.change_set import (
    Plan,
    discard,
    forget,
    make_plan,
    refuse_replacement,
)
from ash_ops.deploy.plan.data_volume import place_data
from ash_ops.deploy.plan.drift import Drift, read_drift
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.parameters import build_parameters, planned_secret
from ash_ops.deploy.plan.placement import Placement, choose_network
from ash_ops.deploy.plan.preflight import check_plan, read_planned, refusal
from ash_ops.deploy.plan.request import Request, read_request
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.run.execution import carry_out_drained, undo_keys
from ash_ops.deploy.run.first_use import make_service_roles
from ash_ops.deploy.run.proof import prove
from ash_ops.deploy.run.put_back import before, put_back, put_back_drift, put_back_rest, say_drift
from ash_ops.deploy.run.recover import make_ready
from ash_ops.deploy.run.secrets import KeyPlan, Written, plan_keys, write_keys
from ash_ops.deploy.run.watch import is_moving
from ash_ops.deploy.sessions.live import ends_sessions, lines
from ash_ops.errors import ExitCode, OpsError, ReadFailed
from ash_ops.facts.stacks import Stack, StackResource
from ash_ops.facts.start import Identity
from ash_ops.report.plan import render
from ash_ops.report.text import answer_lines
from ash_ops.template_parameters import default

_OTHER_CREDENTIAL_KEY = (
    "ASH_CREDENTIAL_KEY is replaced: the credentials and API keys that the server has stored with "
    "the old one can no longer be read."
)


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
    home: str
    drift: Drift
    loosened: tuple[str, ...] = ()

    @property
    def next_home(self) -> str:
        """Where ``/data`` would be."""
        wanted = {**self.request.previous, **self.request.given}
        new_disk = "DataZone" in self.declared and not wanted.get("DataVolumeId")
        return data_home(wanted, [DISK] if new_disk else [], self.request.mode)

    def parameters(self, secret: tuple[str, str]) -> dict[str, str | None]:
        return build_parameters(
            self.request, self.placement, self.cidrs, secret, self.keys, self.declared
        )


def deploy(environment: Environment, options: DeployOptions, choices: DeployChoices) -> ExitCode:
    """Deploy, or bring an existing deployment to what is wanted.

    Raises:
        NotOurs: something of these names is there that is not this deployment's.
        OpsError: it cannot be done; nothing was created unless the message says so.
        KeyboardInterrupt: the user stopped it; what goes on in AWS was told.
    """
    identity = caller(environment.aws)
    claims = claims_of(environment, choices)
    was_moving = is_at_work(claims)
    stack = make_ready(
        claims,
        environment.clock,
        look_only=choices.plan_only,
        asked_by=identity.arn,
        lose_data=choices.lose_data,
    )
    if stack is None:
        _leave_foreign_alone(environment)
        claims.refuse_taken()
    wake(environment, look_only=choices.plan_only)
    intent = _decide(environment, claims, identity, stack, options, choices)
    _say_checks(environment, intent, choices)
    plan = _plan(environment, intent)
    if plan.is_empty:
        return _without_changes(environment, intent, choices, followed=was_moving)
    try:
        lost = _lost(intent, plan)
        _show(environment, intent, plan, lost)
        if "replacement" not in choices.skip_checks:
            refuse_replacement(plan)
        if choices.plan_only:
            throw_away(environment, plan)
            return ExitCode.OK
        agree_to(environment.dialogue, lost, given=choices.lose_data)
        if not environment.dialogue.confirm("Deploy this?"):
            throw_away(environment, plan)
            environment.dialogue.say("Nothing was created or changed.")
            return ExitCode.FAILED
        if plan.creates:
            make_service_roles(environment, intent.request)
        put_back(environment, before(intent.drift, plan))
        plan, written = _write_secret(environment, intent, plan, choices)
    except BaseException:
        # Also for Ctrl-C and for an unanswered question: a plan nobody accepted is not left behind.
        throw_away(environment, plan)
        raise
    conclude = partial(put_back_rest, environment, choices) if intent.drift.of_service else None
    return carry_out_drained(environment, intent.stack, plan, choices, written, conclude)


def claims_of(environment: Environment, choices: DeployChoices) -> Claims:
    """The question whose something is, for this run."""
    return Claims(
        aws=environment.aws,
        names=environment.deployment,
        dialogue=environment.dialogue,
        adopt=choices.adopt,
        look_only=choices.plan_only,
    )


def _decide(
    environment: Environment,
    claims: Claims,
    identity: Identity,
    stack: Stack | None,
    options: DeployOptions,
    choices: DeployChoices,
) -> _Intent:
    previous = dict(stack.parameters) if stack else {}
    if stack and "Mode" in stack.outputs:
        previous["Mode"] = stack.outputs["Mode"]
    request = read_request(environment.settings, options, previous, choices.template)
    body = template_files.load_template(request.mode, choices.template)
    keys = plan_keys(environment.aws, environment.settings, claims.secret(), request.mode)
    resources = cloudformation.resources(environment.aws, stack.id) if stack else ()
    placement = choose_network(environment.aws, request)
    request = with_zone(environment.aws, place_data(claims, request, placement, resources))
    request = with_budget(request, environment.monthly)
    types = [resource.type for resource in resources]
    return _Intent(
        stack=stack,
        identity=identity,
        request=request,
        placement=placement,
        cidrs=address.choose_cidrs(
            request, environment.settings.endpoint_url, environment.find_address
        ),
        keys=keys,
        body=body,
        declared=cloudformation.template_parameters(environment.aws, body),
        drift=read_drift(environment.aws, environment.deployment, stack),
        home=data_home(stack.parameters, types, request.mode) if stack else "",
        loosened=_loosened(environment, stack, resources, body if choices.template else ""),
    )


def _loosened(
    environment: Environment, stack: Stack | None, resources: Sequence[StackResource], body: str
) -> tuple[str, ...]:
    """What a template of the user's own keeps no longer; the bundled ones keep everything."""
    if stack is None or not body:
        return ()
    return tuple(no_longer_kept(environment.aws, stack, resources, body))


def _lost(intent: _Intent, plan: Plan) -> list[str]:
    """What carrying the plan out would lose."""
    found = losses(plan.changes, intent.home, intent.next_home)
    return [*found, *intent.loosened, *_lost_with_keys(intent.keys)]


def _lost_with_keys(keys: KeyPlan) -> list[str]:
    """What the server can no longer read once it has other keys."""
    if "ASH_CREDENTIAL_KEY" not in keys.overwritten:
        return []
    return [_OTHER_CREDENTIAL_KEY]


def _leave_foreign_alone(environment: Environment) -> None:
    """Recognise a deployment that another tool made, and say how to move."""
    names = environment.deployment
    if find_service(environment.aws, names) is None:
        return
    raise OpsError(
        f"{names.prefix} was deployed by something else, probably the public Terraform",
        f"the service {names.service} is there, but no stack {names.stack}; it was left alone",
        f"To move: deploy beside it (`ash-ops deploy --name {names.prefix}-2`), point clients at the "
        "new URL, then run `terraform destroy`. status, doctor, logs and cost read it as it is.",
    )


def _say_checks(environment: Environment, intent: _Intent, choices: DeployChoices) -> None:
    planned = read_planned(
        environment.aws,
        intent.identity,
        intent.request,
        intent.placement,
        is_new=intent.stack is None,
    )
    reports = check_plan(planned)
    for line in answer_lines(*reports.values()):
        environment.dialogue.say(line)
    problem = refusal(reports, choices.skip_checks)
    if problem:
        raise problem


def _plan(environment: Environment, intent: _Intent, secret: tuple[str, str] | None = None) -> Plan:
    planned = secret or planned_secret(
        intent.keys,
        intent.request,
        environment.aws.region,
        intent.identity.account,
        intent.identity.partition,
    )
    return make_plan(
        environment.aws,
        environment.deployment,
        stack_id=intent.stack.id if intent.stack else None,
        body=intent.body,
        parameters=intent.parameters(planned),
        clock=environment.clock,
        asked_by=intent.identity.arn,
        reverts_drift=bool(intent.drift.gone),
    )


def _show(environment: Environment, intent: _Intent, plan: Plan, lost: Sequence[str]) -> None:
    verb = "create" if plan.creates else "change"
    say = environment.dialogue.say
    say(
        f"Plan: {verb} {plan.stack} in {environment.aws.region} (account {intent.identity.account})"
    )
    for line in render(plan):
        say(line)
    say_drift(environment, intent.drift)
    say_losses(environment.dialogue, lost)
    if intent.stack is not None and ends_sessions(plan.changes):
        live = environment.sessions(environment.aws, environment.deployment)
        for line in lines(live, intent.home):
            say(line)
    if EPHEMERAL in (intent.home, intent.next_home):
        say(f"  note       {ENDS_WITH_THE_TASK}")
    for line in _notes(environment, intent):
        say(line)
    cost = environment.estimate(intent.request)
    if cost:
        say(f"  cost       {cost}")


def _notes(environment: Environment, intent: _Intent) -> Iterator[str]:
    """What else a reader of the plan wants to know."""
    secret = environment.deployment.secret
    if intent.keys.restores:
        yield f"  secret     {secret}: waits for its deletion; it will be taken back with its values"
    if intent.keys.changed:
        yield f"  secret     {secret}: {', '.join(intent.keys.changed)} will be stored"
    yield f"  open to    {', '.join(intent.cidrs)}"
    if address.is_open(intent.cidrs):
        yield f"  WARNING    {address.OPEN_TO_ALL}"
    if not intent.request.has_tls:
        yield f"  note       {address.IN_CLEAR}"
    for notes in (domain_notes, room_notes, alarm_notes):
        yield from notes(intent.request)


def _write_secret(
    environment: Environment, intent: _Intent, plan: Plan, choices: DeployChoices
) -> tuple[Plan, Written | None]:
    """Write the secret that the plan was waiting for; the plan then names its real ARN.

    Returns:
        The final plan, and what became of the secret.
    """
    if not intent.keys.pending:
        return plan, None

    def agree(keys: KeyPlan) -> None:
        lost = _lost_with_keys(keys)
        say_losses(environment.dialogue, lost)
        agree_to(environment.dialogue, lost, given=choices.lose_data)

    written = write_keys(environment.aws, environment.deployment, intent.keys, agree)
    try:
        return _final_plan(environment, intent, plan, written, choices), written
    except BaseException:
        # Nothing was started with the new values: what runs keeps those that it knows.
        undo_keys(environment, written)
        raise


def _final_plan(
    environment: Environment, intent: _Intent, plan: Plan, written: Written, choices: DeployChoices
) -> Plan:
    intent = replace(intent, keys=written.plan)
    stored = written.stored
    final = _plan(environment, intent, (stored.arn, stored.version or default("SecretVersion")))
    forget(environment.aws, plan)
    if final.outline == plan.outline:
        return final
    try:
        environment.dialogue.say("The plan is different now:")
        lost = _lost(intent, final)
        _show(environment, intent, final, lost)
        agree_to(environment.dialogue, lost, given=choices.lose_data)
        if environment.dialogue.confirm("Deploy this?"):
            return final
    except BaseException:
        throw_away(environment, final)
        raise
    throw_away(environment, final)
    raise OpsError(
        "Not deployed",
        "the plan changed after the secret was written, and the new one was declined",
        "Run `ash-ops deploy` again.",
    )


def throw_away(environment: Environment, plan: Plan) -> None:
    """Discard a plan as well as possible: what ended the run matters more than a failure here."""
    try:
        discard(environment.aws, plan)
    except ReadFailed as error:
        if error.kind == "missing" or "does not exist" in error.message:
            return
        told = f"The plan could not be removed ({error.call}: {error.code}); it is harmless."
        environment.dialogue.say(told)


def is_at_work(claims: Claims) -> bool:
    """Whether an earlier run, perhaps an interrupted one, is still at work on our stack."""
    stack = claims.stack()
    return stack is not None and is_moving(stack)


def _without_changes(
    environment: Environment, intent: _Intent, choices: DeployChoices, *, followed: bool
) -> ExitCode:
    """The stack is to stay as it is; whether what runs is what it wants is another question."""
    if intent.drift.is_none:
        return _nothing_to_do(environment, intent, choices, followed=followed)
    stack = environment.deployment.stack
    environment.dialogue.say(f"CloudFormation has nothing to change in {stack}.")
    return put_back_drift(environment, intent.drift, choices)


def _nothing_to_do(
    environment: Environment, intent: _Intent, choices: DeployChoices, *, followed: bool
) -> ExitCode:
    url = intent.stack.outputs.get("Url", "") if intent.stack else ""
    environment.dialogue.say(
        f"Nothing to change: {environment.deployment.stack} is as wanted. {url}"
    )
    if followed and not choices.plan_only:
        return prove(environment, Evidence(), choices.canary)
    environment.dialogue.say("`ash-ops doctor` tells whether it works.")
    return ExitCode.OK
