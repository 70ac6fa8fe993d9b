"""The help of every command: its options in groups, those of every command, an example, exit codes."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from ash_ops.cli._help import _GROUPS, GLOBAL, own_options
from ash_ops.cli._main import COMMANDS, GLOBAL_OPTIONS, group


def commands() -> Iterator[tuple[str, click.Command]]:
    ctx = click.Context(group)
    for name in COMMANDS:
        command = group.get_command(ctx, name)
        assert command is not None
        inner = command.commands if isinstance(command, click.Group) else {"": command}
        yield from ((f"{name} {word}".strip(), each) for word, each in inner.items())


ALL = dict(commands())
_MANY = 8  # options that can be taken in at a glance


def shown(name: str, width: int = 80) -> str:
    context = click.Context(ALL[name], info_name=f"ash-ops {name}", terminal_width=width)
    return ALL[name].get_help(context)


@pytest.mark.parametrize("name", ALL)
def test_every_help_has_an_example_the_options_of_every_command_and_its_codes(name: str) -> None:
    text = shown(name)
    assert f"\n{GLOBAL}:\n" in text
    for (*_, last), _attributes in GLOBAL_OPTIONS:
        assert f" {last}" in text
    assert "  ash-ops " in text or "ash-ops " in text.split("Options:")[0].split("\n", 1)[1]
    assert "Exit codes: 0 " in " ".join(text.split())


@pytest.mark.parametrize("name", _GROUPS)
def test_an_option_in_a_group_is_one_that_the_command_has_and_is_shown_once(name: str) -> None:
    has = {option.name for option in own_options(ALL[name])}
    grouped = [option for options in _GROUPS[name].values() for option in options.split()]
    assert set(grouped) <= has
    assert len(grouped) == len(set(grouped))
    text = shown(name)
    assert [text.count(f"\n{heading}:\n") for heading in _GROUPS[name]] == [1] * len(_GROUPS[name])


@pytest.mark.parametrize("name", ALL)
def test_what_asks_can_be_answered_by_the_short_and_by_the_long_option(name: str) -> None:
    for option in own_options(ALL[name]):
        if option.name == "yes":
            assert set(option.opts) == {"--yes", "-y"}


@pytest.mark.parametrize("name", [n for n in ALL if len([*own_options(ALL[n])]) > _MANY])
def test_every_option_of_a_command_with_many_is_in_a_group(name: str) -> None:
    grouped = {option for options in _GROUPS[name].values() for option in options.split()}
    assert {option.name for option in own_options(ALL[name])} == grouped


@pytest.mark.parametrize("name", ALL)
def test_the_help_is_broken_at_the_width_of_the_terminal(name: str) -> None:
    lines = [line for line in shown(name, 60).splitlines() if not line.startswith("    ")]
    assert max(map(len, lines)) <= 62  # click keeps two columns free of 60, and one more of a name
