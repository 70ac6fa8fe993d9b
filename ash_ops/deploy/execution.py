"""Carrying a plan out: execute, follow to the end, prove, or tell why it failed."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

from ash_ops.aws import cloudformation
from ash_ops.deploy.around import DeployChoices, Surroundings
from ash_ops.deploy.change_set import Plan, discard
from ash_ops.deploy.evidence import Evidence
from ash_ops.deploy.progress import Progress
from ash_ops.deploy.proof import prove
from ash_ops.deploy.states import is_success
from ash_ops.deploy.stored import (
    RECOVERY_DAYS,
    Replaced,
    Written,
    put_back,
    schedule_deletion,
)
from ash_ops.deploy.watch import End, Watch, last_event
from ash_ops.errors import ExitCode, ReadFailed

# A creation that ended so has nothing left that could read a secret.
_OVER = (
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
    "CREATE_FAILED",
    "DELETE_COMPLETE",
    "removed again",
)


def carry_out(
    around: Surroundings, plan: Plan, choices: DeployChoices, keys: Written | None = None
) -> ExitCode:
    """Execute a plan that was accepted, and follow it.

    Args:
        around: the world.
        plan: what was accepted.
        choices: whether to wait, and to run a canary.
        keys: the secret, if it was written for it.

    Raises:
        OpsError: CloudFormation refused, or the wait could not go on.
        KeyboardInterrupt: the user stopped waiting; how to go on was told.
    """
    aws = around.aws
    started = datetime.now(UTC)
    after = None if plan.creates else last_event(aws, plan.id)
    _execute(around, plan, keys)
    if not choices.wait:
        around.dialogue.say(
            "Started. `ash-ops deploy` again follows it; `ash-ops status` shows it."
        )
        return ExitCode.OK
    verb = "Creating" if plan.creates else "Updating"
    progress = Progress(f"{verb} {around.deployment.prefix}", len(plan.changes))
    try:
        watch = _watch(around, plan.id, progress, Evidence(started_after=started), after)
        return _finish(around, watch, plan.creates, choices, keys)
    except KeyboardInterrupt:
        say_how_to_go_on(around)
        raise


def _execute(around: Surroundings, plan: Plan, keys: Written | None) -> None:
    """Start the plan. What was prepared for one that never began is taken back."""
    try:
        cloudformation.execute_change_set(around.aws, plan.id, plan.name, f"ash-ops-{uuid4()}")
    except ReadFailed as error:
        # An answer that did not come proves nothing: then the update may be under way.
        if error.kind in ("denied", "failed", "missing"):
            _take_back(around, plan, keys)
        raise
    except KeyboardInterrupt:
        if _has_not_begun(around, plan):
            _take_back(around, plan, keys)
        else:
            say_how_to_go_on(around)
        raise


def _has_not_begun(around: Surroundings, plan: Plan) -> bool:
    """Whether an interrupted start is sure to have started nothing."""
    try:
        made = cloudformation.read_change_set(around.aws, plan.id, plan.name)
    except ReadFailed:
        return False
    return made.execution == "AVAILABLE"


def _take_back(around: Surroundings, plan: Plan, keys: Written | None) -> None:
    """After a plan that was refused: remove it, and put replaced values back."""
    with suppress(ReadFailed):  # the refusal itself is what the user has to know
        discard(around.aws, plan)
    if keys is not None:
        undo_keys(around, keys)


def _watch(
    around: Surroundings, stack_id: str, progress: Progress, evidence: Evidence, after: str | None
) -> Watch:
    return Watch(
        aws=around.aws,
        deployment=around.deployment,
        stack_id=stack_id,
        dialogue=around.dialogue,
        clock=around.clock,
        progress=progress,
        evidence=evidence,
        after=after,
    )


def say_how_to_go_on(around: Surroundings) -> None:
    """After Ctrl-C: what goes on, and how to get back to it."""
    around.dialogue.settle()
    around.dialogue.say(
        "\nAWS goes on by itself. `ash-ops deploy` picks up where this ended; `ash-ops status` shows "
        "it; `ash-ops teardown` removes it."
    )


def undo_keys(around: Surroundings, keys: Written) -> None:
    """Take back what was done to the secret: its making, or the replacing of its values."""
    if keys.made:
        _unmake_secret(around, keys)
    elif keys.replaced is not None:
        _put_values_back(around, keys.replaced)


def _unmake_secret(around: Surroundings, keys: Written) -> None:
    """Delete the secret that this run made; it can be taken back, and the next deploy does so."""
    secret, arn = around.deployment.secret, keys.stored.arn
    try:
        schedule_deletion(around.aws, arn)
    except ReadFailed as error:
        around.dialogue.say(
            f"The secret {secret} was made by this run and is still there, to be billed "
            f"({error.call}: {error.code}). `ash-ops deploy` uses it, `ash-ops teardown` removes it."
        )
    else:
        around.dialogue.say(
            f"The secret {secret}, made by this run, is deleted again and billed no more; for "
            f"{RECOVERY_DAYS} days `ash-ops deploy` takes it back."
        )


def _put_values_back(around: Surroundings, keys: Replaced) -> None:
    """Put replaced values back, and say so; what cannot be put back is told with the command."""
    names, secret = ", ".join(keys.names), around.deployment.secret
    try:
        put_back(around.aws, keys)
    except ReadFailed as error:
        around.dialogue.say(
            f"The secret {secret} keeps the new values of {names} ({error.call}: {error.code}). "
            "Tasks that start from now on read them. To put the old ones back: "
            f"`aws secretsmanager update-secret-version-stage --secret-id {secret} --version-stage "
            f"AWSCURRENT --move-to-version-id {keys.before} --remove-from-version-id {keys.after} "
            f"--region {around.aws.region}`"
        )
    else:
        around.dialogue.say(f"The secret {secret} has the old values again ({names}).")


def _after_failure(around: Surroundings, creates: bool, end: End, keys: Written) -> None:
    """What becomes of the secret once a deployment has failed."""
    if keys.made and creates:
        if end.status.endswith(_OVER):
            _unmake_secret(around, keys)
        else:
            around.dialogue.say(
                f"The secret {around.deployment.secret} stays, and is billed: what is there still "
                "reads it. `ash-ops teardown` removes it."
            )
    elif keys.replaced is not None:
        _offer_old_keys(around, keys.replaced)


def _offer_old_keys(around: Surroundings, keys: Replaced) -> None:
    """After a failed update: the old revision must not meet new values unannounced."""
    around.dialogue.say(
        f"\nThe secret {around.deployment.secret} holds new values ({', '.join(keys.names)}): tasks "
        "of the old revision that start from now on read them."
    )
    if around.dialogue.confirm("Put the old values back?"):
        _put_values_back(around, keys)
    else:
        around.dialogue.say("They stay. `ash-ops deploy` again starts tasks with them.")


def _finish(
    around: Surroundings,
    watch: Watch,
    creates: bool,
    choices: DeployChoices,
    keys: Written | None,
) -> ExitCode:
    """Follow a deployment to its end, and prove that it works or tell why not."""
    end = watch.follow()
    if end.verdict is not None:
        end = _choose_rollback(around, watch, creates, end)
    if is_success(end.status):
        return prove(around, watch.evidence, choices.canary)
    around.dialogue.say(f"\nNot deployed: the stack is {end.status}.")
    around.dialogue.say(around.explain(around.aws, around.deployment, watch.evidence))
    if keys is not None:
        _after_failure(around, creates, end, keys)
    around.dialogue.say("\nWhen it is repaired, run `ash-ops deploy` again.")
    return ExitCode.PROBLEMS


def _choose_rollback(around: Surroundings, watch: Watch, creates: bool, end: End) -> End:
    """Three tasks died of one cause: more waiting brings nothing. Roll back now, or let AWS go on."""
    say, verdict = around.dialogue.say, end.verdict
    if verdict is not None:
        say(f"\nThree tasks died of the same cause ({verdict.title}): waiting longer is pointless.")
    undo = "delete what was created" if creates else "go back to what ran before"
    if not around.dialogue.confirm(f"Roll back now ({undo})?"):
        say("Left to the circuit breaker, which rolls back by itself in a few minutes.")
        return End(status="still in progress")
    _undo(around, watch.stack_id, creates)
    watch.stop_early = False
    watch.progress.title = f"Rolling back {around.deployment.prefix}"
    return watch.follow() if not creates else _after_deletion(watch.follow())


def _undo(around: Surroundings, stack_id: str, creates: bool) -> None:
    """Start the rollback; when CloudFormation has begun one by itself, that one is followed."""
    if creates:
        cloudformation.delete_stack(around.aws, stack_id)
        return
    try:
        cloudformation.cancel_update(around.aws, stack_id)
    except ReadFailed as error:
        if error.kind != "failed":
            raise
        around.dialogue.say(f"CloudFormation is ahead: {error.message}")


def _after_deletion(end: End) -> End:
    return End(status="removed again") if end.status == "DELETE_COMPLETE" else end
