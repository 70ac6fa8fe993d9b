"""``ash-ops cost`` as a user runs it: its own process, no network, no credentials."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

Run = subprocess.CompletedProcess[str]


def run(folder: Path, *arguments: str, **environ: str) -> Run:
    inherited = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return subprocess.run(
        [sys.executable, "-m", "ash_ops", "cost", *arguments],
        cwd=folder,
        env={**inherited, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_plan_goes_to_stdout_and_nothing_to_stderr(tmp_path: Path) -> None:
    found = run(tmp_path, "--planned", "--format", "json")
    assert (found.returncode, found.stderr) == (0, "")
    assert json.loads(found.stdout)["basis"] == "planned"


def test_without_credentials_the_plan_is_priced_and_that_is_said(tmp_path: Path) -> None:
    found = run(tmp_path, "--format", "json")
    assert (found.returncode, json.loads(found.stdout)["basis"]) == (0, "planned")
    assert "No AWS credentials" in found.stderr


def test_the_env_file_of_the_folder_counts(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ASH_ECS_CPU=2048\nASH_ECS_MEMORY=4096\n")
    lines = json.loads(run(tmp_path, "--planned", "--format", "json").stdout)["lines"]
    assert (lines[0]["item"], lines[0]["quantity"]) == ("Fargate vCPU: 1 x 2", 1460)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(
            ("--cpu", "256", "--memory", "4096"), "512, 1024, 2048 MB", id="impossible pair"
        ),
        pytest.param(("--cpu", "abc"), "whole number", id="not a number"),
        pytest.param(("--planned", "--region", "us-est-1"), "or us-east-1?", id="region"),
        pytest.param(("--compare", "cpu"), "name=value", id="no pair"),
        pytest.param(("--compare", "region=mars-1"), "no region of that name", id="other region"),
        pytest.param(("--mode", "cluster"), "multi-machine", id="no such mode"),
        pytest.param(("--days", "0", "--actual"), "--days", id="no days"),
    ],
)
def test_wrong_usage_exits_2_without_a_traceback(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    found = run(tmp_path, *arguments)
    assert (found.returncode, found.stdout) == (2, "")
    assert told in found.stderr
    assert "Traceback" not in found.stderr


def test_the_bill_needs_credentials(tmp_path: Path) -> None:
    found = run(tmp_path, "--actual", "--yes")
    assert (found.returncode, found.stdout) == (1, "")
    assert "There are no usable AWS credentials" in found.stderr


def test_options_with_and_without_a_value(tmp_path: Path) -> None:
    found = run(
        tmp_path,
        *("--cpu", "512", "--memory", "1024", "--architecture", "x86_64"),
        *("--efs", "--database", "db.t4g.small:multi-az", "--spot", "--format", "json"),
    )
    items = {line["item"] for line in json.loads(found.stdout)["lines"]}
    assert {"EFS Standard", "RDS PostgreSQL db.t4g.small, Multi-AZ"} <= items
    assert "Fargate Spot vCPU: 1 x 0.5" in items


def test_an_output_that_knows_only_ascii_is_no_failure(tmp_path: Path) -> None:
    found = run(tmp_path, "--planned", PYTHONIOENCODING="ascii")
    assert (found.returncode, found.stdout.isascii()) == (0, True)
    assert "##" in run(tmp_path, "--launch-type", "ec2", PYTHONIOENCODING="ascii").stdout


def test_a_plan_loads_neither_boto3_nor_pydantic_nor_httpx(tmp_path: Path) -> None:
    """A plan is priced in a tenth of a second because of what it does not load."""
    script = (
        "import sys\nfrom ash_ops.cli import main\n"
        "try: main(['cost'])\nexcept SystemExit: pass\n"
        "sys.stderr.write(' '.join({name.partition('.')[0] for name in sys.modules}))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert {"boto3", "botocore", "pydantic", "httpx"} & set(found.stderr.split()) == set()


def test_a_reader_that_goes_away_is_no_failure(tmp_path: Path) -> None:
    command = f"'{sys.executable}' -m ash_ops cost --planned | head -n 1"
    found = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (found.returncode, found.stderr) == (0, "")
