"""Does the server see its callers' own addresses?

Ash counts 1500 requests in 15 minutes an address, ``/health`` included. A network load balancer with
``ip`` targets hides the callers' addresses unless told otherwise, so that all of them and the health
check share one count: ordinary traffic then makes the health check fail and the task be replaced.
"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import finding, quote, verify
from ash_ops.checks._tailored import preserve_addresses
from ash_ops.checks.base import Check, Finding, NotApplicable, items
from ash_ops.facts.snapshot import Snapshot

_ATTRIBUTE = "preserve_client_ip.enabled"


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The target group preserves client addresses."""
    attributes = snapshot.target_group_attributes.get() or {}
    group = next(items(snapshot.target_groups), None)
    if group is None or _ATTRIBUTE not in attributes:
        raise NotApplicable("the target group has no such attribute")
    if attributes[_ATTRIBUTE] == "true":
        return
    yield finding(
        "ash-rate-limited",
        "connection",
        "The load balancer hides its callers' addresses: all of them and the health check share one "
        "limit of 1500 requests in 15 minutes, and past it the task is replaced.",
        [quote(snapshot.target_group_attributes, f"Attributes[{_ATTRIBUTE}]", "false")],
        [
            *preserve_addresses(snapshot, "Preserve the callers' addresses."),
            verify(snapshot, "connection"),
        ],
        severity="warning",
        confidence="likely",
    )


CHECK = Check(
    id="client-addresses",
    title="The server sees its callers' own addresses",
    playbook="connection",
    run=run,
    causes=("ash-rate-limited",),
)
