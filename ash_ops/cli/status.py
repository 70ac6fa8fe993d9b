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

    Exit codes: 0 healthy, 3 something is wrong, 4 could not tell.
    """
    from ash_ops.deploy.status import read_status, status_json, status_text

    status = read_status(ctx.aws, ctx.settings.deployment)
    click.echo(status_json(status) if format_ == "json" else status_text(status))
    return status.exit_code
