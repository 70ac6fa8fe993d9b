"""``cli/`` is click alone: it declares options and hands what was given to a command."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CLI = Path(__file__).resolve().parents[2] / "ash_ops" / "cli"
# What speaks with the terminal and the process: the files that begin with an underscore.
COMMANDS = sorted(p for p in CLI.glob("*/*.py") if not p.name.startswith("_"))
# A command needs none of these: clock, environment and streams come with its ports.
FOREIGN = {"asyncio", "datetime", "json", "os", "shutil", "socket", "sys", "threading", "time"}


def logic(path: Path) -> Iterator[str]:
    """What a file does beyond declaring options: libraries of the world, loops, attempts."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.split(".")[0] in FOREIGN)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FOREIGN:
            yield str(node.module)
        elif isinstance(node, ast.For | ast.While | ast.Try | ast.With):
            yield type(node).__name__.lower()


@pytest.mark.parametrize("path", COMMANDS, ids=lambda p: p.name)
def test_a_file_of_the_command_line_holds_no_logic(path: Path) -> None:
    assert sorted(set(logic(path))) == []


@pytest.mark.parametrize("path", COMMANDS, ids=lambda p: p.name)
def test_a_file_of_the_command_line_asks_nobody(path: Path) -> None:
    """Neither AWS nor the server, nor a floor that does: only a command does."""
    asked = {
        node.module
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
    }
    floors = {name.split(".")[1] for name in asked if name.startswith("ash_ops.")}
    assert not floors & {"aws", "snapshot", "diagnosis", "examine", "facts"}


def test_every_command_has_a_file_in_commands() -> None:
    commands = {p.stem for p in (CLI.parent / "commands").rglob("*.py")}
    left = {"demo", "completion"}  # the demo is a floor of its own; completion is click's
    # With rollout, whose other half it is; with mcp, the other thing that an assistant is given.
    together = {"rollback", "skill"}
    assert {p.stem for p in COMMANDS} - left - together <= commands
