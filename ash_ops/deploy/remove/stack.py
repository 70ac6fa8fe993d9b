"""Deleting the stack, followed to its end: again if it fails, then without what cannot go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ash_ops.aws import cloudformation
from ash_ops.deploy.remove.context import TeardownContext
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.run.progress import Progress
from ash_ops.deploy.run.watch import Watch, is_moving, last_event
from ash_ops.errors import OpsError
from ash_ops.facts.stacks import Stack


def delete_stack(work: TeardownContext, stack: Stack) -> None:
    """Delete the stack and follow it to the end: again if it fails, then without what cannot go."""
    if is_moving(stack) and stack.status.startswith("UPDATE"):
        work.dialogue.say(f"{stack.name} is {stack.status}: it can be deleted when that is over.")
        _watch(work, stack, last_event(work.aws, stack.id)).follow()
    first = _delete_once(work, stack, (), already=stack.status == "DELETE_IN_PROGRESS")
    if first is None:
        return
    if not work.dialogue.confirm(f"The stack is {first.status}. Try the deletion once more?"):
        raise _stuck(stack, first)
    second = _delete_once(work, stack, ())
    if second is None:
        return
    if second.status != "DELETE_FAILED" or not second.stuck:
        raise _stuck(stack, second)
    for reason in second.reasons:
        work.dialogue.say(f"  {reason}")
    left = ", ".join(second.stuck)
    if not work.dialogue.confirm(f"Delete the stack and leave {left} behind, to be billed on?"):
        raise _stuck(stack, second)
    last = _delete_once(work, stack, second.stuck)
    if last is not None:
        raise _stuck(stack, last)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    """A deletion that did not come to its end.

    Attributes:
        stuck: the logical ids of what could not be deleted.
    """

    status: str
    stuck: tuple[str, ...]
    reasons: tuple[str, ...]


def _delete_once(
    work: TeardownContext, stack: Stack, retain: Sequence[str], *, already: bool = False
) -> _Failure | None:
    """Start a deletion, unless one is under way, and follow it; ``None`` when the stack is gone."""
    after = last_event(work.aws, stack.id)
    if not already:
        cloudformation.delete_stack(work.aws, stack.id, retain)
    watch = _watch(work, stack, after)
    end = watch.follow()
    if end.status == "DELETE_COMPLETE":
        return None
    failed = [event for event in watch.evidence.failures if not event.is_of_stack]
    return _Failure(
        status=end.status,
        stuck=tuple(dict.fromkeys(event.logical_id for event in failed)),
        reasons=tuple(f"{e.logical_id}: {e.reason}" for e in watch.evidence.failures if e.reason),
    )


def _watch(work: TeardownContext, stack: Stack, after: str | None) -> Watch:
    return Watch(
        aws=work.aws,
        deployment=work.names,
        stack_id=stack.id,
        dialogue=work.dialogue,
        clock=work.clock,
        progress=Progress(f"Removing {work.names.prefix}"),
        evidence=Evidence(),
        after=after,
        stop_early=False,
        again="ash-ops teardown",
    )


def _stuck(stack: Stack, failure: _Failure) -> OpsError:
    return OpsError(
        f"The stack {stack.name} is {failure.status}",
        "\n        ".join(failure.reasons) or "CloudFormation gave no reason",
        "Remove what it names, then run `ash-ops teardown` again: it goes on, and offers to leave "
        "behind what cannot go. `ash-ops doctor deploy` shows the events.",
    )
