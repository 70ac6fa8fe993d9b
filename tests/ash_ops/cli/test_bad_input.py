"""Bad input: one line what, one why, one next; exit 1 or 2; no traceback; nothing slow."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def ash_ops(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, with no AWS configuration but what is given."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "ASH_"))}
    root = Path(__file__).resolve().parents[3]
    return subprocess.run(
        [sys.executable, "-m", "ash_ops", *arguments],
        cwd=cwd,
        env=clean | {"HOME": str(cwd), "PYTHONPATH": str(root)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "says"),
    [
        (["doctor"], {}, 1, "There are no usable AWS credentials"),
        (["doctor", "--profile", "nobody"], {}, 2, "There is no AWS profile 'nobody'"),
        (
            ["doctor", "--region", "us-esat-1"],
            {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"},
            2,
            "us-east-1",
        ),
        (["doctor", "--name", "Bad_Name"], {}, 2, "cannot be used"),
        (["doctor", "--env-file", "absent.env"], {}, 2, "no such file"),
        (["doctor", "--env-file", "/dev/zero"], {}, 2, "device"),
        (["doctor", "--timeout", "nan"], {}, 2, "--timeout nan cannot be used"),
        (["doctor", "--timeout", "-1"], {}, 2, "--timeout -1 cannot be used"),
        (["doctor", "--timeout", "inf"], {}, 2, "--timeout inf cannot be used"),
        (["doctor", "--watch", "--every", "0"], {}, 2, "--every 0 cannot be used"),
        (["doctor", "--watch", "--every", "-1"], {}, 2, "--every -1 cannot be used"),
        (["doctor", "--watch", "--every", "nan"], {}, 2, "--every nan cannot be used"),
        (["doctor", "--endpoint-url", "nonsense"], {}, 2, "http://"),
    ],
)
def test_bad_input_is_answered_in_three_sentences(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], code: int, says: str
) -> None:
    done = ash_ops(*arguments, cwd=tmp_path, **environment)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "why:" in done.stderr
    assert "next:" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["doctor", "nonsense"], ["doctor", "--nonsense"]]
)
def test_wrong_usage_exits_with_2(tmp_path: Path, arguments: list[str]) -> None:
    done = ash_ops(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_global_options_work_behind_the_command_too(tmp_path: Path) -> None:
    before = ash_ops("--name", "Bad_Name", "doctor", cwd=tmp_path)
    after = ash_ops("doctor", "--name", "Bad_Name", cwd=tmp_path)
    assert before.returncode == after.returncode == 2
    assert before.stderr == after.stderr


@pytest.mark.parametrize("arguments", ["--help", "explain --list", "explain --batch"])
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, arguments: str) -> None:
    command = f"{sys.executable} -m ash_ops {arguments} | head -1"
    root = Path(__file__).resolve().parents[3]
    batch = '{"id": 1, "kind": "http", "fields": {"status": 500}}\n' * 2000
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(root)},
        input=batch,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stderr == ""
