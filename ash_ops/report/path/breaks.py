"""Where on the path from the client to the agent a finding breaks it."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from ash_ops.checks.base import Effect, Finding
from ash_ops.diagnosis import Report
from ash_ops.facts.snapshot import Snapshot
from ash_ops.report._tree import roots
from ash_ops.report.path.state import State
from ash_ops.report.path.stops import tasks


class Hop(Enum):
    """A part of the path: a thing on it, and what leads there."""

    CALLER = auto()  # what is asked with: the key
    CLIENT = auto()  # from here to the load balancer
    BALANCER = auto()  # the load balancer, its listeners and its zones
    TARGETS = auto()  # from the load balancer to the targets
    TASKS = auto()  # from the targets to a task that runs and serves
    NETWORK = auto()  # from the tasks into the network, which they start through
    REGISTRY = auto()  # from the network to the image
    SECRETS = auto()  # from the network to the secrets
    AGENTS = auto()  # what a task that serves runs
    NEXT_START = auto()  # the next task or revision, while one serves


# Causes that break the path elsewhere than where their subject or chapter does.
_BY_CAUSE: Final = {
    "caller-address-blocked": Hop.CLIENT,
    "conn-reset": Hop.CLIENT,
    "conn-timeout": Hop.CLIENT,
    "tls-to-plain-http": Hop.CLIENT,
    "balancer-subnet-private": Hop.BALANCER,
    "task-security-group-blocks": Hop.TARGETS,
    "egress-blocked": Hop.NETWORK,
    "dns-disabled": Hop.NETWORK,
    "public-ip-missing": Hop.NETWORK,
    "route-blackhole": Hop.NETWORK,
    "route-missing": Hop.NETWORK,
    "endpoint-security-group-blocks": Hop.NETWORK,
    "image-pull-network": Hop.NETWORK,
    "image-pull-dns": Hop.NETWORK,
    "init-network": Hop.NETWORK,
    "role-assume-failed": Hop.SECRETS,
    "app-unhealthy-5xx": Hop.TASKS,
    "ash-server-error": Hop.TASKS,
    "ash-rate-limited": Hop.TASKS,
    "bad-listen-config": Hop.TASKS,
    "server-open": Hop.TASKS,
}
_BY_FAMILY: Final = {"image-": Hop.REGISTRY, "secret-": Hop.SECRETS}
_BALANCERS: Final = frozenset({"address", "balancer", "listener", "zone"})
_BY_PLAYBOOK: Final = {"connection": Hop.TARGETS, "auth": Hop.CALLER}


def hop_of(item: Finding, *, serves: bool) -> Hop:
    """What a finding breaks; where nothing else is known, that a task runs and serves.

    Args:
        item: the finding.
        serves: whether a task runs: what stops a start then breaks the next one.
    """
    if item.cause in _BY_CAUSE:
        return _BY_CAUSE[item.cause]
    family = next((hop for start, hop in _BY_FAMILY.items() if item.cause.startswith(start)), None)
    if family is not None and item.playbook == "pending":
        return family
    if item.playbook == "connection" and item.subject.partition("/")[0] in _BALANCERS:
        return Hop.BALANCER
    if item.effect is Effect.AGENTS:
        return Hop.AGENTS
    if item.effect is Effect.NEXT_START and serves:
        return Hop.NEXT_START
    return _BY_PLAYBOOK.get(item.playbook, Hop.TASKS)


def broken(report: Report, snapshot: Snapshot) -> dict[Hop, Finding]:
    """The first finding that breaks each part now: roots only, as all else follows from them."""
    serves = any(card.state is State.OK for card in tasks(snapshot).cards)
    found: dict[Hop, Finding] = {}
    for item in roots(report):
        if item.severity == "error" and item.until is None:
            found.setdefault(hop_of(item, serves=serves), item)
    return found


def answered(snapshot: Snapshot) -> bool | None:
    """Whether the server answered this machine; ``None`` where it was not asked."""
    probe = snapshot.probe.value
    return probe.broken is None if probe and probe.rungs else None
