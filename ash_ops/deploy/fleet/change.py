"""Another number of runners, or one runner emptied and replaced; no session ends unasked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ash_ops.aws import cloudformation, ecs
from ash_ops.aws.iam import caller
from ash_ops.aws.machines import fleet as calls
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.fleet import drain
from ash_ops.deploy.fleet.price import price_of_runners
from ash_ops.deploy.fleet.read import Answered, read_fleet
from ash_ops.deploy.ownership import require_service
from ash_ops.deploy.plan.change_set import Plan, make_plan
from ash_ops.deploy.run.deploy import throw_away
from ash_ops.deploy.run.execution import carry_out
from ash_ops.errors import ExitCode, OpsError, UsageProblem
from ash_ops.facts.fleet import Fleet, Member, RunnerTask
from ash_ops.facts.stacks import Stack
from ash_ops.template_parameters import MULTI_MACHINE, bundled_parameters

_PARAMETER = "RunnerCount"
# While ECS ends those that leave it may not end those that stay: one may be given a session meanwhile.
_PROTECTED_MIN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetChoices:
    """How it is done.

    Attributes:
        force: end sessions rather than wait for them.
        wait: wait for sessions to end, as long as it takes.
    """

    force: bool = False
    wait: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetAccess:
    """The fleet, and how it is looked at.

    Attributes:
        environment: the world.
        now: the time of day.
        ask: asks the coordinator; by default over the network.
    """

    environment: Environment
    now: Callable[[], datetime]
    ask: Callable[..., Answered] | None = None

    def look(self) -> Fleet:
        """Read it.

        Raises:
            OpsError: it cannot be read.
        """
        return read_fleet(self.environment.aws, self.environment.deployment, self.now, self.ask)


def scale(access: FleetAccess, count: int, choices: FleetChoices) -> ExitCode:
    """Have so many runners.

    Args:
        access: the fleet.
        count: how many.
        choices: how it is done.

    Raises:
        UsageProblem: the template does not allow so many.
        OpsError: it cannot be done.
    """
    environment = access.environment
    _check_count(count)
    fleet = access.look()
    stack = _require_ours(environment)
    set_to = int(stack.parameters[_PARAMETER])
    say = environment.dialogue.say
    if fleet.wanted == set_to == count:
        say(f"There are to be {count} runners already. Nothing to change.")
        return ExitCode.OK
    say(f"Runners: {fleet.wanted} -> {count}")
    price = price_of_runners(
        environment.settings, environment.aws, stack.parameters, (fleet.wanted, count)
    )
    if price:
        say(f"Cost:    {price}")
    leaving = _leaving(fleet, count)
    _say_who_leaves(environment, leaving, choices)
    if not environment.dialogue.confirm(f"Have {count} runners?"):
        say("Nothing was changed.")
        return ExitCode.FAILED
    if not leaving:
        return _set_count(environment, stack, count)
    _empty(access, leaving, choices)
    return _end(access, stack, count, leaving)


def _check_count(count: int) -> None:
    allowed = bundled_parameters(MULTI_MACHINE)[_PARAMETER]
    least, most = allowed.least or 1, allowed.most or 100
    if not least <= count <= most:
        raise UsageProblem(
            f"{count} runners cannot be",
            f"from {least} to {most} are allowed",
            "Give another number; `ash-ops teardown` removes all of it.",
        )


def _require_ours(environment: Environment) -> Stack:
    names = environment.deployment
    require_service(environment.aws, names, names.runner_service)
    stack = cloudformation.find_stack(environment.aws, names.stack)
    if stack is None or _PARAMETER not in stack.parameters:
        raise OpsError(
            f"The number of runners of {names.prefix} is not ours to set",
            f"there is no stack {names.stack} that says how many",
            "Change it where it was deployed.",
        )
    return stack


def _leaving(fleet: Fleet, count: int) -> tuple[Member, ...]:
    """Whom it costs least to lose: those that serve nobody, then those with the fewest sessions."""
    there = [member for member in fleet.members if member.task is not None]
    there.sort(key=lambda m: (m.registered is not None, m.protected is not False, m.sessions or 0))
    return tuple(there[: max(0, len(there) - count)])


def _say_who_leaves(
    environment: Environment, leaving: Sequence[Member], choices: FleetChoices
) -> None:
    for member in leaving:
        number = f" ({member.sessions} by the coordinator's count)" if member.sessions else ""
        holds = "no session" if member.is_idle else f"sessions{number}"
        environment.dialogue.say(f"  leaves   {member.id}, which holds {holds}")
    if leaving and choices.force:
        environment.dialogue.say(
            "  note     --force: their turns end now; the sessions are paused and can be resumed."
        )
    elif leaving:
        environment.dialogue.say(
            "  note     They take no new session from now on, and go when they hold none."
        )


def _end(access: FleetAccess, stack: Stack, count: int, leaving: Sequence[Member]) -> ExitCode:
    """Lower the number while those that stay are protected; what is left of both is taken back."""
    environment, gone = access.environment, {member.id for member in leaving}
    stay = [m for m in access.look().members if m.task and m.id not in gone and not m.protected]
    arns = [task.task_arn for task in _tasks(stay)]
    cluster = environment.deployment.cluster
    calls.protect(environment.aws, cluster, arns, _PROTECTED_MIN)
    try:
        return _set_count(environment, stack, count)
    finally:
        # A runner that was given a session meanwhile says so again within ten seconds.
        calls.protect(environment.aws, cluster, arns, None)
        closed = [member for member in access.look().members if member.is_draining]
        drain.mark(environment, _tasks(closed), draining=False)


def _empty(access: FleetAccess, leaving: Sequence[Member], choices: FleetChoices) -> None:
    """See to it that those who leave hold no session, or were allowed to lose them."""
    environment, tasks = access.environment, _tasks(leaving)
    names = environment.deployment
    drain.mark(environment, tasks)
    if choices.force:
        for task in tasks:
            ecs.stop_task(environment.aws, names.cluster, task.task_arn, "ash-ops runners --force")
        return
    _wait(access, [member.id for member in leaving], tasks)


def _wait(access: FleetAccess, ids: Sequence[str], tasks: Sequence[RunnerTask]) -> None:
    """Wait until runners are empty; where that does not come about, they are opened again.

    Raises:
        OpsError: they did not answer, or hold sessions still.
        KeyboardInterrupt: the user stopped waiting.
    """
    environment = access.environment
    try:
        come = drain.wait_until_empty(environment, ids, access.look)
    except BaseException:
        drain.mark(environment, tasks, draining=False)
        raise
    environment.dialogue.settle()
    if come.is_over:
        return
    drain.mark(environment, tasks, draining=False)
    raise OpsError(
        "The runners did not become empty, and none was ended",
        _why_not(come),
        "They take sessions again. Run it again when there is less to do; --force ends their turns "
        "and pauses their sessions.",
    )


def _why_not(come: drain.Draining) -> str:
    if come.mute:
        return (
            f"{', '.join(come.mute)} did not answer within a minute: it was started from a definition "
            "that cannot be drained, or its instance may not read the tags of tasks"
        )
    return f"{', '.join(come.busy)} still held sessions after {drain.PATIENCE_S / 60:.0f} minutes"


def _set_count(environment: Environment, stack: Stack, count: int) -> ExitCode:
    """Let the stack say how many, and follow it to the proof."""
    kept: dict[str, str | None] = dict.fromkeys(stack.parameters, None)
    plan = make_plan(
        environment.aws,
        environment.deployment,
        stack_id=stack.id,
        body=None,
        parameters={**kept, _PARAMETER: str(count)},
        clock=environment.clock,
        asked_by=caller(environment.aws).arn,
    )
    if plan.is_empty:
        return _set_past_the_stack(environment, count)
    _require_only_the_service(environment, plan)
    return carry_out(environment, plan, DeployChoices())


def _set_past_the_stack(environment: Environment, count: int) -> ExitCode:
    """The stack says so already and the service was changed past it: the service is told."""
    names = environment.deployment
    ecs.set_desired_count(environment.aws, names.cluster, names.runner_service, count)
    environment.dialogue.say(
        f"The stack says {count} already; {names.runner_service} was told. `ash-ops runners` shows it."
    )
    return ExitCode.OK


def _require_only_the_service(environment: Environment, plan: Plan) -> None:
    """A new size touches the runners' service and nothing else."""
    others = [c.logical_id for c in plan.changes if c.logical_id != "Runners"]
    if not others:
        return
    throw_away(environment, plan)
    raise OpsError(
        "Nothing was changed: more than the number of runners would be",
        f"the stack would also change {', '.join(others)}",
        "`ash-ops deploy --runner-count N` shows that plan and asks.",
    )


