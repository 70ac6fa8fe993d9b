"""What ECS says about one service: cluster, service, task definitions and tasks.

Tasks are listed by service and, where the service is gone, by task definition family; a task of
another service is never returned (some emulators, and a family shared by two services, would
otherwise have one service blamed for another's deaths).
"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.aws.calls import Answer, call
from ash_ops.aws.session import Aws
from ash_ops.errors import ReadFailed

TASKS_A_CALL = 100  # the most that DescribeTasks and a page of ListTasks take


def cluster(aws: Aws, name: str) -> Answer | None:
    """The cluster with its settings, or ``None`` if there is none of that name."""
    answer = call(aws, "ecs", "describe_clusters", clusters=[name], include=["SETTINGS"])
    return _only(answer.get("clusters"), "clusterName", name)


def service(aws: Aws, cluster_name: str, name: str) -> Answer | None:
    """The service with its events and deployments, or ``None`` if it does not exist."""
    answer = call(aws, "ecs", "describe_services", cluster=cluster_name, services=[name])
    return _only(answer.get("services"), "serviceName", name)


def _only(found: list[Answer] | None, key: str, name: str) -> Answer | None:
    return next((item for item in found or [] if item.get(key, name) == name), None)


def task_definition(aws: Aws, reference: str) -> Answer | None:
    """A revision by ARN, or the newest active one of a family; ``None`` if there is none."""
    try:
        answer = call(aws, "ecs", "describe_task_definition", taskDefinition=reference)
    except ReadFailed as failure:
        if failure.code == "ClientException" and "nable to describe" in failure.message:
            return None
        raise
    return answer.get("taskDefinition") or None


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
            answer = call(aws, "ecs", "list_tasks", **asked)
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


def tasks(aws: Aws, cluster_name: str, arns: list[str]) -> list[Answer]:
    """Up to a hundred tasks in full."""
    answer = call(aws, "ecs", "describe_tasks", cluster=cluster_name, tasks=arns)
    return list(answer.get("tasks") or [])
