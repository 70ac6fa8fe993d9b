"""Is there an instance that the task fits on?"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from ash_ops.aws import operations as op
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import HOUR, definition, is_of_runners, running, starting
from ash_ops.checks._findings import (
    MORE_FOR_A_RUNNER,
    aws_command,
    change,
    deploy_fix,
    finding,
    quote,
    verify,
)
from ash_ops.checks._repairs import repair
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, present
from ash_ops.checks.hosts._events import REFUSALS, refused
from ash_ops.checks.hosts._hosts import are_managed, hosts, is_sound, require_hosts, severity_now
from ash_ops.facts.hosts import ContainerInstance
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.services import ServiceEvent
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import ContainerDefinition, TaskDefinition

_NO_INTERFACE = "RESOURCE:ENI"


class _Size(Struct, frozen=True):
    """What a task takes of an instance: CPU units, MiB, and TCP ports of the host."""

    cpu: int
    memory: int
    ports: frozenset[int]

    def fits(self, cpu: int | None, memory: int | None) -> bool:
        """Whether that much is enough, as far as it is known."""
        return (cpu is None or self.cpu <= cpu) and (memory is None or self.memory <= memory)


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """An instance is there, is large enough, and has room while a task is missing."""
    require_hosts(snapshot)
    found = hosts(snapshot)
    if not found:
        yield from _none(snapshot)
        return
    size = _size(definition(snapshot))
    # Managed Instances starts an instance that fits, whatever those are like that run.
    if not are_managed(snapshot):
        yield from _room(snapshot, found, size)
    event = _without_interface(snapshot)
    if event is not None:
        yield _no_interface(snapshot, event)


def _size(task: TaskDefinition) -> _Size:
    """The task's own size; where it has none, ECS adds up what its containers reserve."""
    containers = task.container_definitions
    cpu = _number(task.cpu) or sum(c.cpu or 0 for c in containers)
    memory = _number(task.memory) or sum(_reserved(c) for c in containers)
    ports = {p.host_port for c in containers for p in c.port_mappings if p.host_port}
    return _Size(cpu, memory, frozenset() if task.network_mode == "awsvpc" else frozenset(ports))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _reserved(container: ContainerDefinition) -> int:
    return container.memory_reservation or container.memory or 0


def _is_short(snapshot: Snapshot) -> bool:
    """Whether a task is missing: of all that are wanted, or of the rollout that is under way."""
    service = present(snapshot.service)
    new = service.primary if len(service.deployments) > 1 else None
    # One that starts on an instance has its place, and what it takes there is its own.
    placed = [task for task in starting(snapshot) if task.container_instance_arn]
    own = [t for t in placed if new and t.task_definition_arn in {None, new.task_definition}]
    lacking = new is not None and (new.running_count or 0) + len(own) < (new.desired_count or 0)
    return lacking or len(running(snapshot)) + len(placed) < (service.desired_count or 0)


def _none(snapshot: Snapshot) -> Iterator[Finding]:
    if not _is_short(snapshot):
        raise CannotTell("tasks run, and yet no instance of the cluster was found")
    facts = snapshot.deployment
    empty = quote(snapshot.container_instances, "containerInstances", "[]")
    told = f"Cluster {facts.cluster} has no instance that the service's tasks may be put on"
    found = refused(snapshot)
    if found is not None:
        cause, event = found
        yield finding(
            cause,
            "pending",
            f"{told}, and EC2 gave none: {event.message}",
            [
                empty,
                quote(
                    snapshot.service,
                    f"events[{event.id[:8]}].message",
                    event.message,
                    event.created_at,
                ),
            ],
            [*repair(snapshot, cause, event.message), verify(snapshot, "pending")],
            severity=severity_now(snapshot),
            subject=f"service/{facts.service}",
        )
        return
    yield finding(
        "no-instances",
        "pending",
        f"{told}.",
        [empty],
        [
            Fix(
                why="See what the Auto Scaling group or the capacity provider does; what keeps it from "
                "starting an instance is a finding of its own, where it could be read.",
                command=aws_command(
                    snapshot,
                    f"ecs describe-clusters --clusters {facts.cluster} --include ATTACHMENTS",
                ),
            ),
            verify(snapshot, "pending"),
        ],
        severity=severity_now(snapshot),
        subject=f"service/{facts.service}",
    )


def _room(snapshot: Snapshot, found: list[ContainerInstance], size: _Size) -> Iterator[Finding]:
    if not any(_fits(h, size) for h in found):
        yield _too_small(snapshot, found, size)
        return
    usable = [h for h in found if is_sound(h) and _fits(h, size)]
    if usable and _is_short(snapshot) and not any(_has_room(h, size) for h in usable):
        yield _full(snapshot, usable, size)


def _fits(host: ContainerInstance, size: _Size) -> bool:
    return size.fits(host.registered("CPU"), host.registered("MEMORY"))


def could_take(snapshot: Snapshot, host: ContainerInstance) -> bool:
    """Whether the task fits on an instance that is empty, for all that is known."""
    try:
        return _fits(host, _size(definition(snapshot)))
    except (CannotTell, NotApplicable):
        return True


def _has_room(host: ContainerInstance, size: _Size) -> bool:
    free = size.fits(host.remaining("CPU"), host.remaining("MEMORY"))
    return free and not size.ports & host.ports_taken


def _told(amount: int | None) -> str:
    return "?" if amount is None else str(amount)


