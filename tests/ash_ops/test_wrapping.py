"""Sentences are broken at the terminal's width; a command in them stays whole, to be copied."""

from __future__ import annotations

import pytest

from ash_ops.errors import ExitCode
from ash_ops.files import require_writable
from ash_ops.report.html.receipt import page
from ash_ops.report.receipt import LABEL, receipt
from ash_ops.wrapping import wrapped

LONG = (
    "Reinstall it, then run `ash-ops doctor --name ash-cloud --region us-east-1` once more, please."
)


def test_a_line_is_broken_at_spaces_and_a_command_is_not() -> None:
    lines = wrapped(LONG, 60).split("\n")
    assert max(map(len, lines)) <= 60
    assert any("`ash-ops doctor --name ash-cloud --region us-east-1`" in line for line in lines)
    assert " ".join(line.strip() for line in lines) == LONG


def test_a_command_wider_than_the_terminal_still_stays_whole() -> None:
    assert any(
        "--name ash-cloud --region us-east-1`" in row for row in wrapped(LONG, 20).split("\n")
    )


@pytest.mark.parametrize("width", [None, 0, 200])
def test_where_nobody_looks_or_there_is_room_nothing_changes(width: int | None) -> None:
    text = f"one\n\n  two {LONG}\n"
    assert wrapped(text, width) == text


def test_the_receipt_hangs_under_its_second_column_and_is_a_page_too() -> None:
    told = receipt("ash-cloud", "us-east-1", [f"Thing{n} (ECS::Service)" for n in range(9)], [])
    lines = wrapped(told.text(), 60, " " * LABEL).split("\n")
    assert max(map(len, lines)) <= 60
    assert lines[2].startswith(" " * (LABEL + 2))
    assert told.exit_code is ExitCode.OK
    assert "Nothing billable is left." in page(told)


def test_a_file_that_cannot_be_written_is_told_before_anything_is_done() -> None:
    with pytest.raises(Exception, match="cannot be written"):
        require_writable("/nonexistent/folder/receipt.html", option="--output")
