"""Which of a task's last lines are kept: requests that went well push no other line out."""

from __future__ import annotations

from typing import Any

from ash_ops.snapshot.readings.logs import LINES_A_TASK, telling

ASKED = {"message": '{"level":30,"req":{"url":"/health"},"msg":"incoming request"}'}
WELL = {"message": '{"level":30,"res":{"statusCode":200},"msg":"request completed"}'}
BADLY = {"message": '{"level":30,"res":{"statusCode":500},"msg":"request completed"}'}
SPOKEN = {"message": "[entrypoint] cgroup v2 not available, using ulimit fallback"}
CHECKS: list[dict[str, Any]] = [ASKED, WELL] * 80


def test_health_checks_push_no_line_of_the_server_out() -> None:
    assert telling([SPOKEN, BADLY, *CHECKS])[:2] == [SPOKEN, BADLY]


def test_the_lines_stay_in_their_order_and_within_their_number() -> None:
    kept = telling([SPOKEN, *CHECKS, BADLY])
    assert (kept[0], kept[-1], len(kept)) == (SPOKEN, BADLY, LINES_A_TASK)


def test_a_log_of_few_lines_is_kept_whole() -> None:
    few = [ASKED, WELL, SPOKEN]
    assert telling(few) == few
