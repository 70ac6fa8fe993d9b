"""Who can reach the server, and what does it give away?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.aws import operations as op
from ash_ops.checks._facts import NOT_ASKED
from ash_ops.checks._findings import (
    ash_command,
    change,
    deploy_fix,
    finding,
    other_name,
    quote,
    verify,
)
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, items, present
from ash_ops.checks.network.groups import groups_of, matches_port, open_to_world
from ash_ops.facts.load_balancing import LoadBalancer
from ash_ops.facts.network import IpPermission
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.names import ASH_PORT
from ash_ops.template_parameters import default_number


def _balancer(snapshot: Snapshot) -> LoadBalancer:
    balancer = next(items(snapshot.load_balancers), None)
    if balancer is None:
        raise NotApplicable("there is no load balancer")
    return balancer


def reachable(snapshot: Snapshot) -> Iterator[Finding]:
    """Not everyone on the internet can connect to the server's port."""
    balancer = _balancer(snapshot)
    if balancer.scheme == "internal":
        return
    port = next((x.port for x in items(snapshot.listeners) if x.port), ASH_PORT)
    if not balancer.security_groups:
        return  # reported by the check of the balancer's security group
    groups = groups_of(snapshot, balancer.security_groups)
    rules = [rule for group in groups for rule in group.ip_permissions]
    if open_to_world(rules, port):
        yield finding(
            "open-to-world",
            "security",
            f"Port {port} is open to every address ({_ranges(rules, port)}): anyone who reaches it can "
            "read the API key.",
            [
                quote(
                    snapshot.security_groups,
                    f"SecurityGroups[{groups[0].group_id}].IpPermissions",
                    _ranges(rules, port),
                )
            ],
            [
                _admit_only(snapshot, "Admit only the addresses that need it."),
                verify(snapshot, "security"),
            ],
            severity="warning",
        )


def _admit_only(snapshot: Snapshot, why: str) -> Fix:
    """This machine's own address where it is known: whom else to admit, the owner knows alone."""
    probe = snapshot.probe.value
    address = probe.caller_ip if probe else None
    if address is None or ":" in address:  # the template takes IPv4 ranges
        return deploy_fix(snapshot, f"{why} Which, you must say.", "--allow-cidr <YOUR-NETWORK>")
    return deploy_fix(
        snapshot,
        f"{why} This is the address of this machine; name those of your other callers too.",
        f"--allow-cidr {address}/32",
    )


def _ranges(rules: list[IpPermission], port: int) -> str:
    """The ranges that may connect to a port, as the rules have them."""
    return ", ".join(
        str(text)
        for rule in rules
        if matches_port(rule, port)
        for text in (*(r.cidr_ip for r in rule.ip_ranges), *(r.cidr_ipv6 for r in rule.ipv6_ranges))
        if text
    )


def key_published(snapshot: Snapshot) -> Iterator[Finding]:
    """GET /dashboard/config.js does not hand out the API key.

    The server of commit 7d26aee answers it without any authentication.
    """
    probe = present(snapshot.probe)
    if probe.key_published is None:
        raise CannotTell(NOT_ASKED)
    if probe.key_published:
        yield finding(
            "api-key-exposed",
            "security",
            f"{probe.url}/dashboard/config.js hands the API key to anyone who can connect, without a key.",
            [quote(snapshot.probe, "GET /dashboard/config.js", "apiKey is set")],
            [
                _admit_only(snapshot, "Until the image changes, admit only addresses you trust."),
                verify(snapshot, "security"),
            ],
            severity="info" if _admits_only_some(snapshot) else "warning",
        )


def _admits_only_some(snapshot: Snapshot) -> bool:
    """Whether only chosen addresses reach the server: its owner can do no more about the key."""
    try:
        balancer = _balancer(snapshot)
        groups = groups_of(snapshot, balancer.security_groups)
        ports = [x.port for x in items(snapshot.listeners) if x.port]
    except (CannotTell, NotApplicable):
        return False
    rules = [rule for group in groups for rule in group.ip_permissions]
    return bool(groups) and not any(open_to_world(rules, port) for port in ports or [ASH_PORT])


def balancer_group(snapshot: Snapshot) -> Iterator[Finding]:
    """The load balancer has a security group; one made without can never get one."""
    balancer = _balancer(snapshot)
    if balancer.security_groups:
        return
    yield finding(
        "balancer-without-security-group",
        "security",
        f"Load balancer {balancer.load_balancer_name} has no security group: it accepts every address, "
        "and none can be added later.",
        [
            quote(
                snapshot.load_balancers,
                f"LoadBalancers[{balancer.load_balancer_name}].SecurityGroups",
                "[]",
            )
        ],
        [
            Fix(
                why="Deploy the bundled template under another name, move the clients, then remove this one.",
                command=ash_command(snapshot, f"deploy --name {other_name(snapshot)}"),
            ),
        ],
        severity="warning",
    )


def log_retention(snapshot: Snapshot) -> Iterator[Finding]:
    """The logs are not kept, and paid for, without end."""
    group = present(snapshot.log_group)
    if group.retention_in_days:
        return
    days = default_number("LogRetentionDays")
    yield finding(
        "log-retention-endless",
        "security",
        f"Log group {group.log_group_name} keeps everything for ever.",
        [
            quote(
                snapshot.log_group, f"logGroups[{group.log_group_name}].retentionInDays", "not set"
            )
        ],
        [
            change(
                snapshot,
                f"Keep {days} days.",
                op.PUT_RETENTION_POLICY,
                logGroupName=group.log_group_name,
                retentionInDays=days,
            ),
        ],
        severity="warning",
    )


REACHABLE = Check(
    id="open-to-world",
    title="Only chosen addresses reach the server",
    playbook="security",
    run=reachable,
    causes=("open-to-world",),
)
KEY_PUBLISHED = Check(
    id="api-key-exposed",
    title="The server does not publish its key",
    playbook="security",
    run=key_published,
    causes=("api-key-exposed",),
)
BALANCER_GROUP = Check(
    id="balancer-security-group",
    title="The load balancer has a security group",
    playbook="security",
    run=balancer_group,
    causes=("balancer-without-security-group",),
)
LOG_RETENTION = Check(
    id="log-retention",
    title="Logs are kept for a limited time",
    playbook="security",
    run=log_retention,
    causes=("log-retention-endless",),
)
