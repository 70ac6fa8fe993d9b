"""The first line says what works and what does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from ash_ops.checks.base import Effect
from ash_ops.diagnosis import diagnose
from ash_ops.facts.server import Rung
from ash_ops.facts.snapshot import Snapshot
from ash_ops.report import render
from ash_ops.snapshot.canary_memory import with_proof
from tests.support import scenarios


def headline(snapshot: Snapshot) -> str:
    return render(diagnose(snapshot), "text").splitlines()[1]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("healthy-as-it-is", "Healthy: Ash is up and answers, but may not run agents: "),
        ("canary-proves-that-agents-run", "Healthy: Ash is up, answers and runs agents."),
        ("canary-proves-that-agents-cannot-run", "Problem: Ash answers, but cannot run agents: "),
        ("no-anthropic-key", "Problem: Ash answers, but cannot run agents: "),
        ("coordinator-without-runners", "Problem: Ash answers, but cannot run agents: "),
    ],
)
def test_the_verdict_says_what_works_and_what_does_not(name: str, words: str) -> None:
    assert headline(scenarios.load(name)[0]).startswith(words)


def test_the_verdict_does_not_praise_what_does_not_answer() -> None:
    line = headline(scenarios.load("unhealthy-target")[0])
    assert line.startswith("Problem: ")
    assert "answers" not in line


def test_what_follows_and_is_broken_too_keeps_its_proof_and_its_repair() -> None:
    text = render(diagnose(scenarios.load("unhealthy-target")[0]), "text")
    below = text.split("follows from it", 1)[1]
    assert "rungs[tcp]" in below
    assert "$ ash-ops" in below


@pytest.mark.parametrize("format_name", ["markdown", "html"])
def test_the_proof_of_what_follows_is_in_pages_too(format_name: str) -> None:
    page = render(diagnose(scenarios.load("unhealthy-target")[0]), format_name)
    assert "rungs[tcp]" in page.split("ollows from it", 1)[1]


def test_what_was_left_out_is_in_every_report() -> None:
    snapshot = replace(scenarios.snapshot(), limits=("only the first 500 tasks were read",))
    report = diagnose(snapshot)
    assert report.limits == ("only the first 500 tasks were read",)
    for format_name in ("text", "markdown", "html"):
        assert "limit: only the first 500 tasks were read" in render(report, format_name)


def with_session(outcome: str, change: dict[str, Any] | None = None) -> Snapshot:
    snapshot = scenarios.snapshot(change or {})
    probe = snapshot.probe.value
    assert probe is not None
    rungs = (*probe.rungs, Rung(name="canary", outcome=outcome, detail="cgroup"))
    return replace(snapshot, probe=replace(snapshot.probe, value=replace(probe, rungs=rungs)))


class TestARememberedSession:
    """A session that ran once proves that agents run, as long as the revision is the same."""

    def test_silences_the_doubt_about_sandboxes(self, tmp_path: Path) -> None:
        with_proof(with_session("ok"), tmp_path)
        later = diagnose(with_proof(scenarios.snapshot(), tmp_path))
        assert later.agents is True
        assert not [f for f in later.findings if f.effect is Effect.AGENTS]

    def test_is_of_no_use_to_another_revision(self, tmp_path: Path) -> None:
        with_proof(with_session("ok"), tmp_path)
        arn = "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime:8"
        other = scenarios.snapshot({"task_definition": {"value": {"taskDefinitionArn": arn}}})
        assert diagnose(with_proof(other, tmp_path)).agents is None

    def test_is_forgotten_when_one_fails(self, tmp_path: Path) -> None:
        with_proof(with_session("ok"), tmp_path)
        with_proof(with_session("failed"), tmp_path)
        assert diagnose(with_proof(scenarios.snapshot(), tmp_path)).agents is None

    def test_is_for_its_owners_eyes(self, tmp_path: Path) -> None:
        with_proof(with_session("ok"), tmp_path)
        (kept,) = tmp_path.iterdir()
        assert kept.stat().st_mode & 0o777 == 0o600

    def test_is_not_needed(self) -> None:
        assert with_proof(scenarios.snapshot(), None) == scenarios.snapshot()
