"""Speaking and asking on the terminal: everything on standard error, for none of it is data."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

import click

from ash_ops.errors import UsageProblem
from ash_ops.wrapping import wrapped


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else line[: max(0, width - 3)] + "..."


class Terminal:
    """The user, as the deploy floor sees them.

    Attributes:
        yes: whether ``--yes`` answers every question.
        told: completes the commands in what is said.
    """

    def __init__(self, *, yes: bool, told: Callable[[str], str]) -> None:
        self.yes = yes
        self.told = told
        self._is_live = sys.stderr.isatty()
        self._drawn = 0

    def say(self, text: str) -> None:
        """Write a line below everything."""
        self.settle()
        click.echo(self._wrapped(self.told(text)), err=True)

    def _wrapped(self, text: str) -> str:
        """The text broken at spaces on a terminal; a command stays whole, to be copied."""
        return wrapped(text, shutil.get_terminal_size().columns if self._is_live else None)

    def event(self, line: str) -> None:
        """Write a step where there is no live picture."""
        if not self._is_live:
            click.echo(line, err=True)

    def live(self, lines: list[str]) -> None:
        """Draw the picture in place of the last one."""
        if not self._is_live:
            return
        width, height = shutil.get_terminal_size()
        shown = [_cut(line, width - 1) for line in lines[: height - 1]]
        up = f"\x1b[{self._drawn}A\x1b[J" if self._drawn else ""
        sys.stderr.write(up + "".join(f"{line}\n" for line in shown))
        sys.stderr.flush()
        self._drawn = len(shown)

    def settle(self) -> None:
        """Leave the last picture where it is."""
        self._drawn = 0

    def confirm(self, question: str) -> bool:
        """Ask yes or no; no is the default."""
        self.settle()
        if self.yes:
            click.echo(f"{question} yes (--yes)", err=True)
            return True
        self._require_someone(question)
        return click.confirm(question, default=False, err=True)

    def consent(self, question: str) -> bool:
        """Ask a person yes or no, ``--yes`` or not; no is the default."""
        self.settle()
        if not sys.stdin.isatty():
            raise UsageProblem(
                f"{question!r} needs a person's answer",
                "--yes does not agree to it, and standard input is not a terminal",
                "Run it in a terminal.",
            )
        return click.confirm(question, default=False, err=True)

    def agree_to_charge(self, question: str) -> bool:
        """Tell a charge and ask; ``--yes`` agrees, and the charge is said all the same."""
        told = question.removesuffix(" Go on?")
        if self.yes or not sys.stdin.isatty():
            click.echo(told, err=True)
            return self.yes
        return click.confirm(f"{told}\nGo on?", err=True)

    def type_back(self, question: str, expected: str) -> bool:
        """Ask for a word to be typed."""
        self.settle()
        if self.yes:
            click.echo(f"{question} {expected} (--yes)", err=True)
            return True
        self._require_someone(question)
        answer: str = click.prompt(question, default="", show_default=False, err=True)
        return answer.strip() == expected

    def _require_someone(self, question: str) -> None:
        if not sys.stdin.isatty():
            raise UsageProblem(
                f"{question!r} needs an answer",
                "standard input is not a terminal, so nobody can give it",
                "Run it in a terminal, or answer with --yes.",
            )
