"""``ash-ops rollback``."""

from __future__ import annotations

from typing import Any

import click

from ash_ops.cli._context import Context
from ash_ops.cli._options import drain_option, plan_option


@click.command()
@plan_option
@click.option("--yes", "-y", is_flag=True, help="Answer every question with yes.")
@click.option("--no-wait", is_flag=True, help="Start it and return.")
@drain_option
@click.option("--canary/--no-canary", default=None, help="Prove it with a real session.")
@click.option("--adopt", is_flag=True, help="Offer to take over what is not ours, thing by thing.")
@click.option("--lose-data", is_flag=True, help="Agree to the data loss that the plan tells.")
@click.pass_obj
def command(ctx: Context, /, yes: bool, no_wait: bool, **how: Any) -> int:
    """Go back to the image version that ran before; size and network stay as they are.

    Examples:

    \b
      ash-ops rollback

    Exit codes: 0 done, 1 could not, 2 wrong usage, 3 done but broken, 4 could not tell.
    """
    from ash_ops.commands.rollout import rollback
    from ash_ops.deploy.environment import DeployChoices

    choices = DeployChoices(wait=not no_wait, **how)
    return ctx.show(rollback(ctx.ports(yes=yes), choices))
