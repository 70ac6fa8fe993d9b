"""The path on a line or two: ``you -> balancer active -> no target -✗-> task 8f2c died: ...``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ash_ops.diagnosis import Report
from ash_ops.facts.snapshot import Snapshot
from ash_ops.report.path.breaks import Hop, broken
from ash_ops.report.path.state import MARKS, State
from ash_ops.report.path.stops import (
    NO_TASK,
    Stop,
    balancer,
    network,
    registry,
    secrets,
    targets,
    tasks,
)

_LONGEST: Final = 48  # letters of what a stop tells

# What stands on the way to each edge; the last three are told only where they break it.
_ALWAYS: Final = (
    (Hop.CLIENT, "balancer", balancer),
    (Hop.TARGETS, "target", targets),
    (Hop.TASKS, "task", tasks),
)
_WHERE_BROKEN: Final = (
    (Hop.NETWORK, "subnet", network),
    (Hop.REGISTRY, "registry", registry),
    (Hop.SECRETS, "secrets", secrets),
)


def path_line(snapshot: Snapshot, report: Report) -> str:
    """The stops from here to the task, each with its state; a broken edge is ``-✗->``.

    Empty where nothing of a deployment is known.
    """
    if not any((snapshot.service.value, snapshot.load_balancers.value, snapshot.tasks.value)):
        return ""
    breaks = broken(report)
    parts = ["you"]
    beyond = [each for each in _WHERE_BROKEN if each[0] in breaks]
    for hop, name, of in (*_ALWAYS, *beyond):
        stop = of(snapshot)
        is_early = hop is Hop.TASKS and beyond  # what is broken behind it tells what it died of
        told = "no task" if is_early and _is_none(stop) else _told(name, stop)
        parts += ["-✗->" if hop in breaks else "->", told]
    return " ".join(parts)


def _is_none(stop: Stop) -> bool:
    return stop.cards[0].title == NO_TASK


def _told(name: str, stop: Stop) -> str:
    """One thing by its word; several counted by theirs."""
    cards = stop.cards
    if len(cards) == 1:
        card = cards[0]
        if card.state is State.NONE:
            return f"no {name}"
        if _is_none(stop):
            return f"no task; the last died: {_cut(card.details[-1])}"
        mark = "" if card.state is State.OK else f" {MARKS[card.state]}"
        return f"{name}{mark} {_cut(card.word)}"
    return f"{len(cards)} {name}s: {', '.join(_counted(stop))}"


def _counted(stop: Stop) -> Iterator[str]:
    words = [card.word for card in stop.cards]
    for word in dict.fromkeys(words):
        yield _cut(word) if words.count(word) == len(words) else f"{words.count(word)} {_cut(word)}"


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
