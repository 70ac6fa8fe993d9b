"""Whether a JSON document holds what its schema says, and nothing that the schema does not tell."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

ROOT = Path(__file__).resolve().parents[2]


@cache
def contract(name: str) -> jsonschema.Draft202012Validator:
    """The schema in ``docs/schemas``; fields that it does not tell are refused."""
    made = json.loads((ROOT / f"docs/schemas/{name}.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(made)
    for part in made["$defs"].values():
        if part.get("properties"):
            part["additionalProperties"] = False
    return jsonschema.Draft202012Validator(made)


def holds(name: str, document: Any, part: str = "") -> None:
    """Fail unless the document, or the part of it that an object of the schema tells, is as told."""
    whole = contract(name)
    asked = whole.evolve(schema={**whole.schema, "$ref": f"#/$defs/{part}"}) if part else whole
    asked.validate(document)
