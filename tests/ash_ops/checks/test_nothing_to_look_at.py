"""A check that has no subject says nothing: it neither passed nor is unknown, and none is silent for long.

Told beside the healthy deployment on Fargate: what is silent in another world besides, and what speaks.
"""

from __future__ import annotations

import pytest

from ash_ops.checks.base import Check, NotApplicable
from ash_ops.checks.catalogue import CHECKS
from ash_ops.diagnosis import diagnose
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from tests.support import scenarios

# Hosts and providers are EC2's; the rest is what this deployment has not: an endpoint, a policy, a limit of
# its own, another address, an internal balancer, an override, a session, a runner, a name of its own.
ON_FARGATE = {
    "balancer-addresses", "balancer-scheme", "canary", "capacity-providers", "client-url",
    "container-memory", "denied-calls", "hosts", "infrastructure-role", "restart-policy",
    "room-on-hosts", "runners", "scaling-group", "vpc-endpoints", "zonal-shift",
    "certificate", "domain",
    # Of a fleet alone.
    "coordinator-restarted", "runners-capacity-providers", "runners-database", "runners-egress-path",
    "runners-hosts", "runners-reach", "runners-registered", "runners-rollout-progress", "runners-room-on-hosts", "runners-scaling-group",
    "runners-server-log", "runners-service-events", "runners-stopped-tasks", "runners-task-phase",
    "runners-service-exists", "runners-revision-state", "runners-container-health-check", "runners-rollout-state",
    "runners-sandbox-host",
}  # fmt: skip
# On EC2 the instance mounts the file system, by its own groups.
FARGATES_OWN = {"fargate-quota", "running-cost", "task-size", "way-to-data"}
OF_A_TASK = {
    "api-key", "container-health", "foreign-targets", "memory-pressure", "model-reach",
    "sandbox-capacity", "sandbox-host", "secret-freshness", "server-log", "unregistered-task",
}  # fmt: skip
OF_A_BALANCER = {
    "api-key", "api-key-exposed", "balancer-security-group", "balancer-subnets", "client-addresses",
    "foreign-targets", "idle-timeout", "listener", "live-ladder", "network-acls", "open-to-world",
    "sandbox-capacity", "security-groups", "server-open", "target-health", "target-health-check", "target-protocol",
    "unregistered-task",
}  # fmt: skip
# Scenario -> what is silent besides, and what has something to look at there.
ELSEWHERE: dict[str, tuple[set[str], set[str]]] = {
    "healthy-as-it-is": (set(), set()),
    "ec2-as-it-should-be": (FARGATES_OWN, {"hosts", "room-on-hosts", "scaling-group"}),
    "managed-as-it-should-be": (
        FARGATES_OWN,
        {"capacity-providers", "hosts", "infrastructure-role", "room-on-hosts"},
    ),
    "public-terraform": ({"stack-drift", "stack-hooks", "stack-state", "way-to-data"}, set()),
    "coordinator-with-one-runner-of-three": ({"sandbox-host", "sandbox-memory"}, {"runners"}),
    "internal-balancer-called-from-inside": ({"balancer-subnets"}, {"balancer-scheme"}),
    "ecr-image-through-endpoints": ({"egress-path", "model-reach"}, {"vpc-endpoints"}),
    "canary-proves-that-agents-run": ({"model-reach"}, {"canary"}),
    "draining-service-takes-no-order": (OF_A_TASK | {"running-count"}, set()),
    "disk-of-the-instance-is-full-at-the-pull": (
        FARGATES_OWN | OF_A_TASK,
        {"hosts", "room-on-hosts", "scaling-group"},
    ),
    "service-without-load-balancer": (OF_A_BALANCER, set()),
    "a-rollout-of-many-tasks-goes-on": ({"server-log", "way-to-data"}, set()),
    "an-update-is-under-way-and-its-first-task-was-refused-a-secret": (
        {"stack-drift", "rollout-outcome"},
        set(),
    ),
    "rollout-stuck-in-an-old-snapshot": (
        {"rollout-outcome", "rollout-progress", "log-loss"},
        set(),
    ),
}  # fmt: skip


def has_no_subject(check: Check[Snapshot], facts: Snapshot) -> bool:
    try:
        list(check.run(facts))
    except NotApplicable:
        return True
    except CannotTell:
        pass  # an answer too, and another one
    return False


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_check_speaks_where_it_has_a_subject_and_nowhere_else(name: str) -> None:
    besides, speaks = ELSEWHERE[name]
    facts, _ = scenarios.load(name)
    silent = {check.id for check in CHECKS if has_no_subject(check, facts)}
    assert silent == (ON_FARGATE | besides) - speaks
    assert not silent & set(diagnose(facts).passed)
