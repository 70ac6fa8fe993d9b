"""``ash-ops start``."""

from __future__ import annotations

from typing import Any

import click

from ash_ops.cli._context import Context
from ash_ops.cli._options import plan_option, yes_option

_HELP = """Start what `ash-ops stop` stopped, and prove that it works.

Database, machines and tasks come back as the stack wants them; the address and the keys are
the same as before.

Examples:

\b
  ash-ops start
  ash-ops start --yes --no-wait

Exit codes: 0 it runs, 1 could not, 3 started but broken, 4 could not tell.
"""


@click.command(help=_HELP)
@plan_option
@yes_option
@click.option("--no-wait", is_flag=True, help="Ask for it and return.")
@click.option("--canary/--no-canary", default=None, help="Prove it with a real session.")
@click.pass_obj
def command(ctx: Context, /, yes: bool, no_wait: bool, **how: Any) -> int:
    """Start a deployment."""
    from ash_ops.commands.operate.start import start
    from ash_ops.deploy.environment import DeployChoices

    choices = DeployChoices(wait=not no_wait, **how)
    return ctx.show(start(ctx.ports(yes=yes), choices))
