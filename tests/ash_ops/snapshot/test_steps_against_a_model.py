"""Graphs of steps that nobody drew by hand: each is read once, after what it needs, and keeps its own error."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ash_ops.errors import ReadFailed
from ash_ops.snapshot.collect import now
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.declaration import DECLARED
from ash_ops.snapshot.fan_out import Absent, Pool, Run, Several, Step
from ash_ops.snapshot.opening import opening
from ash_ops.snapshot.plan import first_steps, later_steps

THREADS = 3
LONG = 100.0  # seconds that no load of the machine takes


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(THREADS)
    yield made
    made.close()


def refused() -> Any:
    raise ReadFailed("x:Part", "denied", "AccessDenied", "no")


def absent() -> Any:
    raise Absent("there is no such thing")


def gone() -> Any:
    raise ReadFailed("x:Part", "missing", "NotFound", "")


def unforeseen() -> Any:
    raise KeyError("a member that was always there")


# How a step may end: what it does, and what is to be known then: value, kind of failure, quoted call.
ENDS: dict[str, tuple[Callable[[], Any], tuple[Any, str | None, bool]]] = {
    "a value": (lambda: 7, (7, None, False)),
    "refused": (refused, (None, "denied", True)),
    "absent": (absent, (None, None, False)),
    "gone": (gone, (None, None, False)),
    "unforeseen": (unforeseen, (None, "failed", False)),
}
# Parts side by side: what is to be known is what joining them gives.
PARTS = {
    "all of them": ([lambda: 1, lambda: 2, lambda: 4], (7, None, False)),
    "one is refused": ([lambda: 1, refused], (None, "denied", True)),
    "none": ([], (0, None, False)),
    "one is odd": ([lambda: 1, unforeseen], (None, "failed", False)),
}
GRAPHS = st.lists(
    st.tuples(st.sampled_from([*ENDS, *PARTS]), st.lists(st.integers(0, 7), max_size=3)),
    min_size=1,
    max_size=8,
)


@dataclass
class Watched:
    """What happened while the steps were read."""

    run: Run
    read: Counter[str] = field(default_factory=Counter)
    too_early: list[str] = field(default_factory=list)
    at_once: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def step(self, name: str, end: str, after: tuple[str, ...]) -> Step:
        def read() -> Any:
            with self.lock:
                self.read[name] += 1
                self.at_once += 1
                self.most = max(self.most, self.at_once)
                self.too_early += [name] * (not self.run.outcomes.keys() >= set(after))
            try:
                if end in ENDS:
                    return ENDS[end][0]()
                parts = [self.run.pool.submit(part) for part in PARTS[end][0]]
                return Several(parts, lambda done: sum(part.result() for part in done))
            finally:
                with self.lock:
                    self.at_once -= 1

        return Step(name=name, call=f"x:{name}", read=read, after=after, patience=LONG)


@settings(max_examples=60)
@given(GRAPHS, st.randoms(use_true_random=False))
def test_any_graph_of_steps_ends_with_one_outcome_each(
    pool: Pool, graph: list[tuple[str, list[int]]], chance: Any
) -> None:
    """Whatever needs what, in whatever order they are told, and however each of them ends."""
    run = Run(pool, now)
    seen = Watched(run)
    steps = [
        seen.step(str(at), end, tuple(str(needed) for needed in needs if needed < at))
        for at, (end, needs) in enumerate(graph)
    ]
    chance.shuffle(steps)
    run.start(steps)
    run.finish(time.monotonic() + LONG)
    assert seen.too_early == []
    assert seen.read == {step.name: 1 for step in steps}
    assert seen.most <= THREADS
    known = {**{n: e[1] for n, e in ENDS.items()}, **{n: e[1] for n, e in PARTS.items()}}
    for at, (end, _) in enumerate(graph):
        value, kind, by_part = known[end]
        outcome = run.outcomes[str(at)]
        assert outcome.value == value
        assert (outcome.failure.kind if outcome.failure else None) == kind
        assert outcome.call == ("x:Part" if by_part else f"x:{at}")


def test_a_chain_goes_on_while_another_step_is_still_read(pool: Pool) -> None:
    """There are no rounds: what has all that it needs begins, whatever else began with it."""
    gate = threading.Event()
    run = Run(pool, now)
    held = Step(
        name="held", call="x:held", read=lambda: gate.wait(LONG) and "opened", patience=LONG
    )
    chain = [
        Step(name="a", call="x:a", read=lambda: 1, patience=LONG),
        Step(name="b", call="x:b", read=lambda: 2, after=("a",), patience=LONG),
        Step(name="c", call="x:c", read=gate.set, after=("b",), patience=LONG),
    ]
    run.start([held, *chain])
    run.finish(time.monotonic() + LONG)
    assert run.outcomes["held"].value == "opened"


def test_each_reading_that_is_declared_is_one_step_and_needs_only_those(shared_aws: Any) -> None:
    run = Run(Pool(1), now)
    context = ReadingContext(shared_aws, shared_aws.settings.deployment, run, now)
    begun = [s for rows in opening(context).values() for s in rows]
    first = [s for rows in first_steps(context).values() for s in rows]
    later = later_steps(context)
    names = [step.name for step in (*begun, *first, *later)]
    assert sorted(names) == sorted(DECLARED)
    assert {s.name for s in (*begun, *first) if s.after} == set()
    assert {s.name for s in later if not s.after} == set()
    assert {needed for s in later for needed in s.after} <= set(names)
    run.pool.close()
