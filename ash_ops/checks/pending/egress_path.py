"""Can tasks reach the registry and the AWS APIs they need?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.causes import classify
from ash_ops.checks._attempts import USUAL_START, Stage, attempts, reached, stage_of
from ash_ops.checks._consequences import NO_TASK, TASKS_OWN_GROUP
from ash_ops.checks._facts import (
    ash_container,
    is_serving,
    starting,
    stopped,
)
from ash_ops.checks._findings import finding, fresh_tasks, verify
from ash_ops.checks.base import Check, Effect, Finding, NotApplicable, Severity
from ash_ops.checks.connection.balancer_addresses import WITH_THE_TASKS
from ash_ops.checks.network import BLOCKED, INTERNET, Blocker, internet_blockers
from ash_ops.checks.network.private import Unfit, missing_endpoints, unfit_endpoints
from ash_ops.facts.model import plain
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task

# What tasks that died of it say. The first is about a route that is not there: the same by another name.
_NO_ROUTE = "image-pull-network"
_SAID = (_NO_ROUTE, "init-network", "image-pull-dns")


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Every subnet of the service has an open path to the internet, or endpoints that replace it."""
    by_subnet = internet_blockers(snapshot)
    blocked = {
        subnet: left
        for subnet, found in by_subnet.items()
        if (left := _of_a_start(snapshot, found))
    }
    if not blocked:
        return
    served = {subnet for subnet in blocked if not missing_endpoints(snapshot, [subnet])}
    if served == set(blocked):
        raise NotApplicable("the image and the AWS APIs are reached through VPC endpoints")
    by_subnet = {s: [] if s in served else found for s, found in by_subnet.items()}
    blocked = {s: left for s, left in blocked.items() if s not in served}
    missing = missing_endpoints(snapshot, list(blocked))
    for cause, blockers in _by_cause(snapshot, blocked, missing).items():
        yield _blocked(snapshot, cause, blockers, by_subnet, missing)


def _of_a_start(snapshot: Snapshot, found: list[Blocker]) -> list[Blocker]:
    """An instance pulls and fetches by its own interface: that its tasks have no public address stops no start."""
    service = snapshot.service.value
    if service is None or not service.uses_hosts:
        return found
    return [blocker for blocker in found if blocker.cause != "public-ip-missing"]


def _by_cause(
    snapshot: Snapshot, blocked: dict[str, list[Blocker]], missing: list[str]
) -> dict[str, list[Blocker]]:
    """What is in the way, by what it is: where endpoints stand in for the internet, one of them is what lacks."""
    said = _said_by_the_dead(snapshot)
    if missing != ["internet"]:
        return {said or _NO_ROUTE: _distinct(blocked)}
    found: dict[str, list[Blocker]] = {}
    for blocker in _distinct(blocked):
        is_said = blocker.cause == "route-missing" and said == _NO_ROUTE
        found.setdefault(_NO_ROUTE if is_said else blocker.cause, []).append(blocker)
    return found


def _blocked(
    snapshot: Snapshot,
    cause: str,
    blockers: list[Blocker],
    by_subnet: dict[str, list[Blocker]],
    missing: list[str],
) -> Finding:
    shut = {
        s
        for s, found in by_subnet.items()
        if not set(map(_key, blockers)).isdisjoint(map(_key, found))
    }
    unfit = unfit_endpoints(snapshot, list(shut), missing)
    by_endpoints = {each.service for each in unfit} == set(missing)
    return finding(
        cause,
        "pending",
        " ".join([*(o.sentence for o in blockers), _effect(snapshot, missing, shut, unfit)]),
        [e for o in blockers for e in o.evidence],
        [
            *(
                [each.fix for each in unfit]
                if by_endpoints
                else (f for o in blockers for f in o.fix)
            ),
            *fresh_tasks(snapshot),
            verify(snapshot, "pending"),
        ],
        severity=_severity(snapshot, shut, whole=all(by_subnet.values())),
        subject=f"subnet/{next(iter(shut))}" if len(shut) == 1 < len(by_subnet) else "",
        effect=Effect.NEXT_START,
        apart="" if cause in _SAID else INTERNET,
    )


