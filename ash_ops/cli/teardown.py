"""``ash-ops teardown``."""

from __future__ import annotations

import click

from ash_ops.cli._context import Context
from ash_ops.cli._dialogue import Terminal


@click.command()
@click.option("--yes", "-y", is_flag=True, help="Type the name, so to speak, and answer yes.")
@click.option("--delete-data", is_flag=True, help="Delete the EFS file system too, with its data.")
@click.pass_obj
def command(ctx: Context, yes: bool, delete_data: bool) -> int:
    """Remove everything and prove that nothing billable is left.

    Exit codes: 0 nothing is left, 1 it did not go, 3 something billable is left, 4 could not look.
    """
    from ash_ops.deploy.command import run_teardown

    code, receipt = run_teardown(ctx.settings, ctx.aws, Terminal(yes=yes), delete_data)
    click.echo(receipt)
    return code
