"""Carrying a plan out: execute, follow to the end, prove, or tell why it failed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

from ash_ops.aws import cloudformation
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.fleet.relay import Relay
from ash_ops.deploy.plan.change_set import Plan, discard
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.run.progress import Progress
from ash_ops.deploy.run.proof import prove
from ash_ops.deploy.run.secrets import (
    RECOVERY_DAYS,
    Replaced,
    Written,
    put_back,
    schedule_deletion,
)
from ash_ops.deploy.run.stack_states import is_success
from ash_ops.deploy.run.watch import End, Watch, last_event
from ash_ops.deploy.sessions.drain import drained
from ash_ops.deploy.sessions.live import ends_sessions
from ash_ops.errors import ExitCode, ReadFailed
from ash_ops.facts.stacks import Stack

# A creation that ended so has nothing left that could read a secret.
_OVER = (
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
    "CREATE_FAILED",
    "DELETE_COMPLETE",
    "removed again",
)


def carry_out(
    environment: Environment,
    plan: Plan,
    choices: DeployChoices,
    keys: Written | None = None,
    conclude: Callable[[Evidence], ExitCode] | None = None,
    reopen: Callable[[], None] = lambda: None,
) -> ExitCode:
    """Execute a plan that was accepted, and follow it.

    Args:
        environment: the world.
        plan: what was accepted.
        choices: whether to wait, and to run a canary.
        keys: the secret, if it was written for it.
        conclude: what is done once the stack is there; by default it is proven to work.
        reopen: lets in again who was kept out while sessions ended.

    Raises:
        OpsError: CloudFormation refused, or the wait could not go on.
        KeyboardInterrupt: the user stopped waiting; how to go on was told.
    """
    aws = environment.aws
    started = datetime.now(UTC)
    after = None if plan.creates else last_event(aws, plan.id)
    _execute(environment, plan, keys)
    if not choices.wait:
        environment.dialogue.say(
            "Started. `ash-ops deploy` again follows it; `ash-ops status` shows it."
        )
        return ExitCode.OK
    verb = "Creating" if plan.creates else "Updating"
    progress = Progress(f"{verb} {environment.deployment.prefix}", len(plan.changes))
    relay = Relay(environment)
    try:
        watch = _watch(environment, plan.id, progress, Evidence(started_after=started), after)
        if _replaces_runners(plan):
            watch.beside = relay.step
        end = _end(environment, watch, plan.creates)
        reopen()
        if not is_success(end.status):
            return _tell_failure(environment, watch, end, plan.creates, keys)
        if conclude is not None:
            return conclude(watch.evidence)
        return prove(environment, watch.evidence, choices.canary)
    except KeyboardInterrupt:
        say_how_to_go_on(environment)
        raise
    finally:
        relay.open_again()


def _replaces_runners(plan: Plan) -> bool:
    changed = {change.logical_id for change in plan.changes if change.action == "Modify"}
    return not plan.creates and "RunnerTaskDefinition" in changed


def carry_out_drained(
    environment: Environment,
    stack: Stack | None,
    plan: Plan,
    choices: DeployChoices,
    keys: Written | None = None,
    conclude: Callable[[Evidence], ExitCode] | None = None,
) -> ExitCode:
    """The same, once no turn is under way any more if that was asked for.

    What was prepared for a plan that did not begin, because turns went on, is taken back.

    Raises:
        OpsError: as ``carry_out`` and ``drained`` say.
        KeyboardInterrupt: the user stopped waiting.
    """
    if stack is None or not ends_sessions(plan.changes):
        return carry_out(environment, plan, choices, keys, conclude)
    begun = False
    try:
        with drained(environment, stack, choices) as reopen:
            begun = True
            return carry_out(environment, plan, choices, keys, conclude, reopen)
    except BaseException:
        if not begun:
            _take_back(environment, plan, keys)
        raise


def _execute(environment: Environment, plan: Plan, keys: Written | None) -> None:
    """Start the plan. What was prepared for one that never began is taken back."""
    try:
        cloudformation.execute_change_set(environment.aws, plan.id, plan.name, f"ash-ops-{uuid4()}")
    except ReadFailed as error:
        # An answer that did not come proves nothing: then the update may be under way.
        if error.kind in ("denied", "failed", "missing"):
            _take_back(environment, plan, keys)
        raise
    except KeyboardInterrupt:
        if _has_not_begun(environment, plan):
            _take_back(environment, plan, keys)
        else:
            say_how_to_go_on(environment)
        raise


def _has_not_begun(environment: Environment, plan: Plan) -> bool:
    """Whether an interrupted start is sure to have started nothing."""
    try:
        made = cloudformation.read_change_set(environment.aws, plan.id, plan.name)
    except ReadFailed:
        return False
    return made.execution == "AVAILABLE"


def _take_back(environment: Environment, plan: Plan, keys: Written | None) -> None:
    """After a plan that was refused: remove it, and put replaced values back."""
    with suppress(ReadFailed):  # the refusal itself is what the user has to know
        discard(environment.aws, plan)
    if keys is not None:
        undo_keys(environment, keys)


def _watch(
    environment: Environment,
    stack_id: str,
    progress: Progress,
    evidence: Evidence,
    after: str | None,
) -> Watch:
    return Watch(
        aws=environment.aws,
        deployment=environment.deployment,
        stack_id=stack_id,
        dialogue=environment.dialogue,
        clock=environment.clock,
        progress=progress,
        evidence=evidence,
        after=after,
    )


def say_how_to_go_on(environment: Environment) -> None:
    """After Ctrl-C: what goes on, and how to get back to it."""
    environment.dialogue.settle()
    environment.dialogue.say(
        "\nAWS goes on by itself. `ash-ops deploy` picks up where this ended; `ash-ops status` shows "
        "it; `ash-ops teardown` removes it."
    )


def undo_keys(environment: Environment, keys: Written) -> None:
    """Take back what was done to the secret: its making, or the replacing of its values."""
    if keys.made:
        _unmake_secret(environment, keys)
    elif keys.replaced is not None:
        _put_values_back(environment, keys.replaced)


def _unmake_secret(environment: Environment, keys: Written) -> None:
    """Delete the secret that this run made; it can be taken back, and the next deploy does so."""
    secret, arn = environment.deployment.secret, keys.stored.arn
    try:
        schedule_deletion(environment.aws, arn)
    except ReadFailed as error:
        environment.dialogue.say(
            f"The secret {secret} was made by this run and is still there, to be billed "
            f"({error.call}: {error.code}). `ash-ops deploy` uses it, `ash-ops teardown` removes it."
        )
    else:
        environment.dialogue.say(
            f"The secret {secret}, made by this run, is deleted again and billed no more; for "
            f"{RECOVERY_DAYS} days `ash-ops deploy` takes it back."
        )


def _put_values_back(environment: Environment, keys: Replaced) -> None:
    """Put replaced values back, and say so; what cannot be put back is told with the command."""
    names, secret = ", ".join(keys.names), environment.deployment.secret
    try:
        put_back(environment.aws, keys)
    except ReadFailed as error:
        environment.dialogue.say(
            f"The secret {secret} keeps the new values of {names} ({error.call}: {error.code}). "
            "Tasks that start from now on read them. To put the old ones back: "
            f"`aws secretsmanager update-secret-version-stage --secret-id {secret} --version-stage "
            f"AWSCURRENT --move-to-version-id {keys.before} --remove-from-version-id {keys.after} "
            f"--region {environment.aws.region}`"
        )
    else:
        environment.dialogue.say(f"The secret {secret} has the old values again ({names}).")


def _after_failure(environment: Environment, creates: bool, end: End, keys: Written) -> None:
    """What becomes of the secret once a deployment has failed."""
    if keys.made and creates:
        if end.status.endswith(_OVER):
            _unmake_secret(environment, keys)
        else:
            environment.dialogue.say(
                f"The secret {environment.deployment.secret} stays, and is billed: what is there still "
                "reads it. `ash-ops teardown` removes it."
            )
    elif keys.replaced is not None:
        _offer_old_keys(environment, keys.replaced)


def _offer_old_keys(environment: Environment, keys: Replaced) -> None:
    """After a failed update: the old revision must not meet new values unannounced."""
    environment.dialogue.say(
        f"\nThe secret {environment.deployment.secret} holds new values ({', '.join(keys.names)}): tasks "
        "of the old revision that start from now on read them."
    )
    if environment.dialogue.confirm("Put the old values back?"):
        _put_values_back(environment, keys)
    else:
        environment.dialogue.say("They stay. `ash-ops deploy` again starts tasks with them.")


def _end(environment: Environment, watch: Watch, creates: bool) -> End:
    """Follow a deployment to its end; one that is hopeless is offered to be rolled back."""
    end = watch.follow()
    return _choose_rollback(environment, watch, creates, end) if end.pointless else end


def _tell_failure(
    environment: Environment, watch: Watch, end: End, creates: bool, keys: Written | None
) -> ExitCode:
    """Why a deployment failed, and what becomes of the secret."""
    environment.dialogue.say(f"\nNot deployed: the stack is {end.status}.")
    environment.dialogue.say(
        environment.explain(environment.aws, environment.deployment, watch.evidence)
    )
    if keys is not None:
        _after_failure(environment, creates, end, keys)
    environment.dialogue.say("\nWhen it is repaired, run `ash-ops deploy` again.")
    return ExitCode.PROBLEMS


_LEFT_TO_THE_BREAKER = "Left to the circuit breaker, which rolls back by itself in a few minutes."
# The breaker counts tasks that failed; one that was never placed is none of them.
_LEFT_TO_ITSELF = (
    "Left as it is: ECS goes on looking for a place, and CloudFormation waits for hours. `ash-ops deploy` "
    "picks the wait up again."
)


def _choose_rollback(environment: Environment, watch: Watch, creates: bool, end: End) -> End:
    """More waiting brings nothing. Roll back now, or let AWS go on."""
    say = environment.dialogue.say
    say(f"\n{end.pointless}: waiting longer is pointless.")
    undo = "delete what was created" if creates else "go back to what ran before"
    if not environment.dialogue.confirm(f"Roll back now ({undo})?"):
        say(_LEFT_TO_THE_BREAKER if end.verdict else _LEFT_TO_ITSELF)
        return End(status="still in progress")
    _undo(environment, watch.stack_id, creates)
    watch.stop_early = False
    watch.progress.title = f"Rolling back {environment.deployment.prefix}"
    return watch.follow() if not creates else _after_deletion(watch.follow())


def _undo(environment: Environment, stack_id: str, creates: bool) -> None:
    """Start the rollback; when CloudFormation has begun one by itself, that one is followed."""
    if creates:
        cloudformation.delete_stack(environment.aws, stack_id)
        return
    try:
        cloudformation.cancel_update(environment.aws, stack_id)
    except ReadFailed as error:
        if error.kind != "failed":
            raise
        environment.dialogue.say(f"CloudFormation is ahead: {error.message}")


def _after_deletion(end: End) -> End:
    return End(status="removed again") if end.status == "DELETE_COMPLETE" else end
