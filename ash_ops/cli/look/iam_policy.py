"""``ash-ops iam-policy``."""

from __future__ import annotations

from typing import Any

import click

from ash_ops.cli import _values
from ash_ops.cli._context import Context

_BESIDE = ("ec2", "managed", "efs", "multi-machine", "alarms", "domain", "fix", "adopt")


@click.command()
@click.argument(
    "for_command", metavar="[COMMAND]", default="deploy", shell_complete=_values.commands
)
@click.option("--account", default="*", help="Account id to name in the policy.")
@click.option("--partition", default="aws", help="aws, aws-cn or aws-us-gov.")
@click.option(
    "--with",
    "options",
    multiple=True,
    metavar="WHAT",
    type=click.Choice(_BESIDE),
    help=f"What is used beside: {', '.join(_BESIDE)}; fix is for doctor --fix. May be repeated.",
)
@click.option(
    "--part",
    type=click.Choice(["all", "own", "cloudformation", "options"]),
    default="all",
    help="Apart: ash-ops's own calls, those CloudFormation makes, those made for --with.",
)
@click.pass_obj
def command(ctx: Context, /, for_command: str, **how: Any) -> int:
    """Print the least-privilege IAM policy of COMMAND (deploy, doctor, logs, cost ...).

    `boundary` prints the permissions boundary that the deploy policy demands of every role:
    create it once as the managed policy NAME-boundary, and deploy with --boundary.

    Examples:

    \b
      ash-ops iam-policy doctor
      ash-ops iam-policy deploy --with efs
      ash-ops iam-policy boundary

    Exit codes: 0 printed, 2 there is no such command, or --with is none of its.
    """
    from ash_ops.commands.iam_policy import iam_policy

    return ctx.show(iam_policy(ctx.ports(), for_command, **how))
