"""The commands that the main pages show are run, in a story: before, with and after a deployment.

The rows of ``STORY`` run in order against one emulated account. ``more`` is what a reader would type
besides: an answer to a question, or the address of the emulator's callers.
"""

from __future__ import annotations

import io
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ash_ops.cli import main
from ash_ops.demo import Emulator, scenario, tour
from tests.docs.pages import ROOT, blocks, commands

PAGES = (
    "README.md",
    "docs/cost.md",
    "docs/deploy.md",
    "docs/doctor.md",
    "docs/explain.md",
    "docs/iam.md",
    "docs/index.md",
    "docs/logs.md",
    "docs/snapshot.md",
    "docs/templates.md",
    "docs/tutorial.md",
)
HERE = "--yes --allow-cidr 127.0.0.0/8"
MESSAGE = "CannotPullContainerError: failed to resolve ref ghcr.io/ash-ai-org/ash:9.9: not found"


class Row(NamedTuple):
    """A command as it is shown, what is typed besides, how it ends, and a word of what it says."""

    shown: str
    code: int
    says: str = ""
    more: str = ""


STORY = (
    # Without a deployment, and what needs none.
    Row("ash-ops explain 'CannotPullContainerError: ...'", 0, "image-pull-failed"),
    Row("ash-ops explain 'CannotPullContainerError: ... manifest unknown'", 0, "image-not-found"),
    Row("ash-ops explain container-oom", 0, "container-oom"),
    Row("ash-ops explain --list", 0, "container-oom"),
    Row("ash-ops explain", 0, "image-not-found"),
    Row("ash-ops explain --file crash.log --format json", 0, "image-not-found"),
    Row("ash-ops cost --planned", 0, "Network Load Balancer"),
    Row("ash-ops cost --compare cpu=2048,memory=4096", 0, "Fargate"),
    Row("ash-ops cost --for 50-sandboxes", 0, "multi-machine"),
    Row("ash-ops cost --planned --messages-per-day 200", 0, "Total with the model"),
    Row("ash-ops cost --budget 100", 0, "Network Load Balancer"),
    Row("ash-ops completion bash", 0, "_ASH_OPS_COMPLETE=bash_complete"),
    Row("ash-ops mcp", 0),
    Row("ash-ops skill", 0, "name: ash-ops"),
    Row("ash-ops iam-policy COMMAND", 2),
    Row("ash-ops iam-policy cost", 0, "ce:GetCostAndUsage"),
    Row("ash-ops iam-policy doctor", 0, "ecs:DescribeTasks"),
    Row("ash-ops iam-policy doctor --account 123456789012", 0, "ecs:DescribeTasks"),
    Row("ash-ops iam-policy boundary --account 123456789012 --with ec2", 0, "JoinTheCluster"),
    Row("ash-ops template DIR", 0),
    Row("ash-ops iam-policy deploy --with domain", 0, "acm:RequestCertificate"),
    Row("ash-ops deploy --plan", 0, "+ add", HERE),
    Row("ash-ops deploy --domain ash.example.com --plan", 0, "no public hosted zone", HERE),
    Row("ash-ops deploy --template DIR", 0, "+ add", f"--plan {HERE}"),
    Row("ash-ops deploy --launch-type ec2", 0, "+ add", f"--plan --name other {HERE}"),
    Row(
        "ash-ops deploy --boundary arn:aws:iam::123456789012:policy/ash-cloud-boundary",
        0,
        "+ add",
        f"--plan --name other {HERE}",
    ),
    Row("ash-ops --name ash doctor", 3, "aws-not-found"),  # there is none of that name here
    # The deployment.
    Row("ash-ops deploy", 0, "Deployed and verified", HERE),
    Row("ash-ops deploy --name ash-cloud-2", 0, "+ add", f"--plan {HERE}"),
    Row("ash-ops agent deploy my-agent", 0, "all of it arrived", "--yes"),
    Row("ash-ops ask Hello", 0, "You said: Hello"),
    Row("ash-ops runners", 2),  # one server runs everything
    Row("ash-ops connect", 0, "export ASH_API_KEY="),
    Row("ash-ops key", 0),
    Row("ash-ops status", 0, "ash-cloud"),
    Row("ash-ops health", 0, "0.2.0"),
    Row("ash-ops doctor", 0, "Healthy"),
    Row("ash-ops doctor --wait", 0, "Healthy"),
    Row("ash-ops doctor pending auth", 0, "Healthy"),
    Row("ash-ops doctor --save facts.json", 0, "facts.json"),
    Row("ash-ops doctor -o report.html", 0, "The report is in report.html"),
    Row("ash-ops doctor --save incident.json", 0, "incident.json"),
    Row("ash-ops doctor --from incident.json", 0, "Healthy"),
    Row("ash-ops doctor --fix", 0, "Nothing here can be repaired"),
    Row("ash-ops doctor agents --canary", 0, "Healthy"),
    Row("ash-ops logs", 0, "request completed"),
    Row("ash-ops logs -f", 130),
    Row("ash-ops -v logs", 0, "request completed"),
    Row("ash-ops logs --since 2h", 0, "listening"),
    Row("ash-ops logs --previous", 1),  # nobody has died
    Row("ash-ops cost", 0, "Network Load Balancer"),
    Row("ash-ops cost --actual", 1, "Cost Explorer", "--yes"),  # the emulator has no bills
    # Changes, and the end.
    Row("ash-ops deploy --memory 4096 --cpu 512", 0, "Memory", HERE),
    Row("ash-ops rollout 0.2.0", 0, "0.2.0", "--yes"),
    Row("ash-ops rollback", 0, "latest", "--yes"),
    Row("ash-ops backup", 1, "`ash-ops deploy --efs`", "--yes"),  # /data is inside the task here
    Row("ash-ops restore NEW-NAME", 2, "lower-case"),
    Row("ash-ops stop", 0, "Stopped: ash-cloud runs nothing", "--yes"),
    Row("ash-ops start", 0, "Deployed and verified", "--yes"),
    Row("ash-ops teardown", 0, "Receipt", "--yes"),
)
# tests/e2e/test_demo_command.py runs these; test_doctor_repairs_and_keeps.py watches, and posts.
ELSEWHERE = {
    "ash-ops demo",
    "ash-ops demo --list",
    "ash-ops demo --serve",
    "ash-ops demo --serve out-of-memory",
    "ash-ops deploy --allow-cidr 127.0.0.0/8",  # as every `deploy` of the story is typed
    "ash-ops doctor --watch",
    "ash-ops doctor --watch --notify URL",
}


