"""Drawing: texts that fit, boxes and marks of a state, and the picture round them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from ash_ops.report.path.state import State

WIDTH: Final = 360
"""Units of every picture's width: on a phone one unit is about one pixel."""
_LETTER: Final = 7.3
"""Units of one letter: monospaced at 12 units, with a little to spare for wide fonts."""


def fitted(words: str, width: float) -> str:
    """A text cut in its middle to a width: the ends of a name tell most."""
    words, room = " ".join(words.split()), max(3, int(width / _LETTER))
    if len(words) <= room:
        return words
    head = room // 2
    return f"{words[:head]}…{words[len(words) - (room - 1 - head) :]}"


def wrapped(words: str, width: float, most: int = 2) -> list[str]:
    """A text on lines of a width; the last line is cut where they do not suffice."""
    room, rows = max(3, int(width / _LETTER)), [""]
    for word in words.split():
        longer = f"{rows[-1]} {word}".strip()
        if len(longer) <= room or len(rows) == most or not rows[-1]:
            rows[-1] = longer
        else:
            rows.append(word)
    return [fitted(row, width) for row in rows]


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """A line of text."""
    style = f" class='{kind}'" if kind else ""
    place = "" if anchor == "start" else f" text-anchor='{anchor}'"
    return f"<text x='{x:g}' y='{y:g}'{style}{place}>{escape(words)}</text>"


def box(x: float, y: float, width: float, height: float, state: State) -> str:
    """A box with the border of a state."""
    return (
        f"<rect class='{state}' x='{x:g}' y='{y:g}' width='{width:g}' height='{height:g}' rx='4'/>"
    )


def line(start: tuple[float, float], end: tuple[float, float], state: str = "") -> str:
    """A straight line."""
    style = f" class='{state}'" if state else ""
    return f"<line{style} x1='{start[0]:g}' y1='{start[1]:g}' x2='{end[0]:g}' y2='{end[1]:g}'/>"


def picture(label: str, height: float, parts: Iterable[str]) -> str:
    """The parts as one picture, with a name for those who do not see it."""
    return (
        f"<svg viewBox='0 0 {WIDTH} {height:g}' role='img' aria-label='{escape(label)}'>"
        f"{''.join(parts)}</svg>"
    )
