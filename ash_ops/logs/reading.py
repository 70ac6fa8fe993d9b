"""What every way of reading has in common, and the loop that does what a reading says.

A reading says what to do next, and is told how that went. None of them does input or output, sleeps
or looks at a clock it was not given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ash_ops.aws.logs import Event, Page, Query
from ash_ops.errors import OpsError, ReadFailed

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


class Reader(Protocol):
    """What makes the calls; ``ash_ops.aws.logs.LogsReader`` is the real one."""

    def read(self, query: Query) -> Page:
        """Make one FilterLogEvents call.

        Raises:
            ReadFailed: no page came.
        """

    def renew(self) -> None:
        """Look for new credentials.

        Raises:
            OpsError: there are none now.
        """


def drive(
    reading: Reading,
    reader: Reader,
    *,
    sleep: Callable[[float], None],
    emit: Callable[[list[Event]], None],
    notice: Callable[[str], None],
    ended: Callable[[], bool] = lambda: False,
) -> None:
    """Read until everything is read, or until ``ended`` says so.

    Args:
        reading: what to do next.
        reader: what makes the calls.
        sleep: waits for so many seconds.
        emit: prints events; never called with none.
        notice: tells the user something that is not data.
        ended: asked before every step.

    Raises:
        ReadFailed: trying again cannot help.
    """
    while not ended():
        step = reading.next_step()
        if isinstance(step, Done):
            return
        if isinstance(step, Wait):
            sleep(step.seconds)
            continue
        events = _one_call(reading, reader, step.query)
        if events:
            emit(events)
        for text in reading.notices():
            notice(text)


def _one_call(reading: Reading, reader: Reader, query: Query) -> list[Event]:
    try:
        page = reader.read(query)
    except ReadFailed as error:
        reading.failed(error)
        if error.kind in ("expired", "refused"):
            _renew(reader)
        return []
    return reading.receive(page)


def _renew(reader: Reader) -> None:
    try:
        reader.renew()
    except OpsError:
        # Not yet: the call will fail again, and that says so.
        return
