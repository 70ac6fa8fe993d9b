"""``ash-ops connect``."""

from __future__ import annotations

import click

from ash_ops.cli._context import Context


@click.command()
@click.pass_obj
def command(ctx: Context) -> int:
    """Print the two export lines a client needs: ASH_SERVER_URL and ASH_API_KEY.

    Examples:

    \b
      eval "$(ash-ops connect)"

    Exit codes: 0 printed, 1 there is no deployment, or its key may not be read.
    """
    from ash_ops.commands.connect import connect

    return ctx.show(connect(ctx.ports()))
