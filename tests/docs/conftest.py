"""One emulated account for all that the documentation shows, and nothing of the caller's own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ash_ops.demo import Emulator


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An empty account, in an empty folder, with nothing set but what the emulator needs."""
    with Emulator() as emulator, pytest.MonkeyPatch.context() as patch:
        forget_everything(patch)
        for name, value in emulator.environment.items():
            patch.setenv(name, value)
        patch.setenv("COLUMNS", "100")  # reports are as wide as the terminal, up to this
        patch.chdir(tmp_path_factory.mktemp("folder"))
        yield emulator


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder, and none of the caller's variables."""
    forget_everything(monkeypatch)
    monkeypatch.chdir(tmp_path)


def forget_everything(patch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith(("AWS_", "ASH_", "ANTHROPIC_"))]:
        patch.delenv(name)
