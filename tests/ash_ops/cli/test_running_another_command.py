"""A command may run another of ash-ops in the same process: that is how --fix deploys."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from ash_ops.cli import _main
from ash_ops.cli._context import Context
from ash_ops.errors import UsageProblem


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "fake")
    with click.Context(_main.group):
        yield Context()


def replaced(monkeypatch: pytest.MonkeyPatch, command: click.Command) -> None:
    """Let every name of a command lead to this one."""
    monkeypatch.setattr(_main.LazyGroup, "get_command", lambda *_: command)


def test_its_exit_code_is_the_answer(world: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, click.Command("deploy", callback=lambda: 3))
    assert world.ports().run(["deploy"]) == 3


@pytest.mark.parametrize("yes", [False, True])
def test_yes_answers_its_questions_too(
    world: Context, monkeypatch: pytest.MonkeyPatch, yes: bool
) -> None:
    option = click.Option(["--yes"], is_flag=True)
    replaced(monkeypatch, click.Command("deploy", params=[option], callback=lambda yes: int(yes)))
    assert world.ports(yes=yes).run(["deploy"]) == int(yes)


@pytest.mark.parametrize("words", [["deploy", "--no-such-option"], ["no-such-command"]])
def test_what_there_is_not_is_said_as_every_failure_is(world: Context, words: list[str]) -> None:
    with pytest.raises(UsageProblem) as failure:
        world.ports().run(words)
    assert words[-1] in f"{failure.value.what} {failure.value.why}"


def test_ctrl_c_in_it_is_ctrl_c(world: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    replaced(monkeypatch, click.Command("deploy", callback=stopped))
    with pytest.raises(KeyboardInterrupt):
        world.ports().run(["deploy"])
