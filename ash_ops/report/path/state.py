"""How a part of the path is: a mark and a word each, for colour alone would say nothing to many."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """How a part of the picture is; the value is its style."""

    OK = "ok"
    BROKEN = "broken"
    AFFECTED = "affected"
    UNKNOWN = "unknown"
    NONE = "none"


MARKS: Final = {
    State.OK: "✓",
    State.BROKEN: "✗",
    State.AFFECTED: "!",
    State.UNKNOWN: "?",
    State.NONE: "○",
}
WORDS: Final = {
    State.OK: "ok",
    State.BROKEN: "broken",
    State.AFFECTED: "affected",
    State.UNKNOWN: "could not tell",
    State.NONE: "none",
}
