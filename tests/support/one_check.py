"""One check asked of facts that differ in one thing from a scenario's, and its answer on one line."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any, get_args

from ash_ops.checks._effects import effect_of
from ash_ops.checks.base import Check, F, Finding, NotApplicable
from ash_ops.checks.catalogue import CHECKS
from ash_ops.checks.playbooks import Playbook
from ash_ops.facts.model import parsed
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from tests.support import prose, scenarios
from tests.support.commands import problem_with

GONE = object()
"""In the place of a value: the field is not there."""
_BY_ID = {check.id: check for check in CHECKS}
# They give a message of AWS or the server the name that it has in the catalogue, whichever that is.
_BY_WORDS = frozenset(
    ("live-ladder", "server-log", "service-events", "stack-state", "stopped-tasks", "target-health")
)


def facts(base: str = "", changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """A scenario's facts (the healthy ones without a name), with some fields changed.

    Args:
        base: a scenario.
        changes: what stands at a path, such as ``service.deployments.0.rolloutState``; ``+`` at its end
            adds to a list. The word ``value`` of a reading is left out.
    """
    whole = scenarios.healthy()
    if base:
        whole = scenarios.merged(whole, scenarios.parts(base)[0])
    for path, value in (changes or {}).items():
        changed(whole, path, copy.deepcopy(value) if value is not GONE else GONE)
    return whole


def changed(whole: Any, path: str, value: Any) -> None:
    """Set what stands at a path of facts."""
    first, *way = path.split(".")
    held: Any = whole.get(first)
    if first == "snapshot" and way:
        changed(held, ".".join(way), value)
        return
    if isinstance(held, dict) and "call" in held:
        held.pop("gap", None)
        if not way and isinstance(value, dict) and "gap" in value:  # ``unread()``
            held.pop("value", None)
            held.update(value)
            return
        way = ["value", *way]
    if not way:
        whole[first] = value
        return
    *way, last = [int(part) if part.isdecimal() else part for part in way]
    for part in way:
        held = held[part] if isinstance(held, list) else held.setdefault(part, {})
    if last == "+":
        held.append(value)
    else:
        _put(held, last, value)


def _put(held: Any, last: Any, value: Any) -> None:
    if value is GONE:
        del held[last]
    else:
        held[last] = value


def unread(action: str = "a:B") -> dict[str, Any]:
    """What stands in the place of a reading that was denied."""
    return {"gap": {"kind": "denied", "code": "AccessDenied", "action": action}}


def of(document: dict[str, Any]) -> Snapshot:
    return parsed(Snapshot, document)


def snapshot(base: str = "", changes: dict[str, Any] | None = None) -> Snapshot:
    return of(facts(base, changes))


def found(check: str, base: str = "", changes: dict[str, Any] | None = None) -> list[Finding]:
    """What a check finds; what it could not tell besides is left out."""
    return found_by(_BY_ID[check], snapshot(base, changes))


def found_by(check: Check[F], whole: F) -> list[Finding]:
    """What a check of any kind of facts finds."""
    seen: list[Finding] = []
    with suppress(CannotTell, NotApplicable):
        seen.extend(check.run(whole))
    return seen


def said(check: str, base: str = "", changes: dict[str, Any] | None = None) -> str:
    """A check's answer: ``sound``, ``none of its business``, ``? why it cannot tell``, or its findings.

    A finding is told as ``error cause of subject since 11:50 until 11:58``, with ``maybe`` before its cause if
    it is only likely, and ``stops`` where that is not what its cause stops by itself.
    """
    return answer_of(_BY_ID[check], snapshot(base, changes))


def answer_of(check: Check[F], whole: F) -> str:
    """The answer of a check of any kind of facts."""
    lines: list[str] = []
    end = ""
    try:
        lines.extend(_line(item) for item in check.run(whole))
    except CannotTell as doubt:
        end = f"? {doubt.reason}"
    except NotApplicable as reason:
        end = _not_asked(str(reason))
    return "; ".join([*lines, end] if end else lines) or "sound"


def _not_asked(why: str) -> str:
    """The answer of a check that has nothing to look at: why is said in plain words."""
    assert prose.odd_words(why, "GetMetricData") == set(), why
    assert len(why.split()) > 2, why
    return "none of its business"


Row = tuple[Any, ...]
"""A check, a scenario, what is changed, the answer; and parts of the steps, with ``!`` those that are not there."""


def holds(row: Row) -> None:
    """The check answers as a person has written down, and all it says is plain and was read."""
    check, base, changes, answer, *parts = row
    told = said(check, base, changes)
    assert told == answer, told
    items = found(check, base, changes)
    declared = {item.cause for item in items} <= set(_BY_ID[check].causes)
    assert declared or check in _BY_WORDS, "a cause that its check did not declare"
    speaks_plainly(items, facts(base, changes), parts)


def speaks_plainly(
    items: list[Finding], whole: Any, parts: Iterable[str], *, quotes: bool = True
) -> None:
    """What is found is told in plain words, quotes what was read, and has the parts that are named."""
    text = prose.read(whole)
    for item in items:
        if quotes:
            prose.holds(item, text)
        assert item.playbook in get_args(Playbook)
        for proof in item.evidence:
            assert prose.unknown_to_aws(proof) == set(), f"{item.id}: {proof.source} {proof.field}"
        for sentence in (item.summary, *(step.why for step in item.fix)):
            prose.is_plain(item.id, sentence, text)
        for step in item.fix:
            assert step.command is None or problem_with(step.command) is None, step.command
    steps = "\n".join(f"{s.why} {s.command or ''}" for item in items for s in item.fix)
    all_of_it = "\n".join([*(f"{i.summary} {i.evidence}" for i in items), steps])
    for part in parts:
        assert (part.lstrip("!") in all_of_it) is not part.startswith("!"), (part, all_of_it)


def _line(item: Finding) -> str:
    words = [item.severity, *(["maybe"] if item.confidence == "likely" else []), item.cause]
    words += ["of", item.subject] if item.subject else []
    words += ["since", _clock(item.since)] if item.since else []
    words += ["until", _clock(item.until)] if item.until else []
    words += ["stops", str(item.effect)] if item.effect is not effect_of(item.cause) else []
    return " ".join(words)


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}".removesuffix(":00")
