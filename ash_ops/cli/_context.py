"""What the commands share: settings and the AWS session, made when first asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from ash_ops.errors import UsageProblem

if TYPE_CHECKING:
    from ash_ops.aws.client.session import Aws
    from ash_ops.commands import Result
    from ash_ops.commands.ports import Page, Ports
    from ash_ops.settings import Settings


class Context:
    """The global options given so far, and what follows from them."""

    def __init__(self) -> None:
        self.options: dict[str, Any] = {}

    @property
    def verbose(self) -> bool:
        """Whether ``-v`` was given."""
        return bool(self.options.get("verbose"))

    @cached_property
    def settings(self) -> Settings:
        """The checked configuration; read once."""
        settings = self._load()
        for note in settings.notes:
            self.note(note)
        return settings

    def _load(self) -> Settings:
        from ash_ops.settings import Options, load  # the help does without

        given = {name: value for name, value in self.options.items() if name != "verbose"}
        return load(Options(**given))

    @cached_property
    def aws(self) -> Aws:
        """The AWS session; commands that never ask for it need no credentials."""
        from ash_ops.aws.client.session import Aws

        return Aws(self.settings)

    def renew_aws(self) -> Aws:
        """Another AWS session, with the credentials that `.env` and the profile hold by now."""
        from ash_ops.aws.client.session import Aws

        self.aws = Aws(self._load())
        return self.aws

    def note(self, message: str) -> None:
        """Say something that is not data: on standard error."""
        from ash_ops.redact import clean  # the help does without
        from ash_ops.wrapping import wrapped

        width = _columns() if sys.stderr.isatty() else None
        click.echo(wrapped(clean(self.told(message)), width), err=True)

    def told(self, message: str) -> str:
        """A text for the user; the commands in it have the global options of this command line."""
        from ash_ops.cli._given import with_given

        return with_given(message, self.options)

    def ports(self, *, yes: bool = False) -> Ports:
        """The world as the commands see it; ``yes`` answers the questions they ask."""
        from ash_ops.cli._dialogue import Terminal
        from ash_ops.commands.ports import Ports

        return Ports(
            settings=self.settings,
            open_aws=lambda: self.aws,
            dialogue=Terminal(yes=yes, told=self.told),
            note=self.note,
            show=partial(click.echo, nl=False),
            page=self.page,
            turn_to=partial(self.options.__setitem__, "name"),
            run=partial(self._run, yes=yes),
            renew_aws=self.renew_aws,
        )

    def _run(self, words: Sequence[str], *, yes: bool) -> int:
        """Run another command of ash-ops with the same settings; ``yes`` answers its questions too.

        Raises:
            UsageProblem: there is no such command or option.
            KeyboardInterrupt: the user stopped it.
        """
        group = click.get_current_context().find_root().command
        if not isinstance(group, click.Group):
            raise TypeError("a command of ash-ops runs below its group")
        name, *line = words
        try:
            _, command, _ = group.resolve_command(click.Context(group), [name])
            if yes and command and any(parameter.name == "yes" for parameter in command.params):
                line.append("--yes")
            return int(command.main(line, name, standalone_mode=False, obj=self) if command else 1)
        except click.Abort:  # what click makes of Ctrl-C
            raise KeyboardInterrupt from None
        except click.ClickException as error:
            what = f"`ash-ops {' '.join(words)}` cannot be run"
            raise UsageProblem(what, error.format_message(), "Run it by itself.") from None

    @property
    def page(self) -> Page:
        """What documents are printed on."""
        from ash_ops.commands.ports import Page

        return Page(
            is_terminal=self.is_terminal,
            width=self.width or None,
            no_color=os.environ.get("NO_COLOR")
            or ("TERM" if os.environ.get("TERM") == "dumb" else None),
            verbose=self.verbose,
            has_blocks=_has_blocks(sys.stdout.encoding),
        )

    @property
    def width(self) -> int:
        """The columns of the terminal; 0 where standard output is none."""
        return _columns() if self.is_terminal else 0

    @property
    def stdin(self) -> BinaryIO:
        """Standard input, as bytes."""
        return sys.stdin.buffer

    @property
    def stdout(self) -> BinaryIO:
        """Standard output, as bytes, for what is written while it is read."""
        return sys.stdout.buffer

    @property
    def piped(self) -> BinaryIO | None:
        """Standard input where something is piped into it; ``None`` at a terminal."""
        return None if sys.stdin.isatty() else self.stdin

    def write(self, text: str) -> None:
        """Print a part of a document as soon as it is there."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def show(self, result: Result) -> int:
        """Print what a command found out; answers with its exit code."""
        if document := result.render():
            click.echo(document, nl=False)
        return result.exit_code

    @property
    def is_terminal(self) -> bool:
        """Whether standard output is a terminal: colours and live lines are for terminals only."""
        return sys.stdout.isatty()


def _has_blocks(encoding: str | None) -> bool:
    """Whether an encoding has the block character of the bars."""
    try:
        "\N{FULL BLOCK}".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _columns() -> int:
    """How many columns the terminal has."""
    from shutil import get_terminal_size  # what is no terminal does without its compressors

    return get_terminal_size().columns
