"""A tour shows what every deployment prints once, and counts what is repeated."""

from __future__ import annotations

from ash_ops.demo.workdir import fold


def test_runs_of_known_lines_are_counted() -> None:
    shown: set[str] = set()
    assert list(fold(["a", "b", "c"], shown)) == ["a", "b", "c"]
    again = list(fold(["a", "b", "new", "c"], shown))
    assert again == ["... (2 lines as above)", "new", "... (1 line as above)"]


def test_a_line_repeated_within_one_run_is_no_repetition_of_an_earlier_one() -> None:
    assert list(fold(["a", "a"], set())) == ["a", "a"]


def test_without_memory_everything_is_shown() -> None:
    assert list(fold(["a", "a"], None)) == ["a", "a"]
