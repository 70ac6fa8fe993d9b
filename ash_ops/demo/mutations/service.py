"""Mutations of the service: its events, deployments and task definition."""

from __future__ import annotations

import copy
import random
from collections.abc import Mapping, Sequence
from typing import Any

from ash_ops.demo.mutations import _subjects as subjects
from ash_ops.demo.overlay import rollouts, state

Record = dict[str, Any]


def add_events(events: Sequence[Mapping[str, Any]], *, replace: bool = False) -> None:
    """Add service events, each ``{"ago": seconds, "message": text}``.

    Args:
        events: what to add.
        replace: whether the events so far are forgotten.
    """
    service = subjects.the_service()
    if replace:
        service["events"].clear()
    names = subjects.names_for(service)
    for event in events:
        rollouts.add_event(service, subjects.fill(event["message"], names), event["ago"])


def change_service(fields: Mapping[str, Any]) -> None:
    """Change fields of the service, such as ``runningCount``."""
    service = subjects.the_service()
    service |= subjects.filled(fields, subjects.names_for(service))


def change_deployment(fields: Mapping[str, Any], *, created_ago: float | None = None) -> None:
    """Change fields of the service's primary deployment, such as ``failedTasks``."""
    service = subjects.the_service()
    deployment = service["deployments"][0]
    deployment |= subjects.filled(fields, subjects.names_for(service))
    if created_ago is not None:
        deployment["createdAt"] = state.now(created_ago)
    deployment["updatedAt"] = state.now()
    for rollout in service.get("_rollouts", []):
        if rollout["id"] == deployment["id"]:
            rollout |= deployment


def roll_back(reason: str, *, failed: int = 3, ago: float = 120, image: str | None = None) -> None:
    """Let a later revision fail and the circuit breaker go back to the present one.

    Args:
        reason: the ``statusReason`` of the failed rollout.
        failed: how many of its tasks failed.
        ago: when it was rolled back.
        image: the image of the failed revision; the present one if not given.
    """
    service = subjects.the_service()
    failed_definition = _add_revision(service, {} if image is None else {"image": image}, {})
    rollout = copy.deepcopy(service["deployments"][0])
    rollout |= {
        "id": f"ecs-svc/{random.randint(10**18, 9 * 10**18)}",  # noqa: S311 - an identifier
        "taskDefinition": failed_definition["taskDefinitionArn"],
        "rolloutState": "FAILED",
        "failedTasks": failed,
        "runningCount": 0,
        "createdAt": state.now(ago + 300),
        "updatedAt": state.now(ago),
        "_status": "ROLLBACK_SUCCESSFUL",
        "_reason": reason,
        "_breaker": "TRIGGERED",
    }
    service["_rollouts"].insert(0, rollout)
    service["_failed"] = rollout
    service["deployments"][0]["updatedAt"] = state.now(ago - 60)


def change_task_definition(
    *,
    container: Mapping[str, Any] | None = None,
    task: Mapping[str, Any] | None = None,
    without_secrets: Sequence[str] = (),
) -> None:
    """Let the service run another revision of its task definition, with the running task in it.

    Args:
        container: fields of the container that differ.
        task: fields of the task definition that differ.
        without_secrets: names of secrets the container no longer gets.
    """
    service = subjects.the_service()
    definition = _add_revision(service, container or {}, task or {})
    first = definition["containerDefinitions"][0]
    first["secrets"] = [s for s in first.get("secrets", []) if s["name"] not in without_secrets]
    arn = definition["taskDefinitionArn"]
    service["taskDefinition"] = arn
    for deployment in (*service["deployments"], *service.get("_rollouts", [])):
        deployment["taskDefinition"] = arn
    for record in (*subjects.tasks_of(service), service["_model"]):
        record["taskDefinitionArn"] = arn
        record["containers"][0]["image"] = first["image"]
        record |= {size: definition[size] for size in ("cpu", "memory") if size in definition}


def _add_revision(service: Record, container: Mapping[str, Any], task: Mapping[str, Any]) -> Record:
    present = state.task_definition(service["taskDefinition"])
    definition = copy.deepcopy(present) | dict(task)
    definition["containerDefinitions"][0] |= dict(container)
    family = definition["family"]
    revision = 1 + max(
        d["revision"] for d in state.task_definitions().values() if d["family"] == family
    )
    arn = present["taskDefinitionArn"].rsplit(":", 1)[0] + f":{revision}"
    definition |= {"revision": revision, "taskDefinitionArn": arn, "registeredAt": state.now(600)}
    state.add_task_definition(definition)
    return definition
