"""``ash-ops key``."""

from __future__ import annotations

import click

from ash_ops.cli._context import Context


@click.command()
@click.pass_obj
def command(ctx: Context) -> int:
    """Print the server's API key, and nothing else, on standard output."""
    from ash_ops.commands.key import key

    return ctx.show(key(ctx.ports()))
