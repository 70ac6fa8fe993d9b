"""``ash-ops health``."""

from __future__ import annotations

import click

from ash_ops.cli._context import Context


@click.command()
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="How to print."
)
@click.pass_obj
def command(ctx: Context, format_: str) -> int:
    """Ask the server how it is, through its public address.

    The verdict is the doctor's. Where ASH_SERVER_URL leads to another server than this
    deployment's, or AWS cannot be asked, that server's answer alone is judged.

    Examples:

    \b
      ash-ops health
      ASH_SERVER_URL=http://localhost:4100 ash-ops health

    Exit codes: 0 healthy, 3 something is wrong, 4 could not tell.
    """
    from ash_ops.commands.health import health

    return ctx.show(health(ctx.ports(), format_))
