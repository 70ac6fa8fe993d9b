"""Many calls at once, each started as soon as what it needs is known, all done by a deadline.

A step is one reading. Steps form a graph; nothing waits for a "round" to end. Threads are daemons:
a call that never comes back is left behind, and neither the answer nor the end of the process
waits for it. (``ThreadPoolExecutor`` would join it at exit.)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from msgspec import Struct, field

from ash_ops.errors import CredentialsProblem, ReadFailed

WORKERS = 24  # as many as the widest round has calls; more brought nothing (measured)
PATIENCE = 8.0  # seconds for one step, so that one silent service leaves time for the rest
# Seconds without an answer after which there is time for other work. Those of one round come in bursts, and
# in a burst every thread wants the interpreter: the next round would be asked for later.
_QUIET = 0.002
CANARY_PATIENCE = 75.0  # for a session that is made, used and ended

Work = Callable[[], Any]


class Absent(Exception):
    """What a step would read hangs on something that does not exist; so it does not either."""


class Pool:
    """Daemon threads that take work from one queue."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._work: SimpleQueue[tuple[Work, Future[Any]] | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._workers = workers

    def submit(self, work: Work) -> Future[Any]:
        """Have the work done by the next free thread."""
        future: Future[Any] = Future()
        self._work.put((work, future))
        if len(self._threads) < self._workers:  # one after the other: to start all takes 3 ms
            self._threads.append(Thread(target=self._serve, daemon=True))
            self._threads[-1].start()
        return future

    def close(self) -> None:
        """Let the threads end when they are done; those that hang are left alone, and none is begun."""
        self._workers = 0
        for _ in self._threads:
            self._work.put(None)

    def _serve(self) -> None:
        while (item := self._work.get()) is not None:
            work, future = item
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - whoever waits for the future gets it
                future.set_exception(error)


class Several(Struct, frozen=True):
    """Calls that a step has started side by side, and how their answers become one.

    Attributes:
        join: gets the finished futures; their ``result()`` raises what a call raised.
    """

    parts: Sequence[Future[Any]]
    join: Callable[[Sequence[Future[Any]]], Any]


class Outcome(Struct, frozen=True):
    """What a step came to: a value, nothing (there is no such thing), or a failure."""

    call: str
    at: datetime
    value: Any = None
    failure: ReadFailed | None = None


class Step(Struct, frozen=True, kw_only=True):
    """One reading.

    Attributes:
        name: the snapshot's field, or a name starting with ``_`` for what only steps need.
        call: the call as evidence quotes it.
        read: makes the calls; returns a plain value or ``Several``.
        after: the steps whose outcome it looks at.
        patience: seconds after which it is given up.
    """

    name: str
    call: str
    read: Work
    after: tuple[str, ...] = ()
    patience: float = PATIENCE


class _Running(Struct):
    step: Step
    gives_up_at: float
    waiting_for: int = 0
    several: Several | None = None


