"""What runs in the cluster that the stack did not start: CloudFormation cannot delete a cluster with it."""

from __future__ import annotations

from dataclasses import dataclass

from ash_ops.aws import ecs
from ash_ops.aws.calls import if_there
from ash_ops.aws.client.session import Aws
from ash_ops.names import Deployment


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignWorkloads:
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


def find_foreign_workloads(aws: Aws, names: Deployment) -> ForeignWorkloads:
    """What is in the cluster beside the stack's own services and their tasks.

    Raises:
        ReadFailed: the cluster could not be read; one that does not exist is empty.
    """
    own = {names.service, names.runner_service}
    return if_there(lambda: _foreign_workloads(aws, names.cluster, own)) or ForeignWorkloads()


def _foreign_workloads(aws: Aws, cluster: str, own: set[str]) -> ForeignWorkloads:
    services = ecs.service_arns(aws, cluster)
    return ForeignWorkloads(
        services=tuple(arn for arn in services if arn.rsplit("/", 1)[-1] not in own),
        # Tasks that no service started: ECS puts a service's into the group of its name.
        tasks=tuple(
            task.task_arn
            for task in ecs.cluster_tasks(aws, cluster)
            if not (task.group or "").startswith("service:")
        ),
    )


def remove_foreign_workloads(aws: Aws, names: Deployment, found: ForeignWorkloads) -> None:
    """Delete the services, with their tasks, and stop the tasks.

    Raises:
        ReadFailed: ECS refused; what was removed before stays removed.
    """
    for arn in found.services:
        ecs.delete_service(aws, names.cluster, arn)
    for arn in found.tasks:
        ecs.stop_task(aws, names.cluster, arn, "ash-ops teardown")
