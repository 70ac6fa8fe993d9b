"""``--fix`` repairs what it says, ``--save`` and ``--from`` agree, and no secret leaves."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ash_ops.cli._main import main
from ash_ops.demo import Emulator
from ash_ops.report import FORMATS
from tests.support.listener import SECRET_PATH, Listener

MODEL_KEY = "sk-ant-" + "api03-PLANTED0000000000000000"
SWITCHED_OFF = {"do": "change_service", "fields": {"desiredCount": 0}}
LOGGED = "planted-in-a-log-line-0123456789abcdef"


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    """The command line in this process: exit code, standard output, standard error."""
    with pytest.raises(SystemExit) as stop:
        main(list(args))
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


def causes(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, list[str]]:
    code, out, _ = run(capsys, "doctor", *args, "--format", "json")
    return code, [f["cause"] for f in json.loads(out)["findings"] if f["severity"] == "error"]


@pytest.fixture
def deployed(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Emulator:
    monkeypatch.setenv("ANTHROPIC_API_KEY", MODEL_KEY)
    code, _, err = run(capsys, "deploy", "--yes")
    assert code == 0, err
    return emulator


def test_fix_repairs_what_it_says_and_looks_again(
    deployed: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service scaled to nothing is scaled up again by the very call that was shown."""
    deployed.seed(SWITCHED_OFF)
    code, found = causes(capsys, "deploy")
    assert (code, found[:1]) == (3, ["service-desired-zero"])
    code, out, err = run(capsys, "doctor", "deploy", "--fix", "--yes", "--format", "json")
    assert "aws ecs update-service" in err
    assert "--desired-count 1" in err
    assert code == 0, out
    assert json.loads(out)["status"] == "healthy"  # one document: the last look's
    assert causes(capsys, "deploy") == (0, [])


def test_fix_leaves_a_healthy_server_alone(
    deployed: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    """A warning, here that rollouts end not by themselves, is no reason to touch what serves."""
    deployed.seed(
        {
            "do": "change_service",
            "fields": {
                "deploymentConfiguration": {"minimumHealthyPercent": 0, "maximumPercent": 100}
            },
        }
    )
    before = deployed.calls().count("ecs:UpdateService")
    code, out, err = run(capsys, "doctor", "--fix", "--yes", "--format", "json")
    report = json.loads(out)
    assert "circuit-breaker-disabled" in {f["cause"] for f in report["findings"]}
    assert code == 0, out
    assert "Warnings are left alone" in err
    assert deployed.calls().count("ecs:UpdateService") == before


def test_without_yes_and_terminal_nothing_is_changed(
    deployed: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed.seed(SWITCHED_OFF)
    code, _, err = run(capsys, "doctor", "deploy", "--fix")
    assert code == 2
    assert "--yes" in err
    assert causes(capsys, "deploy")[1][:1] == ["service-desired-zero"]


def test_a_kept_snapshot_says_the_same_anywhere_and_holds_no_secret(
    deployed: Emulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    deployed.seed(*planted())
    kept = tmp_path / "facts.json"
    code, out, _ = run(capsys, "doctor", "--format", "json", "--save", str(kept))
    for name in deployed.environment:
        monkeypatch.delenv(name)
    again, out_again, _ = run(capsys, "doctor", "--from", str(kept), "--format", "json")
    assert (again, comparable(out_again)) == (code, comparable(out))
    key = deployed_key(deployed, monkeypatch, capsys)
    texts = [kept.read_text(), out, out_again]
    texts += [
        run(capsys, "doctor", "-v", "--from", str(kept), "--format", name)[1] for name in FORMATS
    ]
    for secret in (MODEL_KEY, LOGGED, key):
        assert not [t for t in texts if secret in t], secret


def planted() -> list[dict[str, Any]]:
    """Secrets where people leave them: in the plain environment and in log lines."""
    return [
        {
            "do": "change_task_definition",
            "container": {"environment": [{"name": "EXTRA_TOKEN", "value": LOGGED}]},
        },
        {
            "do": "write_logs",
            "lines": [
                {"ago": 30, "message": f"authorization: Bearer {LOGGED}"},
                {"ago": 20, "message": f"Error: anthropic refused {MODEL_KEY}"},
            ],
        },
    ]


def deployed_key(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)
    key = run(capsys, "key")[1].strip()
    assert len(key) > 16
    return key


def comparable(text: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(text)
    report.pop("elapsed_ms")
    for item in report["findings"]:
        # How long ago something was is counted from the snapshot's own time.
        assert item.pop("summary")
    return report


def test_watch_prints_only_what_changed_and_posts_it(
    deployed: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service scaled to nothing between two looks gives one line for what began, and one post."""
    deployed.heal()
    switched = after(deployed, 2, lambda: deployed.seed(SWITCHED_OFF))
    stop_after(deployed, looks=12)
    with Listener() as hook:
        line = ("doctor", "deploy", "--watch", "--every", "0.5", "--notify", hook.url)
        code, out, err = run(capsys, *line)
    switched.join()
    assert code == 130, err
    assert sum("service-desired-zero" in line for line in out.splitlines()) == 1
    assert [body["status"] for _, _, body in hook.posted] == ["problem"]
    assert SECRET_PATH not in out + err


def stop_after(emulator: Emulator, looks: int) -> None:
    """Press Ctrl-C once the emulator has been looked at a few times."""
    import _thread

    after(emulator, looks, _thread.interrupt_main)


def after(emulator: Emulator, looks: int, act: Callable[[], None]) -> threading.Thread:
    """Do something once the emulator has been looked at so many times."""

    def wait() -> None:
        while emulator.calls().count("ecs:DescribeServices") < looks:
            threading.Event().wait(0.1)
        act()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread
