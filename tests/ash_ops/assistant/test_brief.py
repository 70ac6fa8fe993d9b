"""What an assistant reads is short, and nothing that it needs to act is cut."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ash_ops.assistant import brief
from ash_ops.diagnosis import Report, diagnose
from ash_ops.report import render
from tests.support import scenarios
from tests.support.each import each


def short(report: Report) -> dict[str, Any]:
    return brief.doctor(json.loads(render(report, "json")))


@each("name", scenarios.names())
def test_every_scenario_fits_and_leads_with_the_same_cause(name: str) -> None:
    report = diagnose(scenarios.load(name)[0])
    told = short(report)
    assert len(json.dumps(told, ensure_ascii=False)) <= brief.MOST
    assert told["status"] == report.status
    roots = [f for f in report.findings if f.explained_by is None and f.severity == "error"]
    assert [c["cause"] for c in told["causes"]] == [f.cause for f in roots[: len(told["causes"])]]
    for cause, root in zip(told["causes"], roots, strict=False):
        commands = [step.command for step in root.fix]
        assert [step["command"] for step in cause["repair"]] == commands[: len(cause["repair"])]


def test_what_could_not_be_told_is_there_with_the_permission() -> None:
    told = short(diagnose(scenarios.load("may-not-describe-tasks")[0]))
    assert told["status"] == "inconclusive"
    assert any("ecs:DescribeTasks" in gap for gap in told["could_not_tell"])


def test_what_was_left_out_is_counted() -> None:
    document = json.loads(render(diagnose(scenarios.load("out-of-memory")[0]), "json"))
    root = next(f for f in document["findings"] if f["explained_by"] is None)
    document["findings"] = [{**root, "id": f"x:{n}", "summary": "s" * 200} for n in range(40)]
    told = brief.doctor(document)
    assert len(json.dumps(told)) <= brief.MOST
    assert len(told["causes"]) + told["left_out"]["causes"] == 40


@given(lines=st.lists(st.text(max_size=900), max_size=60))
def test_the_newest_lines_of_a_log_are_kept(lines: list[str]) -> None:
    told = brief.logs(lines)
    kept = told["lines"]
    assert len(kept) + told["left_out"].get("lines", 0) == len(lines)
    assert sum(map(len, kept)) <= brief.MOST
    starts = [" ".join(line.split())[:200] for line in lines]
    assert [line[:200] for line in kept] == starts[len(lines) - len(kept) :]
