"""ECS: cluster, service, task definitions and tasks.

Tasks are listed by service and, where the service is gone, by task definition family; a task of
another service is never returned (some emulators, and a family shared by two services, would
otherwise have one service blamed for another's deaths).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from ash_ops import redact
from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, fact, facts, if_there, rows
from ash_ops.aws.client.json_api import JsonApi, RenewableCredentials
from ash_ops.aws.client.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.facts.services import Cluster, Service
from ash_ops.facts.task_definitions import ContainerDefinition, TaskDefinition
from ash_ops.facts.tasks import Task
from ash_ops.redact.settings import SAFE_NAMES, masked_variable
from ash_ops.secret import Secret

LOG_DRIVER_MODE = "defaultLogDriverMode"
_DELIVERY = frozenset({"mode", "max-buffer-size"})  # of every log driver: what a full buffer does
TASKS_A_CALL = 100  # the most that DescribeTasks and a page of ListTasks take


def cluster(aws: Aws, name: str) -> Cluster | None:
    """The cluster with its settings, or ``None`` if there is none of that name."""
    asked = {"clusters": [name], "include": ["SETTINGS"]}
    found = facts(aws, op.DESCRIBE_CLUSTERS, Cluster, **asked)
    return next((each for each in found if each.cluster_name in ("", name)), None)


def service(aws: Aws, cluster_name: str, name: str) -> Service | None:
    """The service with its events and deployments, or ``None`` if it does not exist."""
    found = services(aws, cluster_name, [name])
    return next((each for each in found if each.service_name in ("", name)), None)


def services(aws: Aws, cluster_name: str, names: list[str]) -> tuple[Service, ...]:
    """Those of up to ten services that exist, also deleted ones (status ``INACTIVE``)."""
    asked: dict[str, Any] = {"cluster": cluster_name, "services": names, "include": ["TAGS"]}
    return facts(aws, op.DESCRIBE_SERVICES, Service, **asked)


def live_service(aws: Aws, cluster_name: str, name: str) -> Service | None:
    """The service; ``None`` where there is no such cluster or service, or it was deleted.

    Raises:
        ReadFailed: the question could not be answered.
    """
    found = if_there(lambda: services(aws, cluster_name, [name])) or ()
    return next((each for each in found if each.status != "INACTIVE"), None)


def service_arns(aws: Aws, cluster_name: str) -> tuple[str, ...]:
    """The services of a cluster.

    Raises:
        ReadFailed: they could not be read, or there is no such cluster.
    """
    return tuple(rows(aws, op.LIST_SERVICES, cluster=cluster_name))


def restart_service(aws: Aws, cluster_name: str, name: str) -> Service:
    """Start a service's tasks anew, from the same task definition.

    Raises:
        ReadFailed: ECS refused.
    """
    asked: dict[str, Any] = {"cluster": cluster_name, "service": name}
    answer = call(aws, op.UPDATE_SERVICE, forceNewDeployment=True, **asked)
    return fact(op.UPDATE_SERVICE, Service, answer.get("service") or {})


def set_desired_count(aws: Aws, cluster_name: str, name: str, count: int) -> None:
    """Let a service have so many tasks.

    Raises:
        ReadFailed: ECS refused.
    """
    asked: dict[str, Any] = {"cluster": cluster_name, "service": name}
    call(aws, op.UPDATE_SERVICE, desiredCount=count, **asked)


def delete_service(aws: Aws, cluster_name: str, arn: str) -> None:
    """Delete a service with its tasks.

    Raises:
        ReadFailed: ECS refused.
    """
    call(aws, op.DELETE_SERVICE, cluster=cluster_name, service=arn, force=True)


def stop_task(aws: Aws, cluster_name: str, arn: str, reason: str) -> None:
    """Stop a task.

    Raises:
        ReadFailed: ECS refused.
    """
    call(aws, op.STOP_TASK, cluster=cluster_name, task=arn, reason=reason)


def active_task_definitions(aws: Aws, family: str) -> Iterator[str]:
    """The active revisions of the families whose name begins so, for instance ``ash:3``.

    Raises:
        ReadFailed: they could not be read.
    """
    for arn in rows(aws, op.LIST_TASK_DEFINITIONS, familyPrefix=family, status="ACTIVE"):
        yield arn.rsplit("/", 1)[-1]


class Revision(Struct, frozen=True, kw_only=True):
    """A task definition with values as they may be shown, and the Ash container's real ones."""

    definition: TaskDefinition
    environment: Mapping[str, Secret]

    @property
    def container(self) -> ContainerDefinition:
        """The Ash container; an empty one where there is none."""
        return self.definition.container() or ContainerDefinition()


