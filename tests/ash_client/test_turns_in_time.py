"""Who may be asked again and when, and the turns of a session in a time of their own."""

from __future__ import annotations

import httpx
import pytest

from ash_client import AshError, ConnectionFailed, DecodeError, RequestTimeout, SessionBusy
from ash_client._retry import RetryPolicy
from ash_client._stream import turns as turns_module
from ash_client._stream.turns import Turns, left_behind, turns_of
from ash_client._wire.failures import status_error
from tests.ash_client.test_wire import answer, error_of

# Waiting before another try.


@pytest.mark.parametrize(
    ("error", "reading", "message"),
    [
        (error_of(429), True, True), (error_of(503), True, True), (error_of(502), True, False), (error_of(504), True, False), (error_of(500), False, False), (error_of(408), False, False), (error_of(404), False, False),
        (ConnectionFailed("x", sent=False), True, True), (ConnectionFailed("x", sent=True), True, False), (RequestTimeout("x", sent=False), True, True), (RequestTimeout("x", sent=True), False, False), (DecodeError("x"), False, False),
    ],
)  # fmt: skip
def test_a_message_is_sent_again_only_if_nobody_can_have_taken_it(
    error: AshError, reading: bool, message: bool
) -> None:
    """A reading is made again after whatever may pass, but not after it was waited for in vain."""
    policy = RetryPolicy(jitter=lambda: 1.0)
    for idempotent, again in ((True, reading), (False, message)):
        wait = policy.wait_before_retry(error, 0, idempotent=idempotent)
        assert wait == (0.5 if again else None)


def test_the_first_wait_is_half_a_second_at_most_the_next_twice_that_and_then_it_is_over() -> None:
    policy = RetryPolicy(jitter=lambda: 1.0)
    waits = [policy.wait_before_retry(error_of(503), n, idempotent=True) for n in range(4)]
    assert waits == [0.5, 1.0, None, None]
    for asked, wait in (("0", 0.0), ("29.5", 29.5), ("30", 30.0), ("30.1", None)):
        assert (
            policy.wait_before_retry(error_of(503, retry_after=asked), 0, idempotent=False) == wait
        )


# Turns, in a time of their own.


class Time:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr(turns_module, "time", made)
    monkeypatch.setattr(turns_module, "_quiet_at", {})
    return made


@pytest.mark.parametrize(("took", "settle"), [(0.0, 0.05), (0.01, 0.05), (0.2, 0.2), (3.0, 0.5)])
def test_after_a_command_the_next_turn_waits_as_long_as_that_took_within_bounds(
    time: Time, took: float, settle: float
) -> None:
    """Its ``done`` comes a moment after its answer: a slow server is slow in both."""
    turns = Turns("http://h")
    first = turns.begin("s", "why")
    assert (first.settle, first.done_due) == (0.0, False)
    time.now += took
    first.release(done_due=True)
    first.release(done_due=True)
    other = turns.begin("another", "why")
    assert (other.settle, other.done_due) == (0.0, False)
    again = turns.begin("s", "why")
    assert (again.settle, again.done_due) == (pytest.approx(settle), True)
    # What was waited before asking is no part of how long the command took.
    time.now += again.settle + took
    again.release(done_due=True)
    assert turns.begin("s", "why").settle == pytest.approx(settle)


def test_a_done_is_due_until_its_moment_has_passed_and_a_turn_has_ended_since(time: Time) -> None:
    turns = Turns("http://h")
    turns.begin("s", "why").release(done_due=True)
    time.now += 0.04
    soon = turns.begin("s", "why")
    assert (soon.done_due, soon.settle) == (True, pytest.approx(0.01))
    soon.release()
    assert turns.begin("s", "why").done_due is True
    turns = Turns("http://i")
    turns.begin("s", "why").release(done_due=True)
    time.now += 0.06
    late = turns.begin("s", "why")
    assert (late.done_due, late.settle) == (True, 0.0)
    late.release()
    assert turns.begin("s", "why").done_due is False


def test_a_done_that_is_due_is_remembered_though_its_client_is_gone(time: Time) -> None:
    Turns("http://h").begin("s", "why").release(done_due=True)
    assert Turns("http://h").begin("s", "why").settle == pytest.approx(0.05)
    assert Turns("http://other").begin("s", "why").settle == 0.0
    time.now += 1.0
    Turns("http://h").begin("t", "why").release(done_due=True)
    assert list(turns_module._quiet_at) == [("http://h", "t")]


def test_one_turn_at_a_time_and_what_is_left_of_one_is_told_until_it_is_forgotten() -> None:
    turns = Turns("http://h")
    first = turns.begin("s", "its events would mix")
    with pytest.raises(SessionBusy, match="session s through this process; its events would mix"):
        turns.begin("s", "its events would mix")
    first.release("The last answer was not read")
    assert turns.is_unfinished("s")
    assert not turns.is_unfinished("t")
    with pytest.raises(SessionBusy, match=r"^The last answer was not read on session s\."):
        turns.begin("s", "x", "restart")
    turns.begin("s", "x", "accept").release()
    assert turns.is_unfinished("s")
    turns.forget("s")
    assert not turns.is_unfinished("s")
    turns.begin("s", "x").release()


def test_a_turn_that_is_over_cannot_end_the_next() -> None:
    turns = Turns("http://h")
    first = turns.begin("s", "x")
    first.release()
    second = turns.begin("s", "x")
    first.release("late words")
    with pytest.raises(SessionBusy, match="already at work"):
        turns.begin("s", "x")
    assert not turns.is_unfinished("s")
    second.saw_init()
    assert turns.begin("t", "x").begins_with_init


def test_clients_of_one_server_share_their_turns_until_the_last_has_left() -> None:
    url = "http://only-here"
    first, second = turns_of(url, None), turns_of(url, None)
    assert first is second
    assert turns_of("http://elsewhere", None) is not first
    turns_module.leave(first)
    assert turns_of(url, None) is first
    turns_module.leave(first)
    turns_module.leave(first)
    assert turns_of(url, None) is not first
    with httpx.Client() as one, httpx.Client() as other:
        assert turns_of(url, one) is turns_of(url, one)
        assert turns_of(url, one) is not turns_of(url, other)
        assert turns_of("http://b", one) is not turns_of(url, one)


@pytest.mark.parametrize(
    ("error", "sent", "left"),
    [
        (error_of(404), True, False), (error_of(429), True, False), (error_of(503), True, False), (error_of(500), True, True), (error_of(502), True, True), (error_of(504), True, True), (error_of(499), True, False),
        (ConnectionFailed("x", sent=True), False, True), (ConnectionFailed("x", sent=False), True, False), (RequestTimeout("x", sent=True), False, True), (RequestTimeout("x", sent=False), True, False),
        (KeyboardInterrupt(), True, True), (KeyboardInterrupt(), False, False), (status_error(answer(500), b'{"error":"Sandbox not found"}', None), True, False), (status_error(answer(500), b'{"error":"Runner not available"}', None), True, False),
    ],
)  # fmt: skip
def test_a_request_that_failed_is_left_behind_if_the_server_may_go_on_with_it(
    error: BaseException, sent: bool, left: bool
) -> None:
    turn = Turns("http://h").begin("s", "x")
    turn.sent = sent
    assert left_behind(error, turn, "what") == ("what" if left else "")