class Run(Struct):
    """The steps under way and the outcomes so far.

    Attributes:
        outcomes: by the step's name; complete when ``finish`` returns.
    """

    pool: Pool
    clock: Callable[[], datetime]
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    _todo: dict[str, Step] = field(default_factory=dict)
    _running: dict[str, _Running] = field(default_factory=dict)
    _awaited: set[str] = field(default_factory=set)
    _done: SimpleQueue[tuple[str, Future[Any]]] = field(default_factory=SimpleQueue)

    def expect(self, steps: Iterable[Step]) -> None:
        """Take on steps that follow as the outcomes they need come."""
        new = {step.name: step for step in steps}
        self._todo |= new
        self._awaited.update(*(step.after for step in new.values()))

    def start(self, steps: Iterable[Step]) -> None:
        """Take on steps, and begin with all that need nothing more."""
        self.expect(steps)
        self._launch()

    def value_of(self, name: str) -> Any:
        """What a step has found so far; ``None`` if nothing, or not yet."""
        outcome = self.outcomes.get(name)
        return outcome.value if outcome else None

    def settle(self) -> None:
        """Take in what has come back so far, without waiting."""
        while self._take(0):
            pass

    def finish(self, deadline: float, meanwhile: Iterator[object] | None = None) -> None:
        """Wait until every step has an outcome.

        Args:
            deadline: the moment of ``time.monotonic`` at which what is missing is a timeout.
            meanwhile: is asked for one more piece of its work whenever nothing comes back.

        Raises:
            CredentialsProblem: AWS refuses the credentials.
        """
        quiet = 0.0  # how long nothing must have come back before the next piece
        while self._running or self._todo:
            self._give_up(deadline)
            soonest = min((r.gives_up_at for r in self._running.values()), default=deadline)
            wait = max(0.0, min(deadline, soonest) - time.monotonic())
            if self._take(min(wait, quiet) if meanwhile else wait):
                quiet = _QUIET
            elif meanwhile:
                meanwhile, quiet = (meanwhile if next(meanwhile, None) else None), 0.0

    def _launch(self) -> None:
        known = self.outcomes.keys()
        ready = [step for step in self._todo.values() if known >= set(step.after)]
        # Those for which others wait go first: the calls of a round are sent within 30 ms of each other.
        for step in sorted(ready, key=lambda step: step.name not in self._awaited):
            del self._todo[step.name]
            self._running[step.name] = _Running(step, time.monotonic() + step.patience)
            self._watch(step.name, self.pool.submit(step.read))

    def _watch(self, name: str, future: Future[Any]) -> None:
        future.add_done_callback(lambda done: self._done.put((name, done)))

    def _take(self, wait: float) -> bool:
        try:
            name, future = self._done.get(timeout=wait) if wait else self._done.get_nowait()
        except Empty:
            return False
        running = self._running.get(name)
        if running is not None:  # else it was given up before
            self._advance(running, future)
        return True

    def _advance(self, running: _Running, future: Future[Any]) -> None:
        name, several = running.step.name, running.several
        if running.waiting_for:
            running.waiting_for -= 1
            if not running.waiting_for and several is not None:
                self._watch(name, self.pool.submit(lambda: several.join(several.parts)))
            return
        error = future.exception()
        value = None if error else future.result()
        if isinstance(value, Several) and value.parts:
            running.several, running.waiting_for = value, len(value.parts)
            for part in value.parts:
                self._watch(name, part)
            return
        if isinstance(value, Several):
            value = value.join(())
        self._record(running.step, value, error)

    def _record(self, step: Step, value: Any, error: BaseException | None) -> None:
        self._running.pop(step.name, None)
        self.outcomes[step.name] = Outcome(
            _quoted(step, error), self.clock(), value, _failure(step, error)
        )
        self._launch()

    def _give_up(self, deadline: float) -> None:
        now = time.monotonic()
        if now >= deadline:
            waiting, self._todo = self._todo, {}
            for step in waiting.values():
                self._record(step, None, _late(step))
        for running in list(self._running.values()):
            if now >= min(deadline, running.gives_up_at):
                self._record(running.step, None, _late(running.step))


def _late(step: Step) -> ReadFailed:
    return ReadFailed(step.call, "timeout", "DeadlineExceeded", "no answer in time")


def _quoted(step: Step, error: BaseException | None) -> str:
    """The call that failed, where a step makes more than one."""
    return error.call if isinstance(error, ReadFailed) and error.kind != "missing" else step.call


def _failure(step: Step, error: BaseException | None) -> ReadFailed | None:
    if error is None or isinstance(error, Absent):
        return None
    if isinstance(error, CredentialsProblem):
        raise error
    if isinstance(error, ReadFailed):
        return None if error.kind == "missing" else error
    # An answer of a shape nobody foresaw: that is no crash, but it is no answer either.
    return ReadFailed(step.call, "failed", "UnreadableAnswer", type(error).__name__)
