"""ECS: the tasks of runners, their tags, and their protection from ECS itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call, facts, rows
from ash_ops.aws.client.session import Aws
from ash_ops.facts.fleet import DRAINING_TAG, ProtectedTask, RunnerTask

_TASKS_A_CALL = 100  # the most that DescribeTasks and GetTaskProtection take
_TASKS_AN_UPDATE = 10  # the most that UpdateTaskProtection takes


def runner_tasks(aws: Aws, cluster_name: str, service_name: str) -> tuple[RunnerTask, ...]:
    """A service's tasks that shall run, with their tags.

    Raises:
        ReadFailed: they could not be read.
    """
    asked = {"cluster": cluster_name, "serviceName": service_name, "desiredStatus": "RUNNING"}
    arns = list(rows(aws, op.LIST_TASKS, **asked))
    found: list[RunnerTask] = []
    for batch in _batches(arns, _TASKS_A_CALL):
        described = {"cluster": cluster_name, "tasks": batch, "include": ["TAGS"]}
        found += facts(aws, op.DESCRIBE_TASKS, RunnerTask, **described)
    return tuple(found)


def protected_tasks(aws: Aws, cluster_name: str, arns: Sequence[str]) -> frozenset[str]:
    """Those of the tasks that ECS ends neither to scale in, nor for a rollout, nor with their host.

    Raises:
        ReadFailed: it could not be read.
    """
    found: list[ProtectedTask] = []
    for batch in _batches(arns, _TASKS_A_CALL):
        asked = {"cluster": cluster_name, "tasks": batch}
        found += facts(aws, op.GET_TASK_PROTECTION, ProtectedTask, **asked)
    return frozenset(task.task_arn for task in found if task.protection_enabled)


def protect(aws: Aws, cluster_name: str, arns: Sequence[str], minutes: int | None) -> None:
    """Let ECS leave tasks alone for so long, from 1 to 2880 minutes; ``None``: no longer.

    Raises:
        ReadFailed: ECS refused.
    """
    for batch in _batches(arns, _TASKS_AN_UPDATE):
        limit = {} if minutes is None else {"expiresInMinutes": minutes}
        asked: dict[str, Any] = {"cluster": cluster_name, "tasks": batch, **limit}
        call(aws, op.UPDATE_TASK_PROTECTION, protectionEnabled=minutes is not None, **asked)


def set_draining(aws: Aws, arn: str, *, draining: bool) -> None:
    """Tell a runner to take no new session, or that it may again.

    Raises:
        ReadFailed: ECS refused.
    """
    if draining:
        tags = [{"key": DRAINING_TAG, "value": "true"}]
        call(aws, op.ECS_TAG_RESOURCE, resourceArn=arn, tags=tags)
    else:
        call(aws, op.ECS_UNTAG_RESOURCE, resourceArn=arn, tagKeys=[DRAINING_TAG])


def _batches(arns: Sequence[str], most: int) -> list[list[str]]:
    return [list(arns[start : start + most]) for start in range(0, len(arns), most)]
