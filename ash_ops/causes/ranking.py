"""Which of several explanations comes first: causes before symptoms, whatever family they are of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from ash_ops.causes.base import Rank, Severity
from ash_ops.causes.explanation import Explanation
from ash_ops.causes.names import granting_both

_WEIGHT: Final[dict[Severity | None, int]] = {"error": 0, "warning": 1, None: 2, "info": 3}


def ranked(found: Iterable[Explanation]) -> list[Explanation]:
    """One explanation a cause, the root first; ``found`` is in the order of time."""
    merged: dict[str, Explanation] = {}
    for entry in found:
        first = merged.get(entry.answer.cause)
        if first is None:
            merged[entry.answer.cause] = entry
        else:
            better, other = (entry, first) if _order(entry) < _order(first) else (first, entry)
            merged[entry.answer.cause] = replace(
                better,
                times=first.times + entry.times,
                names=granting_both(better.names, other.names),
            )
    ordered = _effects_last(sorted(merged.values(), key=_order))
    return [e for e in ordered if e is ordered[0] or not _is_chance(e, ordered[0])]


_SEEN_FROM_OUTSIDE: Final = frozenset(
    {
        "app-unhealthy-5xx",
        "conn-refused",
        "conn-reset",
        "conn-timeout",
        "elb-healthcheck-failed",
        "no-registered-targets",
        "target-timeout",
    }
)
"""What a caller or the load balancer sees of a server that does not run."""
_OF_THE_SERVER: Final = frozenset({"restart", "pending", "deploy"})
"""Categories of causes for which a server does not run, or was never made."""


def _effects_last(ordered: list[Explanation]) -> list[Explanation]:
    """A reason why the server does not run before what is seen of that from outside."""
    if not ordered or ordered[0].answer.cause not in _SEEN_FROM_OUTSIDE:
        return ordered
    reasons = [e for e in ordered if _ends_the_server(e)]
    return [*reasons, *(e for e in ordered if e not in reasons)]


def _ends_the_server(entry: Explanation) -> bool:
    cause = entry.cause
    if cause is None or cause.symptom or entry.answer.severity == "info":
        return False
    return cause.category in _OF_THE_SERVER and entry.strength >= Rank.LIKELY


def _order(entry: Explanation) -> tuple[int, int]:
    severity = _WEIGHT[entry.answer.severity]
    weak = entry.strength <= Rank.SYMPTOM + 5 and not entry.structured
    symptom = entry.cause is not None and (entry.cause.symptom or weak)
    tier = severity * 2 if severity >= 2 else int(symptom) * 2 + severity
    return tier, -entry.strength


def _is_chance(entry: Explanation, root: Explanation) -> bool:
    """Whether a second explanation rests on few words, or is one that the root is mistaken for."""
    if entry.answer.severity == "info" or entry.cause is None or entry.cause.symptom:
        return False
    mistaken = root.cause is not None and entry.answer.cause in dict(root.cause.confused_with)
    return not entry.structured and (entry.strength < Rank.CLEAR or mistaken)
