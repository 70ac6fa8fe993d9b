"""The service's deployments, their revisions, and the definition of the one that worked before."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from ash_ops.aws import ecs, rollouts
from ash_ops.aws import operations as op
from ash_ops.aws.ecs import Revision
from ash_ops.facts.rollouts import (
    RevisionPair,
    RolloutBrief,
    ServiceDeployment,
    ServiceRevision,
    last_steady,
)
from ash_ops.snapshot.declaration import reading
from ash_ops.snapshot.fan_out import Absent, Several

if TYPE_CHECKING:
    from ash_ops.snapshot.context import ReadingContext


@reading(op.LIST_SERVICE_DEPLOYMENTS, name="_rollouts", client="ecs")
def briefs(context: ReadingContext) -> tuple[RolloutBrief, ...]:
    """The latest deployments, newest first: which there are, and which revisions they brought."""
    names = context.deployment
    return rollouts.rollouts(context.aws, names.cluster, names.service)


@reading(op.DESCRIBE_SERVICE_DEPLOYMENTS, op.LIST_SERVICE_DEPLOYMENTS, after=("_rollouts",))
def service_deployments(context: ReadingContext) -> tuple[ServiceDeployment, ...]:
    """The same in full."""
    found: tuple[RolloutBrief, ...] = context.need("_rollouts")
    arns = [brief.service_deployment_arn for brief in found]
    return rollouts.service_deployments(context.aws, arns) if arns else ()


@reading(op.DESCRIBE_SERVICE_REVISIONS, op.LIST_SERVICE_DEPLOYMENTS, after=("_rollouts",))
def service_revisions(context: ReadingContext) -> tuple[ServiceRevision, ...]:
    """The revisions that they brought."""
    found: tuple[RolloutBrief, ...] = context.need("_rollouts")
    arns = dict.fromkeys(arn for brief in found if (arn := brief.target_service_revision_arn))
    return rollouts.service_revisions(context.aws, [*arns]) if arns else ()


@reading(op.DESCRIBE_TASK_DEFINITION, after=("_revision", "_rollouts", "service_revisions"))
def revision_pair(context: ReadingContext) -> Several:
    """The task definitions of the newest revision and of the last that worked before it.

    Their environments are compared here, where the values are still known.
    """
    present: Revision = context.need("_revision")
    return context.several(
        [partial(_definition, context, present, each) for each in _references(context)], _compared
    )


def _references(context: ReadingContext) -> tuple[str, str]:
    """What they are, by the list of deployments and their revisions: before, and after.

    Raises:
        Absent: no other revision has worked in the time that ECS remembers.
    """
    briefs: tuple[RolloutBrief, ...] = context.need("_rollouts")
    revisions: tuple[ServiceRevision, ...] = context.need("service_revisions")
    steady = last_steady(briefs)
    named = {each.service_revision_arn: each.task_definition for each in revisions}
    before = named.get(steady.target) if steady else None
    after = named.get(briefs[0].target) if steady else None
    if not before or not after:
        raise Absent("revision that worked before")
    return before, after


def _definition(context: ReadingContext, present: Revision, reference: str) -> Revision:
    """A revision; the present one is known already."""
    if reference == present.definition.task_definition_arn:
        return present
    found = ecs.task_definition(context.aws, reference)
    if found is None:
        raise Absent("task definition")
    return found


def _compared(parts: Sequence[Future[Any]]) -> RevisionPair:
    before, after = (part.result() for part in parts)
    old, new = before.environment, after.environment
    differing = (name for name in old.keys() & new.keys() if old[name] != new[name])
    return RevisionPair(before.definition, after.definition, tuple(sorted(differing)))
