"""Which subjects of findings have to do with one another, by the facts.

A subject is ``kind/name``, as ``Finding.subject`` has it. What several subjects share decides: a
subnet and a target share the task that stands in the one and behind the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from urllib.parse import urlsplit

from ash_ops.facts.load_balancing import LoadBalancer
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task

# Kinds of which the facts tell to which tasks they belong; every other kind bears on all of them.
_PARTS = frozenset({"task", "target", "subnet", "revision"})
_ENTRANCES = frozenset({"balancer", "listener"})


def target_subject(address: str, port: int | None) -> str:
    """The subject of a registered target: ``target/10.0.1.5:4100``."""
    return f"target/{address}:{port}" if port else f"target/{address}"


def entrance_subject(snapshot: Snapshot) -> str:
    """The subject of what this machine connects to: the balancer of the deployment's address."""
    host = (urlsplit(snapshot.deployment.url or "").hostname or "").lower()
    balancers = snapshot.load_balancers.value or ()
    found = next((b for b in balancers if (b.dns_name or "").lower() == host), None)
    return f"balancer/{found.load_balancer_name}" if found and host else ""


class Relations:
    """What the facts say about who has to do with whom."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def related(self, one: str, other: str) -> bool:
        """Whether what befalls one subject may concern the other."""
        if one == other:
            return True
        first, second = _kind(one), _kind(other)
        if first in _ENTRANCES and second in _ENTRANCES:
            return bool(self._entrances(one) & self._entrances(other))
        if first in _ENTRANCES or second in _ENTRANCES:
            entrance, inside = (one, other) if first in _ENTRANCES else (other, one)
            return not _is_part(inside) or self._leads_in(entrance)
        if not (_is_part(one) and _is_part(other)):
            return True
        return bool(self._reach(one) & self._reach(other))

    def distance(self, one: str, other: str) -> int:
        """How far apart two related subjects are: 0 the same, 1 by a part they share, 2 else."""
        if one == other:
            return 0
        return 1 if _is_part(one) and _is_part(other) else 2

    def runs(self, subject: str) -> bool:
        """Whether a task that a subject has to do with runs now; so it has started."""
        if not _is_part(subject):
            return bool(self._running) or self._said_to_run
        return bool(self._reach(subject) & self._running)

    def _reach(self, subject: str) -> frozenset[str]:
        """A part and its tasks; a task of which the place is not known may be in any."""
        return self._tasks_of.get(subject, frozenset()) | {subject} | self._lost(subject)

    def _lost(self, subject: str) -> frozenset[str]:
        kind = _kind(subject)
        if kind == "task" or (kind == "target" and subject in self._tasks_of):
            return frozenset()
        return self._tasks_of.get(f"{kind}/", frozenset())

    @cached_property
    def _running(self) -> frozenset[str]:
        tasks = self._snapshot.tasks.value or ()
        return frozenset(f"task/{t.id}" for t in tasks if t.last_status == "RUNNING")

    @cached_property
    def _said_to_run(self) -> bool:
        """By the service's own count, where the tasks could not be read."""
        service = self._snapshot.service.value
        return self._snapshot.tasks.gap is not None and bool(service and service.running_count)

    @cached_property
    def _tasks_of(self) -> dict[str, frozenset[str]]:
        """The tasks, running or dead, that each part of the deployment has to do with."""
        found: dict[str, set[str]] = defaultdict(set)
        by_address: dict[str, str] = {}
        for task in self._all_tasks():
            name = f"task/{task.id}"
            found[f"subnet/{task.subnet_id or ''}"].add(name)
            found[f"revision/{(task.task_definition_arn or '').rsplit(':', 1)[-1]}"].add(name)
            if task.last_status == "STOPPED":
                continue
            if task.private_ip:
                by_address[task.private_ip] = name
            else:
                found["target/"].add(name)
        for row in self._snapshot.target_health.value or ():
            behind = by_address.get(row.target.id)
            if behind:
                found[target_subject(row.target.id, row.target.port)].add(behind)
        return {subject: frozenset(tasks) for subject, tasks in found.items()}

    def _all_tasks(self) -> Iterable[Task]:
        facts = self._snapshot
        archived = (each.task for each in facts.archived_tasks.value or ())
        return (*(facts.tasks.value or ()), *(facts.stopped_tasks.value or ()), *archived)

    def _entrances(self, subject: str) -> frozenset[str]:
        """The balancers that an entrance is, or belongs to."""
        if _kind(subject) == "balancer":
            return frozenset({subject})
        port = subject.partition("/")[2]
        names = {b.load_balancer_arn: b.load_balancer_name for b in self._balancers}
        listeners = self._snapshot.listeners.value or ()
        arns = [x.load_balancer_arn for x in listeners if str(x.port) == port]
        return frozenset(f"balancer/{names[arn]}" for arn in arns if arn in names)

    def _leads_in(self, entrance: str) -> bool:
        """Whether connections through an entrance reach the service's targets, as far as is known."""
        groups = {g.target_group_arn for g in self._snapshot.target_groups.value or ()}
        listeners = self._snapshot.listeners.value or ()
        mine = self._entrances(entrance)
        leading = {
            x.load_balancer_arn
            for x in listeners
            if any(groups & set(action.groups) for action in x.default_actions)
        }
        return not leading or any(
            f"balancer/{b.load_balancer_name}" in mine and b.load_balancer_arn in leading
            for b in self._balancers
        )

    @property
    def _balancers(self) -> tuple[LoadBalancer, ...]:
        return self._snapshot.load_balancers.value or ()


def _kind(subject: str) -> str:
    return subject.partition("/")[0]


def _is_part(subject: str) -> bool:
    return _kind(subject) in _PARTS
