"""The part of JSON Schema that Ash's routes use, with the messages and conversions of Ajv.

Fastify converts scalars before it validates: a number where a string is wanted becomes a
string, ``"5"`` where an integer is wanted becomes 5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

_FORMATS: Final = {
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE),
    "date-time": re.compile(
        r"\d{4}-\d\d-\d\d[t\s]\d\d:\d\d:\d\d(\.\d+)?(z|[+-]\d\d(:?\d\d)?)", re.IGNORECASE
    ),
}
_TYPE_NAMES: Final = {dict: "object", list: "array", bool: "boolean", str: "string"}


class InvalidError(Exception):
    """A value does not fit its schema; the text is Ajv's."""


def conform(value: Any, schema: Schema, where: str) -> Any:
    """The value converted to its schema.

    Args:
        value: What was sent.
        schema: What the route wants.
        where: The value's place, as Ajv names it: ``body``, ``querystring`` or ``params``.

    Raises:
        InvalidError: It does not fit.
    """
    wanted = schema.get("type")
    if value is None and schema.get("nullable"):
        return None
    if wanted is not None:
        value = _converted(value, wanted, where)
    if isinstance(value, dict):
        return _object(value, schema, where)
    if isinstance(value, list):
        return _array(value, schema, where)
    _check_scalar(value, schema, where)
    return value


def _array(value: list[Any], schema: Schema, where: str) -> list[Any]:
    least = schema.get("minItems", 0)
    if len(value) < least:
        raise InvalidError(f"{where} must NOT have fewer than {least} items")
    item = schema.get("items", {})
    return [conform(v, item, f"{where}/{i}") for i, v in enumerate(value)]


def _object(value: dict[str, Any], schema: Schema, where: str) -> dict[str, Any]:
    for name in schema.get("required", ()):
        if name not in value:
            raise InvalidError(f"{where} must have required property '{name}'")
    properties: Mapping[str, Schema] = schema.get("properties", {})
    rest: Schema = schema.get("additionalProperties", {})
    result = {
        name: conform(item, properties.get(name, rest), f"{where}/{name}")
        for name, item in value.items()
    }
    defaults = {n: s["default"] for n, s in properties.items() if "default" in s}
    return {**defaults, **result}


def _converted(value: Any, wanted: str, where: str) -> Any:
    if wanted == _TYPE_NAMES.get(type(value)) or (wanted == "integer" and type(value) is int):
        return value
    if wanted == "number" and type(value) in (int, float):
        return value
    converted = _scalar_as(value, wanted)
    if converted is None:
        raise InvalidError(f"{where} must be {wanted}")
    return converted


def _scalar_as(value: Any, wanted: str) -> Any:
    if wanted == "string" and isinstance(value, (int, float, bool)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if wanted == "string" and value is None:
        return ""
    if wanted in ("integer", "number") and isinstance(value, str):
        return _number(value, wanted)
    if wanted == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    if wanted == "boolean" and value in ("true", "false", 0, 1):
        return value in ("true", 1)
    return None


def _number(text: str, wanted: str) -> int | float | None:
    try:
        return int(text) if wanted == "integer" else float(text)
    except ValueError:
        return None


def _check_scalar(value: Any, schema: Schema, where: str) -> None:
    if "enum" in schema and value not in schema["enum"]:
        raise InvalidError(f"{where} must be equal to one of the allowed values")
    if isinstance(value, str):
        _check_text(value, schema, where)
    elif isinstance(value, (int, float)):
        if value < schema.get("minimum", value):
            raise InvalidError(f"{where} must be >= {schema['minimum']}")
        if value > schema.get("maximum", value):
            raise InvalidError(f"{where} must be <= {schema['maximum']}")


def _check_text(value: str, schema: Schema, where: str) -> None:
    if len(value) < schema.get("minLength", 0):
        raise InvalidError(f"{where} must NOT have fewer than {schema['minLength']} characters")
    if len(value) > schema.get("maxLength", len(value)):
        raise InvalidError(f"{where} must NOT have more than {schema['maxLength']} characters")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        raise InvalidError(f'{where} must match pattern "{schema["pattern"]}"')
    if "format" in schema and not _FORMATS[schema["format"]].fullmatch(value):
        raise InvalidError(f'{where} must match format "{schema["format"]}"')
