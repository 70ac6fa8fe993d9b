"""Does the Auto Scaling group start the instances that are wanted?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.aws import operations as op
from ash_ops.causes import classify
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import is_of_runners
from ash_ops.checks._findings import aws_command, change, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, Severity, items, present
from ash_ops.checks.hosts._events import REFUSALS
from ash_ops.checks.hosts._hosts import require_hosts, severity_now
from ash_ops.facts.hosts import CapacityProvider, GroupInstance, ScalingActivity, ScalingGroup
from ash_ops.facts.snapshot import Snapshot

_IN_SERVICE = "InService"


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The group wants an instance, may start one, and its newest attempt did not fail."""
    require_hosts(snapshot)
    groups = list(items(snapshot.scaling_groups))
    if not groups:
        raise NotApplicable("no Auto Scaling group is behind the service's instances")
    for group in groups:
        missing = len(_in_service(group)) < max(1, group.desired_capacity or 0)
        if missing:
            yield from _why_missing(snapshot, group)
        elif threat := _threat(snapshot, group):
            yield threat
        elif is_of_runners(snapshot):
            yield from _at_its_most(snapshot, group)


def _in_service(group: ScalingGroup) -> list[str]:
    return [i.instance_id for i in group.instances if i.lifecycle_state in {None, _IN_SERVICE}]


def _why_missing(snapshot: Snapshot, group: ScalingGroup) -> Iterator[Finding]:
    severity = _severity(snapshot, group)
    if group.max_size == 0 or (group.desired_capacity == 0 and not _scaled_by_ecs(snapshot, group)):
        yield _empty(snapshot, group, severity)
        return
    launch = next((p for p in group.suspended_processes if p.process_name == "Launch"), None)
    if launch is not None:
        yield _suspended(snapshot, group, launch.suspension_reason or "no reason given", severity)
        return
    failed = _newest_failure(snapshot, group)
    if failed is not None:
        yield _failed(snapshot, group, failed, severity)


def _threat(snapshot: Snapshot, group: ScalingGroup) -> Finding | None:
    """What takes the instances that are there away, or keeps the next one from starting."""
    if group.max_size == 0 or (group.desired_capacity == 0 and not _scaled_by_ecs(snapshot, group)):
        return _empty(snapshot, group, "warning")
    launch = next((p for p in group.suspended_processes if p.process_name == "Launch"), None)
    if launch is not None:
        return _suspended(snapshot, group, launch.suspension_reason or "no reason given", "warning")
    sick = [i for i in group.instances if (i.health_status or "").lower() == "unhealthy"]
    return _being_replaced(snapshot, group, sick[0]) if sick else None


def _being_replaced(snapshot: Snapshot, group: ScalingGroup, sick: GroupInstance) -> Finding:
    name, instance = group.auto_scaling_group_name, sick.instance_id
    return finding(
        "host-unhealthy",
        "pending",
        f"Auto Scaling group {name} calls instance {instance} unhealthy: it ends it, with every task and session on "
        "it, and starts another.",
        [
            quote(
                snapshot.scaling_groups,
                f"AutoScalingGroups[{name}].Instances[{instance}].HealthStatus",
                sick.health_status,
            )
        ],
        [
            Fix(
                why="See what it says of the instance; the other is there within minutes.",
                command=aws_command(
                    snapshot,
                    f"autoscaling describe-scaling-activities --auto-scaling-group-name {name} --max-records 5",
                ),
            ),
            verify(snapshot, "pending"),
        ],
        severity="warning",
        subject=f"host/{instance}",
        apart=instance,
    )


def _severity(snapshot: Snapshot, group: ScalingGroup) -> Severity:
    return "warning" if _in_service(group) else severity_now(snapshot)


def _scaled_by_ecs(snapshot: Snapshot, group: ScalingGroup) -> bool:
    """Whether ECS raises the group's size when a task needs an instance (managed scaling)."""
    providers: list[CapacityProvider] = list(items(snapshot.capacity_providers))
    behind = [
        p.auto_scaling_group_provider
        for p in providers
        if p.group_name == group.auto_scaling_group_name
    ]
    return any(p and p.managed_scaling and p.managed_scaling.status == "ENABLED" for p in behind)


def _empty(snapshot: Snapshot, group: ScalingGroup, severity: Severity) -> Finding:
    name = group.auto_scaling_group_name
    size = f"minimum {group.min_size}, desired {group.desired_capacity}, maximum {group.max_size}"
    number = _wanted(snapshot)
    return finding(
        "scaling-group-empty",
        "pending",
        f"Auto Scaling group {name} is asked for no instance ({size}).",
        [quote(snapshot.scaling_groups, f"AutoScalingGroups[{name}].DesiredCapacity", size)],
        [
            change(
                snapshot,
                "Ask for one instance."
                if number == 1
                else f"Ask for {number} instances: each runner has one to itself.",
                op.UPDATE_AUTO_SCALING_GROUP,
                AutoScalingGroupName=name,
                **_size(group, number),
            ),
            verify(snapshot, "pending"),
        ],
        severity=severity,
        subject=f"group/{name}",
        apart=name,
    )


def _wanted(snapshot: Snapshot) -> int:
    """How many instances the service needs: each runner has one to itself."""
    return (present(snapshot.service).desired_count or 1) if is_of_runners(snapshot) else 1


