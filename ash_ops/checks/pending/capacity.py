"""Is there a place for a task: its subnets and groups, addresses in them, and vCPU in the account's quota?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from ash_ops.aws import operations as op
from ash_ops.checks._attempts import Stage, at_next_start, stage_of
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import definition, is_serving, on_fargate, runs_a_task
from ash_ops.checks._findings import aws_command, change, deploy_fix, finding, quote, verify
from ash_ops.checks._sizes import vcpus_to_ask_for
from ash_ops.checks.base import Check, Effect, Finding, Fix, NotApplicable, Severity, items, present
from ash_ops.checks.network import placement
from ash_ops.checks.network.path import Placement
from ash_ops.checks.pending.task_phase import ATTACHING
from ash_ops.facts.network import Subnet
from ash_ops.facts.reading import CannotTell, Reading
from ash_ops.facts.services import Service
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import Quota
from ash_ops.facts.tasks import Task

# What EC2's answers call the things that a service names.
_LISTS = {"subnet": "Subnets", "security group": "SecurityGroups"}
_DEFAULT_MAXIMUM = 200  # per cent: what ECS takes when maximumPercent is not given


def addresses(snapshot: Snapshot) -> Iterator[Finding]:
    """The subnets have addresses left; ECS puts a task into any of them."""
    wanted = set(placement(snapshot).subnets)
    known = [s for s in items(snapshot.subnets) if s.subnet_id in wanted]
    empty = [s for s in known if s.available_ip_address_count == 0]
    all_empty = len(empty) == len(known)
    for subnet in empty:
        waits = any(_waits_in(snapshot, subnet, task) for task in snapshot.tasks.value or ())
        severity = at_next_start(snapshot, Stage.ATTACHED) if all_empty else "warning"
        found = _no_address(snapshot, subnet, "error" if waits else severity)
        yield replace(found, subject="") if all_empty else found


def _waits_in(snapshot: Snapshot, subnet: Subnet, task: Task) -> bool:
    """Whether a task was put there, and has been without its network interface for longer than is usual."""
    age = snapshot.taken_at - (task.created_at or snapshot.taken_at)
    early = task.last_status in {"PROVISIONING", "PENDING"} and stage_of(task) < Stage.ATTACHED
    return early and task.subnet_id == subnet.subnet_id and age > ATTACHING.usual


def _no_address(snapshot: Snapshot, subnet: Subnet, severity: Severity) -> Finding:
    return finding(
        "subnet-no-ips",
        "pending",
        f"Subnet {subnet.subnet_id} ({subnet.cidr_block}) has no free address: no task can be put there.",
        [quote(snapshot.subnets, f"Subnets[{subnet.subnet_id}].AvailableIpAddressCount", 0)],
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
        severity=severity,
        subject=f"subnet/{subnet.subnet_id}",
        apart=subnet.subnet_id,
    )


def places(snapshot: Snapshot) -> Iterator[Finding]:
    """Each subnet and security group that the service names is there: those in use cannot be deleted, the others can."""
    place, known = placement(snapshot), {s.subnet_id for s in items(snapshot.subnets)}
    known |= {task.subnet_id for task in snapshot.tasks.value or () if task.subnet_id}
    left = [subnet for subnet in place.subnets if subnet in known]
    for subnet in place.subnets:
        if subnet not in known:
            yield _gone(snapshot, snapshot.subnets, "subnet", subnet, left)
    if runs_a_task(snapshot):
        return
    vpcs = {s.vpc_id for s in items(snapshot.subnets) if s.subnet_id in place.subnets}
    groups = list(items(snapshot.security_groups))
    if not any(g.vpc_id in vpcs for g in groups):
        raise CannotTell("the security groups of the tasks' network were not read")
    there = [g.group_id for g in groups]
    for group in place.security_groups:
        if group not in there:
            yield _gone(snapshot, snapshot.security_groups, "security group", group, [])


def _gone(
    snapshot: Snapshot, reading: Reading[Any], kind: str, name: str, left: list[str]
) -> Finding:
    place = placement(snapshot)
    deploy = deploy_fix(snapshot, f"Let the service name a {kind} that exists.")
    steps = [_without(snapshot, place, name, left)] if left else [deploy]
    return finding(
        "cfn-resource-missing",
        "pending",
        f"The service puts its tasks into {kind} {name}, which does not exist"
        + (": a task that is put there never starts." if left else ": no task can start."),
        [
            quote(
                snapshot.service,
                "networkConfiguration.awsvpcConfiguration",
                ", ".join((*place.subnets, *place.security_groups)),
            ),
            quote(reading, f"{_LISTS[kind]}[{name}]", "not found"),
        ],
        [*steps, verify(snapshot, "pending")],
        severity="warning" if left else at_next_start(snapshot, Stage.ATTACHED),
        subject=f"subnet/{name}" if left else "",
        effect=Effect.NEXT_START,
        apart=name,
    )


def _without(snapshot: Snapshot, place: Placement, name: str, left: list[str]) -> Fix:
    facts = snapshot.deployment
    wanted: dict[str, object] = {
        "subnets": left,
        "securityGroups": list(place.security_groups),
        "assignPublicIp": "ENABLED" if place.public_ip else "DISABLED",
    }
    return change(
        snapshot,
        f"Leave {name} out: the other subnets are there.",
        op.UPDATE_SERVICE,
        cluster=facts.cluster,
        service=facts.service,
        networkConfiguration={"awsvpcConfiguration": wanted},
    )


def quota(snapshot: Snapshot) -> Iterator[Finding]:
    """The account's vCPU quota leaves room for what starts next: a task, or a rollout's second one."""
    service = present(snapshot.service)
    if not on_fargate(service) or _on_spot_only(service):
        raise NotApplicable("the tasks do not count against Fargate's on-demand quota")
    limit = present(snapshot.quota)
    vcpu = int(definition(snapshot).cpu or 0) / 1024
    if limit.value is None:
        return
    wanted = vcpu * (service.desired_count or 1)
    need = wanted * _extra_share(service) if is_serving(snapshot) else wanted
    used = limit.used if limit.used is not None else vcpu * (service.running_count or 0)
    if need and used + need > limit.value:
        yield _over_quota(snapshot, limit, used, need)


def _on_spot_only(service: Service) -> bool:
    names = {item.capacity_provider for item in service.capacity_provider_strategy}
    return names == {"FARGATE_SPOT"}


def _extra_share(service: Service) -> float:
    """How much a rollout may run beside what runs: nothing where it stops the old task first."""
    config = service.deployment_configuration
    maximum = (config.maximum_percent if config else None) or _DEFAULT_MAXIMUM
    return max(0, maximum - 100) / 100


def _over_quota(snapshot: Snapshot, limit: Quota, used: float, need: float) -> Finding:
    starts = "A rollout" if is_serving(snapshot) else "The start"
    wish = vcpus_to_ask_for(limit.value or 0, used + 2 * need)
    return finding(
        "fargate-quota",
        "pending",
        f"{starts} needs {need:g} vCPU more; {used:g} of the account's {limit.value:g} are in use.",
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
                    f"--quota-code {limit.code} --desired-value {wish:g}",
                ),
            ),
            verify(snapshot, "pending"),
        ],
        severity=at_next_start(snapshot, Stage.ATTACHED),
        confidence="confirmed" if limit.used is not None else "likely",
    )


ADDRESSES = Check(
    id="subnet-addresses",
    title="The subnets have free addresses",
    playbook="pending",
    run=addresses,
    causes=("subnet-no-ips",),
    explains=(*NO_TASK, "task-stuck", "eni-provision-timeout"),
)

PLACES = Check(
    id="places",
    title="The subnets and security groups that the service names exist",
    playbook="pending",
    run=places,
    causes=("cfn-resource-missing",),
    explains=(*NO_TASK, "task-stuck", "placement-failed", "eni-provision-timeout"),
)

QUOTA = Check(
    id="fargate-quota",
    title="The account's Fargate quota leaves room for a rollout",
    playbook="pending",
    run=quota,
    causes=("fargate-quota",),
    explains=NO_TASK,
)
