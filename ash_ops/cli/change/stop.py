"""``ash-ops stop``."""

from __future__ import annotations

from typing import Any

import click

from ash_ops.cli._context import Context
from ash_ops.cli._options import drain_option, plan_option, yes_option

_HELP = """Stop it to save money: no task, no machine, no running database; all else stays.

Shows what stops, the sessions that end, and what still costs, and asks. `ash-ops start` brings
it back under the same address with the same keys. `doctor` knows that it is no outage.

Examples:

\b
  ash-ops stop --plan
  ash-ops stop --drain=10

Exit codes: 0 stopped, 1 could not.
"""


@click.command(help=_HELP)
@plan_option
@yes_option
@click.option("--no-wait", is_flag=True, help="Ask for it and return.")
@drain_option
@click.option("--lose-data", is_flag=True, help="Agree to the data loss that the plan tells.")
@click.pass_obj
def command(ctx: Context, /, yes: bool, no_wait: bool, **how: Any) -> int:
    """Stop a deployment."""
    from ash_ops.commands.operate.stop import stop
    from ash_ops.deploy.environment import DeployChoices

    choices = DeployChoices(wait=not no_wait, **how)
    return ctx.show(stop(ctx.ports(yes=yes), choices))
