"""``ash-ops connect``."""

from __future__ import annotations

import click

from ash_ops.cli._context import Context


@click.command()
@click.pass_obj
def command(ctx: Context) -> int:
    """Print the two export lines a client needs: `eval "$(ash-ops connect)"`."""
    from ash_ops.commands.connect import connect

    return ctx.show(connect(ctx.ports()))
