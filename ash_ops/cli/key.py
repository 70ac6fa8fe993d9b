"""``ash-ops key``."""

from __future__ import annotations

import click

from ash_ops.cli._context import Context


@click.command()
@click.pass_obj
def command(ctx: Context) -> None:
    """Print the server's API key, and nothing else, on standard output."""
    from ash_ops.deploy.connection import find_key

    key = find_key(ctx.aws, ctx.settings.deployment)
    if ctx.is_terminal:
        ctx.note("This is a secret: anyone who has it can use the server.")
    click.echo(key.reveal())
