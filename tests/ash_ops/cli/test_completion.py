"""Tab completes commands, options and values; a mistyped word is answered with the one that was meant."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def ash_ops(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "ASH_", "_ASH"))}
    return subprocess.run(
        [sys.executable, "-m", "ash_ops", *arguments],
        cwd=ROOT, env=clean | environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def completed(line: str, **environment: str) -> list[str]:
    """What bash is offered for the last word of a line."""
    told = ash_ops(
        COMP_WORDS=line,
        COMP_CWORD=str(len(line.split(" ")) - 1),
        _ASH_OPS_COMPLETE="bash_complete",
        **environment,
    )
    return [row.partition(",")[2] for row in told.stdout.splitlines() if row]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("ash-ops doc", "doctor"),
        ("ash-ops doctor pen", "pending"),
        ("ash-ops doctor --form", "--format"),
        ("ash-ops explain container-o", "container-oom"),
        ("ash-ops demo out", "out-of-memory"),
        ("ash-ops iam-policy tear", "teardown"),
        ("ash-ops iam-policy bound", "boundary"),
        ("ash-ops --region eu-cen", "eu-central-1"),
        ("ash-ops doctor --region ap-southeast-", "ap-southeast-2"),
        ("ash-ops completion z", "zsh"),
    ],
)
def test_a_word_is_completed(line: str, offered: str) -> None:
    assert offered in completed(line)


def test_profiles_are_those_of_both_aws_files_and_a_broken_file_is_no_trouble(
    tmp_path: Path,
) -> None:
    config, credentials = tmp_path / "config", tmp_path / "credentials"
    config.write_text("[profile prod]\nregion = eu-west-1\n[sso-session corp]\nsso_region = x\n")
    credentials.write_text("[prototype]\naws_access_key_id = x\n")
    files = {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(credentials)}
    assert completed("ash-ops --profile pro", **files) == ["prod", "prototype"]
    assert completed("ash-ops --profile s", **files) == []
    config.write_bytes(b"\xff\xfe not an ini")
    assert completed("ash-ops --profile pro", **files) == ["prototype"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_lines_for_a_shell_name_the_command(shell: str) -> None:
    done = ash_ops("completion", shell)
    assert done.returncode == 0
    assert f"_ASH_OPS_COMPLETE={shell}_complete" in done.stdout


def test_bash_reads_its_lines() -> None:
    script = ash_ops("completion", "bash").stdout
    read = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False)
    assert read.returncode == 0, read.stderr


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["docter"], "'doctor'"),
        (["lgos"], "'logs'"),
        (["doctor", "pendng"], "'pending'"),
        (["doctor", "--format", "htlm"], "'html'"),
        (["completion", "bsh"], "'bash'"),
    ],
)
def test_what_was_meant_is_said(typed: list[str], meant: str) -> None:
    done = ash_ops(*typed)
    assert done.returncode == 2
    assert f"Did you mean {meant}" in done.stderr


def test_a_word_like_nothing_gets_no_guess() -> None:
    assert "Did you mean" not in ash_ops("xyzzy").stderr


def test_help_is_a_command_too_and_the_version_has_a_short_name() -> None:
    assert ash_ops("help", "doctor").stdout == ash_ops("doctor", "--help").stdout
    assert ash_ops("help").stdout == ash_ops("--help").stdout
    assert ash_ops("-V").stdout == ash_ops("--version").stdout
