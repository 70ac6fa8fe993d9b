"""The path as facts: what stands on it, in which state, and what leads from one to the next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct, field

from ash_ops.checks._facts import short
from ash_ops.facts.load_balancing import LoadBalancer, TargetHealth
from ash_ops.facts.network import Subnet, table_of
from ash_ops.facts.reading import Reading
from ash_ops.facts.server import Probe
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task
from ash_ops.report.path.state import State

MOST: Final = 4
"""Cards that are drawn of a kind; the rest is counted."""
NO_TASK: Final = "no task runs"
"""The title of the card that tells how the last one died, in its last detail."""

_TARGETS = {
    "healthy": State.OK,
    "unhealthy": State.BROKEN,
    "unhealthy.draining": State.BROKEN,
    "initial": State.AFFECTED,
    "draining": State.AFFECTED,
    "unused": State.AFFECTED,
}
# The worst is drawn first, so that it is never among those that are only counted.
_ORDER = (State.BROKEN, State.AFFECTED, State.UNKNOWN, State.NONE, State.OK)


class Card(Struct, frozen=True):
    """A thing on the path.

    Attributes:
        title: what it is.
        state: how it is; drawn as colour and mark.
        word: how it is, in a word or two of AWS.
        details: what else is known, a line each.
    """

    title: str
    state: State
    word: str
    details: tuple[str, ...] = ()


class Stop(Struct, frozen=True):
    """A kind of thing on the path, and those of it that are there."""

    name: str
    cards: tuple[Card, ...]
    more: str = field(default="")

    @property
    def state(self) -> State:
        """The worst of its cards'."""
        return min((card.state for card in self.cards), key=_ORDER.index, default=State.NONE)


def client(snapshot: Snapshot) -> Stop:
    """This machine, and what it heard."""
    probe = snapshot.probe.value
    if probe is None or not probe.rungs:
        return Stop("You", (Card("this machine", State.UNKNOWN, "the server was not asked"),))
    title = probe.caller_ip or "this machine"
    state = State.OK if probe.broken is None else State.BROKEN
    return Stop("You", (Card(title, state, _heard(probe)),))


def _heard(probe: Probe) -> str:
    if probe.broken is not None:
        return probe.broken.said
    version = f", Ash {probe.version}" if probe.version else ""
    return f"{probe.answer}{version}"


def balancer(snapshot: Snapshot) -> Stop:
    """The load balancers, with their zones, addresses and listeners."""
    cards = [_balancer(each, snapshot) for each in snapshot.load_balancers.value or ()]
    return _stop("Load balancer", cards, snapshot.load_balancers)


def _balancer(found: LoadBalancer, snapshot: Snapshot) -> Card:
    code = found.state.code if found.state else None
    state = {"active": State.OK, None: State.UNKNOWN, "provisioning": State.AFFECTED}.get(
        code, State.BROKEN
    )
    ports = [f"{each.protocol} {each.port}" for each in snapshot.listeners.value or ()]
    zones = [f"{z.zone_name or '?'} {z.subnet_id or ''}" for z in found.availability_zones]
    probe = snapshot.probe.value
    heard = [
        f"{ip} {'ok' if how == 'ok' else how}"
        for ip, how in (probe.addresses if probe else {}).items()
    ]
    listens = f"listens on {', '.join(ports)}" if ports else "no listener"
    if snapshot.listeners.gap is not None:
        listens = "listeners: could not tell"
    name = found.load_balancer_name or "load balancer"
    details = (found.scheme or "", listens, *zones[:MOST], *heard[:MOST])
    return Card(name, state, code or "state not told", tuple(d for d in details if d))


def targets(snapshot: Snapshot) -> Stop:
    """The addresses that the load balancer sends to."""
    cards = [_target(row) for row in snapshot.target_health.value or ()]
    return _stop("Targets", cards, snapshot.target_health)


def _target(row: TargetHealth) -> Card:
    zone = row.target.availability_zone or ""
    title = f"{row.target.id}:{row.target.port}" if row.target.port else row.target.id
    return Card(title, _TARGETS.get(row.state, State.UNKNOWN), row.told, (zone,) if zone else ())


def tasks(snapshot: Snapshot) -> Stop:
    """The tasks that are there; where there is none, the last that died."""
    cards = [_task(task) for task in snapshot.tasks.value or ()]
    dead = snapshot.stopped_tasks.value or ()
    if not cards and snapshot.tasks.gap is None and dead:
        last = max(dead, key=lambda task: task.stopped_at or task.created_at or snapshot.taken_at)
        card = Card(NO_TASK, State.BROKEN, "the last one died", _death(last))
        return Stop("Tasks", (card,))
    return _stop("Tasks", cards, snapshot.tasks)


