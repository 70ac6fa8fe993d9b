"""What changed since it last worked: the newest revision beside the last one before it that ran.

Names, sizes and references are told; of a variable only that its value differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ash_ops.facts.model import Instant, Model
from ash_ops.facts.rollouts import RevisionPair, ServiceDeployment, ServiceRevision, last_steady
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import ContainerDefinition, TaskDefinition


class Change(Model):
    """One thing that differs.

    Attributes:
        what: ``image``, ``environment``, ``secrets``, ``size``, ``network`` ...
        name: which one, for instance the container or the variable.
        before: what it was; empty where there was none, and for values, which are never told.
        after: what it is.
    """

    what: str
    name: str
    before: str = ""
    after: str = ""


class Changed(Model):
    """What changed since a deployment last worked.

    Attributes:
        worked: the task definition of the revision that worked, for instance ``ash-runtime:7``.
        worked_at: when its rollout had come to its end.
        newest: the task definition of the newest revision.
        began: when its rollout began.
        has_worked: whether the newest one came to a good end too, so that the changes are older
            than the trouble.
        changes: what differs; none where both are alike.
    """

    worked: str
    worked_at: Instant | None
    newest: str
    began: Instant | None
    has_worked: bool
    changes: tuple[Change, ...] = ()


def changed(snapshot: Snapshot) -> Changed | None:
    """What changed; ``None`` where ECS remembers no other revision that worked, or was not asked."""
    rollouts = snapshot.service_deployments.value or ()
    steady, pair = last_steady(rollouts), snapshot.revision_pair.value
    if steady is None or pair is None:
        return None
    newest = rollouts[0]
    return Changed(
        worked=_short(pair.before),
        worked_at=steady.finished_at or steady.began,
        newest=_short(pair.after),
        began=newest.began,
        has_worked=newest.is_steady,
        changes=tuple(_changes(snapshot, pair, steady, newest)),
    )


def _short(definition: TaskDefinition) -> str:
    return definition.task_definition_arn.rsplit("/", 1)[-1]


def _changes(
    snapshot: Snapshot, pair: RevisionPair, steady: ServiceDeployment, newest: ServiceDeployment
) -> Iterator[Change]:
    revisions = {each.service_revision_arn: each for each in snapshot.service_revisions.value or ()}
    before, after = revisions.get(steady.target), revisions.get(newest.target)
    yield from _of_containers(pair)
    yield from _of_task(pair)
    if before is not None and after is not None:
        yield from _digests(before, after)
        yield from _around(before, after)
    yield from _secret_values(snapshot, newest if newest.is_steady else steady)


def _of_containers(pair: RevisionPair) -> Iterator[Change]:
    old = {each.name: each for each in pair.before.container_definitions}
    new = {each.name: each for each in pair.after.container_definitions}
    for name in dict.fromkeys([*old, *new]):
        if name not in old or name not in new:
            word = "added" if name in new else "removed"
            yield Change("container", f"{name} {word}")
            continue
        yield from _of_container(old[name], new[name])
    for name in pair.changed_environment:
        yield Change("environment", f"{name} has another value")


def _of_container(old: ContainerDefinition, new: ContainerDefinition) -> Iterator[Change]:
    yield from _differing("image", new.name, old.image, new.image)
    yield from _named(
        "environment",
        {each.name: "" for each in old.environment},
        {each.name: "" for each in new.environment},
    )
    yield from _named(
        "secrets",
        {each.name: each.value_from for each in old.secrets},
        {each.name: each.value_from for each in new.secrets},
    )
    yield from _differing("size", f"memory of {new.name}", old.memory, new.memory)
    if (old.command, old.entry_point) != (new.command, new.entry_point):
        yield Change("command", f"of {new.name}")
    yield from _differing("ports", new.name, _ports(old), _ports(new))
    if old.health_check != new.health_check:
        yield Change("health check", f"of {new.name}")
    if old.log_options != new.log_options:
        yield Change("logs", f"options of {new.name}")


def _ports(container: ContainerDefinition) -> tuple[int | None, ...]:
    return tuple(each.container_port for each in container.port_mappings)


def _of_task(pair: RevisionPair) -> Iterator[Change]:
    old, new = pair.before, pair.after
    yield from _differing("size", "cpu", old.cpu, new.cpu)
    yield from _differing("size", "memory", old.memory, new.memory)
    disks = [d.ephemeral_storage.size_in_gi_b if d.ephemeral_storage else None for d in (old, new)]
    yield from _differing("size", "disk in GiB", *disks)
    chips = [
        d.runtime_platform.cpu_architecture if d.runtime_platform else None for d in (old, new)
    ]
    yield from _differing("processor", "architecture", *chips)
    yield from _differing("roles", "execution role", old.execution_role_arn, new.execution_role_arn)
    yield from _differing("roles", "task role", old.task_role_arn, new.task_role_arn)
    volumes = [tuple(volume.name for volume in each.volumes) for each in (old, new)]
    yield from _differing("volumes", "of the task", *volumes)


def _digests(before: ServiceRevision, after: ServiceRevision) -> Iterator[Change]:
    """A tag that stayed and means another image now."""
    old = {each.container_name: each for each in before.container_images}
    for new in after.container_images:
        was = old.get(new.container_name)
        if was is not None and was.image == new.image:
            name = f"{new.container_name}: the tag is the same, the digest is not"
            yield from _differing("image", name, was.image_digest, new.image_digest)


def _around(before: ServiceRevision, after: ServiceRevision) -> Iterator[Change]:
    old, new = before.network_configuration, after.network_configuration
    was, now = (each.awsvpc_configuration if each else None for each in (old, new))
    if was is not None and now is not None:
        yield from _differing("network", "subnets", sorted(was.subnets), sorted(now.subnets))
        groups = (sorted(was.security_groups), sorted(now.security_groups))
        yield from _differing("network", "security groups", *groups)
        address = (was.assign_public_ip, now.assign_public_ip)
        yield from _differing("network", "assignPublicIp", *address)
    yield from _differing("capacity", "launch type", before.launch_type, after.launch_type)
    yield from _differing("capacity", "platform", before.platform_version, after.platform_version)
    providers = [
        tuple(item.capacity_provider for item in each.capacity_provider_strategy)
        for each in (before, after)
    ]
    yield from _differing("capacity", "providers", *providers)


def _secret_values(snapshot: Snapshot, since: ServiceDeployment) -> Iterator[Change]:
    """Secrets whose value was written after the last rollout that came to a good end."""
    at = since.finished_at
    for secret in snapshot.secrets.value or ():
        when = secret.last_changed_at
        if at is not None and when is not None and when > at:
            names = ", ".join(secret.variables) or secret.reference
            yield Change("secrets", f"{names} was written at {when:%Y-%m-%d %H:%M} UTC")


def _named(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    """Variables that came, went, or point elsewhere; by their names alone."""
    for name in dict.fromkeys([*old, *new]):
        if name not in old:
            yield Change(what, f"{name} added")
        elif name not in new:
            yield Change(what, f"{name} removed")
        elif old[name] != new[name]:
            yield Change(what, f"{name} comes from elsewhere")


def _differing(what: str, name: str, old: Any, new: Any) -> Iterator[Change]:
    if old != new:
        yield Change(what, name, _shown(old), _shown(new))


def _shown(value: Any) -> str:
    if value is None:
        return "not set"
    return ", ".join(map(str, value)) or "none" if isinstance(value, (tuple, list)) else str(value)
