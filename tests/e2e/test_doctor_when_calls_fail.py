"""Every AWS call failing in turn: always a report, never a traceback, never healthy in silence."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from botocore import endpoint

from ash_ops.cli._main import main
from ash_ops.demo import Emulator

KINDS = ("deny", "throttle", "error", "reset", "garbage")
# Without these nobody can say that the deployment works.
VITAL = frozenset(
    {
        "ecs:DescribeClusters",
        "ecs:DescribeServices",
        "ecs:DescribeTaskDefinition",
        "ecs:DescribeTasks",
        "ecs:ListTasks",
        "elasticloadbalancing:DescribeTargetHealth",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeListeners",
        "cloudformation:DescribeStacks",
    }
)


@pytest.fixture(autouse=True)
def _no_naps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call is tried as often as ever, one after the other."""
    monkeypatch.setattr(endpoint, "time", SimpleNamespace(sleep=lambda _: None))


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    """The command line in this process: exit code, standard output, standard error."""
    with pytest.raises(SystemExit) as stop:
        main(list(args))
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


def diagnose(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, dict[str, Any]]:
    code, out, err = run(capsys, "doctor", *args, "--format", "json")
    assert "Traceback" not in err
    report: dict[str, Any] = json.loads(out)
    return code, report


@pytest.fixture
def deployed(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Emulator:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-" + "planted-for-the-test")
    code, _, err = run(capsys, "deploy", "--yes")
    assert code == 0, err
    emulator.heal()
    return emulator


def test_each_call_failing_gives_a_report_that_does_not_lie(
    deployed: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    """One call at a time fails for good, each in one of five ways; what needs it does not pass."""
    code, sound = diagnose(capsys)
    assert code == 0, sound["findings"]
    calls = sorted(set(deployed.calls()))
    assert len(calls) >= 25
    for number, call in enumerate(calls):
        kind = KINDS[number % len(KINDS)]
        deployed.heal()
        deployed.fault(call, kind)
        check_one(capsys, call, kind, sound)


def check_one(
    capsys: pytest.CaptureFixture[str], call: str, kind: str, sound: dict[str, Any]
) -> None:
    where = f"{call} {kind}"
    code, report = diagnose(capsys)
    errors = [f["cause"] for f in report["findings"] if f["severity"] == "error"]
    assert not errors, f"{where} was taken for {errors}"
    assert report["elapsed_ms"] < 15_000, where
    if call in VITAL:
        assert (code, report["status"]) == (4, "inconclusive"), where
    assert code in {0, 4}, where
    lost = set(sound["passed"]) - set(report["passed"])
    told = {u["check"] for u in report["unknown"]}
    fewer = {f["id"] for f in sound["findings"]} - {f["id"] for f in report["findings"]}
    assert lost <= told, f"{where}: {lost - told} neither passed nor said why"
    assert not fewer or told, f"{where}: {fewer} vanished without a word"


def test_every_call_failing_at_once_is_could_not_tell(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind in ("deny", "reset", "unavailable"):
        emulator.heal()
        emulator.fault("*", kind)
        code, report = diagnose(capsys)
        assert (code, report["status"], report["findings"]) == (4, "inconclusive", []), kind


def test_expired_credentials_are_an_error_of_their_own(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator.fault("*", "expired")
    code, out, err = run(capsys, "doctor", "--format", "json")
    assert (code, out) == (1, "")
    assert "expired" in err
    assert "Traceback" not in err
