"""What runs in the cluster that the stack did not start: CloudFormation cannot delete a cluster with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ash_ops.aws.calls import call, pages
from ash_ops.aws.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.names import Deployment

_AT_ONCE = 100  # the most tasks that one DescribeTasks takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupants:
    """Services and single tasks of somebody else, by ARN."""

    services: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        """All of them by their short names."""
        return ", ".join(
            [
                *(f"service {arn.rsplit('/', 1)[-1]}" for arn in self.services),
                *(f"task {arn.rsplit('/', 1)[-1][:8]}" for arn in self.tasks),
            ]
        )


def find_occupants(aws: Aws, names: Deployment) -> Occupants:
    """What is in the cluster beside the stack's own services and their tasks.

    Raises:
        ReadFailed: the cluster could not be read; one that does not exist is empty.
    """
    own = {names.service, names.runner_service}
    try:
        services = tuple(
            arn
            for page in pages(aws, "ecs", "list_services", cluster=names.cluster)
            for arn in page.get("serviceArns") or ()
            if arn.rsplit("/", 1)[-1] not in own
        )
        return Occupants(services=services, tasks=tuple(_single_tasks(aws, names)))
    except ReadFailed as error:
        if error.kind == "missing":
            return Occupants()
        raise


def _single_tasks(aws: Aws, names: Deployment) -> Iterator[str]:
    """Running tasks that no service started: ECS puts a service's into the group of its name."""
    for raw in _tasks(aws, names):
        if not str(raw.get("group", "")).startswith("service:"):
            yield str(raw["taskArn"])


def _tasks(aws: Aws, names: Deployment) -> Iterator[dict[str, Any]]:
    found = [
        arn
        for page in pages(aws, "ecs", "list_tasks", cluster=names.cluster)
        for arn in page.get("taskArns") or ()
    ]
    for some in _chunks(found):
        answer = call(aws, "ecs", "describe_tasks", cluster=names.cluster, tasks=list(some))
        yield from answer.get("tasks") or ()


def _chunks(arns: Sequence[str]) -> Iterator[Sequence[str]]:
    return (arns[start : start + _AT_ONCE] for start in range(0, len(arns), _AT_ONCE))


def remove_occupants(aws: Aws, names: Deployment, found: Occupants) -> None:
    """Delete the services, with their tasks, and stop the tasks.

    Raises:
        ReadFailed: ECS refused; what was removed before stays removed.
    """
    for arn in found.services:
        call(aws, "ecs", "delete_service", cluster=names.cluster, service=arn, force=True)
    for arn in found.tasks:
        call(aws, "ecs", "stop_task", cluster=names.cluster, task=arn, reason="ash-ops teardown")
