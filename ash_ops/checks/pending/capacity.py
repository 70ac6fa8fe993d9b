"""Is there room for a task: addresses in its subnets, and vCPU in the account's quota?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import definition, running
from ash_ops.checks._findings import aws_command, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, items, present
from ash_ops.checks.network import placement
from ash_ops.snapshot.models import Quota, Snapshot

_FEW = 2  # a rollout needs one address for the new task while the old one keeps its own


def addresses(snapshot: Snapshot) -> Iterator[Finding]:
    """Each subnet has addresses left for a rollout."""
    wanted = set(placement(snapshot).subnets)
    for subnet in items(snapshot.subnets):
        free = subnet.available_ip_address_count
        if subnet.subnet_id not in wanted or free is None or free >= _FEW:
            continue
        yield finding(
            "subnet-no-ips",
            "pending",
            f"Subnet {subnet.subnet_id} ({subnet.cidr_block}) has {free} free addresses.",
            [quote(snapshot.subnets, f"Subnets[{subnet.subnet_id}].AvailableIpAddressCount", free)],
            [
                Fix(
                    why="See what holds its addresses; delete what is not in use, or add a larger subnet.",
                    command=aws_command(
                        snapshot,
                        f"ec2 describe-network-interfaces --filters Name=subnet-id,Values={subnet.subnet_id}",
                    ),
                ),
                verify(snapshot, "pending"),
            ],
            severity="warning" if running(snapshot) or free else "error",
            subject=subnet.subnet_id,
        )


def quota(snapshot: Snapshot) -> Iterator[Finding]:
    """The account's vCPU quota leaves room for a rollout, which runs old and new side by side."""
    limit = present(snapshot.quota)
    vcpu = int(definition(snapshot).cpu or 0) / 1024
    service = present(snapshot.service)
    desired = service.desired_count or 1
    if limit.value is None or not vcpu:
        return
    need = vcpu * desired * (1 if running(snapshot) else 2)
    used = limit.used if limit.used is not None else vcpu * len(running(snapshot))
    if used + need <= limit.value:
        return
    yield _over_quota(snapshot, limit, used, need)


def _over_quota(snapshot: Snapshot, limit: Quota, used: float, need: float) -> Finding:
    return finding(
        "fargate-quota",
        "pending",
        f"A rollout needs {need:g} vCPU more; {used:g} of the account's {limit.value:g} are in use.",
        [
            quote(
                snapshot.quota,
                f"Quota[{limit.code}].Value",
                f"{limit.value:g} vCPU, {used:g} in use",
            )
        ],
        [
            Fix(
                why="Ask for more.",
                command=aws_command(
                    snapshot,
                    "service-quotas request-service-quota-increase --service-code fargate "
                    f"--quota-code {limit.code} --desired-value {2 * (limit.value or 0) + need:g}",
                ),
            ),
            verify(snapshot, "pending"),
        ],
        severity="warning" if running(snapshot) else "error",
        confidence="confirmed" if limit.used is not None else "likely",
    )


ADDRESSES = Check(
    id="subnet-addresses",
    title="The subnets have free addresses",
    playbook="pending",
    run=addresses,
    causes=("subnet-no-ips",),
    needs=("ec2:DescribeSubnets",),
    explains=(*NO_TASK, "task-stuck", "eni-provision-timeout"),
)

QUOTA = Check(
    id="fargate-quota",
    title="The account's Fargate quota leaves room for a rollout",
    playbook="pending",
    run=quota,
    causes=("fargate-quota",),
    needs=("servicequotas:GetServiceQuota",),
    explains=NO_TASK,
)
