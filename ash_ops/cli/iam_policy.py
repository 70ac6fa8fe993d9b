"""``ash-ops iam-policy``."""

from __future__ import annotations

import click

from ash_ops.cli._context import Context


@click.command()
@click.argument("for_command", metavar="COMMAND", default="deploy")
@click.option("--account", default="*", help="Account id to name in the policy.")
@click.option("--partition", default="aws", help="aws, aws-cn or aws-us-gov.")
@click.pass_obj
def command(ctx: Context, for_command: str, account: str, partition: str) -> None:
    """Print the least-privilege IAM policy of COMMAND (deploy, doctor, logs, cost ...)."""
    from ash_ops.deploy.iam_policy import policy_document

    settings = ctx.settings
    click.echo(
        policy_document(
            for_command,
            settings.deployment,
            partition=partition,
            region=settings.region or "*",
            account=account,
        )
    )
