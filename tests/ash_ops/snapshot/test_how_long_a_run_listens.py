"""How long a run waits for the next answer: never longer than what is to be given up, and never without rest."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from types import SimpleNamespace
from typing import Any

import pytest

from ash_ops.snapshot import fan_out
from ash_ops.snapshot.collect import now
from ash_ops.snapshot.fan_out import Pool, Run, Step


class Noted(SimpleQueue[Any]):
    """A queue that notes how long each answer is waited for; nought is a look without waiting."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        assert timeout is not None, "nobody waits without an end"
        self.waits.append(timeout)
        return super().get(block, timeout)

    def get_nowait(self) -> Any:
        assert len(self.waits) < 500, "a run that only looks keeps a core busy"
        self.waits.append(0)
        return super().get(block=False)


class Clock:
    """A time that goes on by what was waited for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = 1000.0
        monkeypatch.setattr(fan_out, "time", SimpleNamespace(monotonic=lambda: self.at))


class Unanswered(Noted):
    """One in which no answer ever comes: the time passes instead."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        assert timeout is not None
        self.waits.append(timeout)
        self.clock.at += timeout
        raise Empty


def silent(gate: threading.Event, name: str, *after: str, patience: float) -> Step:
    return Step(name=name, call=name, read=gate.wait, after=after, patience=patience)


def test_each_wait_ends_when_the_next_step_is_given_up_and_the_last_with_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, gate, pool = Clock(monkeypatch), threading.Event(), Pool(3)
    queue = Unanswered(clock)
    run = Run(pool, now, _done=queue)
    run.start([silent(gate, "a", patience=2.0), silent(gate, "b", patience=3.5), silent(gate, "c", patience=99.0)])  # fmt: skip
    run.finish(clock.at + 10)
    gate.set()
    pool.close()
    assert [wait for wait in queue.waits if wait] == [2.0, 1.5, 6.5]
    assert {o.failure.code for o in run.outcomes.values() if o.failure} == {"DeadlineExceeded"}
    assert len(run.outcomes) == 3


def test_with_other_work_to_do_there_is_a_look_before_each_piece_and_a_wait_after_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, gate, pool = Clock(monkeypatch), threading.Event(), Pool(1)
    queue = Unanswered(clock)
    done: list[int] = []

    def work() -> Iterator[object]:
        for number in range(3):
            done.append(number)
            yield "a piece"

    run = Run(pool, now, _done=queue)
    run.start([silent(gate, "a", patience=2.0)])
    run.finish(clock.at + 10, work())
    gate.set()
    pool.close()
    assert queue.waits[:5] == [0, 0, 0, 0, 2.0]
    assert done == [0, 1, 2]


def test_after_an_answer_the_next_of_its_burst_is_waited_for_before_other_work() -> None:
    pool, queue, gate = Pool(1), Noted(), threading.Event()
    run = Run(pool, now, _done=queue)

    def work() -> Iterator[object]:
        for number in range(400):
            if number == 2:
                gate.set()
            yield "a piece"

    run.start([Step(name="a", call="a", read=lambda: 1)])
    pool.submit(lambda: None).result(20)  # behind it in the same thread: its answer is there
    run.expect([silent(gate, "b", "a", patience=20.0)])
    run.finish(time.monotonic() + 20, work())
    pool.close()
    assert queue.waits[:3] == [0, fan_out._QUIET, 0]
    assert run.value_of("b") is True


def test_to_settle_is_to_look_until_nothing_is_left() -> None:
    pool, queue = Pool(1), Noted()
    run = Run(pool, now, _done=queue)
    run.start([Step(name=name, call=name, read=lambda: 1) for name in "abc"])
    pool.submit(lambda: None).result(20)
    run.settle()
    pool.close()
    assert queue.waits == [0] * 4
    assert sorted(run.outcomes) == ["a", "b", "c"]
