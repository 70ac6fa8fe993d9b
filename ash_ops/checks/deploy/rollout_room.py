"""Can ECS replace a task at all, and without two servers on one disk?"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ash_ops.checks._facts import definition
from ash_ops.checks._findings import finding, quote, verify
from ash_ops.checks._tailored import stop_first
from ash_ops.checks.base import Check, Finding, present
from ash_ops.facts.services import Service
from ash_ops.facts.snapshot import Snapshot

_STOP_FIRST = "Let a rollout stop the old task before it starts the new one."


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The rollout's bounds leave room, and not so much that two tasks share one SQLite file."""
    service = present(snapshot.service)
    config = service.deployment_configuration
    if config is None:
        return
    low, high = config.minimum_healthy_percent, config.maximum_percent
    if low is not None and high is not None and _is_locked(service.desired_count or 1, low, high):
        yield _locked(snapshot, service, low, high)
    elif high and high > 100 and _shares_a_disk(snapshot):
        yield _two_at_once(snapshot, high)


def _is_locked(desired: int, low: int, high: int) -> bool:
    """Whether as many tasks must stay as may run at most.

    ECS rounds the minimum up and the maximum down to whole tasks (AWS documentation,
    "DeploymentConfiguration").
    """
    return math.ceil(desired * low / 100) >= math.floor(desired * high / 100)


def _shares_a_disk(snapshot: Snapshot) -> bool:
    return any(v.efs_volume_configuration for v in definition(snapshot).volumes)


def _locked(snapshot: Snapshot, service: Service, low: int, high: int) -> Finding:
    waiting = len(service.deployments) > 1 or any(
        d.rollout_state == "IN_PROGRESS" for d in service.deployments
    )
    return finding(
        "deployment-config-deadlock",
        "deploy",
        f"minimumHealthyPercent is {low} and maximumPercent {high}: with {service.desired_count or 1} "
        "wanted, ECS may neither stop the old task nor start a new one, so no rollout can proceed.",
        [
            quote(
                snapshot.service,
                "deploymentConfiguration",
                f"minimumHealthyPercent {low}, maximumPercent {high}",
            )
        ],
        [stop_first(snapshot, _STOP_FIRST), verify(snapshot, "deploy")],
        severity="error" if waiting else "warning",
        subject=f"service/{snapshot.deployment.service}",
    )


def _two_at_once(snapshot: Snapshot, high: int) -> Finding:
    return finding(
        "sqlite-locked",
        "deploy",
        f"/data is on a shared file system, and a rollout may run two tasks at once (maximumPercent "
        f"{high}): both would write one SQLite file.",
        [quote(snapshot.service, "deploymentConfiguration.maximumPercent", high)],
        [stop_first(snapshot, _STOP_FIRST), verify(snapshot, "deploy")],
        severity="warning",
        confidence="likely",
    )


CHECK = Check(
    id="rollout-room",
    title="A rollout can replace the task",
    playbook="deploy",
    run=run,
    causes=("deployment-config-deadlock", "sqlite-locked"),
    explains=("deployment-in-progress", "rollout-stuck", "cfn-not-stabilized"),
)
