"""The path from the client to the agent, step by step, with what breaks each."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from ash_ops.checks.base import Finding
from ash_ops.diagnosis import Report
from ash_ops.facts.snapshot import Snapshot
from ash_ops.report.path.breaks import Hop, broken
from ash_ops.report.path.state import State
from ash_ops.report.path.stops import (
    Card,
    Stop,
    balancer,
    client,
    network,
    registry,
    secrets,
    targets,
    tasks,
)

_SOUND: Final = frozenset({State.OK, State.UNKNOWN})
_BEYOND: Final = ((Hop.AGENTS, "agents"), (Hop.NEXT_START, "next start"))


class Step(Struct, frozen=True):
    """A thing on the path, and what leads to it.

    Attributes:
        hop: which it is.
        name: the same in a word.
        stop: how it is, for all that AWS says.
        lost: what lets nothing through to it.
        fault: what is wrong with itself, where all that AWS says of it is that it is well.
    """

    hop: Hop
    name: str
    stop: Stop
    lost: Finding | None = None
    fault: Finding | None = None

    @property
    def is_broken(self) -> bool:
        """Whether something breaks it."""
        return bool(self.lost or self.fault)


def steps(snapshot: Snapshot, report: Report) -> list[Step]:
    """Every step, from the client on; agents and the next start only where they are broken."""
    breaks = broken(report, snapshot)
    way = [
        _step(Hop.TARGETS, "target", targets(snapshot), breaks),
        _step(Hop.TASKS, "task", tasks(snapshot), breaks),
        _step(Hop.NETWORK, "subnet", network(snapshot), breaks),
        _step(Hop.REGISTRY, "registry", registry(snapshot), breaks),
        _step(Hop.SECRETS, "secret", secrets(snapshot), breaks),
    ]
    you = Step(Hop.CALLER, "you", client(snapshot), fault=breaks.get(Hop.CALLER))
    # Packets are lost on the way to a load balancer that is well; it may have a fault of its own, too.
    lost, fault = breaks.get(Hop.CLIENT), breaks.get(Hop.BALANCER)
    front = Step(Hop.CLIENT, "balancer", balancer(snapshot), lost, fault)
    behind = [_beyond(hop, name, breaks[hop]) for hop, name in _BEYOND if hop in breaks]
    return [you, front, *way, *behind]


def _step(hop: Hop, name: str, stop: Stop, breaks: dict[Hop, Finding]) -> Step:
    """The mark stands at what is broken: at the thing, where nothing shows that it is not reached."""
    item = breaks.get(hop)
    if stop.state in _SOUND:
        return Step(hop, name, stop, fault=item)
    return Step(hop, name, stop, lost=item)


def _beyond(hop: Hop, name: str, item: Finding) -> Step:
    card = Card(name.capitalize(), State.BROKEN, item.title)
    return Step(hop, name, Stop(name.capitalize(), (card,)), fault=item)