def _too_small(snapshot: Snapshot, found: list[ContainerInstance], size: _Size) -> Finding:
    largest = max(found, key=lambda h: (h.registered("MEMORY") or 0, h.registered("CPU") or 0))
    has = (
        f"{_told(largest.registered('CPU'))} CPU units and {_told(largest.registered('MEMORY'))} MB"
    )
    kind = f" ({largest.instance_type})" if largest.instance_type else ""
    path = f"containerInstances[{largest.id}].registeredResources"
    return finding(
        "instance-too-small",
        "pending",
        f"The task asks for {size.cpu} CPU units and {size.memory} MB; the largest instance{kind} has {has} "
        "for all its tasks together.",
        [
            quote(snapshot.container_instances, path, has),
            quote(
                snapshot.task_definition, "taskDefinition.cpu/memory", f"{size.cpu} / {size.memory}"
            ),
        ],
        [*_larger(snapshot, size), verify(snapshot, "pending")],
        severity=severity_now(snapshot),
        subject=f"revision/{definition(snapshot).revision or '?'}",
    )


def _larger(snapshot: Snapshot, size: _Size) -> list[Fix]:
    if _is_not_the_stacks(snapshot):
        why = "Put back what the stack wants: this revision was registered behind its back."
        return [deploy_fix(snapshot, why)]
    if is_of_runners(snapshot):
        return [Fix(why=f"A runner has an instance to itself. {MORE_FOR_A_RUNNER}")]
    why = (
        f"Either choose an instance type with more than {size.memory} MB (`ash-ops deploy --instance-type "
        "TYPE`; the agent and the system take some of it), which replaces the instance and loses what is "
        "only on its disk; or a task that fits (`ash-ops deploy --memory MB --cpu UNITS`)."
    )
    if snapshot.stack.value is None:
        return [deploy_fix(snapshot, "Use a larger instance type, or a task that fits.")]
    return [Fix(why=why)]


def _is_not_the_stacks(snapshot: Snapshot) -> bool:
    """Whether the stack wants another revision than the one that finds no place."""
    stack, service = snapshot.stack.value, snapshot.service.value
    wanted = stack.outputs.get("TaskDefinitionArn") if stack else None
    return bool(wanted and service and service.task_definition != wanted)


def _full(snapshot: Snapshot, usable: list[ContainerInstance], size: _Size) -> Finding:
    left = "; ".join(
        f"{h.id}: {_told(h.remaining('CPU'))} CPU units and {_told(h.remaining('MEMORY'))} MB"
        for h in usable[:5]
    )
    ports = sorted(size.ports & frozenset.union(*(h.ports_taken for h in usable)))
    taken = f" Port {ports[0]} of the host is taken." if ports else ""
    cluster = snapshot.deployment.cluster
    return finding(
        "instances-full",
        "pending",
        f"No instance has {size.cpu} CPU units and {size.memory} MB left for another task ({left}).{taken}",
        [
            quote(
                snapshot.container_instances,
                f"containerInstances[{h.id}].remainingResources",
                f"CPU {_told(h.remaining('CPU'))}, MEMORY {_told(h.remaining('MEMORY'))}",
            )
            for h in usable[:5]
        ],
        [
            Fix(
                why="See which tasks hold it; stop what is not needed, or add an instance.",
                command=aws_command(snapshot, f"ecs list-tasks --cluster {cluster}"),
            ),
            *_one_more(snapshot),
            verify(snapshot, "pending"),
        ],
        severity=severity_now(snapshot),
        subject=f"service/{snapshot.deployment.service}",
    )


def _one_more(snapshot: Snapshot) -> list[Fix]:
    """The order for another instance, where one group starts them; it costs, so a person gives it."""
    groups = snapshot.scaling_groups.value or ()
    if len(groups) != 1 or groups[0].desired_capacity is None:
        return []
    group, wanted = groups[0], groups[0].desired_capacity + 1
    more = {"MaxSize": wanted} if group.max_size is not None and group.max_size < wanted else {}
    step = change(
        snapshot,
        "Or let its Auto Scaling group have one more: that one is billed, too.",
        op.UPDATE_AUTO_SCALING_GROUP,
        AutoScalingGroupName=group.auto_scaling_group_name,
        DesiredCapacity=wanted,
        **more,
    )
    return [replace(step, action=None)]


def _without_interface(snapshot: Snapshot) -> ServiceEvent | None:
    """The newest event in which ECS found no interface, while a task is missing."""
    if not _is_short(snapshot):
        return None
    recent = [
        e
        for e in present(snapshot.service).events
        if _NO_INTERFACE in e.message
        and snapshot.taken_at - (e.created_at or snapshot.taken_at) < HOUR
    ]
    return max(recent, key=lambda e: e.created_at or snapshot.taken_at, default=None)


def _no_interface(snapshot: Snapshot, event: ServiceEvent) -> Finding:
    return finding(
        "eni-limit",
        "pending",
        "No instance has a network interface left for the task: each task in network mode awsvpc takes "
        "one, and an instance type has few of them.",
        [
            quote(
                snapshot.service, f"events[{event.id[:8]}].message", event.message, event.created_at
            )
        ],
        [
            Fix(
                why="Let instances take more interfaces; it counts for instances that start afterwards.",
                command=aws_command(
                    snapshot, "ecs put-account-setting --name awsvpcTrunking --value enabled"
                ),
            ),
            Fix(why="Or use a larger instance type, or more instances: each brings interfaces."),
            verify(snapshot, "pending"),
        ],
        severity=severity_now(snapshot),
        subject=f"service/{snapshot.deployment.service}",
        since=event.created_at,
    )


CHECK = Check(
    id="room-on-hosts",
    title="An instance is there and has room for the task",
    playbook="pending",
    run=run,
    causes=("no-instances", "instance-too-small", "instances-full", "eni-limit", *sorted(REFUSALS)),
    explains=(
        *NO_TASK,
        "task-stuck",
        "placement-failed",
        "wrong-launch-type",
        "instances-full",
    ),
    vital=True,
)
