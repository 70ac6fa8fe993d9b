"""Formats are read by their common readers: JUnit, Prometheus, a comment on GitHub, and the action."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import junitparser
import pytest
import yaml
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from ash_ops.checks.base import Evidence, Fix
from ash_ops.diagnosis import Report, diagnose
from ash_ops.facts.snapshot import Snapshot
from ash_ops.report import format_of, render
from ash_ops.report.markdown import LONGEST
from ash_ops.snapshot.store import save_snapshot
from tests.docs.pages import ROOT, blocks
from tests.support import scenarios

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())


def looked(name: str) -> tuple[Snapshot, Report]:
    snapshot = scenarios.load(name)[0]
    return snapshot, diagnose(snapshot)


def test_junit_is_read_with_its_counts(tmp_path: Path) -> None:
    _, report = looked("out-of-memory")
    file = tmp_path / "doctor.xml"
    file.write_text(render(report, format_of(str(file))))
    read = junitparser.JUnitXml.fromfile(str(file))
    assert isinstance(read, junitparser.JUnitXml)  # <testsuites>, and one suite in it
    (suite,) = read
    cases = list(suite)
    failed = [c for c in cases if any(isinstance(r, junitparser.Failure) for r in c.result)]
    skipped = [c for c in cases if any(isinstance(r, junitparser.Skipped) for r in c.result)]
    assert (read.tests, read.failures, read.skipped, read.errors) == (
        len(cases), len(failed), len(skipped), 0,
    )  # fmt: skip
    assert failed[0].name == "container-oom"
    assert len(skipped) == len(report.unknown)
    assert "$ ash-ops deploy --memory" in failed[0].result[0].text


def metrics(report: Report, snapshot: Snapshot | None = None) -> dict[str, list[Any]]:
    text = render(report, "prometheus", snapshot=snapshot)
    return {family.name: family.samples for family in text_string_to_metric_families(text)}


def test_prometheus_reads_one_status_the_findings_and_when() -> None:
    snapshot, report = looked("out-of-memory")
    read = metrics(report, snapshot)
    status = {s.labels["status"]: s.value for s in read["ash_ops_doctor_status"]}
    assert status == {"healthy": 0, "problem": 1, "inconclusive": 0}
    (root,) = [s for s in read["ash_ops_doctor_finding"] if s.labels["role"] == "root"]
    assert (root.labels["cause"], root.labels["deployment"]) == ("container-oom", "ash-cloud")
    (at,) = read["ash_ops_doctor_looked_at_timestamp_seconds"]
    assert at.value == snapshot.taken_at.timestamp()


def test_what_is_not_known_is_no_metric() -> None:
    _, report = looked("may-not-describe-target-health")
    assert "ash_ops_doctor_agents_run" not in metrics(replace(report, agents=None))


def test_a_label_holds_whatever_a_name_holds() -> None:
    _, report = looked("out-of-memory")
    odd = 'task/"a\\b\nc"'
    first = replace(report.findings[0], subject=odd)
    read = metrics(replace(report, findings=(first,)))
    assert read["ash_ops_doctor_finding"][0].labels["subject"] == odd


def test_a_comment_on_github_is_never_too_long_and_says_what_is_left_out() -> None:
    _, report = looked("out-of-memory")
    proof = Evidence(source="logs:FilterLogEvents", field="message", value="\N{PILE OF POO}" * 500)
    many = tuple(
        replace(report.findings[0], id=str(n), explains=(), evidence=(proof,) * 5)
        for n in range(60)
    )
    text = render(replace(report, findings=many), "markdown")
    assert len(text.encode("utf-16-le")) // 2 <= LONGEST
    assert re.search(r"\d+ parts left out, for a comment takes 65,536 characters", text)
    assert f"{len(report.passed)} checks passed." in text


def test_a_comment_calls_nobody_and_a_command_stays_in_its_block() -> None:
    _, report = looked("out-of-memory")
    step = Fix(why="Ask @everyone.", command="echo '```'\n# out @everyone")
    first = replace(report.findings[0], title="@octocat <b>", summary="@octocat", fix=(step,))
    text = render(replace(report, findings=(first,)), "markdown")
    outside = re.sub(r"(?s) *(````+)bash\n.*?\1", "", text)
    assert "@" not in outside
    assert "# out" not in outside
    assert "<b>" not in outside.replace("\\<b\\>", "")


def step(name: str) -> str:
    """The script of a step of the action."""
    (found,) = [each for each in ACTION["runs"]["steps"] if each["name"] == name]
    script: str = found["run"]
    return script


def run(script: str, folder: Path, **inputs: str) -> int:
    """A step's script as a runner runs it: bash -e -o pipefail, values in the environment."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    given = {
        "PATH": path, "HOME": str(folder), "RUNNER_TEMP": str(folder), "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_OUTPUT": str(folder / "output"), **inputs,
    }  # fmt: skip
    file = folder / "step.sh"
    file.write_text(script)
    line = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(file)]
    return subprocess.run(line, env=given, cwd=folder, check=False).returncode


