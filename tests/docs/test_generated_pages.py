"""The page of the commands is what the commands say; every command and every option is described."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

import ash_client
from ash_client import AshClient
from ash_ops.cli._main import COMMANDS, group
from tests.docs.pages import ROOT, inline_code
from tools import generate

# The other half of a pair, and a constant that is told where it is used.
_ELSEWHERE = {
    "AsyncAshClient",
    "AsyncChat",
    "AsyncClock",
    "AsyncMessageStream",
    "NOT_GIVEN",
    "NotGiven",
}


def test_everything_generated_is_up_to_date() -> None:
    """The synchronous client and the pages: ``make generate`` would change nothing."""
    assert sorted(generate.stale(generate.files())) == []


def test_the_reference_holds_every_public_name_and_every_operation() -> None:
    text = "\n".join(p.read_text("utf-8") for p in (ROOT / "docs" / "api").iterdir())
    operations = [n for n in dir(AshClient) if hasattr(getattr(AshClient, n), "operation")]
    classes = [n for n in ash_client.__all__ if n[0] != "_" and n not in _ELSEWHERE]
    assert len(operations) > 80
    assert [n for n in operations if f"### {n}\n" not in text] == []
    assert [n for n in classes if f"# {n}" not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_its_options_are_described(name: str) -> None:
    with click.Context(group) as context:
        command = group.get_command(context, name)
    assert command is not None
    silent = [p.opts for p in command.params if isinstance(p, click.Option) and not p.help]
    assert command.help
    assert not silent


@pytest.mark.parametrize("name", COMMANDS)
def test_the_sentence_of_the_list_begins_the_help_of_the_command(name: str) -> None:
    """The list is a table of its own, so that it loads no command; it must not say otherwise."""
    with click.Context(group) as context:
        command = group.get_command(context, name)
    assert command is not None
    first = COMMANDS[name][1].split()[0]
    assert (command.help or "").split()[0] == first


def test_the_first_page_lists_every_command() -> None:
    page = "docs/index.md"
    named = {code.text.split()[1] for code in inline_code(page) if code.text[:8] == "ash-ops "}
    assert set(COMMANDS) <= named


def test_a_page_whose_subject_is_gone_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that is missing or differs; what is right is left alone."""
    for folder in generate.WHOLE:
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "docs/causes/once-upon-a-time.md").write_text("old")
    (tmp_path / "docs/causes/same.md").write_text("same")
    (tmp_path / "docs/causes/other.md").write_text("old")
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    made = {
        f"docs/causes/{name}.md": text
        for name, text in (("same", "same"), ("other", "new"), ("new", "new"))
    }
    assert sorted(generate.stale(made)) == [
        "docs/causes/new.md",
        "docs/causes/once-upon-a-time.md",
        "docs/causes/other.md",
    ]
