"""The real names behind the catalogue's placeholders, as far as they were read."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.facts.services import AwsVpcConfiguration
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import TaskDefinition


def filled(snapshot: Snapshot, text: str) -> str:
    """A command of the catalogue with the deployment's own names in it.

    What was not read, or what only a person can choose, stays as its ``<PLACEHOLDER>``.
    """
    if "<" not in text:
        return text
    for name, value in _names(snapshot):
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
        "other-name": f"{facts.name}-2",
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
    yield "vpc", next((v.vpc_id for v in snapshot.vpcs.value or ()), None)
    endpoints = snapshot.vpc_endpoints.value or ()
    groups = (g.group_id for e in endpoints for g in e.groups)
    yield "endpoint-security-group", next(groups, None)


def _placement(snapshot: Snapshot) -> AwsVpcConfiguration | None:
    service = snapshot.service.value
    config = service.network_configuration if service else None
    return config.awsvpc_configuration if config else None


def _of_task(definition: TaskDefinition | None) -> Iterator[tuple[str, str | None]]:
    container = definition.container() if definition else None
    role = definition.execution_role_arn if definition else None
    yield "image", container.image if container else None
    yield "role", role.rsplit("/", 1)[-1] if role else None
