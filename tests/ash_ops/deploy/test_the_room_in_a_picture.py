"""What of a stack is shown where not all of it fits into 24 lines, and what is counted instead."""

from __future__ import annotations

import pytest

from ash_ops.deploy.run.progress import MAX_LINES, Progress
from tests.ash_ops.deploy.test_drawing_progress import told


def picture(busy: int, failed: int = 0, done: int = 0, **more: object) -> list[str]:
    progress = Progress("Creating x", **more)  # type: ignore[arg-type]  # a table of values
    for number in range(busy):
        progress.feed(told(f"Busy{number}", "CREATE_IN_PROGRESS"), 0.0)
    for number in range(failed):
        progress.feed(told(f"Bad{number}", "CREATE_FAILED", "why"), 0.0)
    for number in range(done):
        progress.feed(told(f"Done{number}", "CREATE_COMPLETE"), 0.0)
    return progress.render(0.0)


@pytest.mark.parametrize(
    ("busy", "failed", "inside"), [(60, 0, 0), (60, 9, 0), (60, 9, 3), (60, 3, 2), (22, 0, 0)]
)
def test_what_does_not_fit_is_counted_and_nothing_is_lost_in_silence(
    busy: int, failed: int, inside: int
) -> None:
    """A line for the head, six at most for failures, and two are kept for what is done and a note."""
    lines = picture(busy, failed, done=4, rollout=("r",) * inside, note="asking again")
    assert len(lines) == MAX_LINES
    assert lines[-1] == "  asking again"
    assert lines[-2] == "  done     4: Done0, Done1, Done2, Done3"
    shown = [line for line in lines if " Busy" in line]
    (rest,) = [line for line in lines if line.endswith(" more under way")]
    assert len(shown) + int(rest.split()[1]) == busy
    assert len(shown) == MAX_LINES - 1 - min(failed, 6) - inside - 2 - 1
    assert sum("rollout" in line for line in lines) == inside


def test_what_just_fits_is_shown_whole() -> None:
    lines = picture(21, done=1, note="asking again")
    assert len(lines) == MAX_LINES
    assert sum(" Busy" in line for line in lines) == 21
    assert not any("more under way" in line for line in lines)


def test_something_under_way_is_shown_however_much_else_there_is() -> None:
    deaths = tuple(f"death {n}" for n in range(5))
    lines = picture(3, 6, rollout=("r",) * 3, deaths=deaths, note="n", done=1)
    assert sum(" Busy" in line for line in lines) == 3
    assert "5 kinds" not in "".join(lines)
    assert [line.split()[0] for line in lines[-2:]] == ["done", "n"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 s"),
        (0.9, "0 s"),
        (1, "1 s"),
        (59.9, "59 s"),
        (60, "1 min 00 s"),
        (61, "1 min 01 s"),
        (3661, "61 min 01 s"),
    ],
)
def test_a_time_is_told_in_whole_seconds_and_then_in_minutes(seconds: float, text: str) -> None:
    progress = Progress("Creating x")
    progress.feed(told("Mine", "CREATE_IN_PROGRESS"), 100.0)
    assert progress.render(100.0 + seconds)[0] == f"Creating x: {text}"
    assert progress.render(100.0 + seconds)[1].endswith(f"  {text}")


@pytest.mark.parametrize(("size", "cut"), [(20, False), (21, True)])
def test_a_line_that_is_too_long_ends_in_dots_at_the_width(size: int, cut: bool) -> None:
    (line,) = Progress("x" * (size - len(": 0 s"))).render(0.0, width=20)
    assert len(line) == 20
    assert line.endswith("...") is cut
    (usual,) = Progress("x" * 200).render(0.0)
    assert len(usual) == 100


def test_a_resource_that_is_begun_anew_is_under_way_again_from_then() -> None:
    """A replacement: the old row is done, the new one counts from its own beginning."""
    progress = Progress("Updating x")
    progress.feed(told("Mine", "UPDATE_COMPLETE"), 10.0)
    progress.feed(told("Mine", "UPDATE_IN_PROGRESS"), 50.0)
    assert progress.render(55.0) == [
        "Updating x: 45 s",
        "  updating Mine                       X Y  5 s",
    ]
