"""Write docs/json.md and the JSON Schemas beside it, from the types that the documents are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from msgspec.json import schema, schema_components

from ash_ops.diagnosis import Report
from ash_ops.documents import cost, deployment, explanation, logs
from ash_ops.facts.snapshot import Snapshot
from ash_ops.repairs.acts import Act
from ash_ops.report.changes import Changes, Notice

_ADDED: Final = (
    "Fields may be added within a number; none is renamed, removed or given another meaning."
)
_HEAD: Final = f"""<!-- Generated from the types by `make generate`. -->

# JSON documents

Every document names its contract in `schema`, as `ash-ops.doctor/1`; the lists and lines at the end of this table do not. {_ADDED}
Times are RFC 3339 in UTC. What is not known is `null`, never 0 and never left out for the sake of it.

| document | printed by | described |
| --- | --- | --- |
| `ash-ops.doctor/1` | `ash-ops doctor --format json` | below, and as a [JSON Schema](schemas/doctor.json) |
| `ash-ops.watch/1` | `ash-ops doctor --watch --format json`, an object a line | below, and as a [JSON Schema](schemas/watch.json) |
| `ash-ops.notice/1` | posted by `ash-ops doctor --watch --notify URL` | below, and as a [JSON Schema](schemas/notice.json) |
| `ash-ops.snapshot/1` | written by `ash-ops doctor --save facts.json` | [snapshots](snapshot.md), and as a [JSON Schema](schemas/snapshot.json); fields are named as the APIs name them, and absent where the API sent none |
| `ash-ops.status/1` | `ash-ops status --format json` | below, and as a [JSON Schema](schemas/status.json) |
| `ash-ops.health/1` | `ash-ops health --format json` | below, and as a [JSON Schema](schemas/health.json) |
| `ash-ops.runners/1` | `ash-ops runners list --format json` | below, and as a [JSON Schema](schemas/runners.json) |
| `ash-ops.cost/1` | `ash-ops cost --format json` | [cost](cost.md#json), below, and as a [JSON Schema](schemas/cost.json) |
| `ash-ops.explain/1` | `ash-ops explain --format json` | [explain](explain.md), below, and as a [JSON Schema](schemas/explain.json) |
| the causes, a list | `ash-ops explain --list --format json` | below, and as a [JSON Schema](schemas/causes.json) |
| an answer, a line | `ash-ops explain --batch` | [explain](explain.md), below, and as a [JSON Schema](schemas/batch.json) |
| an event, a line | `ash-ops logs --format json` | [logs](logs.md), below, and as a [JSON Schema](schemas/logs.json) |
"""
_DOCUMENTS: Final[dict[str, Any]] = {
    "notice": Notice,
    "status": deployment.Status,
    "health": deployment.Health,
    "runners": deployment.Runners,
    "cost": cost.Cost,
    "explain": explanation.Explanations,
}
_LISTS_AND_LINES: Final[dict[str, Any]] = {
    "causes": list[explanation.ListedCause],
    "logs": logs.LogEvent,
}


def files() -> dict[str, str]:
    """The page and the schemas, by path."""
    documents = {"doctor": doctor(), "watch": watch(), **_schemas(_DOCUMENTS)}
    others = {**_schemas(_LISTS_AND_LINES), "batch": batch()}
    page = [_HEAD, *(_described(name, each) for name, each in {**documents, **others}.items())]
    contracts = {**documents, "snapshot": schema(Snapshot)}
    return {
        "docs/json.md": "\n".join(page).rstrip("\n") + "\n",
        **{_path(name): _titled(f"ash-ops.{name}/1", each) for name, each in contracts.items()},
        **{_path(name): _titled(name, each) for name, each in others.items()},
    }


def _path(name: str) -> str:
    return f"docs/schemas/{name}.json"


def _schemas(kinds: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: schema(kind) for name, kind in kinds.items()}


def doctor() -> dict[str, Any]:
    """The schema of the report as it is printed: without what ``--fix`` alone needs, with what it did."""
    made = schema(Report)
    parts = made["$defs"]
    del parts["Fix"]["properties"]["action"]
    acts = schema(Act)
    parts |= acts["$defs"]
    parts["Report"]["properties"]["acts"] = {"type": "array", "items": {"$ref": acts["$ref"]}}
    for unused in ("Action", "Operation"):
        parts.pop(unused, None)
    return made


def watch() -> dict[str, Any]:
    """The schema of a change as it is printed: with the time of the look."""
    made = schema(Changes)
    made["$defs"]["Changes"]["properties"]["at"] = {"type": "string", "format": "date-time"}
    return made


def batch() -> dict[str, Any]:
    """The schema of an answer of ``explain --batch``: of one kind or the other."""
    kinds = (explanation.Answer, explanation.Unreadable)
    either, parts = schema_components(kinds, ref_template="#/$defs/{name}")
    return {"anyOf": list(either), "$defs": parts}


def _titled(title: str, made: Mapping[str, Any]) -> str:
    draft = "https://json-schema.org/draft/2020-12/schema"
    return f"{json.dumps({'$schema': draft, 'title': title, **made}, indent=1)}\n"


def _described(name: str, made: Mapping[str, Any]) -> str:
    """A table for each object: its fields, and what they hold."""
    rows = ["", f"## {name}", ""]
    for title, part in made["$defs"].items():
        if part.get("type") != "object" or not part.get("properties"):
            continue
        about = _attributes(part.get("description", ""))
        rows += [f"### {name}: {title}", "", "| field | type | |", "| --- | --- | --- |"]
        for field, kind in part["properties"].items():
            rows.append(f"| `{field}` | {_kind(kind)} | {about.get(field, '')} |")
        rows.append("")
    return "\n".join(rows)


def _kind(part: Mapping[str, Any]) -> str:
    """A type in words."""
    if "$ref" in part:
        return str(part["$ref"]).rpartition("/")[2]
    if "anyOf" in part:
        return " or ".join(map(_kind, part["anyOf"]))
    if "enum" in part:
        return " or ".join(f"`{value}`" for value in part["enum"])
    if part.get("type") == "array":
        return f"list of {_kind(part.get('items', {}))}"
    return str(part.get("format") or part.get("type") or "anything").replace("date-time", "time")


def _attributes(docstring: str) -> dict[str, str]:
    """What a docstring's section of attributes says of each."""
    found: dict[str, str] = {}
    name = ""
    for line in docstring.partition("Attributes:\n")[2].splitlines():
        word, colon, rest = line.strip().partition(": ")
        if colon and line.startswith(" " * 8) and not line.startswith(" " * 9):
            name, found[word] = word, rest
        elif name and line.strip():
            found[name] += f" {line.strip()}"
    return {field: text.replace("``", "`").replace("|", "\\|") for field, text in found.items()}
