"""``ash-ops logs``."""

from __future__ import annotations

from typing import Any

import click

from ash_ops.cli._context import Context

_HELP = """Print or follow the server's logs; nothing lost, nothing twice.

Without options: the last 100 lines. With --follow: those, and then every new line.

The promise of --follow: no event is lost and none is printed twice, as long as it arrives at
CloudWatch at most --late-window after its time stamp. It sits out throttling, server errors, a
lost network and expired credentials, and says on standard error when it is behind.

Examples:

\b
  ash-ops logs -f                       follow
  ash-ops logs --since 15m --level warn
  ash-ops logs --previous               the last words of the task that died
  ash-ops logs --grep 'session .* failed' --format json

Exit codes: 0 printed, 1 there is nothing to read or it could not be read, 2 wrong usage, 130 Ctrl-C.
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
def command(context: Context, /, **options: Any) -> int:
    """Hand over what was asked for."""
    from ash_ops.commands.logs import Printed, logs

    printed = Printed(stream=context.stdout, page=context.page, note=context.note)
    return context.show(logs(context.settings, printed, options))
