"""Which of several explanations comes first: causes before symptoms, whatever family they are of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from ash_ops.causes.advice.policies import granting_both
from ash_ops.causes.base import Rank, Severity
from ash_ops.causes.explanation import Explanation

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
_EFFECTS: Final = (
    (_SEEN_FROM_OUTSIDE, frozenset({"restart", "pending", "deploy"})),
    (frozenset({"sandbox-bridge-failed"}), frozenset({"agents"})),
)
"""Effects, and the categories of what they come of: a server that does not run or was never made, a sandbox."""


CHECKS: Final = frozenset(
    {"container-healthcheck-failed", "elb-healthcheck-failed", "target-timeout"}
)
"""What a health check that nobody answers is told as."""
_ENDS: Final = frozenset(
    {
        "app-crash",
        "bad-listen-config",
        "data-dir-unwritable",
        "db-auth-failed",
        "db-unreachable",
        "db-url-invalid",
        "disk-full",
        "entrypoint-missing",
        "node-heap-oom",
        "port-in-use",
        "sqlite-corrupt",
    }
)
"""What a server says of its own end: a check that fails beside it only follows."""
_FOLLOWS: Final = (
    (
        frozenset({"cfn-in-progress", "cfn-rollback-complete", "cfn-update-rollback-failed"}),
        frozenset({"cfn-not-stabilized"}),
    ),
    (frozenset({"app-crash"}), frozenset({"cfn-no-updates"})),
    (
        frozenset({"cfn-resource-failed"}),
        frozenset({"aws-access-denied", "aws-scp-deny", "cfn-access-denied"}),
    ),
    (
        frozenset({"image-pull-denied"}),
        frozenset({"aws-sso-expired", "aws-credentials-expired", "aws-credentials-missing"}),
    ),
    (
        frozenset({"sigkill-137"}),
        frozenset({"container-healthcheck-failed", "elb-healthcheck-failed", "target-timeout"}),
    ),
)
"""What only follows, and of what: the state of a stack whose resource failed, a resource whose maker was denied a call, the kill of a task that ECS stopped,
the end of a tool that had nothing to do, a push by somebody who is not signed in to AWS."""


def _effects_last(ordered: list[Explanation]) -> list[Explanation]:
    """What a failure comes of before the failure, whichever of them the words prove better."""
    ordered = _checks_last(_outside_last(ordered))
    for effects, roots in _FOLLOWS:
        if ordered and ordered[0].answer.cause in effects:
            reasons = [e for e in ordered if e.answer.cause in roots]
            ordered = [*reasons, *(e for e in ordered if e not in reasons)]
    return ordered


def _checks_last(ordered: list[Explanation]) -> list[Explanation]:
    """What a server says of its own end before the health check that nobody answered any more."""
    if not ordered or ordered[0].answer.cause not in CHECKS:
        return ordered
    ends = [e for e in ordered if e.answer.cause in _ENDS and e.strength > Rank.NORMAL]
    return [*ends, *(e for e in ordered if e not in ends)]


def _outside_last(ordered: list[Explanation]) -> list[Explanation]:
    """A reason why the server or the sandbox does not run before what is seen of that from outside."""
    for effects, categories in _EFFECTS:
        if ordered and ordered[0].answer.cause in effects:
            reasons = [e for e in ordered if _is_reason(e, effects, categories)]
            return [*reasons, *(e for e in ordered if e not in reasons)]
    return ordered


def _is_reason(entry: Explanation, effects: frozenset[str], categories: frozenset[str]) -> bool:
    cause = entry.cause
    if cause is None or cause.symptom or entry.answer.severity == "info" or cause.slug in effects:
        return False
    return cause.category in categories and entry.strength >= Rank.LIKELY


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
    return not entry.structured and (entry.strength < _least(entry, root) or mistaken)


def _least(entry: Explanation, root: Explanation) -> int:
    """How much words must prove to be told beside a root: less where they are a message of their own.

    Blank lines part two pastes. Lines of a log with times of their own are messages, too, but what one
    tells often comes of what another does.
    """
    if -1 not in (entry.stretch, root.stretch) and entry.stretch != root.stretch:
        return Rank.SYMPTOM + 1
    if -1 not in (entry.dated, root.dated) and entry.dated != root.dated:
        return Rank.LIKELY
    return Rank.CLEAR
