"""Filter patterns of CloudWatch Logs, as its user guide defines them."""

from __future__ import annotations

import pytest

from ash_ops.demo.overlay.log_groups import compile_pattern


@pytest.mark.parametrize(
    ("pattern", "message", "matches"),
    [
        ("", "anything", True),
        ("ERROR", "an ERROR here", True),
        ("ERROR", "an error here", False),  # terms are case-sensitive
        ("ERROR disk", "disk: ERROR", True),  # all terms, in any order
        ("ERROR disk", "ERROR", False),
        ('"out of memory"', "killed: out of memory", True),
        ('"out of memory"', "memory is out of stock", False),
        ("ERROR -retry", "ERROR, gave up", True),
        ("ERROR -retry", "ERROR, will retry", False),
        ("?ERROR ?WARN", "a WARN line", True),  # any of them
        ("?ERROR ?WARN", "a calm line", False),
        ("%code [45]\\d\\d%", "code 503", True),  # a regular expression
        ("%code [45]\\d\\d%", "code 200", False),
    ],
)
def test_term_patterns(pattern: str, message: str, matches: bool) -> None:
    assert compile_pattern(pattern)(message) is matches


@pytest.mark.parametrize("pattern", ['{ $.level = "error" }', "[ip, user]", 'an "open quote'])
def test_what_is_not_evaluated_is_refused_and_never_ignored(pattern: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words differ, the refusal counts
        compile_pattern(pattern)