def require_revision(aws: Aws, reference: str) -> Revision:
    """A revision by ARN, or the newest active one of a family.

    Raises:
        ReadFailed: it could not be read, or is not there.
    """
    answer = call(aws, op.DESCRIBE_TASK_DEFINITION, taskDefinition=reference)
    found = answer.get("taskDefinition") or {}
    containers = found.get("containerDefinitions") or []
    values = [_environment(container) for container in containers]
    for container in containers:
        _mask_values(container)
    definition = fact(op.DESCRIBE_TASK_DEFINITION, TaskDefinition, found)
    own = definition.container()
    place = definition.container_definitions.index(own) if own else None
    environment = {} if place is None else values[place]
    return Revision(definition=definition, environment=environment)


def task_definition(aws: Aws, reference: str) -> Revision | None:
    """The same; ``None`` if there is none.

    Raises:
        ReadFailed: it could not be read.
    """
    try:
        found = require_revision(aws, reference)
    except ReadFailed as failure:
        if failure.code == "ClientException" and "nable to describe" in failure.message:
            return None
        raise
    return found if found.definition.task_definition_arn else None


def _environment(container: Answer) -> dict[str, Secret]:
    """The plain environment; what may be secret in it is learnt, so that no output shows it."""
    pairs = [(str(v.get("name") or ""), v.get("value")) for v in container.get("environment") or ()]
    given = {name: str(value) for name, value in pairs if value}
    for name, value in given.items():
        if name not in SAFE_NAMES:
            redact.learn(value, name=name)
    return {name: Secret(value) for name, value in given.items()}


def _mask_values(container: Answer) -> None:
    """Leave of the environment and of the log driver what may be shown."""
    pairs = ((str(v.get("name") or ""), v.get("value")) for v in container.get("environment") or ())
    container["environment"] = [masked_variable(name, value) for name, value in pairs]
    logs = container.get("logConfiguration") or {}
    if logs.get("options"):  # those of other drivers than CloudWatch's may hold tokens
        logs["options"] = {
            k: v for k, v in logs["options"].items() if k.startswith("awslogs-") or k in _DELIVERY
        }


def log_driver_mode(aws: Aws) -> str | None:
    """What the log driver does with a full buffer where a task definition does not say.

    Returns:
        ``blocking`` or ``non-blocking``; ``None`` where the account has never said, which is
        ``non-blocking`` since June 2025 (ECS developer guide, "Default log driver mode").

    Raises:
        ReadFailed: it could not be read.
    """
    asked: dict[str, Any] = {"name": LOG_DRIVER_MODE, "effectiveSettings": True}
    settings = call(aws, op.LIST_ACCOUNT_SETTINGS, **asked).get("settings") or ()
    named = (each for each in settings if each.get("name") == LOG_DRIVER_MODE)
    return next((str(each["value"]) for each in named if each.get("value")), None)


def task_arn_pages(
    aws: Aws, cluster_name: str, service_name: str, desired: str, *, limit: int
) -> Iterator[list[str]]:
    """The ARNs of a service's tasks, a page at a time.

    Args:
        aws: the session.
        cluster_name: the cluster.
        service_name: the service, and the family of its task definitions.
        desired: ``RUNNING`` (which includes tasks on their way there) or ``STOPPED``.
        limit: after how many tasks to stop asking for more.
    """
    filters = {"serviceName": service_name}
    seen, more = 0, dict[str, str]()
    while True:
        asked = {"cluster": cluster_name, "desiredStatus": desired, **filters, **more}
        try:
            answer = call(aws, op.LIST_TASKS, **asked)
        except ReadFailed as failure:
            if failure.code != "ServiceNotFoundException" or "family" in filters:
                raise
            filters = {"family": service_name}
            continue
        arns = list(answer.get("taskArns") or [])
        yield arns
        seen, token = seen + len(arns), answer.get("nextToken")
        if not token or not arns or seen >= limit:
            return
        more = {"nextToken": token}


