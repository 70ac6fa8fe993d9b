"""One hint at a cause, and how codes and numbers are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ash_ops.causes.evidence import text_of


class Hint(Struct, frozen=True):
    """One hint at a cause: how much it proves and what it rests on."""

    slug: str
    rank: int
    source: str
    quote: str


Fields = Mapping[str, Any]


def word(value: object) -> str:
    """A code as it is compared: lower case, without blanks around it."""
    return text_of(value).strip().lower()


def number(value: object) -> int | None:
    """A whole number, also when it came as text."""
    if type(value) is int:
        return value
    if isinstance(value, bool) or value is None:
        return None
    try:
        return int(str(value).strip())
    except ValueError:
        return None
