"""May the account run the task, and a second one beside it during a rollout?"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ash_ops.checks.base import Check, Finding, present
from ash_ops.checks.pending.capacity import quota
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """The doctor's own look at the quota: for the first task, then for a rollout beside it."""
    snapshot = planned.snapshot
    if planned.is_on_fargate and present(snapshot.quota).value is None:
        raise CannotTell("AWS did not say how much Fargate vCPU the account may use")
    first = list(quota(snapshot))
    for item in first:
        yield replace(item, playbook="plan", severity="error", fix=item.fix[:1])
    for item in () if first else quota(_running(snapshot)):
        yield replace(item, playbook="plan", severity="warning", fix=item.fix[:1])


def _running(snapshot: Snapshot) -> Snapshot:
    """The same deployment once its task runs."""
    service = present(snapshot.service)
    running = replace(service, running_count=service.desired_count)
    return replace(snapshot, service=replace(snapshot.service, value=running))


CHECK = Check(
    id="quota",
    title="The account's Fargate quota leaves room for a rollout",
    playbook="plan",
    run=run,
    causes=("fargate-quota",),
)
