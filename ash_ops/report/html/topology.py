"""The path from the client to the agent, drawn from top to bottom: it reads on a phone as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ash_ops.checks.base import Finding
from ash_ops.diagnosis import Report
from ash_ops.facts.snapshot import Snapshot
from ash_ops.report.html.svg import WIDTH, box, fitted, line, picture, text, wrapped
from ash_ops.report.path.breaks import Hop, answered, broken
from ash_ops.report.path.state import MARKS, WORDS, State
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

_ROW: Final = 16
_PAD: Final = 8
_GAP: Final = 6
_LEGEND = " · ".join(f"{MARKS[state]} {WORDS[state]}" for state in State)


@dataclass(frozen=True, slots=True)
class _Column:
    """A strip of the picture, from left to right."""

    x: float
    width: float


_WHOLE: Final = _Column(2, WIDTH - 4)
_HALVES: Final = (_Column(2, WIDTH / 2 - 6), _Column(WIDTH / 2 + 4, WIDTH / 2 - 6))
_Parts = list[str]


def section(snapshot: Snapshot, report: Report) -> Iterator[str]:
    """The picture and its legend."""
    breaks = broken(report)
    parts: _Parts = []
    height = _path(parts, snapshot, breaks)
    titles = "; ".join(item.title for item in breaks.values())
    label = f"The path from you to the agent. Broken: {titles or 'nothing that is known'}."
    yield "<section class='card path'><h2>The path</h2><figure>"
    yield picture(label, height + 2, parts)
    yield f"<figcaption class='tag'>{_LEGEND}</figcaption></figure></section>"


def _path(parts: _Parts, snapshot: Snapshot, breaks: Mapping[Hop, Finding]) -> float:
    """Draw it all, and tell how far down it reaches."""
    y = _stop(parts, 0, client(snapshot), _WHOLE)
    for hop, stop in (
        (Hop.CLIENT, balancer(snapshot)),
        (Hop.TARGETS, targets(snapshot)),
        (Hop.TASKS, tasks(snapshot)),
        (Hop.NETWORK, network(snapshot)),
    ):
        y = _edge(parts, y, _state(hop, stop, snapshot), breaks.get(hop), _WHOLE)
        y = _stop(parts, y, stop, _WHOLE)
    ends = ((Hop.REGISTRY, registry(snapshot)), (Hop.SECRETS, secrets(snapshot)))
    bottoms = []
    for (hop, stop), column in zip(ends, _HALVES, strict=True):
        below = _edge(parts, y, _state(hop, stop, snapshot), breaks.get(hop), column)
        bottoms.append(_stop(parts, below, stop, column))
    return max(bottoms)


def _state(hop: Hop, stop: Stop, snapshot: Snapshot) -> State:
    """How an edge is where no finding breaks it: as what it leads to, for all that is known."""
    if hop is Hop.CLIENT and stop.state is State.OK:
        heard = {True: State.OK, False: State.AFFECTED, None: State.UNKNOWN}
        return heard[answered(snapshot)]
    return State.AFFECTED if stop.state is State.BROKEN else stop.state


def _edge(parts: _Parts, y: float, state: State, breaks: Finding | None, column: _Column) -> float:
    """A line downwards with its mark; where it is broken, with what breaks it."""
    x, room = column.x + 18, column.width - 44
    state = State.BROKEN if breaks else state
    rows = wrapped(breaks.title, room, most=4) if breaks else []
    height = max(30 if column is _WHOLE else 74, len(rows) * _ROW + 10)
    parts.append(line((x, y), (x, y + height), state))
    middle = y + height / 2 + 4
    word = MARKS[state] if breaks else f"{MARKS[state]} {WORDS[state]}"
    parts.append(text(x + 10, middle, word, f"{state} head"))
    for number, row in enumerate(rows):
        place = middle + (number - (len(rows) - 1) / 2) * _ROW
        parts.append(text(x + 24, place, row, "broken head"))
    return y + height


def _stop(parts: _Parts, y: float, stop: Stop, column: _Column) -> float:
    """The name of a kind, its cards, and how many more there are."""
    parts.append(text(column.x, y + 13, stop.name, "soft head"))
    y += _ROW + 4
    for card in stop.cards:
        y = _card(parts, y, card, column) + _GAP
    if stop.more:
        for row in wrapped(stop.more, column.width):
            parts.append(text(column.x, y + 11, row, "soft"))
            y += _ROW
    return y - _GAP + (0 if not stop.more else _GAP)


def _card(parts: _Parts, y: float, card: Card, column: _Column) -> float:
    """A box: what it is, its mark and state, and what else is known."""
    room = column.width - 2 * _PAD
    state = wrapped(f"{MARKS[card.state]} {card.word}", room, most=3)
    details = [row for detail in card.details for row in wrapped(detail, room)]
    height = (1 + len(state) + len(details)) * _ROW + _PAD
    parts.append(box(column.x, y, column.width, height, card.state))
    rows = [(fitted(card.title, room), "head"), *((row, f"{card.state} head") for row in state)]
    rows += [(row, "soft") for row in details]
    for number, (words, kind) in enumerate(rows, 1):
        parts.append(text(column.x + _PAD, y + number * _ROW, words, kind))
    return y + height
