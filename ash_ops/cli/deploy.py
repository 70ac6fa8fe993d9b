"""``ash-ops deploy``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ash_ops.cli._context import Context

_HOW = ("plan_only", "canary", "template", "adopt", "lose_data")


@click.command()
@click.option("--plan", "plan_only", is_flag=True, help="Show what would be done, and stop.")
@click.option("--yes", "-y", is_flag=True, help="Answer every question with yes.")
@click.option("--no-wait", is_flag=True, help="Start it and return; `deploy` again follows it.")
@click.option(
    "--canary/--no-canary", default=None, help="Prove it with a real session [default: for ec2]."
)
@click.option("--mode", type=click.Choice(["standalone", "multi-machine"]), help="Which template.")
@click.option(
    "--launch-type",
    type=click.Choice(["fargate", "ec2"], case_sensitive=False),
    help="ec2 runs privileged on one instance: agents need it [env ASH_ECS_LAUNCH_TYPE].",
)
@click.option("--image", help="Image of the server [env ASH_IMAGE].")
@click.option("--cpu", type=int, help="CPU units, 1024 are one vCPU [env ASH_ECS_CPU].")
@click.option("--memory", type=int, help="Memory in MB [env ASH_ECS_MEMORY].")
@click.option(
    "--architecture",
    type=click.Choice(["x86_64", "arm64"], case_sensitive=False),
    help="Processor.",
)
@click.option("--instance-type", help="EC2 instance for --launch-type ec2.")
@click.option("--max-sandboxes", type=int, help="Sandboxes at once [env ASH_MAX_SANDBOXES].")
@click.option("--sandbox-memory", type=int, help="MB a sandbox [env ASH_SANDBOX_MEMORY_MB].")
@click.option("--vpc", metavar="VPC-ID", help="Network [env ASH_ECS_VPC_ID; default VPC].")
@click.option(
    "--subnets", metavar="ID,ID", help="Two subnets in two zones [env ASH_ECS_SUBNET_IDS]."
)
@click.option("--task-subnets", metavar="ID,ID", help="The task's subnets, if others.")
@click.option("--private/--public", default=None, help="Task without a public address (needs NAT).")
@click.option(
    "--internal/--internet-facing", default=None, help="Load balancer inside the VPC only."
)
@click.option(
    "--allow-cidr",
    multiple=True,
    metavar="CIDR",
    help="Who may connect [default: this machine]. Whoever connects can read the API key.",
)
@click.option("--listener-port", type=int, help="Port for clients [4100].")
@click.option("--certificate", metavar="ARN", help="ACM certificate: the listener then speaks TLS.")
@click.option("--hostname", help="DNS name on the certificate.")
@click.option("--snapshots-bucket", metavar="BUCKET", help="S3 bucket for sessions' workspaces.")
@click.option("--snapshots-region", metavar="REGION", help="Its region [env ASH_S3_REGION].")
@click.option("--efs/--no-efs", default=None, help="Keep /data on EFS; one task at a time.")
@click.option(
    "--file-system",
    metavar="FS-ID",
    help="With --efs: a kept file system instead of a new one [env ASH_ECS_FILE_SYSTEM_ID].",
)
@click.option(
    "--volume",
    metavar="VOL-ID",
    help="With --launch-type ec2: a kept disk for /data [env ASH_ECS_VOLUME_ID].",
)
@click.option(
    "--boundary",
    metavar="POLICY-ARN",
    help="Permissions boundary of every role [env ASH_ECS_PERMISSIONS_BOUNDARY].",
)
@click.option("--log-retention", type=int, metavar="DAYS", help="How long logs are kept [30].")
@click.option(
    "--container-insights", type=click.Choice(["enabled", "enhanced", "disabled"]), help="Metrics."
)
@click.option("--runner-subnets", metavar="ID,ID", help="multi-machine: private subnets with NAT.")
@click.option("--runner-count", type=int, help="multi-machine: runner instances [2].")
@click.option("--runner-memory", type=int, help="multi-machine: MB of a runner [12288].")
@click.option("--database-class", help="multi-machine: RDS instance class [db.t4g.micro].")
@click.option(
    "--template",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Templates of your own (`ash-ops template DIR` writes them).",
)
@click.option("--adopt", is_flag=True, help="Offer to take over what is not ours, thing by thing.")
@click.option("--lose-data", is_flag=True, help="Agree to the data loss that the plan tells.")
@click.option(
    "--skip-check", multiple=True, metavar="CHECK", help="Deploy although a check refuses."
)
@click.pass_obj
def command(ctx: Context, /, **given: Any) -> int:
    """Deploy Ash: from .env to a running, verified server.

    Shows what will be created, changed and replaced, asks, follows the deployment, and proves
    that it works. What is not given stays as it is. Run it again after any interruption.

    Exit codes: 0 done or nothing to change, 1 could not, 3 deployed but broken, 4 could not tell.
    """
    from ash_ops.commands.deploy import deploy
    from ash_ops.deploy.environment import DeployChoices

    ports = ctx.ports(yes=given.pop("yes"))
    choices = DeployChoices(
        wait=not given.pop("no_wait"),
        skip_checks=frozenset(given.pop("skip_check")),
        **{name: given.pop(name) for name in _HOW},
    )
    return ctx.show(deploy(ports, given, choices))
