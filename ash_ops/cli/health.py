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

    Uses ASH_SERVER_URL when it is set, else the deployment's load balancer.
    Exit codes: 0 healthy, 3 it answers but is not, 4 it could not be reached.
    """
    from ash_ops.deploy.health import read_health

    health = read_health(ctx.settings, lambda: ctx.aws)
    click.echo(health.json() if format_ == "json" else health.text())
    return health.exit_code
