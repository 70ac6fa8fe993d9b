"""Mutations of the service: what it wants, and the revision of its task definition."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from ash_ops.demo.mutations import _subjects as subjects
from ash_ops.demo.overlay import rollouts, state
from ash_ops.demo.world.clock import CLOCK, stamp

Record = dict[str, Any]


def change_service(fields: Mapping[str, Any]) -> None:
    """Change fields of the service as they stand, such as ``desiredCount``, without a rollout."""
    service = subjects.the_service()
    service |= subjects.filled(fields, subjects.names_for(service))
    service["_steady"] = False


def update_service(request: Mapping[str, Any], *, of: str = "server") -> None:
    """Call UpdateService as a person would, for instance with ``capacityProviderStrategy``.

    Args:
        request: the call's parameters.
        of: ``server`` or ``runner``: whose service.
    """
    service = subjects.the_service(of)
    rollouts.update(service, dict(request))


def delete_service() -> None:
    """Delete the service past its stack, with whatever it runs."""
    rollouts.delete(subjects.the_service())


def change_task_definition(
    *,
    container: Mapping[str, Any] | None = None,
    task: Mapping[str, Any] | None = None,
    without_secrets: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> None:
    """Register another revision of the task definition and roll it out.

    Args:
        container: fields of the container that differ.
        task: fields of the task definition that differ.
        without_secrets: names of secrets the container no longer gets.
        environment: variables that the container gets besides.
    """
    service = subjects.the_service()
    definition = _add_revision(service, container or {}, task or {})
    first = definition["containerDefinitions"][0]
    first["secrets"] = [s for s in first.get("secrets", []) if s["name"] not in without_secrets]
    given = environment or {}
    kept = [v for v in first.get("environment", []) if v["name"] not in given]
    first["environment"] = kept + [{"name": k, "value": v} for k, v in given.items()]
    rollouts.update(service, {"taskDefinition": definition["taskDefinitionArn"]})


def add_container(fields: Mapping[str, Any]) -> None:
    """Roll out a revision with one more container, a sidecar for instance."""
    service = subjects.the_service()
    definition = _add_revision(service, {}, {})
    definition["containerDefinitions"].append({"cpu": 0, "essential": True, **fields})
    rollouts.update(service, {"taskDefinition": definition["taskDefinitionArn"]})


def _add_revision(service: Record, container: Mapping[str, Any], task: Mapping[str, Any]) -> Record:
    present = state.task_definition(service["taskDefinition"])
    definition = copy.deepcopy(present) | dict(task)
    definition["containerDefinitions"][0] |= dict(container)
    family = definition["family"]
    revision = 1 + max(
        d["revision"] for d in state.task_definitions().values() if d["family"] == family
    )
    arn = present["taskDefinitionArn"].rsplit(":", 1)[0] + f":{revision}"
    registered = stamp(CLOCK.now)
    definition |= {"revision": revision, "taskDefinitionArn": arn, "registeredAt": registered}
    state.add_task_definition(definition)
    return definition
