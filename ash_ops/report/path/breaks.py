"""Where on the path from the client to the agent a finding breaks it."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from ash_ops.checks.base import Finding
from ash_ops.diagnosis import Report
from ash_ops.facts.snapshot import Snapshot
from ash_ops.report._tree import roots


class Hop(Enum):
    """An edge of the path."""

    CLIENT = auto()  # from here to the load balancer
    TARGETS = auto()  # from the load balancer to the targets
    TASKS = auto()  # from the targets to a task that runs and serves
    NETWORK = auto()  # from the tasks into the network, which they start through
    REGISTRY = auto()  # from the network to the image
    SECRETS = auto()  # from the network to the secrets


# Causes that break the path elsewhere than where their subject or chapter does.
_BY_CAUSE: Final = {
    "balancer-subnet-private": Hop.CLIENT,
    "caller-address-blocked": Hop.CLIENT,
    "conn-timeout": Hop.CLIENT,
    "tls-to-plain-http": Hop.CLIENT,
    "egress-blocked": Hop.NETWORK,
    "endpoint-security-group-blocks": Hop.NETWORK,
    "image-pull-network": Hop.NETWORK,
    "image-pull-dns": Hop.NETWORK,
    "init-network": Hop.NETWORK,
    "role-assume-failed": Hop.SECRETS,
    "app-unhealthy-5xx": Hop.TASKS,
    "ash-server-error": Hop.TASKS,
    "ash-rate-limited": Hop.TASKS,
    "bad-listen-config": Hop.TASKS,
}
_BY_FAMILY: Final = {"image-": Hop.REGISTRY, "secret-": Hop.SECRETS}
_BY_SUBJECT: Final = {
    "address": Hop.CLIENT,
    "balancer": Hop.CLIENT,
    "listener": Hop.CLIENT,
    "zone": Hop.CLIENT,
}
_BY_PLAYBOOK: Final = {"connection": Hop.TARGETS, "auth": Hop.CLIENT}


def hop_of(item: Finding) -> Hop:
    """The edge that a finding breaks; where no other is known, that a task runs and serves."""
    if item.cause in _BY_CAUSE:
        return _BY_CAUSE[item.cause]
    family = next((hop for start, hop in _BY_FAMILY.items() if item.cause.startswith(start)), None)
    if family is not None and item.playbook == "pending":
        return family
    subject = item.subject.partition("/")[0]
    if item.playbook == "connection" and subject in _BY_SUBJECT:
        return _BY_SUBJECT[subject]
    return _BY_PLAYBOOK.get(item.playbook, Hop.TASKS)


def broken(report: Report) -> dict[Hop, Finding]:
    """The first finding that breaks each edge now: roots only, as all else follows from them."""
    found: dict[Hop, Finding] = {}
    for item in roots(report):
        if item.severity == "error" and item.until is None:
            found.setdefault(hop_of(item), item)
    return found


def answered(snapshot: Snapshot) -> bool | None:
    """Whether the server answered this machine; ``None`` where it was not asked."""
    probe = snapshot.probe.value
    return probe.broken is None if probe and probe.rungs else None
