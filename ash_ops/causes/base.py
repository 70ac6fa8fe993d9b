"""What a cause is: one declaration of what a message means, and the words that hint at it."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, Literal

from msgspec import Struct

Severity = Literal["error", "warning", "info"]
Kind = Literal[
    "stopped_task",
    "service_event",
    "target_health",
    "cfn_event",
    "api_error",
    "log_line",
    "http",
]

KINDS: tuple[Kind, ...] = (
    "stopped_task",
    "service_event",
    "target_health",
    "cfn_event",
    "api_error",
    "log_line",
    "http",
)


CATEGORIES: Final = (
    "pending",
    "connection",
    "restart",
    "agents",
    "auth",
    "deploy",
    "aws-access",
    "healthy",
)
"""The categories of causes in the order in which a task lives."""


class Rank(IntEnum):
    """How much a hint proves. The highest rank wins; between equals, the earlier evidence.

    A symptom ranks below every hint at a cause, so that "essential container exited" never
    wins over the reason given beside it.
    """

    NORMAL = 10
    SYMPTOM = 20
    GENERIC = 30
    LIKELY = 50
    CLEAR = 70
    PRECISE = 90
    DECISIVE = 100


class Signature(Struct, frozen=True):
    """Words that together hint at a cause, in any order.

    Attributes:
        all_of: terms that must all occur. A term is a list of alternatives separated by ``|``,
            compared with the text in lower case with single spaces; a term that begins with
            ``~`` is a regular expression (without nested repetition: it runs in linear time).
        rank: how much the words prove.
        kinds: the kinds of message it applies to; empty means all.
        none_of: terms none of which may occur.
    """

    all_of: tuple[str, ...]
    rank: int
    kinds: frozenset[str] = frozenset()
    none_of: tuple[str, ...] = ()


class Step(Struct, frozen=True):
    """One thing to do: why, and the command that does it.

    ``<image>``, ``<cluster>`` and the like stand for names which are filled in from the
    message where it holds them.

    Attributes:
        why: what it is for.
        command: the command that does it, or an empty string.
        when: words (as the terms of a signature) of the messages that ask for this step; a step
            without them is for the messages that ask for no other.
        decides: whether those words are the whole reason, so that no other step is to be told
            but those that decide, too.
        anywhere: whether its words may stand in any line of a short text: what the failing line
            is of (a build, a tool) is said beside it. Such a step decides.
    """

    why: str
    command: str = ""
    when: str = ""
    decides: bool = False
    anywhere: bool = False


def general(steps: tuple[Step, ...]) -> list[Step]:
    """The steps that no message's words need ask for."""
    return [step for step in steps if not step.when]


class Cause(Struct, frozen=True):
    """What a message means.

    Attributes:
        slug: the stable name, used by the doctor's findings too.
        title: one line.
        category: where it belongs, a playbook of the doctor or ``aws-access`` or ``healthy``.
        severity: what it is unless the context says otherwise.
        meaning: what happened, in a sentence or two.
        proof: how to make sure.
        repair: what to do about it.
        signatures: the words that hint at it.
        confused_with: other causes it is mistaken for, each with what tells them apart.
        docs_url: where the facts come from, or an empty string.
        symptom: true when it never is the root by itself.
    """

    slug: str
    title: str
    category: str
    severity: Severity
    meaning: str
    proof: tuple[Step, ...] = ()
    repair: tuple[Step, ...] = ()
    signatures: tuple[Signature, ...] = ()
    confused_with: tuple[tuple[str, str], ...] = ()
    docs_url: str = ""
    symptom: bool = False


def says(
    *terms: str,
    rank: int = Rank.CLEAR,
    kinds: str = "",
    unless: tuple[str, ...] | str = (),
) -> Signature:
    """A signature: all ``terms`` occur, none of ``unless``, in one of ``kinds`` (blank-separated)."""
    none_of = (unless,) if isinstance(unless, str) else unless
    return Signature(_patterns_last(terms), rank, frozenset(kinds.split()), none_of)


def status(codes: str) -> str:
    """The term for an HTTP status of some (``401|403``): no column of a source line, no part of a number."""
    return rf"~(?<![0-9a-z])(?<!\d[.:])(?:{codes})s?(?![0-9a-z]|:\d)"


def _patterns_last(terms: tuple[str, ...]) -> tuple[str, ...]:
    """Terms with the regular expressions last: most texts never get that far."""
    return tuple(sorted(terms, key=lambda term: term.startswith("~")))
