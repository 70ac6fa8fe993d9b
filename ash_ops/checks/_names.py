"""The real names behind the catalogue's placeholders, as far as they were read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from ash_ops.causes.names import names_in
from ash_ops.checks._findings import other_name
from ash_ops.facts.services import AwsVpcConfiguration
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import TaskDefinition

# What a message names by an ARN: that is a field, where other words are prose.
_BY_ARN = ("load-balancer", "role", "role-arn", "secret", "target-group")
_SECRET_PARTS = 7  # of a secret's ARN; what follows is the JSON key of a reference


@lru_cache(maxsize=64)
def _named(message: str) -> tuple[tuple[str, str], ...]:
    return tuple((n, v) for n, v in names_in(message).items() if n in _BY_ARN)


def named_in(message: str) -> dict[str, str]:
    """The names that a message gives by ARN."""
    found = dict(_named(message)) if "arn:" in message else {}
    arn = found.pop("role-arn", None)
    if arn:
        found["role"] = arn.rsplit("/", 1)[-1]  # whatever its path
    secret = found.get("secret", "")
    if ":secretsmanager:" in secret:
        found["secret"] = ":".join(secret.split(":")[:_SECRET_PARTS])
    return found


def filled(snapshot: Snapshot, text: str, message: str = "") -> str:
    """A command of the catalogue with the names of the message and of the deployment in it.

    What was not read, or what only a person can choose, stays as its ``<PLACEHOLDER>``.
    """
    if "<" not in text:
        return text
    for name, value in (*named_in(message).items(), *_names(snapshot)):
        if value:
            text = text.replace(f"<{name}>", value)
    return text.replace("<tag>", "<TAG>")


def _names(snapshot: Snapshot) -> Iterator[tuple[str, str | None]]:
    facts = snapshot.deployment
    yield from {
        "cluster": facts.cluster,
        "service": facts.service,
        "family": facts.service,
        "stack": facts.stack or facts.name,
        "log-group": facts.log_group,
        "region": facts.region,
        "name": facts.name,
        "other-name": other_name(snapshot),
    }.items()
    yield from _balancing(snapshot)
    yield from _network(snapshot)
    yield from _of_task(snapshot.task_definition.value)
    secrets = snapshot.secrets.value or ()
    yield "secret", next((s.arn or s.reference for s in secrets), None)


def _balancing(snapshot: Snapshot) -> Iterator[tuple[str, str | None]]:
    balancer = next(iter(snapshot.load_balancers.value or ()), None)
    listener = next(iter(snapshot.listeners.value or ()), None)
    group = next(iter(snapshot.target_groups.value or ()), None)
    probe = snapshot.probe.value
    yield "load-balancer", balancer.load_balancer_arn if balancer else None
    yield (
        "balancer-security-group",
        next(iter(balancer.security_groups), None) if balancer else None,
    )
    yield "listener", listener.listener_arn if listener else None
    yield "target-group", group.target_group_arn if group else None
    yield "your-address", probe.caller_ip if probe else None


def _network(snapshot: Snapshot) -> Iterator[tuple[str, str | None]]:
    place = _placement(snapshot)
    group = next(iter(place.security_groups), None) if place else None
    yield "task-security-group", group
    yield "security-group", group
    yield "subnet", next(iter(place.subnets), None) if place else None
    yield "subnets", ",".join(place.subnets) if place else None
    yield "task-security-groups", ",".join(place.security_groups) if place else None
    yield "vpc", next((v.vpc_id for v in snapshot.vpcs.value or ()), None)
    yield from _only_ones(snapshot)
    endpoints = snapshot.vpc_endpoints.value or ()
    groups = (g.group_id for e in endpoints for g in e.groups)
    yield "endpoint-security-group", next(groups, None)


def _only_ones(snapshot: Snapshot) -> Iterator[tuple[str, str | None]]:
    """What a network usually has one of: where there are several, a person chooses."""
    yield "route-table", _single(t.route_table_id for t in snapshot.route_tables.value or ())
    yield "network-acl", _single(a.network_acl_id for a in snapshot.network_acls.value or ())
    gateways = (g.internet_gateway_id for g in snapshot.internet_gateways.value or ())
    yield "internet-gateway", _single(gateways)
    nats = (n for n in snapshot.nat_gateways.value or () if n.state == "available")
    yield "nat-gateway", _single(n.nat_gateway_id for n in nats)


def _single(names: Iterable[str]) -> str | None:
    found = list(names)
    return found[0] if len(found) == 1 else None


def _placement(snapshot: Snapshot) -> AwsVpcConfiguration | None:
    service = snapshot.service.value
    config = service.network_configuration if service else None
    return config.awsvpc_configuration if config else None


def _of_task(definition: TaskDefinition | None) -> Iterator[tuple[str, str | None]]:
    container = definition.container() if definition else None
    role = definition.execution_role_arn if definition else None
    yield "image", container.image if container else None
    yield "role", role.rsplit("/", 1)[-1] if role else None
