"""Documents of the commands made short enough for an assistant's context.

An assistant pays for every word it reads. What it needs to act stays: the verdict, the causes that
nothing else explains, one proof and the commands of each. How much was left out is said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

# About 1,000 tokens: JSON of English and identifiers has some three characters in one.
MOST: Final = 3_000
_SENTENCE: Final = 280  # characters of a text
_STEPS: Final = 3
Document = dict[str, Any]


def doctor(document: Document) -> Document:
    """The report ``ash-ops.doctor/1``: roots, worst first, with one proof and the repair of each."""
    found = document["findings"]
    roots = [item for item in found if item["explained_by"] is None]
    grave = [item for item in roots if item["severity"] == "error"]
    light = [item for item in roots if item["severity"] != "error"]
    gaps = [_gap(item) for item in document["unknown"]]
    return _fitting(
        lambda many: {
            "status": document["status"],
            "deployment": {k: document["deployment"].get(k) for k in ("name", "region", "url")},
            "causes": [_cause(item) for item in grave[:many]],
            "warnings": [_warning(item) for item in light[:many]],
            "could_not_tell": _first(_distinct(gaps), many),
            "left_out": _left_out(
                causes=len(grave) - many,
                warnings=len(light) - many,
                consequences=len(found) - len(roots),
            ),
            "checks_passed": len(document["passed"]),
        }
    )


def _cause(item: Document) -> Document:
    proof = next(iter(item["evidence"]), None)
    return {
        "cause": item["cause"],
        "title": item["title"],
        "confidence": item["confidence"],
        "summary": _cut(item["summary"]),
        "proof": _cut(f"{proof['source']} {proof['field']} = {proof['value']}") if proof else None,
        "repair": [_step(step) for step in item["fix"][:_STEPS]],
    }


def _step(step: Document) -> Document:
    """A command is never cut: half a command is worse than none."""
    told = {"why": _cut(step["why"]), "command": step["command"]}
    return told | ({"interrupts": step["interrupts"]} if step.get("interrupts") else {})


def _warning(item: Document) -> Document:
    command = next((step["command"] for step in item["fix"] if step["command"]), None)
    return {"cause": item["cause"], "summary": _cut(item["summary"]), "command": command}


def _gap(item: Document) -> str:
    needs = f" (needs {', '.join(item['needs'])})" if item["needs"] else ""
    return _cut(f"{item['reason']}{needs}")


def status(document: Document) -> Document:
    """The document ``ash-ops.status/1`` without lists that grow with the service."""
    return _fitting(
        lambda many: {
            **{
                k: document.get(k)
                for k in ("name", "region", "status", "headline", "url", "image", "version")
            },
            "service": document.get("service"),
            "tasks": document.get("tasks", [])[:many],
            "targets": document.get("targets", [])[:many],
            "findings": [
                {"cause": f["cause"], "severity": f["severity"], "summary": _cut(f["summary"])}
                for f in document.get("findings", [])[:many]
            ],
            "could_not_tell": _first([_cut(gap) for gap in document.get("unknown", [])], many),
            "left_out": _left_out(
                tasks=len(document.get("tasks", [])) - many,
                findings=len(document.get("findings", [])) - many,
            ),
        }
    )


def cost(document: Document) -> Document:
    """The document ``ash-ops.cost/1``: what each line costs a month, and the total."""
    lines = sorted(document["lines"], key=lambda line: -(line["monthly"] or 0))
    return _fitting(
        lambda many: {
            "region": document["region"],
            "currency": document["currency"],
            "total": document["total"],
            "monthly": {line["item"]: line["monthly"] for line in lines[: 4 * many]},
            "assumptions": [_cut(text) for text in document["assumptions"][:many]],
            "excluded": [_cut(text) for text in document["excluded"][:many]],
            "left_out": _left_out(lines=len(lines) - 4 * many),
        }
    )


def explain(document: Document) -> Document:
    """The document ``ash-ops.explain/1``: what each message means and how to repair it."""
    found = document["explanations"]
    return _fitting(
        lambda many: {"explanations": [_explanation(entry) for entry in found[:many]],
                      "left_out": _left_out(explanations=len(found) - many)}
    )  # fmt: skip


def _explanation(entry: Document) -> Document:
    kept = {k: entry.get(k) for k in ("cause", "title", "severity", "symptom") if k in entry}
    return (
        kept
        | {
            k: [
                {"why": _cut(step["why"]), "command": step.get("command")}
                for step in entry.get(k, [])[:_STEPS]
            ]
            for k in ("proof", "repair")
            if entry.get(k)
        }
        | ({"meaning": _cut(entry["meaning"])} if entry.get("meaning") else {})
    )


def logs(lines: Iterable[str], most: int = MOST) -> Document:
    """Lines of the log, the newest first to be kept."""
    kept: list[str] = []
    every, room = list(lines), most
    for line in reversed(every):
        text = _cut(line, 2 * _SENTENCE)
        room -= len(text) + 4
        if room < 0:
            break
        kept.insert(0, text)
    return {"lines": kept, "left_out": _left_out(lines=len(every) - len(kept))}


def _fitting(made: Callable[[int], Document]) -> Document:
    """The longest form that fits: ``made`` is told how many entries of a list to keep."""
    for many in (12, 6, 4, 3, 2):
        document = made(many)
        if len(json.dumps(document, ensure_ascii=False)) <= MOST:
            return document
    return made(1)


def _cut(text: str, most: int = _SENTENCE) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= most else f"{one_line[: most - 1]}…"


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _first(texts: list[str], many: int) -> list[str]:
    more = len(texts) - many
    return texts[:many] + ([f"and {more} more"] if more > 0 else [])


def _left_out(**counts: int) -> Document:
    return {name: number for name, number in counts.items() if number > 0}
