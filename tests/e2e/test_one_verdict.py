"""What a rollout repaired is repaired at once, whoever is asked."""

from __future__ import annotations

import socket

import pytest

from ash_ops.cli import main
from ash_ops.demo import Emulator


def test_a_repair_by_another_version_is_a_repair_at_once(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
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
