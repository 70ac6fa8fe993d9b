"""``ash-ops rollout``."""

from __future__ import annotations

from typing import Any

import click

from ash_ops.cli._context import Context
from ash_ops.cli._options import drain_option, plan_option


@click.command()
@click.argument("version", metavar="[TAG]", required=False)
@plan_option
@click.option("--yes", "-y", is_flag=True, help="Answer every question with yes.")
@click.option("--no-wait", is_flag=True, help="Start it and return.")
@drain_option
@click.option("--canary/--no-canary", default=None, help="Prove it with a real session.")
@click.option("--adopt", is_flag=True, help="Offer to take over what is not ours, thing by thing.")
@click.option("--lose-data", is_flag=True, help="Agree to the data loss that the plan tells.")
@click.pass_obj
def command(ctx: Context, /, version: str | None, yes: bool, no_wait: bool, **how: Any) -> int:
    """Run another image version, touching nothing else.

    TAG is a tag, a sha256: digest or a whole image name. Without it, or with the tag that runs
    already (latest), new tasks are started: they fetch what the tag means now.

    Examples:

    \b
      ash-ops rollout 0.2.0
      ash-ops rollout                   the same tag, fetched anew

    Exit codes: 0 done, 1 could not, 2 wrong usage, 3 done but broken, 4 could not tell.
    """
    from ash_ops.commands.rollout import rollout
    from ash_ops.deploy.environment import DeployChoices

    choices = DeployChoices(wait=not no_wait, **how)
    return ctx.show(rollout(ctx.ports(yes=yes), version, choices))
