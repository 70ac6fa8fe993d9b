"""status, health, doctor and the proof of a deployment give one verdict, in every scenario."""

from __future__ import annotations

import json
import re
import socket
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.cli import main
from ash_ops.demo import Emulator, scenario
from ash_ops.deploy.environment import Environment
from ash_ops.deploy.run import proof
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.settings import Options, load
from tests.support.breaking import break_down
from tests.support.deploying import User

Capture = pytest.CaptureFixture[str]


def ask(capsys: Capture, *words: str) -> tuple[int, dict[str, Any]]:
    """A command's exit code and its JSON document."""
    with pytest.raises(SystemExit) as ended:
        main([*words, "--format", "json"])
    # A count-down is another number with every second.
    told = re.sub(r"retry after \d+ s", "retry later", capsys.readouterr().out)
    return int(ended.value.code or 0), json.loads(told)


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
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    break_down(emulator, scenario.load(name), monkeypatch)
    capsys.readouterr()

    code, report = ask(capsys, "doctor")
    status_code, status = ask(capsys, "status")
    health_code, health = ask(capsys, "health")
    if report["deployment"]["url"]:  # what `connect` sets changes nothing
        monkeypatch.setenv("ASH_SERVER_URL", report["deployment"]["url"])
        assert ask(capsys, "health") == (health_code, health)
        monkeypatch.delenv("ASH_SERVER_URL")

    assert (status_code, health_code, proven(monkeypatch)) == (code, code, code)
    assert status["status"] == health["status"] == report["status"]
    assert status["headline"] == health["headline"]
    roots = [f["cause"] for f in report["findings"] if f["explained_by"] is None]
    assert [f["cause"] for f in status["findings"]] == roots


def test_a_repair_by_another_version_is_a_repair_at_once(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """What the replaced revision died of, and what ECS said of it, is past."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-emulated")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    assert run("deploy", "--yes", "--listener-port", port) == 0
    emulator.break_as("image-not-found")
    assert run("status") == 3
    assert run("rollout", "0.2.0", "--yes") == 0
    assert [run(word) for word in ("doctor", "status", "health")] == [0, 0, 0]


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return int(ended.value.code or 0)
