"""``doctor --fix`` spares what serves; that it repairs is proven scenario by scenario (``test_every_scenario``)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ash_ops.cli._main import main
from ash_ops.demo import Emulator
from ash_ops.deploy.fix import proof


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    """The command line in this process: exit code, standard output, standard error."""
    with pytest.raises(SystemExit) as stop:
        main(list(args))
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


def broken(
    name: str,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A deployment of ours, broken as in a scenario."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-" + "api03-PLANTED0000000000000000")
    emulator.prepare(name)
    code, _, err = run(capsys, "deploy", "--yes")
    assert code == 0, err
    emulator.break_as(name)


def fixed(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any], str]:
    code, out, err = run(capsys, "doctor", "--fix", "--yes", "--format", "json", *options)
    return code, json.loads(out), err


def test_a_task_that_serves_is_replaced_only_if_the_loss_is_agreed_to(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken("spot", emulator, monkeypatch, capsys)
    monkeypatch.setattr(proof, "_PATIENCE", 5.0)
    before = emulator.calls().count("ecs:UpdateService")
    _, report, err = fixed(capsys)
    assert [act["outcome"] for act in report["acts"]] == ["not made"]
    assert "--lose-sessions" in err
    assert emulator.calls().count("ecs:UpdateService") == before
    _, report, _ = fixed(capsys, "--lose-sessions")
    assert [act["outcome"] for act in report["acts"]] == ["done"]
    assert emulator.calls().count("ecs:UpdateService") == before + 1
