"""The last hour before the look: a row for each kind of event, and the same as a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Final

from ash_ops.facts.snapshot import Snapshot
from ash_ops.report.html.events import Event, EventKind, events, unread
from ash_ops.report.html.svg import WIDTH, line, picture, text
from ash_ops.report.path.state import MARKS, State

HOUR: Final = timedelta(hours=1)
LEFT: Final = 92.0
RIGHT: Final = WIDTH - 12.0
_ROW: Final = 26
_NAMES: Final = {
    EventKind.DEPLOYMENT: "deployments",
    EventKind.START: "starts",
    EventKind.DEATH: "deaths",
    EventKind.HEALTH: "health",
    EventKind.LOG: "log errors",
}
_SHOWN: Final = 12  # in the open; the rest is folded
_FOLDED: Final = 100
_LONGEST: Final = 300  # characters of one event
_SIGNS: Final = {**MARKS, State.NONE: "●"}


def section(snapshot: Snapshot) -> Iterator[str]:
    """The picture, what happened in the hour, and what was before, folded."""
    known, since = events(snapshot), snapshot.taken_at - HOUR
    late = [event for event in known if event.at >= since]
    early = [event for event in known if event.at < since]
    yield "<section class='card'><h2>The last hour, in UTC</h2>"
    yield f"<figure>{_picture(late, unread(snapshot), snapshot.taken_at)}</figure>"
    for kind, calls in unread(snapshot).items():
        yield f"<p>? {_NAMES[kind]}: could not tell all, {escape(calls)} was not read.</p>"
    yield from _list(late[-_SHOWN:][::-1])
    yield from _folded("more in this hour", late[:-_SHOWN])
    yield from _folded("before it", early)
    yield "</section>"


def x_of(at: datetime, now: datetime) -> float:
    """Where a moment stands on the axis of an hour; a clock that is ahead does not leave it."""
    share = 1 - (now - at) / HOUR
    return LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, share))


def axis(now: datetime, top: float, bottom: float) -> Iterator[str]:
    """A line every quarter of an hour, with its time in UTC."""
    for quarter in range(5):
        x = LEFT + (RIGHT - LEFT) * quarter / 4
        at = now - HOUR * (4 - quarter) / 4
        yield line((x, top), (x, bottom))
        anchor = "end" if quarter == 4 else "middle"
        yield text(RIGHT + 10 if quarter == 4 else x, bottom + 15, f"{at:%H:%M}", "soft", anchor)


def _picture(found: Sequence[Event], gaps: Mapping[EventKind, str], now: datetime) -> str:
    bottom = len(_NAMES) * _ROW + 4
    parts = list(axis(now, 2, bottom))
    for number, (kind, name) in enumerate(_NAMES.items()):
        y = number * _ROW + 20
        parts.append(text(2, y, name, "soft"))
        parts.append(line((LEFT, y - 4), (RIGHT, y - 4)))
        if kind in gaps:
            parts.append(text(LEFT + 4, y - 7, "? could not tell", "unknown small"))
        parts += _marks([event for event in found if event.kind is kind], now, y)
    label = f"The hour up to {now:%H:%M} UTC: {len(found)} events, listed below."
    return picture(label, bottom + 20, parts)


def _marks(found: Sequence[Event], now: datetime, y: float) -> Iterator[str]:
    """A mark an event; those that would lie on each other are one, the worst of them."""
    places: dict[int, Event] = {}
    for event in found:
        place = round(x_of(event.at, now) / 8)
        if place not in places or event.state is State.BROKEN:
            places[place] = event
    for event in places.values():
        x = x_of(event.at, now)
        yield text(x, y, _SIGNS[event.state], f"{event.state} head mark", "middle")


def _list(found: Sequence[Event], form: str = "%H:%M:%S") -> Iterator[str]:
    if not found:
        yield "<p>Nothing is known to have happened in it.</p>"
        return
    yield "<ul class='events'>"
    yield from (_item(event, form) for event in found)
    yield "</ul>"


def _item(event: Event, form: str) -> str:
    words = " ".join(event.words.split())
    words = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
    return (
        f"<li class='{event.kind}'><time datetime='{event.at:%Y-%m-%dT%H:%M:%SZ}'>"
        f"{event.at:{form}}</time> <b>{_SIGNS[event.state]} {event.kind}</b>: "
        f"{escape(words)}</li>"
    )


def _folded(name: str, found: Sequence[Event]) -> Iterator[str]:
    if found:
        shown = found[-_FOLDED:]
        left = f", the last {_FOLDED} of them here" if len(found) > _FOLDED else ""
        yield f"<details><summary>{len(found)} {name}{left}</summary>"
        yield from _list(shown[::-1], "%Y-%m-%d %H:%M:%S")
        yield "</details>"
