"""ECS: a service's deployments, and the revisions that they brought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call, fact, facts
from ash_ops.aws.client.session import Aws
from ash_ops.facts.rollouts import (
    ROLLOUTS_A_CALL,
    RolloutBrief,
    ServiceDeployment,
    ServiceRevision,
)

_LISTED = 100  # the most that one page holds; nobody rolls out more often in the days that matter
_NEVER = datetime.fromtimestamp(0, UTC)


def rollouts(aws: Aws, cluster: str, service: str) -> tuple[RolloutBrief, ...]:
    """A service's latest deployments, newest first; as many as can be described in one call.

    Raises:
        ReadFailed: they could not be read, or there is no such service.
    """
    asked: dict[str, Any] = {"cluster": cluster, "service": service, "maxResults": _LISTED}
    rows = call(aws, op.LIST_SERVICE_DEPLOYMENTS, **asked).get("serviceDeployments") or ()
    found = [fact(op.LIST_SERVICE_DEPLOYMENTS, RolloutBrief, row) for row in rows]
    found.sort(key=lambda brief: brief.created_at or _NEVER, reverse=True)
    return tuple(found[:ROLLOUTS_A_CALL])


def service_deployments(aws: Aws, arns: Sequence[str]) -> tuple[ServiceDeployment, ...]:
    """Up to twenty deployments in full, newest first.

    Raises:
        ReadFailed: they could not be read.
    """
    asked = list(arns)
    kind = ServiceDeployment
    found = facts(aws, op.DESCRIBE_SERVICE_DEPLOYMENTS, kind, serviceDeploymentArns=asked)
    # Of two that began in one moment the one that was stopped made way for the other.
    return tuple(
        sorted(
            found, key=lambda each: (each.began or _NEVER, each.status != "STOPPED"), reverse=True
        )
    )


def service_revisions(aws: Aws, arns: Sequence[str]) -> tuple[ServiceRevision, ...]:
    """Up to twenty revisions.

    Raises:
        ReadFailed: they could not be read.
    """
    asked = list(arns)
    return facts(aws, op.DESCRIBE_SERVICE_REVISIONS, ServiceRevision, serviceRevisionArns=asked)
