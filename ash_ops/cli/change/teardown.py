"""``ash-ops teardown``."""

from __future__ import annotations

from typing import Any

import click

from ash_ops.cli._context import Context
from ash_ops.cli._options import drain_option


@click.command()
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option(
    "--delete-data",
    is_flag=True,
    help="Delete what holds data too: EFS file system, EC2 disk, the database's last snapshot.",
)
@click.option(
    "--delete-backups",
    is_flag=True,
    help="Delete the copies that AWS Backup, EC2 and RDS hold of it.",
)
@click.option(
    "--delete-secret-now",
    is_flag=True,
    help="Destroy the keys at once; else they can be taken back for 30 days, unbilled.",
)
@click.option("--adopt", is_flag=True, help="Offer to remove what is not ours, thing by thing.")
@drain_option
@click.option(
    "-o", "--output", metavar="FILE", help="Write the receipt to FILE; .html makes it a page."
)
@click.pass_obj
def command(ctx: Context, /, yes: bool, **how: Any) -> int:
    """Remove what is this deployment's, and prove that nothing billable is left.

    Only what carries the deployment's tag, or is in its stack, is touched. Data stays without
    --delete-data, whatever --yes says.

    Examples:

    \b
      ash-ops teardown                      show what goes, ask, remove, look again
      ash-ops teardown -o receipt.html      with the receipt as a page

    Exit codes: 0 nothing is left, 1 it did not go, 3 something billable is left, 4 could not look.
    """
    from ash_ops.commands.teardown import teardown

    return ctx.show(teardown(ctx.ports(yes=yes), **how))
