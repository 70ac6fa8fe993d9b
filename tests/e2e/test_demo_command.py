"""``ash-ops demo`` as a person runs it: a process, its output, its exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def demo(*arguments: str) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "ASH_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "ash_ops", "demo", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
    )


def test_one_scenario_is_deployed_broken_and_diagnosed() -> None:
    with demo("wrong-key") as process:
        output, errors = process.communicate(timeout=90)
    assert process.returncode == 0, errors
    shown = [line for line in output.splitlines() if line.startswith(("$ ash-ops", "->"))]
    assert shown == [
        "$ ash-ops deploy --yes --allow-cidr 127.0.0.0/8",
        "$ ash-ops doctor --save facts.json",
        "-> doctor leads with ash-auth-invalid: exit code 3",
        "$ ash-ops doctor",
        "-> repaired, and proven: exit code 0",
    ]
    assert '$ eval "$(ash-ops connect)"' in output
    assert output.endswith("what it printed repaired it.\n")


def test_the_list_names_every_scenario_and_its_cause() -> None:
    with demo("--list") as process:
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "out-of-memory" in output
    assert "container-oom" in output


def test_a_wrong_name_is_wrong_usage() -> None:
    with demo("no-such-thing") as process:
        output, errors = process.communicate(timeout=30)
    assert (process.returncode, output) == (2, "")
    assert "There is no scenario 'no-such-thing'" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_prints_an_environment_that_works_and_ends_cleanly(number: signal.Signals) -> None:
    with demo("--serve") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("unset ")
        lines = [process.stdout.readline() for _ in range(8)]
        assert all(line.startswith("export ") for line in lines)
        exported = dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)
        answer = subprocess.run(
            [sys.executable, "-m", "ash_ops", "doctor", "--format", "json"],
            env=os.environ | exported | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in answer.stderr
        assert '"ash-ops.doctor/1"' in answer.stdout
        process.send_signal(number)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert output == ""
    assert "Traceback" not in errors
    assert "account is gone" in errors
