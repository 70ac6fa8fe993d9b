"""ELB: targets, registered by the tasks that run, and as healthy as the world finds them."""

from __future__ import annotations

from typing import Any

from ministack.services import alb, ecs

from ash_ops.demo.overlay import state
from ash_ops.demo.overlay.machines import hosts

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

_HEALTHY = {"State": "healthy"}
_FAILED = {
    "State": "unhealthy",
    "Reason": "Target.FailedHealthChecks",
    "Description": "Health checks failed",
}


def install() -> None:
    """Replace the answer about target health, and know whom an address belongs to."""
    alb._ACTION_MAP["DescribeTargetHealth"] = _describe_target_health
    alb._ACTION_MAP["RegisterTargets"] = _register_targets


def _register_targets(parameters: Record) -> Answer:
    answer: Answer = alb._register_targets(parameters)
    group = alb._tgs.get(alb._p(parameters, "TargetGroupArn"), {})
    owners = {
        _target_id(task, group): task["taskArn"]
        for task in state.tasks().values()
        if task["lastStatus"] == "RUNNING"
    }
    for target in state.targets(group.get("TargetGroupArn", "")):
        if "_task" not in target and target["Id"] in owners:
            target["_task"] = owners[target["Id"]]
    return answer


def health_of(target: Record) -> Record:
    """One target's health, as ``TargetHealth`` of DescribeTargetHealth."""
    task = state.tasks().get(target.get("_task", ""))
    if task is not None:
        found: Record = task.get("_target") or _HEALTHY
        return found
    # Registered by hand: whatever it is, nothing of this account answers there.
    return _HEALTHY if not target.get("_foreign") else _FAILED


def _describe_target_health(parameters: Record) -> Answer:
    arn = alb._p(parameters, "TargetGroupArn")
    group = alb._tgs.get(arn)
    if group is None:
        return _error("TargetGroupNotFound", "One or more target groups not found")
    wanted = {target["Id"] for target in alb._parse_targets_param(parameters)}
    chosen = [t for t in state.targets(arn) if not wanted or t["Id"] in wanted]
    members = "".join(_target_xml(target, group) for target in chosen)
    answer: Answer = alb._xml(
        200,
        "DescribeTargetHealth",
        f"<TargetHealthDescriptions>{members}</TargetHealthDescriptions>",
    )
    return answer


def _error(code: str, message: str) -> Answer:
    answer: Answer = alb._error(code, message)
    return answer


def _target_xml(target: Record, group: Record) -> str:
    port = target.get("Port", group["Port"])
    health = "".join(f"<{k}>{alb._esc(v)}</{k}>" for k, v in health_of(target).items())
    zone = _zone_of(target["Id"])
    return (
        f"<member><HealthCheckPort>{port}</HealthCheckPort>"
        f"<Target><Id>{target['Id']}</Id><Port>{port}</Port>{zone}</Target>"
        f"<TargetHealth>{health}</TargetHealth></member>"
    )


def _zone_of(address: str) -> str:
    for interface in state.network_interfaces().values():
        if interface["PrivateIpAddress"] == address:
            return f"<AvailabilityZone>{interface['AvailabilityZone']}</AvailabilityZone>"
    return ""


def balancer_of(service: Record) -> Record | None:
    """The load balancer in front of a service, or ``None``."""
    for entry in service.get("loadBalancers", []):
        found = balancer_of_group(entry.get("targetGroupArn", ""))
        if found is not None:
            return found
    return None


def balancer_of_group(group_arn: str) -> Record | None:
    """The load balancer whose listener forwards to a target group, or ``None``."""
    for listener in alb._listeners.values():
        for action in listener["DefaultActions"]:
            if action.get("TargetGroupArn") == group_arn:
                found: Record | None = alb._lbs.get(listener["LoadBalancerArn"])
                return found
    return None


def register(task: Record) -> None:
    """Make a task that runs a target of its service's groups, as ECS does."""
    service = _service_of(task)
    for entry in (service or {}).get("loadBalancers", []):
        group = entry.get("targetGroupArn", "")
        known = alb._tgs.get(group)
        if known is None:
            continue
        target = {"Id": _target_id(task, known), "Port": entry["containerPort"]}
        alb._targets.setdefault(group, []).append({**target, "_task": task["taskArn"]})
        text = f"(service {(service or {})['serviceName']}) registered 1 targets in (target-group {group})"
        state.add_service_event(service or {}, text, task["startedAt"])


def _target_id(task: Record, group: Record) -> str:
    if group.get("TargetType") == "instance":
        host = hosts.known().get(task.get("containerInstanceArn", ""), {})
        return str(host.get("ec2InstanceId", ""))
    return str(ecs._task_ip(task) or "")


def deregister(task: Record) -> None:
    """Take a task that stopped out of its target groups."""
    for group, targets in list(alb._targets.items()):
        kept = [t for t in targets if t.get("_task") != task["taskArn"]]
        if len(kept) < len(targets):
            targets[:] = kept
            service = _service_of(task)
            if service is not None:
                text = f"(service {service['serviceName']}) deregistered 1 targets in (target-group {group})"
                state.add_service_event(service, text, task["stoppedAt"])


def _service_of(task: Record) -> Record | None:
    from ash_ops.demo.world.subjects import service_of

    return service_of(task)


def others_of(service: Record) -> list[Record]:
    """Tasks of a service that a mutation left running: they are counted and not lived."""
    group = f"service:{service['serviceName']}"
    return [
        task
        for task in list(state.tasks().values())
        if task.get("group") == group
        and task["clusterArn"] == service["clusterArn"]
        and task["lastStatus"] != "STOPPED"
        and "_phase" not in task
    ]
