"""Doing what a reading says: call, wait, hand the events on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ash_ops.errors import OpsError, ReadFailed
from ash_ops.logs.steps import Done, Reading, Wait

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.aws.logs import Event, Page, Query


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


def run(
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
