"""The path from the client to the agent, drawn from top to bottom: it reads on a phone as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ash_ops.checks.base import Finding
from ash_ops.diagnosis import Report
from ash_ops.facts.snapshot import Snapshot
from ash_ops.report.html.svg import WIDTH, box, fitted, line, picture, text, wrapped
from ash_ops.report.path.breaks import Hop, answered
from ash_ops.report.path.state import MARKS, WORDS, State
from ash_ops.report.path.steps import Step, steps
from ash_ops.report.path.stops import Card

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
    way = steps(snapshot, report)
    parts: _Parts = []
    height = _path(parts, snapshot, way)
    found = [item for step in way for item in (step.lost, step.fault) if item]
    titles = "; ".join(item.title for item in found)
    label = f"The path from you to the agent. Broken: {titles or 'nothing that is known'}."
    yield "<section class='card path'><h2>The path</h2><figure>"
    yield picture(label, height + 2, parts)
    yield f"<figcaption class='tag'>{_LEGEND}</figcaption></figure></section>"


def _path(parts: _Parts, snapshot: Snapshot, way: Sequence[Step]) -> float:
    """Draw it all, and tell how far down it reaches."""
    y = _stop(parts, 0, way[0], _WHOLE)
    for step in way[1:]:
        if step.hop is Hop.SECRETS:
            continue  # beside the registry
        if step.hop is not Hop.REGISTRY:
            y = _reached(parts, y, step, snapshot, _WHOLE)
            continue
        beside = [step, *(each for each in way if each.hop is Hop.SECRETS)]
        y = max(
            _reached(parts, y, each, snapshot, at) for each, at in zip(beside, _HALVES, strict=True)
        )
    return y


def _reached(parts: _Parts, y: float, step: Step, snapshot: Snapshot, column: _Column) -> float:
    """What leads to a thing, and the thing; agents and the next start stand beside the network."""
    if step.hop in (Hop.AGENTS, Hop.NEXT_START):
        return _stop(parts, y + _ROW, step, column)
    below = _edge(parts, y, _state(step, snapshot), step.lost, column)
    return _stop(parts, below, step, column)


def _state(step: Step, snapshot: Snapshot) -> State:
    """How an edge is where no finding breaks it: as what it leads to, for all that is known."""
    state = step.stop.state
    if step.hop is Hop.CLIENT and state is State.OK:
        heard = {True: State.OK, False: State.AFFECTED, None: State.UNKNOWN}
        return heard[answered(snapshot)]
    return State.AFFECTED if state is State.BROKEN else state


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


def _stop(parts: _Parts, y: float, step: Step, column: _Column) -> float:
    """The name of a kind, what is wrong with it, its cards, and how many more there are."""
    stop = step.stop
    parts.append(text(column.x, y + 13, stop.name, "soft head"))
    y += _ROW + 4
    if step.fault and all(card.word != step.fault.title for card in stop.cards):
        for row in wrapped(f"{MARKS[State.BROKEN]} {step.fault.title}", column.width, most=4):
            parts.append(text(column.x, y + 9, row, "broken head"))
            y += _ROW
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
