"""GitHub's code scanning takes the file: by its guide "SARIF support for code scanning", not by the schema alone.

That guide lists what GitHub reads and what it refuses. That a result without a physical location makes
it refuse the whole file is told in forcedotcom/code-analyzer#1970 and microsoft/sarif-sdk#2694 (GH1001).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from ash_ops.causes import CAUSES
from ash_ops.diagnosis import diagnose
from ash_ops.report import render
from tests.support import scenarios

ROOT = Path(__file__).resolve().parents[3]
NAMES = [
    "out-of-memory",
    "image-not-found",
    "may-not-describe-tasks",
    "open-and-leaking",
    "healthy-as-it-is",
]


class Loader(yaml.BaseLoader):
    """Texts, lists and mappings; CloudFormation's tags are left out."""


Loader.add_multi_constructor("!", lambda *_: "")


def run(name: str) -> dict[str, Any]:
    log = json.loads(render(diagnose(scenarios.load(name)[0]), "sarif"))
    assert log["version"] == "2.1.0"
    found: dict[str, Any] = log["runs"][0]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_each_result_has_a_place_in_a_file_that_is_there(name: str) -> None:
    for result in run(name)["results"]:
        (place,) = result["locations"]
        where = place["physicalLocation"]
        file = ROOT / where["artifactLocation"]["uri"]
        lines = file.read_text("utf-8").splitlines()
        assert not urlsplit(where["artifactLocation"]["uri"]).scheme
        assert 1 <= where["region"]["startLine"] <= len(lines)


@pytest.mark.parametrize("name", NAMES)
def test_the_line_begins_a_resource_of_the_template(name: str) -> None:
    template = ROOT / "ash_ops/templates/standalone.yaml"
    resources = yaml.load(template.read_text("utf-8"), Loader)["Resources"]
    lines = template.read_text("utf-8").splitlines()
    for result in run(name)["results"]:
        line = lines[result["locations"][0]["physicalLocation"]["region"]["startLine"] - 1]
        assert line.strip().rstrip(":") in resources


@pytest.mark.parametrize("name", NAMES)
def test_each_rule_has_all_that_github_shows(name: str) -> None:
    for rule in run(name)["tool"]["driver"]["rules"]:
        assert len(rule["id"]) <= 255
        for field in ("shortDescription", "fullDescription"):
            assert 0 < len(rule[field]["text"]) <= 1024
        assert rule["help"]["text"]
        assert urlsplit(rule["helpUri"]).scheme == "https"
        assert rule["defaultConfiguration"]["level"] in {"note", "warning", "error"}
        assert rule["properties"]["problem.severity"] in {"recommendation", "warning", "error"}
        assert rule["properties"]["precision"] in {"very-high", "high", "medium", "low"}


def test_every_cause_can_be_a_rule() -> None:
    for cause in CAUSES.values():
        assert 0 < len(cause.title) <= 1024
        assert cause.meaning


def test_the_same_finding_is_the_same_alert_in_the_next_run() -> None:
    first, second = run("out-of-memory"), run("out-of-memory")
    prints = [r["partialFingerprints"]["primaryLocationLineHash"] for r in first["results"]]
    assert prints == [
        r["partialFingerprints"]["primaryLocationLineHash"] for r in second["results"]
    ]
    assert len(set(prints)) == len(prints)


def test_what_could_not_be_told_is_a_notification_of_the_tool() -> None:
    found = run("may-not-describe-tasks")
    notes = found["invocations"][0]["toolExecutionNotifications"]
    assert any("ecs:DescribeTasks" in note["message"]["text"] for note in notes)
