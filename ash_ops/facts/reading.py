"""A reading: what one call answered, or why it did not.

A check never sees an exception of a call. It asks a reading for its value, and a reading that has
none raises ``CannotTell``, which the diagnosis reports as *could not tell* with the reason and,
if it was a permission, the IAM action that is missing. So a denied read can never pass for healthy.
"""

from datetime import UTC, datetime
from typing import Any, Generic, Literal

from ash_ops.facts.model import Instant, Model, T

GapKind = Literal[
    "denied", "throttled", "timeout", "unreachable", "missing", "failed", "skipped", "redacted"
]


_NOT_AWS = ("registry:", "local:")


class Gap(Model):
    """A reading that failed or was not made.

    Attributes:
        kind: the sort of failure; ``skipped`` when it was not asked for.
        code: the error code, for instance ``AccessDeniedException``.
        message: what the service said, with secrets masked.
        action: the IAM action that would allow it, when it was denied.
    """

    kind: GapKind
    code: str = ""
    message: str = ""
    action: str | None = None

    def reason(self, call: str) -> str:
        """One sentence for a report."""
        verb = "was not read" if self.kind == "skipped" else f"could not be read ({self.kind})"
        detail = ": ".join(part for part in (self.code, self.message) if part)
        return f"{call} {verb}{': ' + detail if detail else ''}"


class CannotTell(Exception):
    """A check needs a reading that is not there.

    Attributes:
        reason: one sentence.
        needs: the IAM actions that are missing.
        by_choice: whether the reading was left out because the user asked for that.
        unread: whether AWS was asked and did not answer, rather than left the matter open.
        unreachable: whether that was because no connection to AWS could be made at all.
        until: when time alone will have settled it, if it will.
    """

    def __init__(
        self,
        reason: str,
        needs: tuple[str, ...] = (),
        *,
        by_choice: bool = False,
        unread: bool = False,
        unreachable: bool = False,
        until: datetime | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.needs = needs
        self.by_choice = by_choice
        self.unread = unread
        self.unreachable = unreachable
        self.until = until


class Reading(Model, Generic[T]):
    """What a call answered.

    Attributes:
        call: the call as evidence quotes it, for instance ``ecs:DescribeServices``.
        at: when it was answered, in UTC.
        value: what it answered; ``None`` with no gap means that there is no such thing.
        gap: why there is no answer.
    """

    call: str
    at: Instant
    value: T | None = None
    gap: Gap | None = None

    def get(self) -> T | None:
        """The value, or ``None`` if the thing does not exist.

        Raises:
            CannotTell: the call was not answered.
        """
        cannot_tell = self.cannot_tell()
        if cannot_tell is not None:
            raise cannot_tell
        return self.value

    def cannot_tell(self) -> CannotTell | None:
        """Why there is no answer; ``None`` if there is one."""
        if self.gap is None:
            return None
        chosen = self.gap.kind == "skipped"
        unread = not chosen and not self.call.startswith(_NOT_AWS)
        return CannotTell(
            self.gap.reason(self.call),
            (self.gap.action,) if self.gap.action else (),
            by_choice=chosen,
            unread=unread,
            unreachable=unread and self.gap.kind == "unreachable",
        )


def left_out(call: str) -> Reading[Any]:
    """The reading of a snapshot that was taken before ash-ops read such a thing."""
    gap = Gap(kind="skipped", message="this snapshot is older than that reading")
    return Reading(call=call, at=datetime.fromtimestamp(0, UTC), gap=gap)