def _tasks(members: Sequence[Member]) -> list[RunnerTask]:
    return [member.task for member in members if member.task is not None]


def drain_one(access: FleetAccess, name: str, choices: FleetChoices) -> ExitCode:
    """Empty one runner, then end it: ECS starts another in its place.

    Args:
        access: the fleet.
        name: the runner's id, its task's, or the beginning of one.
        choices: how it is done.

    Raises:
        OpsError: there is no such runner, or it cannot be done.
    """
    environment, names = access.environment, access.environment.deployment
    member, task = _named(access.look(), name)
    require_service(environment.aws, names, names.runner_service)
    _say_who_leaves(environment, [member], choices)
    if not environment.dialogue.confirm(f"Replace {member.id}?"):
        environment.dialogue.say("Nothing was changed.")
        return ExitCode.FAILED
    drain.mark(environment, [task])
    if not choices.force and not _is_empty(access, member, task, choices):
        return ExitCode.OK
    reason = "ash-ops runners drain" + (" --force" if choices.force else "")
    ecs.stop_task(environment.aws, names.cluster, task.task_arn, reason)
    environment.dialogue.say(
        f"{member.id} is ended; ECS starts another. `ash-ops runners` shows it."
    )
    return ExitCode.OK


def _is_empty(access: FleetAccess, member: Member, task: RunnerTask, choices: FleetChoices) -> bool:
    if choices.wait:
        _wait(access, [member.id], [task])
        return True
    come = drain.wait_until_empty(access.environment, [member.id], access.look, patience_s=0)
    if come.is_over:
        return True
    access.environment.dialogue.say(
        f"{member.id} takes no new session from now on; it is not ended yet. "
        f"`ash-ops runners drain {member.id} --wait` waits "
        "until it holds none, and ends it then."
    )
    return False


def open_one(access: FleetAccess, name: str) -> ExitCode:
    """Let a runner that was to be emptied take sessions again.

    Raises:
        OpsError: there is no such runner, or ECS refused.
    """
    environment, names = access.environment, access.environment.deployment
    member, task = _named(access.look(), name)
    require_service(environment.aws, names, names.runner_service)
    drain.mark(environment, [task], draining=False)
    environment.dialogue.say(f"{member.id} takes sessions again within half a minute.")
    return ExitCode.OK


def _named(fleet: Fleet, name: str) -> tuple[Member, RunnerTask]:
    found = [
        (member, member.task)
        for member in fleet.members
        if member.task is not None
        and name
        and (member.id.startswith(name) or member.task.id.startswith(name))
    ]
    if len(found) == 1:
        return found[0]
    known = ", ".join(member.id for member in fleet.members if member.task is not None) or "none"
    what = f"{name!r} could be more than one runner" if found else f"There is no runner {name!r}"
    raise OpsError(what, f"ECS runs: {known}", "Give one id of these, or its beginning.")
