"""status, health, doctor and the proof of a deployment give one verdict, in every scenario."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ash_ops.aws.session import Aws
from ash_ops.cli import main
from ash_ops.demo import Emulator, scenario
from ash_ops.deploy.environment import Environment
from ash_ops.deploy.run import proof
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.settings import Options, load
from tests.support.deploying import User

Capture = pytest.CaptureFixture[str]


def ask(capsys: Capture, *words: str) -> tuple[int, dict[str, Any]]:
    """A command's exit code and its JSON document."""
    with pytest.raises(SystemExit) as ended:
        main([*words, "--format", "json"])
    return int(ended.value.code or 0), json.loads(capsys.readouterr().out)


def proven(monkeypatch: pytest.MonkeyPatch) -> int:
    """What ``deploy`` would end with, if it came to its proof now; it waits for nothing."""
    monkeypatch.setattr("ash_ops.deploy.run.verify.PATIENCE", 0.0)
    settings = load(Options())
    environment = Environment(aws=Aws(settings), settings=settings, dialogue=User())
    monkeypatch.setattr(proof, "verify", without_patience(proof.verify))
    return proof.prove(environment, Evidence(), None)


def without_patience(verify: Any) -> Any:
    return lambda aws, wanted, clock, show: verify(aws, wanted, clock, show, patience=0.0)


@pytest.mark.parametrize("name", scenario.names())
def test_whoever_is_asked_says_the_same(
    name: str,
    emulator: Emulator,
    stack: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    expected = emulator.prepare(name)
    stack.create()
    emulator.break_as(name)
    for variable, value in expected.environment.items():
        monkeypatch.setenv(variable, value)

    code, report = ask(capsys, "doctor")
    status_code, status = ask(capsys, "status")
    health_code, health = ask(capsys, "health")

    assert (status_code, health_code, proven(monkeypatch)) == (code, code, code)
    assert status["status"] == health["status"] == report["status"]
    assert status["headline"] == health["headline"]
    roots = [f["cause"] for f in report["findings"] if f["explained_by"] is None]
    assert [f["cause"] for f in status["findings"]] == roots
