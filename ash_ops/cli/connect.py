"""``ash-ops connect``."""

from __future__ import annotations

import shlex

import click

from ash_ops.cli._context import Context


@click.command()
@click.pass_obj
def command(ctx: Context) -> None:
    """Print the two export lines a client needs: `eval "$(ash-ops connect)"`."""
    from ash_ops.deploy.connection import find_connection

    found = find_connection(ctx.aws, ctx.settings.deployment)
    click.echo(f"export ASH_SERVER_URL={shlex.quote(found.url)}")
    click.echo(f"export ASH_API_KEY={shlex.quote(found.key.reveal())}")
