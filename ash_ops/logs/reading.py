"""What every way of reading has in common, and the loop that does what a reading says.

A reading says what to do next, and is told how that went. None of them does input or output, sleeps
or looks at a clock it was not given.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol, TypeVar

from ash_ops.aws.logs import Event, Page, Query
from ash_ops.errors import OpsError, ReadFailed

if TYPE_CHECKING:
    from ash_ops.logs.scan import Scan

# What of some events is wanted, in the order in which they came.
Select = Callable[[list[Event]], list[Event]]
Sleep = Callable[[float], None]
Printed = TypeVar("Printed")


@dataclass(frozen=True, slots=True)
class Read:
    """Make this call now, then hand in its page or its failure.

    Attributes:
        query: what to ask for.
        scan: the range that it is a page of, where several are read at a time.
    """

    query: Query
    scan: Scan | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing for so many seconds, unless a call that was begun is answered before."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Done:
    """Everything wanted was read."""


Step = Read | Wait | Done


class Reading(Protocol[Printed]):
    """One way of reading: the last lines, a range, or a range and all that follows."""

    def next_step(self) -> Step:
        """What to do now."""

    def receive(self, read: Read, page: Page) -> list[Printed]:
        """Take the page that was asked for; what to print now, in order of time."""

    def failed(self, read: Read, error: ReadFailed) -> None:
        """Take the failure of the call.

        Raises:
            ReadFailed: trying again cannot help.
        """

    def notices(self) -> list[str]:
        """What to tell the user, since this was last asked."""


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


Answer = tuple[Read, Page | ReadFailed]


class Calls(Protocol):
    """Where a reading's calls are made."""

    @property
    def is_full(self) -> bool:
        """Whether an answer must come before another call is begun."""

    def begin(self, read: Read) -> None:
        """Make a call."""

    def answer(self, seconds: float) -> Answer | None:
        """The next answer to come; ``None`` when there is none within so many seconds."""

    def renew(self) -> None:
        """Look for new credentials, if there are any."""


class OneByOne:
    """Makes each call while its answer is waited for.

    Args:
        reader: makes the calls.
        sleep: waits for so many seconds.
    """

    def __init__(self, reader: Reader, sleep: Sleep) -> None:
        self._reader = reader
        self._sleep = sleep
        self._begun: Read | None = None

    @property
    def is_full(self) -> bool:
        """Whether a call was begun."""
        return self._begun is not None

    def begin(self, read: Read) -> None:
        """Remember the call; the wait for its answer makes it."""
        self._begun = read

    def answer(self, seconds: float) -> Answer | None:
        """The answer of the call that was begun, or a wait."""
        if self._begun is None:
            self._sleep(seconds)
            return None
        read, self._begun = self._begun, None
        try:
            return read, self._reader.read(read.query)
        except ReadFailed as error:
            return read, error

    def renew(self) -> None:
        """Look for new credentials, if there are any."""
        try:
            self._reader.renew()
        except OpsError:
            # Not yet: the call will fail again, and that says so.
            return


class SideBySide(OneByOne):
    """Makes several calls at a time, each in a thread of its own, which ends with the process.

    One alone is made while its answer is waited for: that takes no thread and less memory.

    Args:
        reader: makes the calls.
        sleep: waits for so many seconds.
        most: how many calls there are at a time.
    """

    def __init__(self, reader: Reader, sleep: Sleep, most: int) -> None:
        super().__init__(reader, sleep)
        self._most = most
        self._waiting = 0
        self._threads = 0
        self._asked: SimpleQueue[Read] = SimpleQueue()
        self._answers: SimpleQueue[tuple[Read, Page | Exception]] = SimpleQueue()

    @property
    def is_full(self) -> bool:
        """Whether an answer must come before another call is begun."""
        return self._waiting + (self._begun is not None) >= self._most

    def begin(self, read: Read) -> None:
        """Hand the call to a thread, unless it is alone so far."""
        first, self._begun = self._begun, None
        if first is None and not self._waiting:
            self._begun = read
            return
        for one in (first, read):
            if one is not None:
                self._hand_over(one)

    def _hand_over(self, read: Read) -> None:
        self._waiting += 1
        self._asked.put(read)
        if self._threads < self._waiting:
            self._threads += 1
            threading.Thread(target=self._work, name="log-pages", daemon=True).start()

    def answer(self, seconds: float) -> Answer | None:
        """The next answer to come; ``None`` when there is none within so many seconds."""
        if not self._waiting:
            return super().answer(seconds)
        try:
            read, outcome = self._answers.get(timeout=seconds)
        except Empty:
            return None
        self._waiting -= 1
        if isinstance(outcome, Page | ReadFailed):
            return read, outcome
        raise outcome

    def _work(self) -> None:
        while True:
            read = self._asked.get()
            try:
                self._answers.put((read, self._reader.read(read.query)))
            except Exception as error:  # noqa: BLE001 -- raised again in the thread that waits
                self._answers.put((read, error))


def drive(
    reading: Reading[Printed],
    calls: Calls,
    *,
    emit: Callable[[list[Printed]], None],
    notice: Callable[[str], None],
    ended: Callable[[], bool] = lambda: False,
) -> None:
    """Read until everything is read, or until ``ended`` says so.

    Args:
        reading: what to do next.
        calls: where its calls are made.
        emit: prints; never called with nothing.
        notice: tells the user something that is not data.
        ended: asked before every step.

    Raises:
        ReadFailed: trying again cannot help.
    """
    while not ended():
        step = reading.next_step()
        if isinstance(step, Done):
            return
        if isinstance(step, Read):
            calls.begin(step)
            if not calls.is_full:
                continue
        answer = calls.answer(step.seconds if isinstance(step, Wait) else LONGEST_WAIT)
        if answer is None:
            continue
        ready = _taken(reading, calls, *answer)
        # A page is not kept while the next one is waited for: it may have megabytes.
        del answer
        if ready:
            emit(ready)
        for text in reading.notices():
            notice(text)


# A call is answered or fails long before; in seconds.
LONGEST_WAIT = 60.0


def _taken(
    reading: Reading[Printed], calls: Calls, read: Read, outcome: Page | ReadFailed
) -> list[Printed]:
    if isinstance(outcome, Page):
        return reading.receive(read, outcome)
    reading.failed(read, outcome)
    if outcome.kind in ("expired", "refused"):
        calls.renew()
    return []
