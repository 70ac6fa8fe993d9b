"""What runs now: the service, its tasks, its targets, its address. Found from cluster and service.

Nothing here asks CloudFormation, so a deployment by the public Terraform reads the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ash_ops.aws.calls import call
from ash_ops.aws.session import Aws
from ash_ops.deploy.run.progress import RolloutCounts
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.names import CONTAINER, Deployment


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """One of the service's deployments."""

    id: str
    is_primary: bool
    task_definition: str
    counts: RolloutCounts
    reason: str | None

    @property
    def state(self) -> str:
        """``IN_PROGRESS``, ``COMPLETED`` or ``FAILED``."""
        return self.counts.state


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """The service as DescribeServices tells it."""

    arn: str
    status: str
    desired: int
    running: int
    pending: int
    task_definition: str
    launch_type: str
    created_at: datetime | None
    rollouts: tuple[Rollout, ...]
    target_group: str | None
    events: tuple[tuple[str, datetime | None, str], ...]

    @property
    def primary(self) -> Rollout | None:
        """The deployment that is, or is to be, in place."""
        return next((r for r in self.rollouts if r.is_primary), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One registered target and its health."""

    id: str
    port: int | None
    state: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where clients connect."""

    balancer: str
    host: str
    port: int
    protocol: str
    state: str | None

    @property
    def url(self) -> str:
        """What a client uses as ``ASH_SERVER_URL``."""
        return f"{'https' if self.protocol == 'TLS' else 'http'}://{self.host}:{self.port}"


def find_service(aws: Aws, deployment: Deployment) -> ServiceState | None:
    """The service; ``None`` when there is no such cluster or service, or it was deleted.

    Raises:
        ReadFailed: the question could not be answered.
    """
    try:
        answer = call(
            aws,
            "ecs",
            "describe_services",
            cluster=deployment.cluster,
            services=[deployment.service],
        )
    except ReadFailed as error:
        if error.kind == "missing":
            return None
        raise
    found = [s for s in answer.get("services") or () if s.get("status") != "INACTIVE"]
    return _service(found[0]) if found else None


def require_service(aws: Aws, deployment: Deployment) -> ServiceState:
    """The service.

    Raises:
        OpsError: there is no deployment of this name.
        ReadFailed: the question could not be answered.
    """
    service = find_service(aws, deployment)
    if service is None:
        raise OpsError(
            f"There is no deployment {deployment.prefix!r} in {aws.region}",
            f"the cluster {deployment.cluster} has no service {deployment.service}",
            "Check --name and --region, or create it: `ash-ops deploy`.",
        )
    return service


def _service(raw: Mapping[str, Any]) -> ServiceState:
    balancers = raw.get("loadBalancers") or ()
    return ServiceState(
        arn=raw.get("serviceArn", ""),
        status=raw.get("status", ""),
        desired=raw.get("desiredCount", 0),
        running=raw.get("runningCount", 0),
        pending=raw.get("pendingCount", 0),
        task_definition=raw.get("taskDefinition", ""),
        launch_type=raw.get("launchType", ""),
        created_at=raw.get("createdAt"),
        rollouts=tuple(_rollout(item) for item in raw.get("deployments") or ()),
        target_group=next(
            (b["targetGroupArn"] for b in balancers if b.get("targetGroupArn")), None
        ),
        events=tuple(
            (e.get("id", ""), e.get("createdAt"), e.get("message", ""))
            for e in raw.get("events") or ()
        ),
    )


def _rollout(raw: Mapping[str, Any]) -> Rollout:
    definition = raw.get("taskDefinition", "")
    return Rollout(
        id=raw.get("id", ""),
        is_primary=raw.get("status") == "PRIMARY",
        task_definition=definition,
        reason=raw.get("rolloutStateReason"),
        counts=RolloutCounts(
            revision=definition.rsplit("/", 1)[-1],
            state=raw.get("rolloutState") or "IN_PROGRESS",
            desired=raw.get("desiredCount", 0),
            running=raw.get("runningCount", 0),
            pending=raw.get("pendingCount", 0),
            failed=raw.get("failedTasks", 0),
        ),
    )


def list_tasks(aws: Aws, deployment: Deployment, desired: str) -> list[Mapping[str, Any]]:
    """The service's tasks that shall run (``RUNNING``) or have stopped (``STOPPED``).

    Raises:
        ReadFailed: they could not be read.
    """
    arns = call(
        aws,
        "ecs",
        "list_tasks",
        cluster=deployment.cluster,
        serviceName=deployment.service,
        desiredStatus=desired,
    ).get("taskArns")
    if not arns:
        return []
    answer = call(aws, "ecs", "describe_tasks", cluster=deployment.cluster, tasks=list(arns)[:100])
    return list(answer.get("tasks") or ())


def targets_of(aws: Aws, target_group: str | None) -> tuple[Target, ...]:
    """The targets of a target group.

    Raises:
        ReadFailed: they could not be read.
    """
    if target_group is None:
        return ()
    answer = call(aws, "elbv2", "describe_target_health", TargetGroupArn=target_group)
    return tuple(
        Target(
            id=item["Target"]["Id"],
            port=item["Target"].get("Port"),
            state=(item.get("TargetHealth") or {}).get("State", "unknown"),
            reason=(item.get("TargetHealth") or {}).get("Reason"),
        )
        for item in answer.get("TargetHealthDescriptions") or ()
    )


def address_of(aws: Aws, target_group: str | None) -> Address | None:
    """Where the load balancer in front of a target group listens; ``None`` without one.

    Raises:
        ReadFailed: it could not be read.
    """
    if target_group is None:
        return None
    groups = call(aws, "elbv2", "describe_target_groups", TargetGroupArns=[target_group])
    arns = [a for g in groups.get("TargetGroups") or () for a in g.get("LoadBalancerArns") or ()]
    if not arns:
        return None
    balancers = call(aws, "elbv2", "describe_load_balancers", LoadBalancerArns=arns[:1])
    listeners = call(aws, "elbv2", "describe_listeners", LoadBalancerArn=arns[0])
    return _address(
        (balancers.get("LoadBalancers") or [{}])[0], listeners.get("Listeners") or (), target_group
    )


def _address(
    balancer: Mapping[str, Any], listeners: Sequence[Mapping[str, Any]], target_group: str
) -> Address | None:
    leading = [
        listener
        for listener in listeners
        if any(
            a.get("TargetGroupArn") == target_group for a in listener.get("DefaultActions") or ()
        )
    ]
    chosen = next(iter(leading or listeners), None)
    if chosen is None or not balancer.get("DNSName"):
        return None
    return Address(
        balancer=balancer.get("LoadBalancerArn", ""),
        host=balancer["DNSName"],
        port=chosen.get("Port", 0),
        protocol=chosen.get("Protocol", "TCP"),
        state=(balancer.get("State") or {}).get("Code"),
    )


def container_definition(aws: Aws, task_definition: str) -> Mapping[str, Any]:
    """The Ash container of a task definition: the one named ``ash``, else the first.

    Raises:
        ReadFailed: it could not be read.
    """
    answer = call(aws, "ecs", "describe_task_definition", taskDefinition=task_definition)
    containers = (answer.get("taskDefinition") or {}).get("containerDefinitions") or [{}]
    named = (c for c in containers if c.get("name") == CONTAINER)
    found: Mapping[str, Any] = next(named, containers[0])
    return found