def test_the_action_installs_the_tree_that_it_came_with_and_puts_it_on_the_path(
    tmp_path: Path,
) -> None:
    """That the tree itself can be installed is tried by `make dist`, which needs a network; here the script."""
    python = tmp_path / "bin/python3"
    python.parent.mkdir()
    pip = '#!/bin/sh\nprintf "%s\\n" "$@" > "$RUNNER_TEMP/asked"\n'
    python.write_text(
        f'#!/bin/sh\n[ "$1 $2" = \'-m venv\' ] || exit 9\nmkdir -p "$3/bin"\ncat > "$3/bin/pip" <<\'END\'\n{pip}END\nchmod +x "$3/bin/pip"\n'
    )
    python.chmod(0o755)
    source, path = str(tmp_path / "a tree $(touch pwned)"), tmp_path / "path"
    given = {
        "PATH": f"{python.parent}:{os.environ['PATH']}",
        "SOURCE": source,
        "GITHUB_PATH": str(path),
    }
    assert run(step("Install ash-ops"), tmp_path, **given) == 0
    assert (tmp_path / "asked").read_text().splitlines() == ["install", "--quiet", source]
    assert path.read_text() == f"{tmp_path / 'ash-ops/bin'}\n"
    assert not (tmp_path / "pwned").exists()


def test_the_action_tells_in_a_summary_in_sarif_and_in_its_outputs_and_fails_last(
    tmp_path: Path,
) -> None:
    save_snapshot(scenarios.load("out-of-memory")[0], tmp_path / "facts.json")
    given = {"PLAYBOOKS": "restarts $(touch pwned)", "FACTS": str(tmp_path / "facts.json")}
    assert run(step("Doctor"), tmp_path, **given) == 2  # no such playbook, and no command either
    assert not (tmp_path / "pwned").exists()

    given["PLAYBOOKS"] = ""
    assert run(step("Doctor"), tmp_path, **given) == 0
    outputs = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
    assert (outputs["status"], outputs["exit-code"]) == ("problem", "3")
    assert json.loads(Path(outputs["sarif-file"]).read_text())["version"] == "2.1.0"
    assert "container-oom" in (tmp_path / "summary.md").read_text()
    assert run(step("Verdict"), tmp_path, FAIL_ON="error", **given) == 3


@pytest.mark.parametrize(("budget", "code"), [("", 0), ("1", 3)])
def test_the_action_prices_and_fails_above_the_budget_after_it_has_told(
    tmp_path: Path, budget: str, code: int
) -> None:
    planned = tmp_path / "bin/ash-ops"  # a runner has an account; here the plan is priced
    planned.parent.mkdir()
    planned.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ash_ops "$@" --planned\n')
    planned.chmod(0o755)
    path = f"{planned.parent}:{os.environ['PATH']}"
    assert run(step("Cost"), tmp_path, PATH=path, PYTHONPATH=str(ROOT), BUDGET=budget) == code
    assert re.fullmatch(r"monthly=\d+\.\d+\n", (tmp_path / "output").read_text())
    assert "Network Load Balancer" in (tmp_path / "summary.md").read_text()


# Its action.yml at 03e7845b7bfcd5e7fb63d1ae8c61b0e791134fab: a file of its own that is there, and inputs it takes.
UPLOAD = {"sarif_file", "checkout_path", "ref", "sha", "token", "matrix", "category", "wait-for-processing"}  # fmt: skip


def test_the_findings_are_uploaded_as_the_published_action_takes_them() -> None:
    (upload,) = [each for each in ACTION["runs"]["steps"] if "uses" in each]
    assert re.fullmatch(r"github/codeql-action/upload-sarif@v\d+", upload["uses"])
    assert set(upload["with"]) <= UPLOAD
    assert upload["with"]["sarif_file"] == "${{ steps.doctor.outputs.sarif-file }}"


def test_no_input_of_the_action_is_part_of_a_script() -> None:
    assert not any("${{" in each.get("run", "") for each in ACTION["runs"]["steps"])


def test_the_example_workflow_gives_inputs_that_the_action_has() -> None:
    texts = [b.text for b in blocks("docs/ci.md") if b.language == "yaml" and "uses:" in b.text]
    (workflow,) = [yaml.safe_load(text) for text in texts]
    steps = [s for job in workflow["jobs"].values() for s in job["steps"]]
    (ours,) = [s for s in steps if "ash-ops" in s["uses"]]
    assert set(ours["with"]) <= set(ACTION["inputs"])
    assert workflow["permissions"]["security-events"] == "write"


def test_every_output_of_the_action_is_written_by_its_step() -> None:
    for output in ACTION["outputs"].values():
        (found,) = re.findall(r"steps\.(\w+)\.outputs\.([\w-]+)", output["value"])
        (of,) = [each for each in ACTION["runs"]["steps"] if each.get("id") == found[0]]
        assert f"{found[1]}=" in of["run"]


def test_the_image_is_built_from_what_is_there() -> None:
    copied = re.findall(
        r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE
    )
    names = [name for line in copied for name in line.split()]
    assert {"pyproject.toml", "README.md", "LICENSE", "ash_client", "ash_ops"} <= set(names)
    assert all((ROOT / name).exists() for name in names)


@pytest.mark.parametrize("name", ["doctor.prom", "doctor.PROM"])
def test_a_file_of_metrics_is_known_by_its_ending(name: str) -> None:
    assert format_of(name) == "prometheus"