def tasks(aws: Aws, cluster_name: str, arns: list[str]) -> tuple[Task, ...]:
    """Up to a hundred tasks in full."""
    return facts(aws, op.DESCRIBE_TASKS, Task, cluster=cluster_name, tasks=arns)


def service_tasks(aws: Aws, cluster_name: str, name: str, desired: str) -> tuple[Task, ...]:
    """A service's tasks that shall run (``RUNNING``) or have stopped; the first hundred."""
    asked = {"cluster": cluster_name, "serviceName": name, "desiredStatus": desired}
    arns = list(call(aws, op.LIST_TASKS, **asked).get("taskArns") or ())
    return tasks(aws, cluster_name, arns[:TASKS_A_CALL]) if arns else ()


def cluster_task_arns(aws: Aws, cluster_name: str) -> tuple[str, ...]:
    """Every task of a cluster that runs, or is to, whoever started it."""
    return tuple(rows(aws, op.LIST_TASKS, cluster=cluster_name))


def cluster_tasks(aws: Aws, cluster_name: str) -> Iterator[Task]:
    """The same tasks in full.

    Raises:
        ReadFailed: they could not be read.
    """
    arns = list(cluster_task_arns(aws, cluster_name))
    for start in range(0, len(arns), TASKS_A_CALL):
        yield from tasks(aws, cluster_name, arns[start : start + TASKS_A_CALL])


class TaskReader:
    """Reads the tasks of one service.

    Args:
        credentials: whose.
        cluster: the cluster's name.
        service: the service's name.
    """

    def __init__(self, credentials: RenewableCredentials, cluster: str, service: str) -> None:
        self.cluster = cluster
        self.service = service
        self._api = JsonApi("ecs", credentials)

    def read_service(self) -> Service | None:
        """The service; ``None`` when ECS knows none.

        Raises:
            ReadFailed: ECS did not say.
        """
        body = {"cluster": self.cluster, "services": [self.service]}
        services = self._api.call(op.DESCRIBE_SERVICES, body).answer.get("services") or []
        return fact(op.DESCRIBE_SERVICES, Service, services[0]) if services else None

    def log_group(self) -> str | None:
        """The log group that the service's task definition names; ``None`` if it names none.

        Raises:
            ReadFailed: ECS did not say.
        """
        group = (self.log_options() or {}).get("awslogs-group")
        return str(group) if group else None

    def log_options(self) -> dict[str, str] | None:
        """What the service's task definition tells the ``awslogs`` driver; ``None`` if nothing.

        Raises:
            ReadFailed: ECS did not say.
        """
        service = self.read_service()
        if service is None or not service.task_definition:
            return None
        body = {"taskDefinition": service.task_definition}
        answer = self._api.call(op.DESCRIBE_TASK_DEFINITION, body).answer
        found = answer.get("taskDefinition") or {}
        return fact(op.DESCRIBE_TASK_DEFINITION, TaskDefinition, found).awslogs or None

    def tasks(self) -> list[Task]:
        """The tasks that run or stopped within about the last hour (ECS forgets older ones).

        Raises:
            ReadFailed: ECS did not say.
        """
        arns = [arn for status in ("RUNNING", "STOPPED") for arn in self._list(status)]
        if not arns:
            return []
        body = {"cluster": self.cluster, "tasks": arns[:TASKS_A_CALL]}
        found = self._api.call(op.DESCRIBE_TASKS, body).answer.get("tasks") or []
        return [fact(op.DESCRIBE_TASKS, Task, task) for task in found]

    def _list(self, desired_status: str) -> list[str]:
        body = {
            "cluster": self.cluster,
            "serviceName": self.service,
            "desiredStatus": desired_status,
        }
        arns = self._api.call(op.LIST_TASKS, body).answer.get("taskArns")
        return arns if isinstance(arns, list) else []