def shown(page: str) -> set[str]:
    """The commands of a page; `ash-ops` alone is the name of the tool."""
    return {shlex.join(words) for _, words in commands(page) if len(words) > 1}


@pytest.fixture(scope="module")
def folder(account: Emulator) -> Path:
    """Where the story is played, with the files that it speaks of."""
    (env_file,) = (
        line
        for block in blocks("README.md")
        for line in block.text.splitlines()
        if line.endswith("> .env")
    )
    subprocess.run(["sh", "-c", env_file.removeprefix("$ ")], check=True)
    # The page shows a placeholder, which deploy refuses: a reader puts a key of their own there.
    written = Path(".env").read_text("utf-8")
    assert "sk-ant-..." in written
    Path(".env").write_text(written.replace("sk-ant-...", "sk-ant-readers-own-key"), "utf-8")
    Path("crash.log").write_text(MESSAGE, "utf-8")
    Path("my-agent").mkdir()
    Path("my-agent", "CLAUDE.md").write_text("Be brief.\n", "utf-8")
    return Path.cwd()


@pytest.mark.parametrize("row", STORY, ids=lambda row: row.shown)
def test_it_does_what_is_said(
    row: Row, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = shlex.split(f"{row.shown} {row.more}")[1:]
    if "-f" in words:
        code, said = followed(words)
    else:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(MESSAGE.encode())))
        with pytest.raises(SystemExit) as ended:
            main(words)
        code, said = int(ended.value.code or 0), "".join(capsys.readouterr())
    assert code == row.code, said
    assert row.says in said


def followed(words: list[str]) -> tuple[int, str]:
    """A command that goes on until Ctrl-C, which comes behind its first line."""
    with subprocess.Popen(
        [sys.executable, "-m", "ash_ops", *words],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell starts background jobs with SIGINT ignored, and that is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
    return process.returncode, first + rest


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_is_in_the_story(page: str) -> None:
    told = {shlex.join(shlex.split(row.shown)) for row in STORY}
    assert shown(page) - told - ELSEWHERE == set()


def test_the_story_runs_only_what_is_shown() -> None:
    everything = set().union(*(shown(page) for page in PAGES))
    told = {shlex.join(shlex.split(row.shown)) for row in STORY}
    assert told - everything == set()


def excerpt(page: str) -> Iterator[str]:
    """The lines of a page's example of a report that do not change from run to run."""
    (block,) = (b for b in blocks(page) if b.language == "text")
    for line in block.text.splitlines():
        if not any(mark in line for mark in ("...", "died of it", "(exit code 137)", "tasks[")):
            yield line


def test_the_reports_in_the_readme_and_the_tutorial_are_what_is_printed(
    account: Emulator, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(shlex.split(f"deploy --cpu 512 --memory 1024 {HERE}"))
    account.break_as("out-of-memory")
    with pytest.raises(SystemExit) as ended:
        main(["doctor"])
    report = capsys.readouterr().out.splitlines()
    assert ended.value.code == 3
    shown_lines = [line for page in ("README.md", "docs/tutorial.md") for line in excerpt(page)]
    assert [line for line in shown_lines if line not in report] == [], "\n".join(report)


def test_the_tour_shows_what_the_readme_says() -> None:
    """Well, out of memory, no route: the page tells of these three."""
    played = [each.name for each in scenario.load_all()[: tour.TOUR_LENGTH]]
    assert played == ["healthy", "out-of-memory", "pending-no-route"]
