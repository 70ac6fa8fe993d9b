"""``ash-ops.explain/1``: what a text means; and the lists and lines of ``explain`` beside it."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


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


class Answer(TypedDict):
    """What `explain --batch` answers to one line.

    Attributes:
        id: the line's own.
        cause: `unknown` where nothing of it is known.
        severity: `null` where nothing of it is known.
        alternatives: what else it may be; names of causes.
    """

    id: Any
    cause: str
    severity: str | None
    title: str
    alternatives: list[str]


class Unreadable(TypedDict):
    """What `explain --batch` answers to a line that it cannot read.

    Attributes:
        error: which line it is, and what is wrong with it.
    """

    id: None
    error: str


class ListedCause(TypedDict):
    """A cause of the catalogue, as `explain --list` tells it.

    Attributes:
        cause: the slug of the catalogue of causes.
        category: when in the life of a task it strikes.
    """

    cause: str
    category: str
    severity: str
    title: str
