"""``ash-ops logs``."""

from __future__ import annotations

import os
import shutil
import sys
import time
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ash_ops.cli._context import Context
    from ash_ops.logs.request import Request

# Columns from which on each line has room for its day.
_WIDE = 110

_HELP = """Print or follow the server's logs; nothing lost, nothing twice.

Without options: the last 100 lines. With --follow: those, and then every new line.

The promise of --follow: no event is lost and none is printed twice, as long as it arrives at
CloudWatch at most --late-window after its time stamp. It sits out throttling, server errors, a
lost network and expired credentials, and says on standard error when it is behind.
"""


@click.command("logs", help=_HELP)
@click.option("-f", "--follow", is_flag=True, help="Go on printing what arrives.")
@click.option(
    "--since",
    metavar="TIME",
    help="From then on: 5m, 2 hours, yesterday, 10:00, 2026-11-22T10:00 (UTC).",
)
@click.option("--until", metavar="TIME", help="Up to then; the same forms as --since.")
@click.option(
    "-n", "--lines", type=click.IntRange(min=0), metavar="N", help="Only the last N lines."
)
@click.option("--filter", "pattern", metavar="PATTERN", help="CloudWatch filter pattern.")
@click.option("--grep", metavar="REGEX", help="Only lines that match a regular expression.")
@click.option("--task", metavar="ID", help="Only this task; the beginning of its id will do.")
@click.option("--previous", is_flag=True, help="The last task that died, and why it did.")
@click.option(
    "--level",
    type=click.Choice(["trace", "debug", "info", "warn", "error", "fatal"]),
    help="Hide lines of a lower level; lines without a level stay.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print."
)
@click.option("--local", is_flag=True, help="Times in this machine's zone instead of UTC.")
@click.option(
    "--raw", is_flag=True, help="Messages as they came: secrets show, control characters act."
)
@click.option(
    "--hints/--no-hints",
    default=None,
    show_default="on in a terminal",
    help="Say under a line what it means, if that is known.",
)
@click.option(
    "--health/--no-health",
    default=None,
    show_default="hidden in a terminal",
    help="Whether to show the lines of health checks that went well.",
)
@click.option(
    "--late-window",
    metavar="TIME",
    default="120s",
    help="How late an event may arrive and still be printed.",
)
@click.option("--log-group", "group", metavar="NAME", help="Another log group than the server's.")
@click.pass_obj
def command(context: Context, /, **options: Any) -> None:
    """Parse the options and show the log."""
    from ash_ops.logs.command import LogsCommand
    from ash_ops.logs.output import Output

    request = _request(options, terminal=context.is_terminal)
    output = Output(sys.stdout.buffer)
    LogsCommand(context.settings, request, output, context.note).run()


def _request(options: dict[str, Any], *, terminal: bool) -> Request:
    from ash_ops.logs.render import Look
    from ash_ops.logs.request import Request, compiled, duration, moment

    _check(options)
    now, local = time.time(), options["local"]
    given: dict[str, Any] = {
        name: moment(options[name], f"--{name}", now, local=local) if options[name] else None
        for name in ("since", "until")
    }
    hints = options["hints"] if options["hints"] is not None else terminal
    look = Look(
        json=options["form"] == "json",
        local=local,
        raw=options["raw"],
        colour=terminal and _colour_wanted(),
        narrow=terminal and shutil.get_terminal_size().columns < _WIDE,
        found=compiled(options["grep"]) if options["grep"] else None,
    )
    health = options["health"]
    if health is None:
        health = not terminal or look.json or look.raw
    same = ("follow", "lines", "pattern", "grep", "task", "previous", "level", "group")
    given |= {name: options[name] for name in same}
    return Request(
        **given,
        late_window=duration(options["late_window"], "--late-window"),
        look=look,
        hints=hints and not options["raw"],
        health=health,
    )


def _check(options: dict[str, Any]) -> None:
    for one, other in (("follow", "until"), ("follow", "previous"), ("task", "previous")):
        if options[one] and options[other]:
            raise click.UsageError(f"--{one} and --{other} exclude each other.")


def _colour_wanted() -> bool:
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
