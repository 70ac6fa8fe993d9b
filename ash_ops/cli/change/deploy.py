"""``ash-ops deploy``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ash_ops.cli._context import Context
from ash_ops.cli._options import drain_option, plan_option
from ash_ops.template_parameters import (
    LISTS,
    MODES,
    SOURCES,
    SWITCHES,
    allowed,
    in_either,
    option_help,
)

Decorator = Callable[[Any], Any]

_HOW = ("plan_only", "canary", "template", "adopt", "lose_data", "drain")


class _Listed(click.Choice[str]):
    """Shows and completes the values of the bundled template, and leaves refusing to the one in use."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return value


def _of(parameter: str, text: str = "", **attributes: Any) -> Decorator:
    """The option of a parameter: its type, values, range, default and meaning are the template's."""
    name = (SOURCES.get(parameter) or LISTS[parameter])[0].replace("_", "-")
    found = in_either(parameter)
    if found.is_number:
        attributes["type"] = int
    elif found.allowed:
        attributes["type"] = _Listed(allowed(parameter))
    return click.option(f"--{name}", help=option_help(parameter, text), **attributes)


def _switch(parameter: str, text: str) -> Decorator:
    """The two options of a parameter with two values."""
    on, off = SWITCHES[parameter]
    return click.option(f"--{on}/--{off}", default=None, help=option_help(parameter, text))


@click.command()
@plan_option
@click.option("--yes", "-y", is_flag=True, help="Answer every question with yes.")
@click.option("--no-wait", is_flag=True, help="Start it and return; `deploy` again follows it.")
@drain_option
@click.option(
    "--canary/--no-canary",
    default=None,
    help="Prove it with a real session [default: for ec2 and managed].",
)
@click.option("--mode", type=click.Choice(MODES), help="Which template.")
@_of("LaunchType")
@_of("Image")
@_of("Cpu")
@_of("Memory")
@_of("Architecture")
@_of("InstanceType")
@_of("MaxSandboxes")
@_of("SandboxMemory")
@_of("VpcId", "Network; the default VPC if none is named.", metavar="VPC-ID")
@_of("SubnetIds", metavar="ID,ID")
@_of("TaskSubnetIds", "The task's subnets, if others.", metavar="ID,ID")
@_switch("AssignPublicIp", "Task without a public address (needs NAT).")
@_switch("Scheme", "Load balancer inside the VPC only.")
@_of(
    "AllowedCidr",
    "Who may connect; this machine if nobody is named. Whoever connects can read the API key.",
    multiple=True,
    metavar="CIDR",
)
@_of("ListenerPort")
@_of("CertificateArn", metavar="ARN")
@_of("Hostname")
@_of("DomainName", metavar="NAME")
@_of("HostedZoneId", metavar="ZONE-ID")
@_of("SnapshotsBucket", metavar="BUCKET")
@_of("SnapshotsRegion", metavar="REGION")
@_switch("UseEfs", "Keep /data on EFS; one task at a time.")
@_of("FileSystemId", metavar="FS-ID")
@_switch("RestoredFiles", "AWS Backup restored it: move its files to /data.")
@_of("DataVolumeId", metavar="VOL-ID")
@_of("PermissionsBoundaryArn", metavar="POLICY-ARN")
@_of("LogRetentionDays", metavar="DAYS")
@_of("ContainerInsights")
@_of("AlarmEmail", metavar="ADDRESS")
@_of("AlarmTopicArn", metavar="ARN")
@_of(
    "AlarmBudget",
    "US dollars a month above which the same is told; `plan` for what the plan costs.",
    metavar="USD",
)
@_of("RunnerSubnetIds", metavar="ID,ID")
@_of("RunnerCount")
@_of("RunnerMemory")
@_of("DatabaseClass")
@_of("DatabaseSnapshotId", metavar="SNAPSHOT")
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

    Examples:

    \b
      ash-ops deploy --plan                          what would be made, and what it costs
      ash-ops deploy                                 show, ask, deploy, prove
      ash-ops deploy --memory 4096 --cpu 512         another size
      ash-ops deploy --launch-type ec2 --name ash-ec2   where agents can run, beside the first

    Exit codes: 0 done or nothing to change, 1 could not, 2 wrong usage, 3 deployed but broken, 4
    could not tell.
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
