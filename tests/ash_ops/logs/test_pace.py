"""How fast AWS is asked, how long a failure is waited for, and what is said meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.aws.logs import Page
from ash_ops.errors import ReadFailed
from ash_ops.logs.clock import ServerClock
from ash_ops.logs.retry import Pace, Progress, reason
from tests.ash_ops.logs.test_limits_of_waiting import Time, failure

SECOND = 1000
LONG = 1_790_000_000.0


def pace(time: Time, jitter: float = 1.0) -> Pace:
    return Pace(time, lambda: jitter)


def window(subject: Pace) -> float:
    """Seconds in which five calls have room, seen just after five were made at once."""
    for _ in range(5):
        subject.calling()
    return subject.until_room()


@pytest.mark.parametrize(
    ("throttled", "pauses"),
    [(True, [0.15, 0.3, 0.6, 1.2, 1.5, 1.5]), (False, [0.2, 0.4, 0.8, 1.0, 1.0, 1.0])],
)
def test_a_pause_is_twice_as_long_after_each_failure_up_to_a_ceiling(
    throttled: bool, pauses: list[float]
) -> None:
    """With full jitter: what is waited is a share of it, by chance."""
    for jitter in (1.0, 0.25):
        subject = pace(Time(), jitter)
        for _ in range(2):
            found = [subject.failed(throttled=throttled) for _ in pauses]
            assert found == pytest.approx([jitter * pause for pause in pauses])
            subject.succeeded()


def test_a_pause_is_no_longer_after_a_thousand_failures() -> None:
    subject = pace(Time())
    assert [subject.failed(throttled=False) for _ in range(1000)][-1] == 1.0


def test_polls_are_slower_when_throttled_again_and_again_and_soon_as_fast_as_before() -> None:
    subject = pace(Time())
    assert (subject.interval, subject.gap) == (0.4, 0.0)
    subject.failed(throttled=False)
    assert (subject.interval, subject.gap) == (0.4, 0.0)
    subject.succeeded()
    subject.failed(throttled=True)
    assert subject.interval == pytest.approx(0.42)
    assert subject.gap == pytest.approx(0.21)
    subject.failed(throttled=True)
    assert subject.interval == pytest.approx(0.42 * 1.4)
    subject.succeeded()
    assert subject.interval == pytest.approx(0.42 * 1.4 * 0.7)
    subject.succeeded()
    assert (subject.interval, subject.gap) == (0.4, 0.0)
    for _ in range(20):
        subject.failed(throttled=True)
    assert subject.interval == 2.0


def test_one_refusal_between_two_answers_hardly_slows_the_polls() -> None:
    subject = pace(Time())
    for _ in range(50):
        subject.failed(throttled=True)
        assert subject.interval == pytest.approx(0.42)
        subject.succeeded()
    assert subject.interval == 0.4


def test_five_calls_fit_into_a_little_more_than_a_second() -> None:
    """The quota of FilterLogEvents is five calls a second in the smallest regions."""
    time = Time()
    subject = pace(time)
    for moment in (10.0, 10.1, 10.2, 10.3, 10.4):
        time.now = moment
        assert subject.until_room() == 0.0
        subject.calling()
    assert subject.until_room() == pytest.approx(0.65)
    time.now = 11.05
    assert subject.until_room() == pytest.approx(0.0)
    subject.calling()
    assert subject.until_room() == pytest.approx(0.1)


def test_what_has_time_leaves_a_fifth_of_the_window_between_two_calls() -> None:
    time = Time()
    subject = pace(time)
    assert subject.until_room(evenly=True) == 0.0
    subject.calling()
    assert subject.until_room() == 0.0
    assert subject.until_room(evenly=True) == pytest.approx(0.21)
    time.now = 0.3
    assert subject.until_room(evenly=True) == 0.0
    for _ in range(4):
        subject.calling()
    assert subject.until_room(evenly=True) == pytest.approx(0.75)


def test_a_throttled_call_took_nothing_of_the_quota_and_another_failure_did() -> None:
    for throttled, room in ((True, 0.0), (False, 1.05)):
        subject = pace(Time())
        window(subject)
        subject.failed(throttled=throttled)
        assert subject.until_room() == pytest.approx(room)
    nothing_called = pace(Time())
    nothing_called.failed(throttled=True)
    assert nothing_called.until_room() == 0.0


def test_who_is_refused_most_calls_makes_do_with_less_down_to_a_third_and_takes_it_back() -> None:
    """Others use the quota as well. Refused are the last seven calls: more than half, weighted."""
    subject = pace(Time())
    for _ in range(6):
        subject.failed(throttled=True)
    assert window(subject) == pytest.approx(1.05)
    subject.failed(throttled=True)
    assert window(subject) == pytest.approx(1.05 * 1.1)
    for _ in range(60):
        subject.failed(throttled=True)
    assert window(subject) == pytest.approx(3 * 1.05)
    for _ in range(8):
        subject.succeeded()
    assert window(subject) == pytest.approx(3 * 1.05)
    for _ in range(2):
        subject.succeeded()
    assert window(subject) < 3 * 1.05
    for _ in range(60):
        subject.succeeded()
    assert window(subject) == pytest.approx(1.05)


def test_three_refusals_in_ten_at_random_leave_the_quota_whole() -> None:
    subject = pace(Time())
    for _ in range(40):
        for number in range(10):
            if number in (0, 3, 7):
                subject.failed(throttled=True)
            else:
                subject.succeeded()
        assert window(subject) == pytest.approx(1.05)


class Machine:
    """This machine's two clocks, a notice board, and what AWS says the time is."""

    def __init__(self) -> None:
        self.time = Time()
        self.set_by = 0.0
        self.clock = ServerClock(lambda: LONG + self.time.now + self.set_by, self.time)
        self.progress = Progress(self.time, self.clock)

    def at(self, seconds: float) -> Machine:
        self.time.now = seconds
        return self

    def answered(self, server_seconds: float | None = None) -> list[str]:
        told = None if server_seconds is None else (LONG + server_seconds) * SECOND
        self.progress.answered(Page(server_time=told))
        return self.progress.notices()

    def hindered(self, kind: str) -> list[str]:
        self.progress.hindered(failure(kind))
        return self.progress.notices()

    def polled(self) -> list[str]:
        self.progress.polled()
        return self.progress.notices()

    def checked(self) -> list[str]:
        self.progress.check()
        return self.progress.notices()