def _death(task: Task) -> tuple[str, ...]:
    at = f" {task.stopped_at:%H:%M:%S} UTC" if task.stopped_at else ""
    return (f"{short(task)}{at}", reason_of(task))


def reason_of(task: Task) -> str:
    """Why a task ended, in the words of ECS: its container's before its own."""
    told = next((c for c in task.containers if c.reason or c.exit_code), None)
    code = f" (exit code {told.exit_code})" if told and told.exit_code is not None else ""
    why = (told.reason if told else None) or task.stopped_reason or task.stop_code
    return f"{why or 'no reason was given'}{code}"


def _task(task: Task) -> Card:
    status, health = task.last_status or "state not told", task.health_status
    state = {"RUNNING": State.OK, "state not told": State.UNKNOWN}.get(status, State.AFFECTED)
    if health == "UNHEALTHY":
        state = State.BROKEN
    word = status.lower() + (f", {health.lower()}" if health in ("HEALTHY", "UNHEALTHY") else "")
    where = " ".join(part for part in (task.private_ip, task.availability_zone) if part)
    return Card(short(task), state, word, (where,) if where else ())


def network(snapshot: Snapshot) -> Stop:
    """The subnets that tasks start in, and where packets to the internet go from each."""
    service = snapshot.service.value
    named = service.awsvpc.subnets if service and service.awsvpc else ()
    known = {each.subnet_id: each for each in snapshot.subnets.value or ()}
    cards = [_subnet(name, known.get(name), snapshot) for name in named]
    for reading in (snapshot.service, snapshot.subnets):
        if reading.gap is not None and not cards:
            return _stop("Network of the tasks", [], reading)
    return _stop("Network of the tasks", cards, snapshot.subnets)


def _subnet(name: str, subnet: Subnet | None, snapshot: Snapshot) -> Card:
    if subnet is None or snapshot.route_tables.gap is not None:
        return Card(name, State.UNKNOWN, "its routes could not be told")
    table = table_of(snapshot.route_tables.value or (), subnet)
    route = table.default_route if table else None
    zone = (subnet.zone,) if subnet.zone else ()
    if route is None:
        count = len(snapshot.vpc_endpoints.value or ())
        ends = f"{count} VPC endpoint{'' if count == 1 else 's'}" if count else "no VPC endpoint"
        state = State.NONE if count else State.AFFECTED
        return Card(name, state, f"no route to the internet, {ends}", zone)
    state = State.BROKEN if route.state == "blackhole" else State.OK
    word = f"0.0.0.0/0 -> {route.target}" + (" (blackhole)" if route.state == "blackhole" else "")
    return Card(name, state, word, zone)


def registry(snapshot: Snapshot) -> Stop:
    """The image, as its registry knows it."""
    image = snapshot.image.value
    if image is None:
        return _stop("Registry", [], snapshot.image)
    state = {True: State.OK, False: State.BROKEN, None: State.UNKNOWN}[image.exists]
    word = {True: "found", False: "not found", None: "the registry would not say"}[image.exists]
    return Stop("Registry", (Card(image.reference, state, word),))


def secrets(snapshot: Snapshot) -> Stop:
    """The secrets that a task is given as it starts; those in one secret are told once."""
    found = {each.arn or each.reference: each for each in snapshot.secrets.value or ()}
    cards = []
    for name, secret in found.items():
        gone = not secret.exists or secret.deleted_at is not None
        word = "deleted" if secret.deleted_at else "found" if secret.exists else "not found"
        cards.append(Card(name.rsplit(":", 1)[-1], State.BROKEN if gone else State.OK, word))
    return _stop("Secrets", cards, snapshot.secrets)


def _stop(name: str, cards: list[Card], reading: Reading[Any]) -> Stop:
    """The worst cards, and how many more there are of each state."""
    if reading.gap is not None and not cards:
        word = (
            "not looked at"
            if reading.gap.kind == "skipped"
            else f"could not tell: {reading.gap.kind}"
        )
        needs = (f"needs {reading.gap.action}",) if reading.gap.action else ()
        return Stop(name, (Card(reading.call, State.UNKNOWN, word, needs),))
    if not cards:
        return Stop(name, (Card("none", State.NONE, "there is none"),))
    ranked = sorted(cards, key=lambda card: _ORDER.index(card.state))
    return Stop(name, tuple(ranked[:MOST]), _counted(ranked[MOST:]))


def _counted(rest: Iterable[Card]) -> str:
    found: dict[str, int] = {}
    for card in rest:
        found[card.word] = found.get(card.word, 0) + 1
    shown = [f"{number} {word}" for word, number in list(found.items())[:MOST]]
    return f"and {sum(found.values())} more: {', '.join(shown)}" if found else ""
