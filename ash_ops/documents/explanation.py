"""``ash-ops.explain/1``: what a text means."""

from __future__ import annotations

from typing import Literal, TypedDict


class Quoted(TypedDict):
    """What decided.

    Attributes:
        source: which field or line it stands in.
    """

    source: str
    quote: str


class Advice(TypedDict):
    """A step: what it is for, and the command if there is one."""

    why: str
    command: str | None


class Confusable(TypedDict):
    """What it is not, and how to tell."""

    cause: str
    because: str


# One of its names is a word of Python's.
Explained = TypedDict(
    "Explained",
    {
        "subject": str,
        "kind": str | None,
        "times": int,
        "cause": str,
        "severity": str | None,
        "title": str,
        "meaning": str | None,
        "why": list[Quoted],
        "proof": list[Advice],
        "repair": list[Advice],
        "not": list[Confusable],
        "alternatives": list[str],
        "docs_url": str | None,
        "unread": int,
    },
)


class Explanations(TypedDict):
    """What a text means.

    Attributes:
        explanations: one a cause, the root first; never empty.
    """

    schema: Literal["ash-ops.explain/1"]
    explanations: list[Explained]
