"""``ash-ops restore``."""

from __future__ import annotations

import click

from ash_ops.cli._context import Context
from ash_ops.cli._options import plan_option, role_option, yes_option

_HELP = """Restore a copy into a new deployment, NEW-NAME, beside the old one.

Takes the newest copy of each kind, or the one that --point names; `ash-ops backup --list` shows them. Makes a
file system, disk or database of its own, then deploys NEW-NAME with it, as large as the old one and with
its keys where they can be read. Nothing that is there is written over.

Examples:

\b
  ash-ops restore ash-cloud-2 --plan
  ash-ops --name gone restore back --yes
  ash-ops restore ash-cloud-2 --point snap-0123456789abcdef0

Exit codes: 0 restored and verified, 1 could not, 2 wrong usage, 3 deployed but broken, 4 could not tell.
"""


@click.command(help=_HELP)
@click.argument("target", metavar="NEW-NAME")
@click.option("--point", metavar="ID", help="Which copy [default: the newest of each kind].")
@plan_option
@yes_option
@role_option
@click.pass_obj
def command(
    ctx: Context, /, target: str, point: str | None, plan_only: bool, yes: bool, role: str | None
) -> int:
    """Restore a copy into a new deployment."""
    from ash_ops.commands.operate.restore import restore

    return ctx.show(
        restore(ctx.ports(yes=yes), target, point=point, role=role, plan_only=plan_only)
    )
