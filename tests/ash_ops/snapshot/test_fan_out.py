"""The machinery: each step when it can, a late one left behind, an error kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from ash_ops.errors import CredentialsProblem, ReadFailed
from ash_ops.snapshot.collect import now
from ash_ops.snapshot.fan_out import Absent, Pool, Run, Several, Step


@pytest.fixture
def run() -> Iterator[Run]:
    pool = Pool(4)
    yield Run(pool, now)
    pool.close()


def step(name: str, read: Callable[[], Any], *after: str, patience: float = 5.0) -> Step:
    return Step(name=name, call=f"x:{name}", read=read, after=after, patience=patience)


def finish(run: Run, *steps: Step, within: float = 5.0) -> None:
    run.start(steps)
    run.finish(time.monotonic() + within)


def raising(error: Exception) -> Callable[[], Any]:
    def read() -> Any:
        raise error

    return read


def test_a_step_sees_the_outcome_of_what_it_needs(run: Run) -> None:
    finish(
        run,
        step("b", lambda: run.outcomes["a"].value + 1, "a"),
        step("a", lambda: 1),
    )
    assert run.outcomes["b"].value == 2


def test_a_step_that_is_late_is_a_timeout_and_what_needs_it_goes_on(run: Run) -> None:
    gate = threading.Event()
    finish(
        run,
        step("slow", gate.wait, patience=0.05),
        step("after", lambda: run.outcomes["slow"].failure, "slow"),
    )
    gate.set()
    late = run.outcomes["slow"].failure
    assert late is not None
    assert late.kind == "timeout"
    assert run.outcomes["after"].value is late


def test_the_deadline_ends_what_runs_and_what_has_not_begun(run: Run) -> None:
    gate = threading.Event()
    finish(
        run,
        step("slow", gate.wait),
        step("after", lambda: 1, "slow"),
        step("later still", lambda: 1, "after"),
        within=0.05,
    )
    gate.set()
    kinds = {name: o.failure.kind for name, o in run.outcomes.items() if o.failure}
    assert kinds == {"slow": "timeout", "after": "timeout", "later still": "timeout"}


def test_an_answer_after_the_deadline_changes_nothing(run: Run) -> None:
    gate = threading.Event()
    finish(run, step("slow", lambda: gate.wait() and "late"), within=0.05)
    gate.set()
    run.settle()
    assert run.outcomes["slow"].value is None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ReadFailed("x:Y", "denied", "AccessDenied", ""), "denied"),
        (ReadFailed("x:Y", "missing", "NotFound", ""), None),
        (Absent("thing"), None),
        (TypeError("of an answer of a shape nobody foresaw"), "failed"),
        (RecursionError(), "failed"),
    ],
)
def test_what_an_error_of_a_step_means(run: Run, error: Exception, kind: str | None) -> None:
    finish(run, step("a", raising(error)))
    failure = run.outcomes["a"].failure
    assert (failure.kind if failure else None) == kind
    assert run.outcomes["a"].value is None


def test_refused_credentials_end_the_run(run: Run) -> None:
    with pytest.raises(CredentialsProblem):
        finish(run, step("a", raising(CredentialsProblem("no", "way", "out"))))


def test_parts_are_joined_when_all_are_done(run: Run) -> None:
    def read() -> Several:
        parts = [run.pool.submit(lambda n=n: n * 2) for n in range(20)]
        return Several(parts, lambda done: sum(part.result() for part in done))

    finish(run, step("a", read))
    assert run.outcomes["a"].value == sum(range(20)) * 2


def test_a_part_that_fails_fails_the_step(run: Run) -> None:
    def read() -> Several:
        failing: Future[Any] = run.pool.submit(raising(ReadFailed("x:Z", "throttled", "T", "")))
        return Several([failing], lambda done: [part.result() for part in done])

    finish(run, step("a", read))
    failure = run.outcomes["a"].failure
    assert failure is not None
    assert (failure.kind, run.outcomes["a"].call) == ("throttled", "x:Z")


def test_no_parts_are_joined_at_once(run: Run) -> None:
    finish(run, step("a", lambda: Several([], lambda done: tuple(done))))
    assert run.outcomes["a"].value == ()


def test_more_steps_than_threads_all_run(run: Run) -> None:
    finish(run, *(step(str(n), lambda n=n: n) for n in range(50)))
    assert sum(outcome.value for outcome in run.outcomes.values()) == sum(range(50))


def test_what_is_late_or_unreadable_says_so_in_the_words_of_its_own_call(run: Run) -> None:
    gate = threading.Event()
    finish(
        run,
        step("slow", gate.wait, patience=0.05),
        step("odd", raising(KeyError("planted"))),
        step("gone", raising(ReadFailed("x:Other", "missing", "NotFound", ""))),
        step("refused", raising(ReadFailed("x:Other", "denied", "AccessDenied", ""))),
    )
    gate.set()
    told = {
        name: (o.call, o.failure and (o.failure.call, o.failure.code, o.failure.message))
        for name, o in run.outcomes.items()
    }
    assert told == {
        "slow": ("x:slow", ("x:slow", "DeadlineExceeded", "no answer in time")),
        "odd": ("x:odd", ("x:odd", "UnreadableAnswer", "KeyError")),
        "gone": ("x:gone", None),
        "refused": ("x:Other", ("x:Other", "AccessDenied", "")),
    }


def test_an_answer_that_comes_after_its_step_was_given_up_is_dropped(run: Run) -> None:
    """Others go on meanwhile, and the late one must not count as theirs."""
    gate, answered = threading.Event(), threading.Event()

    def late() -> str:
        gate.wait()
        answered.set()
        return "late"

    def other() -> str:
        gate.set()
        answered.wait()
        return "in time"

    finish(run, step("slow", late, patience=0.05), step("after", other, "slow"))
    run.settle()
    failure = run.outcomes["slow"].failure
    assert failure is not None
    assert run.outcomes["slow"].value is None
    assert run.outcomes["after"].value == "in time"


def test_steps_that_are_only_expected_begin_with_those_that_are_started(run: Run) -> None:
    run.expect([step("b", lambda: run.value_of("a"), "a"), step("c", lambda: 3)])
    assert run.outcomes == {}
    assert run.value_of("a") is None
    finish(run, step("a", lambda: 1))
    assert {name: o.value for name, o in run.outcomes.items()} == {"a": 1, "b": 1, "c": 3}


def test_the_threads_of_a_pool_hold_nobody_up_and_end_when_it_is_closed() -> None:
    before = set(threading.enumerate())
    pool = Pool(3)
    assert set(threading.enumerate()) == before, "none before there is work"
    done = [pool.submit(lambda: 7) for _ in range(5)]
    made = set(threading.enumerate()) - before
    assert len(made) == 3
    assert all(thread.daemon for thread in made)
    pool.close()
    assert [each.result() for each in done] == [7] * 5
    for thread in made:
        thread.join(20)
    assert not any(thread.is_alive() for thread in made)


def test_the_soonest_of_those_that_run_is_given_up_first_and_alone(run: Run) -> None:
    """What needs the late one goes on at once, while another that has more time still runs."""
    silent, gate = threading.Event(), threading.Event()
    finish(
        run,
        step("other", lambda: gate.wait() and "answered", patience=20.0),
        step("slow", silent.wait, patience=0.05),
        step("after", gate.set, "slow"),
        within=40.0,
    )
    silent.set()
    assert run.outcomes["other"].value == "answered"
    failure = run.outcomes["slow"].failure
    assert failure is not None
    assert failure.kind == "timeout"


def test_of_steps_that_can_begin_those_come_first_for_which_others_wait() -> None:
    pool, begun = Pool(1), list[str]()
    run = Run(pool, now)

    def noted(name: str, *after: str) -> Step:
        return step(name, lambda: begun.append(name), *after)

    finish(run, noted("a"), noted("b"), noted("c"), noted("last", "c"))
    pool.close()
    assert begun == ["c", "a", "b", "last"]


def test_other_work_is_done_piece_by_piece_while_nothing_comes_back(run: Run) -> None:
    """The answer waits for its third piece, and what is left of the work is nobody's any more."""
    third = threading.Event()
    pieces: list[int] = []

    def work() -> Iterator[object]:
        for number in range(1, 1_000_000):
            pieces.append(number)
            if number == 3:
                third.set()
            yield number

    run.start([step("a", third.wait), step("b", lambda: third.is_set(), "a")])
    run.finish(time.monotonic() + 20, work())
    assert run.outcomes["b"].value is True
    assert 3 <= len(pieces) < 999_999


def test_work_that_is_over_lets_the_answers_be_waited_for(run: Run) -> None:
    gate = threading.Event()

    def work() -> Iterator[object]:
        yield "a piece"
        gate.set()

    run.start([step("a", gate.wait)])
    run.finish(time.monotonic() + 20, work())
    assert run.outcomes["a"].value is True


def test_work_that_fails_meanwhile_is_told_as_it_failed(run: Run) -> None:
    gate = threading.Event()

    def work() -> Iterator[object]:
        yield "a piece"
        raise ImportError("no such module")

    run.start([step("a", gate.wait)])
    with pytest.raises(ImportError, match="no such module"):
        run.finish(time.monotonic() + 20, work())
    gate.set()
