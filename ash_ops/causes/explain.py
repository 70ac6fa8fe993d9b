"""What a message means: the cause, the evidence, how to prove and repair it, what it is not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ash_ops import redact
from ash_ops.causes import documents, guess
from ash_ops.causes.base import Cause, Severity, Step
from ash_ops.causes.catalogue import CAUSES
from ash_ops.causes.classify import UNKNOWN, Classification, classify
from ash_ops.causes.denials import denier
from ash_ops.causes.documents import Message
from ash_ops.causes.evidence import text_of
from ash_ops.causes.values import fill, names_in

SCHEMA: Final = "ash-ops.explain/1"
_GRANT: Final = "-role-policy "
"""In the commands that give a role more: put-role-policy, attach-role-policy."""
_WEIGHT: Final[dict[Severity | None, int]] = {"error": 0, "warning": 1, None: 2, "info": 3}


@dataclass(frozen=True, slots=True)
class Explanation:
    """One message explained.

    Attributes:
        subject: what was explained: ``task 1a2b``, ``message``, a cause's name.
        kind: the kind of message it was read as; empty for a cause asked for by name.
        answer: the classification.
        names: names found in the message, for the commands.
        times: how many messages of the same document say the same.
        denied: what to do where another policy than the role's own denied the call.
    """

    subject: str
    kind: str
    answer: Classification
    names: Mapping[str, str]
    times: int = 1
    denied: str | None = None

    @property
    def cause(self) -> Cause | None:
        """The cause's declaration; None when it is unknown."""
        return CAUSES.get(self.answer.cause)

    def steps(self, steps: tuple[Step, ...]) -> list[Step]:
        """Steps with the names of the message filled in."""
        return [Step(step.why, fill(step.command, dict(self.names))) for step in steps]

    def repairs(self) -> list[Step]:
        """The steps of the repair; where another policy than the role's own denied, that one's."""
        entry = self.cause
        steps = self.steps(entry.repair) if entry else []
        grants = [s for s in steps if _GRANT in s.command]
        if self.denied is None or not grants:
            return steps
        return [Step(self.denied), *(s for s in steps if s not in grants)]

    def to_json(self) -> dict[str, Any]:
        """The explanation as the JSON contract has it."""
        entry = self.cause
        return {
            "subject": self.subject,
            "kind": self.kind or None,
            "times": self.times,
            "cause": self.answer.cause,
            "severity": self.answer.severity,
            "title": self.answer.title,
            "meaning": entry.meaning if entry else None,
            "why": [{"source": h.source, "quote": h.quote} for h in self.answer.why],
            "proof": _steps_json(self.steps(entry.proof)) if entry else [],
            "repair": _steps_json(self.repairs()),
            "not": [{"cause": s, "because": w} for s, w in entry.confused_with] if entry else [],
            "alternatives": list(self.answer.alternatives),
            "docs_url": (entry.docs_url or None) if entry else None,
        }


def _steps_json(steps: list[Step]) -> list[dict[str, str | None]]:
    return [{"why": step.why, "command": step.command or None} for step in steps]


def explain(text: str) -> list[Explanation]:
    """Explain a cause's name, one message, or a whole answer of an AWS API.

    Args:
        text: a slug, pasted text, log lines, or the JSON of ``describe-tasks``,
            ``describe-services``, ``describe-stack-events``, ``describe-target-health`` and the like.

    Returns:
        One explanation a cause, the root first. Never empty: what is not known is explained
        as ``unknown``.
    """
    asked = text.strip()
    if asked in CAUSES:
        return [by_name(asked)]
    document = redact.document(_json(asked)) if asked[:1] in ("{", "[") else None
    found = documents.messages(document)
    if found:
        return ranked([_explained(message) for message in found])
    text = redact.redact(text)
    kind, answer = guess.classify_text(text)
    known = kind if answer.cause != UNKNOWN else ""
    return [Explanation("message", known, answer, names_in(text), denied=denier(text))]


def by_name(slug: str) -> Explanation:
    """A cause explained without a message."""
    entry = CAUSES[slug]
    others = tuple(other for other, _ in entry.confused_with)
    answer = Classification(entry.slug, entry.severity, entry.title, others)
    return Explanation(slug, "", answer, {})


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _explained(message: Message) -> Explanation:
    answer = classify(message.kind, message.fields)
    text = text_of(dict(message.fields))
    names = names_in(text) if answer.severity != "info" else {}
    return Explanation(message.subject, message.kind, answer, names, denied=denier(text))


def ranked(found: list[Explanation]) -> list[Explanation]:
    """One explanation a cause: causes before symptoms, errors before warnings, the earliest first.

    Services and stacks list their newest event first, so the last of equal ones is the root.
    """
    merged: dict[str, Explanation] = {}
    for entry in reversed(found):
        first = merged.get(entry.answer.cause, entry)
        times = first.times + 1 if first is not entry else 1
        merged[entry.answer.cause] = replace(first, times=times)
    return sorted(merged.values(), key=_order)


def _order(entry: Explanation) -> tuple[int, int]:
    severity = _WEIGHT[entry.answer.severity]
    symptom = entry.cause is not None and entry.cause.symptom
    return (severity, int(symptom)) if severity >= 2 else (0, int(symptom) * 2 + severity)
