"""``ash-ops status``."""

from __future__ import annotations

import click

from ash_ops.cli._context import Context


@click.command()
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="How to print."
)
@click.pass_obj
def command(ctx: Context, format_: str) -> int:
    """Show service, tasks, targets, version and URL on one screen.

    The verdict and the exit code are the doctor's.

    Examples:

    \b
      ash-ops status
      ash-ops status --format json

    Exit codes: 0 healthy, 3 something is wrong, 4 could not tell.
    """
    from ash_ops.commands.status import status

    return ctx.show(status(ctx.ports(), format_))
