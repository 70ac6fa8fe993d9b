"""The skill names commands that are there, and tells an assistant to leave changes to the user."""

from __future__ import annotations

import re

import click
import yaml

from ash_ops.cli._main import COMMANDS, group
from ash_ops.commands.mcp import skill

PAGE = skill().render()
LINES = re.findall(r"`ash-ops ([^`]*)`", PAGE)
CHANGING = {"deploy", "rollout", "rollback", "teardown"}


def test_its_head_is_what_assistants_read_first() -> None:
    head = yaml.safe_load(PAGE.split("---")[1])
    assert head["name"] == "ash-ops"
    assert 50 < len(head["description"]) <= 1024


def test_every_command_and_option_in_it_is_there() -> None:
    assert len(LINES) > 10
    for line in LINES:
        name, *words = line.split()
        with click.Context(group) as context:
            command = group.get_command(context, name)
        assert command is not None, line
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("-")} <= known, line


def test_no_command_that_changes_something_is_told_to_be_run() -> None:
    assert not CHANGING & {line.split()[0] for line in LINES}
    assert "Never add `--yes`" in PAGE
    assert set(COMMANDS) >= CHANGING
