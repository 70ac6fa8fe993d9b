"""Are the runners' subnets there, and do they lead out? Runners get no public address."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import aws_command, finding, quote
from ash_ops.checks.base import Check, Finding, Fix, asked, items
from ash_ops.checks.network.routes import route_blockers
from ash_ops.checks.plan.routes import no_way_out
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.network import Subnet

_NAT = Fix(why="Name private subnets behind a NAT gateway with --runner-subnets.")


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """Every subnet that was named exists in the VPC, and leads out through something else than a public address."""
    found = [s for s in asked(planned.runner_subnets) or () if s.vpc_id == planned.vpc]
    wanted = planned.parameters.get("RunnerSubnetIds", "").split(",")
    missing = [id_ for id_ in wanted if id_ not in {s.subnet_id for s in found}]
    if missing:
        yield _missing(planned, missing[0])
        return
    yield from _astray(planned, found)
    for subnet in found:
        for blocker in route_blockers(planned.snapshot, subnet, public_ip=False):
            yield no_way_out([subnet.subnet_id], blocker, [_NAT])


def _astray(planned: PlannedDeployment, runners: list[Subnet]) -> Iterator[Finding]:
    """A runner in a zone without a mount target cannot mount /data: they are in the task's first two subnets."""
    zones = {s.subnet_id: s.zone for s in items(planned.snapshot.subnets)}
    mounted = sorted({zones[id_] for id_ in planned.task_subnets[:2] if id_ in zones})
    for subnet in runners:
        if subnet.zone not in mounted:
            yield finding(
                "efs-mount-failed",
                "plan",
                f"{subnet.subnet_id} is in {subnet.zone}, where /data cannot be mounted: its mount targets will be in "
                f"{' and '.join(mounted)}.",
                [
                    quote(
                        planned.runner_subnets,
                        f"Subnets[{subnet.subnet_id}].AvailabilityZone",
                        subnet.zone,
                    )
                ],
                [
                    Fix(
                        why="Name subnets of those zones with --runner-subnets, or others with --task-subnets."
                    )
                ],
                subject=f"subnet/{subnet.subnet_id}",
                apart=subnet.subnet_id,
            )


def _missing(planned: PlannedDeployment, subnet: str) -> Finding:
    return finding(
        "cfn-resource-missing",
        "plan",
        f"There is no subnet {subnet} in {planned.vpc}.",
        [quote(planned.runner_subnets, f"Subnets[{subnet}]", "none")],
        [
            Fix(
                why="Correct --runner-subnets; this lists them.",
                command=aws_command(
                    planned.snapshot,
                    f"ec2 describe-subnets --filters Name=vpc-id,Values={planned.vpc}",
                ),
            )
        ],
        subject=f"subnet/{subnet}",
    )


CHECK = Check(
    id="runners",
    title="The runners' subnets lead out",
    playbook="plan",
    run=run,
    causes=("cfn-resource-missing", "efs-mount-failed", "image-pull-network"),
)
