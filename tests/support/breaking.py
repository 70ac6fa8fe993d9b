"""A deployment, broken as a scenario says."""

from __future__ import annotations

import pytest

from ash_ops.demo import Emulator
from ash_ops.demo.scenario import Scenario
from ash_ops.demo.tour import DEPLOY
from tests.support.person import ash_ops


def break_down(emulator: Emulator, chosen: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deploy as a person would, and break it as the scenario says."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-emulated")
    emulator.prepare(chosen.name)
    code, said = ash_ops(*DEPLOY, *chosen.deploy)
    assert (code == 0) is not chosen.deploy_fails, said
    emulator.break_as(chosen.name)
    for name, value in chosen.environment.items():
        monkeypatch.setenv(name, value)
