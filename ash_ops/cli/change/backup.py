"""``ash-ops backup``."""

from __future__ import annotations

import click

from ash_ops.cli._context import Context
from ash_ops.cli._options import plan_option, role_option, yes_option

_HELP = """Copy what a deployment keeps: its file system, its disk, its database.

By AWS's own means: AWS Backup for EFS, snapshots of EC2 and RDS. Shows what is copied, how large it is
and what it costs, and asks. --list shows the copies there are, also of a deployment that is gone.

Examples:

\b
  ash-ops backup
  ash-ops backup --list
  ash-ops backup --yes --no-wait

Exit codes: 0 done, 1 could not, 4 could not look at all copies (--list).
"""


@click.command(help=_HELP)
@click.option("--list", "list_only", is_flag=True, help="Show the copies there are, and stop.")
@plan_option
@yes_option
@click.option("--no-wait", is_flag=True, help="Start it and return.")
@role_option
@click.pass_obj
def command(
    ctx: Context, /, list_only: bool, plan_only: bool, yes: bool, no_wait: bool, role: str | None
) -> int:
    """Copy what a deployment keeps."""
    from ash_ops.commands.operate.backup import backup

    ports = ctx.ports(yes=yes)
    return ctx.show(
        backup(ports, role=role, list_only=list_only, plan_only=plan_only, wait=not no_wait)
    )
