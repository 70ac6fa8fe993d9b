"""``ash-ops key``."""

from __future__ import annotations

import click

from ash_ops.cli._context import Context


@click.command()
@click.pass_obj
def command(ctx: Context) -> int:
    """Print the server's API key, and nothing else, on standard output.

    Examples:

    \b
      export ASH_API_KEY="$(ash-ops key)"

    Exit codes: 0 printed, 1 there is none or it may not be read.
    """
    from ash_ops.commands.key import key

    return ctx.show(key(ctx.ports()))
