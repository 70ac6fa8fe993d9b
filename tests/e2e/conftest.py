"""The embedded emulator for end-to-end tests: one process a session, an empty account a test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from ash_ops.demo import Emulator


@pytest.fixture(scope="session")
def emulator_process() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(emulator_process: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An empty account that the test's own environment points at; no other credentials are seen."""
    for name in [n for n in os.environ if n.startswith(("AWS_", "ASH_", "ANTHROPIC_"))]:
        monkeypatch.delenv(name)
    for name, value in emulator_process.environment.items():
        monkeypatch.setenv(name, value)
    yield emulator_process
    emulator_process.reset()
