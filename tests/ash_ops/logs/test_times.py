"""Times as people give them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ash_ops.errors import UsageProblem
from ash_ops.logs.render import Stamps
from ash_ops.logs.request import duration, moment

NOW = 1_790_000_000.0


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("90s", 90_000),
        ("5m", 300_000),
        ("2h", 7_200_000),
        ("1d", 86_400_000),
        ("1h30m", 5_400_000),
        ("1.5h", 5_400_000),
        ("500ms", 500),
        ("120", 120_000),
        ("0s", 0),
        ("2 hours", 7_200_000),
        ("an hour", 3_600_000),
        ("5 minutes", 300_000),
        ("1 day and 2 hours", 93_600_000),
        ("1 Week, 3 mins", 604_980_000),
    ],
)
def test_lengths_of_time(text: str, milliseconds: int) -> None:
    assert duration(text, "--late-window") == milliseconds
    if not text.isdecimal():
        assert moment(text, "--since", NOW, local=False) == int(NOW * 1000) - milliseconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-09-21T14:13", 1_789_999_980),
        ("2026-09-21T14:13:20Z", 1_790_000_000),
        ("2026-09-21 14:13:20", 1_790_000_000),
        ("2026-09-21T16:13:20+02:00", 1_790_000_000),
        ("2026-09-21", 1_789_948_800),
        ("1790000000", 1_790_000_000),
        ("1790000000000", 1_790_000_000),
        ("now", 1_790_000_000),
        ("5m ago", 1_789_999_700),
        ("5 minutes ago", 1_789_999_700),
        ("a minute ago", 1_789_999_940),
        ("today", 1_789_948_800),
        ("yesterday", 1_789_862_400),
        ("Yesterday at 10:00", 1_789_898_400),
        ("10:00", 1_789_984_800),
        ("9:05:30", 1_789_981_530),
        ("14:13", 1_789_999_980),
        ("14:14", 1_789_913_640),
        ("today 10:00", 1_789_984_800),
    ],
)
def test_points_in_time_are_utc_unless_they_say_otherwise(text: str, seconds: int) -> None:
    assert moment(text, "--since", NOW, local=False) == seconds * 1000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "5",
        "5x",
        "-5m",
        "2026-13-01",
        "m5",
        "25:00",
        "10:61",
        "ago",
        "5 hourly",
        "at 10:00",
    ],
)
def test_what_is_no_time_is_refused_with_the_options_name(text: str) -> None:
    with pytest.raises(UsageProblem, match="--since"):
        moment(text, "--since", NOW, local=False)


@given(st.integers(0, 4_102_444_800_000))
def test_a_stamp_reads_back_as_the_same_time(at: int) -> None:
    for local in (False, True):
        shown = Stamps(local=local).text(at)
        assert moment(shown, "--since", NOW, local=local) == pytest.approx(at, abs=1)


def test_a_stamp_beyond_the_calendar_is_still_a_line() -> None:
    """A sender may stamp anything; a line must not be lost for it."""
    assert Stamps(local=False).text(10**17).startswith("9999-12-31")
