"""How the readings wait for each other: in few rounds, and each for all that it looks at."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from ash_ops.aws.client.session import Aws
from ash_ops.aws.client.trace import CALLS
from ash_ops.names import Deployment
from ash_ops.snapshot import plan
from ash_ops.snapshot.collect import now
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.fan_out import CANARY_PATIENCE, Pool, Run, Step
from ash_ops.snapshot.opening import opening
from ash_ops.snapshot.plan import first_steps, later_steps
from ash_ops.snapshot.probe import Ladder
from tests.ash_ops.snapshot.conftest import Collect
from tests.support.deploying import settings_of

# Steps that pick from what others read, and those that make two calls one after the other.
_CALLS_IN_A_ROW = {
    "task_definition": 0,
    "secrets": 0,
    "target_groups": 0,
    "load_balancers": 0,
    "_vpc_ids": 0,
    "prefix_lists": 0,
    "stack_events": 0,
    "memory_utilization": 0,
    "log_group": 0,
    "local_key": 0,
    "probe": 0,
    "archived_tasks": 0,
    "host_events": 0,
    "scaling_groups": 0,
    "container_instances": 2,
    "tasks": 2,
    "stopped_tasks": 2,
}


def test_a_probe_that_runs_a_session_has_more_patience_and_waits_for_the_key_it_lacks() -> None:
    """A key of ``.env`` is there at once; the deployed one is known by the revision and its secret."""
    told = {}
    without_key: Any = SimpleNamespace(settings=settings_of())
    for ladder in (None, Ladder(), Ladder(canary=lambda *_: None)):
        context = ReadingContext(without_key, Deployment(), Run(Pool(1), now), now, ladder)
        (probe,) = [step for step in later_steps(context) if step.name == "probe"]
        told[ladder is not None, bool(ladder and ladder.canary)] = probe
    plain, keyed, session = told.values()
    assert {*keyed.after} == {*session.after} == {*plain.after, "_secrets", "_revision"}
    assert session.patience == CANARY_PATIENCE > keyed.patience == plain.patience


def test_the_longest_path_is_three_rounds(shared_aws: Aws) -> None:
    """Of all calls none waits for more than two others, one after the other."""
    run = Run(Pool(1), now)
    context = ReadingContext(shared_aws, shared_aws.settings.deployment, run, now, Ladder())
    begun = (opening(context), first_steps(context))
    steps = [s for rows in begun for row in rows.values() for s in row]
    after = {step.name: step.after for step in [*steps, *later_steps(context)]}

    of_runners = {name for name in after if "runner" in name}

    def depth(name: str) -> int:
        return _CALLS_IN_A_ROW.get(name, 1) + max(map(depth, after[name]), default=0)

    assert max(depth(name) for name in after if name not in of_runners) == 3
    # A coordinator's runners are known when its definition is; nobody else waits for them.
    assert max(map(depth, after)) <= 6
    assert not any(of_runners & set(after[name]) for name in after if name not in of_runners)


def test_a_reading_looks_at_nothing_that_it_does_not_wait_for(
    look: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it finds there what has come by then, which is another thing with every run."""
    at = threading.local()
    after: dict[str, tuple[str, ...]] = {}
    looked: set[tuple[str, str]] = set()

    def told(step: Step) -> Step:
        def read() -> Any:
            at.step = step.name
            try:
                return step.read()
            finally:
                at.step = None

        after[step.name] = step.after
        return replace(step, read=read)

    def noting(ask: Any) -> Any:
        def asked(context: ReadingContext, name: str) -> Any:
            if getattr(at, "step", None):
                looked.add((at.step, name))
            return ask(context, name)

        return asked

    later = plan.later_steps
    monkeypatch.setattr(plan, "later_steps", lambda *given: [told(s) for s in later(*given)])
    for name in ("need", "seek"):
        monkeypatch.setattr(ReadingContext, name, noting(getattr(ReadingContext, name)))
    look(probe=True, ladder=Ladder(resolve=lambda *_, **__: []))

    def waited_for(name: str) -> set[str]:
        return {each for n in after.get(name, ()) for each in {n, *waited_for(n)}}

    assert len(looked) > 50
    assert {(step, name) for step, name in looked if name not in waited_for(step)} == set()


class Rounds(logging.Handler):
    """Counts, in each thread, how many calls came one after the other before the one that is over."""

    def __init__(self) -> None:
        super().__init__()
        self.ended: dict[str, int] = {}
        self.calls = 0
        self._at = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        """A call is over; logging lets one thread in at a time."""
        self.calls += 1
        self._at.round += 1
        self.ended[self._at.step] = max(self.ended.get(self._at.step, 0), self._at.round)

    def of_step(self, step: Step) -> Step:
        """A step that begins where the last of what it waits for has ended."""

        def read() -> Any:
            self._at.step = step.name
            self._at.round = max((self.ended[name] for name in step.after), default=0)
            self.ended[step.name] = self._at.round
            return step.read()

        return replace(step, read=read)

    def of_part(self, work: Callable[[], Any]) -> Callable[[], Any]:
        """A part of the step that this thread is at: it begins after the calls made until now."""
        step, begun = getattr(self._at, "step", ""), getattr(self._at, "round", 0)

        def job() -> Any:
            self._at.step, self._at.round = step, begun
            return work()

        return job


def test_a_diagnosis_is_three_rounds_of_calls(
    look: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted call by call as they are made, not by what the readings declare."""
    rounds, expect, submit = Rounds(), Run.expect, Pool.submit

    def expected(run: Run, steps: Iterable[Step]) -> None:
        expect(run, map(rounds.of_step, steps))

    monkeypatch.setattr(Run, "expect", expected)
    monkeypatch.setattr(Pool, "submit", lambda pool, work: submit(pool, rounds.of_part(work)))
    level = CALLS.level
    CALLS.setLevel(logging.INFO)
    CALLS.addHandler(rounds)
    try:
        look()
    finally:
        CALLS.removeHandler(rounds)
        CALLS.setLevel(level)
    assert rounds.calls >= 40
    assert {name: count for name, count in rounds.ended.items() if count > 3} == {}
    assert max(rounds.ended.values()) == 3
