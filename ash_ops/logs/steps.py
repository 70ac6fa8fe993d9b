"""What every way of reading has in common: it says what to do next, and is told how that went.

None of them does input or output, sleeps or looks at a clock it was not given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ash_ops.aws.logs import Event, Page, Query

if TYPE_CHECKING:
    from ash_ops.errors import ReadFailed

Wanted = Callable[[Event], bool]


@dataclass(frozen=True, slots=True)
class Read:
    """Make this call now, then hand in its page or its failure."""

    query: Query


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Done:
    """Everything wanted was read."""


Step = Read | Wait | Done


class Reading(Protocol):
    """One way of reading: the last lines, a range, or a range and all that follows."""

    def next_step(self) -> Step:
        """What to do now."""

    def receive(self, page: Page) -> list[Event]:
        """Take the page that was asked for; the events to print now, in order of time."""

    def failed(self, error: ReadFailed) -> None:
        """Take the failure of the call.

        Raises:
            ReadFailed: trying again cannot help.
        """

    def notices(self) -> list[str]:
        """What to tell the user, since this was last asked."""


def in_time_order(events: list[Event]) -> list[Event]:
    """Events by time; equal times in the order in which AWS gave them."""
    events.sort(key=_timestamp)
    return events


def _timestamp(event: Event) -> int:
    at: int = event["timestamp"]
    return at