def _size(group: ScalingGroup, number: int) -> dict[str, int]:
    """What is asked for so many instances; a maximum that has room for them stays."""
    more = {"MaxSize": number} if group.max_size is not None and group.max_size < number else {}
    return {"DesiredCapacity": number, **more}


def _at_its_most(snapshot: Snapshot, group: ScalingGroup) -> Iterator[Finding]:
    """Fewer instances than runners, and the group may have no more."""
    number, there = _wanted(snapshot), len(_in_service(group))
    if group.max_size is None or not there <= group.max_size < number:
        return
    name, most = group.auto_scaling_group_name, f"maximum {group.max_size}"
    yield finding(
        "scaling-group-cannot-launch",
        "pending",
        f"Auto Scaling group {name} may start no other instance ({most}), and {number} runners are wanted: "
        "each has one to itself.",
        [quote(snapshot.scaling_groups, f"AutoScalingGroups[{name}].MaxSize", group.max_size)],
        [
            change(
                snapshot,
                f"Let it have {number}; each is billed.",
                op.UPDATE_AUTO_SCALING_GROUP,
                AutoScalingGroupName=name,
                **_size(group, number),
            ),
            verify(snapshot, "pending"),
        ],
        severity=_severity(snapshot, group),
        apart=name,
    )


def _suspended(snapshot: Snapshot, group: ScalingGroup, why: str, severity: Severity) -> Finding:
    name = group.auto_scaling_group_name
    return finding(
        "scaling-group-cannot-launch",
        "pending",
        f"Auto Scaling group {name} may start no instance: launching is suspended ({why}).",
        [
            quote(
                snapshot.scaling_groups,
                f"AutoScalingGroups[{name}].SuspendedProcesses[Launch]",
                why,
            )
        ],
        [
            Fix(
                why="Let it start instances again, once whoever suspended it agrees.",
                command=aws_command(
                    snapshot,
                    f"autoscaling resume-processes --auto-scaling-group-name {name} --scaling-processes Launch",
                ),
            ),
            verify(snapshot, "pending"),
        ],
        severity=severity,
        subject=f"group/{name}",
        apart=name,
    )


def _newest_failure(snapshot: Snapshot, group: ScalingGroup) -> ScalingActivity | None:
    """The newest activity of the group, if it failed: what came after a failure refutes it."""
    name = group.auto_scaling_group_name
    own = [
        a
        for a in items(snapshot.scaling_activities)
        if a.auto_scaling_group_name == name
        and a.status_code in {"Failed", "Cancelled", "Successful"}
    ]
    newest = max(own, key=lambda a: a.start_time or snapshot.taken_at, default=None)
    return newest if newest is not None and _started_none(newest) else None


def _started_none(activity: ScalingActivity) -> bool:
    """Whether it failed, or was given up since the instance ended: so a key that cannot be used is told."""
    given_up = activity.status_code == "Cancelled" and "Client." in (activity.status_message or "")
    return activity.status_code == "Failed" or given_up


def _failed(
    snapshot: Snapshot, group: ScalingGroup, activity: ScalingActivity, severity: Severity
) -> Finding:
    name, message = group.auto_scaling_group_name, activity.status_message or "no message."
    known = classify("api_error", {"message": message}).cause
    cause = known if known in REFUSALS else "scaling-group-cannot-launch"
    path = f"Activities[{activity.activity_id[:8]}].StatusMessage"
    return finding(
        cause,
        "pending",
        f"Auto Scaling group {name} could not start an instance: {message}",
        [quote(snapshot.scaling_activities, path, message, activity.start_time)],
        [*_steps(snapshot, name, cause), verify(snapshot, "pending")],
        severity=severity,
        subject=f"group/{name}",
        since=activity.start_time,
        apart=name,
    )


def _steps(snapshot: Snapshot, name: str, cause: str) -> list[Fix]:
    if cause == "no-instance-capacity":
        return [
            Fix(
                why="Wait, for the group tries again by itself; or use another instance type "
                "(`ash-ops deploy --instance-type TYPE`) or subnets in other zones: which, is your decision."
            )
        ]
    if cause == "instance-quota":
        return [
            Fix(
                why="See the quota (that of Standard instances: A, C, D, H, I, M, R, T, Z), then ask for more "
                "(`aws service-quotas request-service-quota-increase`) as many vCPU as you need.",
                command=aws_command(
                    snapshot,
                    "service-quotas get-service-quota --service-code ec2 --quota-code L-1216C47A",
                ),
            )
        ]
    return [
        Fix(
            why="Remove what the message names (launch template, image, role, subnet, key); the group tries "
            "again by itself. What it tried last:",
            command=aws_command(
                snapshot,
                f"autoscaling describe-scaling-activities --auto-scaling-group-name {name} --max-records 5",
            ),
        )
    ]


CHECK = Check(
    id="scaling-group",
    title="The Auto Scaling group starts the instances that are wanted",
    playbook="pending",
    run=run,
    causes=(
        "host-unhealthy",
        "scaling-group-empty",
        "scaling-group-cannot-launch",
        "no-instance-capacity",
        "instance-quota",
    ),
    explains=(
        *(*NO_TASK, "task-stuck", "placement-failed", "wrong-launch-type", "no-instances"),
        *("instances-full", "host-drained", "infrastructure-health"),
    ),
)