def _severity(snapshot: Snapshot, blocked: set[str], *, whole: bool) -> Severity:
    """An error only where it holds up the newest task: one that has its image proves a way out."""
    try:
        if any(_is_held_up(snapshot, task, blocked) for task in starting(snapshot)):
            return "error"
        newest = next(iter(attempts(snapshot)), None)
        if newest is not None and _died_of_it(newest, blocked):
            return "error"
        if is_serving(snapshot) or reached(snapshot, Stage.PULLED):
            return "warning"
    except CannotTell:
        return "error" if whole else "warning"
    return "error" if whole or (newest and newest.subnet_id in blocked) else "warning"


def _is_held_up(snapshot: Snapshot, task: Task, blocked: set[str]) -> bool:
    """Whether a task has stood for long where there is no way out, without its image."""
    age = snapshot.taken_at - (task.created_at or snapshot.taken_at)
    return task.subnet_id in blocked and stage_of(task) < Stage.PULLED and age > USUAL_START


def _died_of_it(task: Task, blocked: set[str]) -> bool:
    """Whether a task was put where there is no way out, and says that it found none."""
    return task.subnet_id in blocked and classify("stopped_task", plain(task)).cause in _SAID


def _effect(snapshot: Snapshot, missing: list[str], shut: set[str], unfit: list[Unfit]) -> str:
    if missing != ["internet"]:
        made = {each.service for each in unfit}
        lacking = [service for service in missing if service not in made]
        told = [each.sentence for each in unfit]
        if lacking:
            told.append(f"{', '.join(lacking)} {'are' if len(lacking) > 1 else 'is'} missing")
        return f"The VPC's endpoints do not make up for it: {'; '.join(told)}."
    try:
        there = {task.subnet_id for task in snapshot.tasks.value or ()}
        if is_serving(snapshot) and not there.isdisjoint({None, *shut}):
            return "The tasks that run now would not start again."
    except (CannotTell, NotApplicable):
        pass
    return f"A task put there cannot pull {_image(snapshot)}."


def _distinct(blocked: dict[str, list[Blocker]]) -> list[Blocker]:
    """Each blocker once: two subnets may share a route table."""
    first: dict[tuple[str, ...], Blocker] = {}
    for blocker in (o for found in blocked.values() for o in found):
        first.setdefault(_key(blocker), blocker)
    return list(first.values())


def _key(blocker: Blocker) -> tuple[str, ...]:
    return tuple(e.field + e.value for e in blocker.evidence)


def _said_by_the_dead(snapshot: Snapshot) -> str | None:
    """The network cause that the dead tasks name, so that message and look-up meet in one finding."""
    for task in _remembered(snapshot):
        cause = classify("stopped_task", task).cause
        if cause in _SAID:
            return str(cause)
    return None


def _remembered(snapshot: Snapshot) -> list[dict[str, object]]:
    try:
        return [plain(t) for t in stopped(snapshot)[:10]]
    except CannotTell:
        return []


def _image(snapshot: Snapshot) -> str:
    try:
        return ash_container(snapshot).image or "its image"
    except (CannotTell, NotApplicable):
        return "its image"


CHECK = Check(
    id="egress-path",
    title="Tasks can reach the image registry and the AWS APIs",
    playbook="pending",
    run=run,
    causes=(*BLOCKED, *_SAID),
    explains=(
        *(*NO_TASK, "task-stuck", "eni-provision-timeout", "nacl-blocks"),
        f"egress-blocked:{TASKS_OWN_GROUP}",
        f"balancer-subnet-private:{WITH_THE_TASKS}",
        *_SAID,
    ),
)
