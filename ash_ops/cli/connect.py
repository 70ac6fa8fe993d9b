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
    from ash_ops.deploy.plan.callers import in_clear

    found = find_connection(ctx.aws, ctx.settings.deployment)
    if in_clear(found.url):
        ctx.note(
            f"{found.url} is plain HTTP: the key and all messages travel in clear, readable on the "
            "way. `ash-ops deploy --certificate ARN --hostname NAME` encrypts."
        )
    if ctx.is_terminal:
        ctx.note("This is a secret: anyone who has it can use the server.")
    click.echo(f"export ASH_SERVER_URL={shlex.quote(found.url)}")
    click.echo(f"export ASH_API_KEY={shlex.quote(found.key.reveal())}")