def test_being_behind_begins_after_five_seconds_and_each_reason_is_said_once() -> None:
    it = Machine()
    assert it.at(5.0).checked() == []
    assert it.at(5.0).hindered("throttled") == []
    throttled = "behind: AWS throttles the calls; catching up as soon as possible"
    assert it.at(5.1).hindered("throttled") == [throttled]
    assert it.at(9.0).hindered("throttled") == []
    more = "behind: there is more to read than AWS hands out at a time; catching up as soon as possible"
    assert it.at(9.0).checked() == [more]
    assert it.at(9.1).checked() == []
    assert it.at(12.4).polled() == ["caught up after 12 s; nothing was lost"]
    assert it.at(12.5).polled() == []
    assert it.at(17.4).checked() == []
    assert it.at(17.6).checked() == [more]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("expired", "the credentials have expired; renew them (for instance `aws sso login`)"),
        ("refused", "AWS refuses the credentials; renew them"),
        ("denied", "AWS denies the call; it was allowed before"),
        ("missing", "the log group is gone"),
    ],
)
def test_what_lasts_until_someone_does_something_is_said_at_once(kind: str, told: str) -> None:
    it = Machine()
    assert it.hindered(kind) == [f"behind: {told}; catching up as soon as possible"]
    assert it.hindered(kind) == []
    assert it.at(2.0).polled() == ["caught up after 2 s; nothing was lost"]


def test_a_failure_without_advice_is_told_in_its_own_words() -> None:
    error = ReadFailed("logs:FilterLogEvents", "unavailable", "ServiceUnavailable", "try again")
    assert reason(error) == "no answer from AWS (ServiceUnavailable: try again)"


def asleep(seconds: float, **told: Any) -> list[str]:
    """What is said of an answer so long after the one before."""
    it = Machine()
    assert it.answered(told.get("before")) == []
    it.at(seconds)
    it.set_by = told.get("set_by", 0.0)
    return it.answered(told.get("after"))


SLEPT = (
    "nothing was read for {} s (this machine slept, or its output was held): "
    "reading what was written meanwhile"
)


def test_half_a_minute_without_an_answer_is_a_gap() -> None:
    assert asleep(30.0) == []
    assert asleep(31.0) == [SLEPT.format(31)]
    assert asleep(45.0, before=0.0, after=45.0) == [SLEPT.format(45)]
    assert asleep(45.0, before=None, after=45.0) == [SLEPT.format(45)]


def test_a_clock_that_was_set_is_no_gap_since_aws_s_goes_on_as_before() -> None:
    assert asleep(1.0, before=0.0, after=1.0, set_by=3600.0) == []
    assert asleep(1.0, before=0.0, after=17.0, set_by=30.0) == [SLEPT.format(31)]
    assert asleep(1.0, before=0.0, after=15.9, set_by=30.0) == []


def test_a_gap_is_over_when_everything_was_read_and_has_no_length_of_its_own() -> None:
    """While a machine sleeps its clock may stand still: how long catching up took is not known."""
    it = Machine()
    it.answered()
    assert it.at(40.0).answered() == [SLEPT.format(40)]
    assert it.at(41.0).polled() == ["caught up; nothing was lost"]
    assert it.at(90.0).answered() == [SLEPT.format(50)]


def test_a_failure_is_no_silence_and_a_known_trouble_no_second_one() -> None:
    it = Machine()
    it.answered()
    for moment in (20.0, 40.0):
        it.at(moment).hindered("timeout")
    assert it.at(60.0).answered() == []
    assert it.at(100.0).answered() == []
