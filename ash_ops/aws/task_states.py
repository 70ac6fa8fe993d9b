"""ECS as ``ash-ops logs`` reads it: which tasks run, which stopped and why, what they log to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ash_ops.aws.light import ECS, Identity, JsonApi

_DESCRIBE_AT_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskState:
    """One task.

    Attributes:
        id: its id, the last part of its ARN and of its log streams' names.
        status: ``lastStatus``, for instance ``RUNNING`` or ``STOPPED``.
        stopped_at: seconds since 1970.
        reason: what the container that failed says, else ``stoppedReason``.
        exit_code: that container's.
    """

    id: str
    status: str
    stopped_at: float | None = None
    reason: str = ""
    exit_code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """One service.

    Attributes:
        status: ``ACTIVE``, ``DRAINING``, ``INACTIVE``, or ``MISSING`` when ECS knows none.
        running: how many tasks run.
        desired: how many should.
        task_definition: the ARN of what it runs.
    """

    status: str
    running: int = 0
    desired: int = 0
    task_definition: str = ""


class TaskReader:
    """Reads the tasks of one service.

    Args:
        identity: who asks.
        cluster: the cluster's name.
        service: the service's name.
    """

    def __init__(self, identity: Identity, cluster: str, service: str) -> None:
        self.cluster = cluster
        self.service = service
        self._api = JsonApi(ECS, identity)

    def service_state(self) -> ServiceState:
        """How the service is.

        Raises:
            ReadFailed: ECS did not say.
        """
        body = {"cluster": self.cluster, "services": [self.service]}
        services = self._api.call("DescribeServices", body).answer.get("services") or []
        if not services:
            return ServiceState(status="MISSING")
        found = services[0]
        return ServiceState(
            status=str(found.get("status", "")),
            running=int(found.get("runningCount") or 0),
            desired=int(found.get("desiredCount") or 0),
            task_definition=str(found.get("taskDefinition", "")),
        )

    def log_group(self) -> str | None:
        """The log group that the service's task definition names; ``None`` if it names none.

        Raises:
            ReadFailed: ECS did not say.
        """
        group = (self.log_options() or {}).get("awslogs-group")
        return str(group) if group else None

    def log_options(self) -> dict[str, Any] | None:
        """What the service's task definition tells the ``awslogs`` driver; ``None`` if nothing.

        Raises:
            ReadFailed: ECS did not say.
        """
        definition = self.service_state().task_definition
        if not definition:
            return None
        answer = self._api.call("DescribeTaskDefinition", {"taskDefinition": definition}).answer
        containers = (answer.get("taskDefinition") or {}).get("containerDefinitions") or []
        for container in containers:
            options: dict[str, Any] = (container.get("logConfiguration") or {}).get("options") or {}
            if options.get("awslogs-group"):
                return options
        return None

    def tasks(self) -> list[TaskState]:
        """The tasks that run or stopped within about the last hour (ECS forgets older ones).

        Raises:
            ReadFailed: ECS did not say.
        """
        arns = [arn for status in ("RUNNING", "STOPPED") for arn in self._list(status)]
        if not arns:
            return []
        body = {"cluster": self.cluster, "tasks": arns[:_DESCRIBE_AT_MOST]}
        found = self._api.call("DescribeTasks", body).answer.get("tasks") or []
        return [task_state(task) for task in found]

    def _list(self, desired_status: str) -> list[str]:
        body = {
            "cluster": self.cluster,
            "serviceName": self.service,
            "desiredStatus": desired_status,
        }
        arns = self._api.call("ListTasks", body).answer.get("taskArns")
        return arns if isinstance(arns, list) else []


def task_state(task: dict[str, Any]) -> TaskState:
    """A task as ECS describes it, in an answer or in a "Task State Change" event."""
    culprit = _culprit(task.get("containers") or [])
    stopped_at = task.get("stoppedAt")
    return TaskState(
        id=str(task.get("taskArn", "")).rpartition("/")[2],
        status=str(task.get("lastStatus", "")),
        stopped_at=stopped_at if isinstance(stopped_at, (int, float)) else None,
        reason=str(culprit.get("reason") or task.get("stoppedReason") or ""),
        exit_code=culprit.get("exitCode"),
    )


def _culprit(containers: list[dict[str, Any]]) -> dict[str, Any]:
    """The container to blame: one with a reason of its own, else one that failed, else any."""
    with_reason = [container for container in containers if container.get("reason")]
    failed = [container for container in containers if container.get("exitCode")]
    return next(iter([*with_reason, *failed, *containers]), {})
