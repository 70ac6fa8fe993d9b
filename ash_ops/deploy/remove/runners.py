"""Runners that hold sessions, before their stack is deleted: ECS waits for those that are protected."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from ash_ops.aws import ecs
from ash_ops.aws.client.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.facts.stacks import StackResource
from ash_ops.names import Deployment


def end_runners(aws: Aws, names: Deployment, resources: Iterable[StackResource]) -> None:
    """Have none and stop those that run, if our own stack lists their service.

    What is refused here is left to CloudFormation, which waits until the runners' protection ends.

    Args:
        aws: where.
        names: the deployment's.
        resources: what the stack lists.
    """
    if not any(_is_service(resource, names) for resource in resources):
        return
    with suppress(ReadFailed):
        ecs.set_desired_count(aws, names.cluster, names.runner_service, 0)
        for task in ecs.service_tasks(aws, names.cluster, names.runner_service, "RUNNING"):
            ecs.stop_task(aws, names.cluster, task.task_arn, "ash-ops teardown")


def _is_service(resource: StackResource, names: Deployment) -> bool:
    name = (resource.physical_id or "").rpartition("/")[2]
    return resource.type == "AWS::ECS::Service" and name == names.runner_service
