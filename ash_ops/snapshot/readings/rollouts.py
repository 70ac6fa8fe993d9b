"""The service's deployments, their revisions, and the definition of the one that worked before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_ops.aws import ecs, rollouts
from ash_ops.aws.ecs import Revision
from ash_ops.facts.rollouts import (
    RolloutBrief,
    ServiceDeployment,
    ServiceRevision,
    SteadyDefinition,
    last_steady,
)
from ash_ops.snapshot.fan_out import Absent

if TYPE_CHECKING:
    from ash_ops.snapshot.context import ReadingContext


def briefs(context: ReadingContext) -> tuple[RolloutBrief, ...]:
    """The latest deployments, newest first: which there are, and which revisions they brought."""
    names = context.deployment
    return rollouts.rollouts(context.aws, names.cluster, names.service)


def service_deployments(context: ReadingContext) -> tuple[ServiceDeployment, ...]:
    """The same in full."""
    found: tuple[RolloutBrief, ...] = context.need("_rollouts")
    arns = [brief.service_deployment_arn for brief in found]
    return rollouts.service_deployments(context.aws, arns) if arns else ()


def service_revisions(context: ReadingContext) -> tuple[ServiceRevision, ...]:
    """The revisions that they brought."""
    found: tuple[RolloutBrief, ...] = context.need("_rollouts")
    arns = dict.fromkeys(arn for brief in found if (arn := brief.target_service_revision_arn))
    return rollouts.service_revisions(context.aws, [*arns]) if arns else ()


def steady_definition(context: ReadingContext) -> SteadyDefinition:
    """The task definition of the last revision that worked before the newest one.

    Its environment is compared with the present one here, where the values are still known.
    """
    reference = _steady_reference(context)
    present: Revision = context.need("_revision")
    if reference == present.definition.task_definition_arn:
        return SteadyDefinition(definition=present.definition)
    steady = ecs.task_definition(context.aws, reference)
    if steady is None:
        raise Absent("task definition")
    before, after = steady.environment, present.environment
    differing = (name for name in before.keys() & after.keys() if before[name] != after[name])
    return SteadyDefinition(steady.definition, tuple(sorted(differing)))


def _steady_reference(context: ReadingContext) -> str:
    """The ARN of its task definition, by the list of deployments and their revisions.

    Raises:
        Absent: no other revision has worked in the time that ECS remembers.
    """
    steady: RolloutBrief | None = last_steady(context.need("_rollouts"))
    revisions: tuple[ServiceRevision, ...] = context.need("service_revisions")
    wanted = steady.target if steady else ""
    found = next((r for r in revisions if wanted and r.service_revision_arn == wanted), None)
    if found is None or not found.task_definition:
        raise Absent("revision that worked before")
    return found.task_definition
