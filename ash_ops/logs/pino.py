"""Ash's own log lines: pino's JSON, one object a line (Fastify's logger).

Levels are numbers (pino's documentation, "Log levels"): 10 trace ... 60 fatal.
"""

from __future__ import annotations

import json
from typing import Any

LEVELS = {"trace": 10, "debug": 20, "info": 30, "warn": 40, "error": 50, "fatal": 60}
_NAMES = {number: name for name, number in LEVELS.items()}
# Said elsewhere on the line, or the same on every line.
OMITTED = frozenset({"level", "time", "msg", "message", "pid", "hostname", "v", "timestamp"})
_decode = json.JSONDecoder().raw_decode
_STACK_KEYS = ("stack", "trace")
# Objects within objects are written out as JSON from this depth on.
DEEPEST = 3
# From here on a number is written with an exponent.
_LARGE = 1e15


def parse(message: str) -> dict[str, Any] | None:
    """The object of a JSON log line; ``None`` for any other line."""
    if not message.startswith("{"):
        return None
    try:
        # json.loads would take half as long again, for what its wrappers do.
        line, end = _decode(message)
    except (ValueError, RecursionError):
        return None
    if end != len(message) and message[end:].strip():
        return None
    return line if "level" in line or "msg" in line or "message" in line else None


def level_of(line: dict[str, Any]) -> int | None:
    """The number of a line's level; ``None`` when it has none that is known."""
    level = line.get("level")
    if isinstance(level, str):
        return LEVELS.get({"warning": "warn", "err": "error"}.get(level.lower(), level.lower()))
    return level if isinstance(level, int) else None


def level_name(number: int | None) -> str:
    """The name of a level, or of the nearest one below it."""
    if number is None:
        return "-"
    return _NAMES.get(number) or next(
        (name for name, low in reversed(LEVELS.items()) if low <= number), "trace"
    )


def body(line: dict[str, Any]) -> tuple[str, str]:
    """A line's message and its other fields as ``key=value``; and its stack trace."""
    text = line.get("msg") or line.get("message") or ""
    parts: list[str] = []
    stacks: list[str] = []
    if text:
        parts.append(text if type(text) is str else _value(text))
    for key, value in line.items():
        if key in OMITTED:
            if key == "message" and text is not value:
                _flatten(key, value, parts, stacks)
        elif type(value) is int:
            parts.append(f"{key}={value}")
        else:
            _flatten(key, value, parts, stacks)
    return " ".join(parts), "\n".join(stacks)


def number(value: float) -> str:
    """A number with a fraction: three digits of it, if they say enough."""
    if not 0.001 <= abs(value) < _LARGE:
        return str(round(value, 3)) if abs(value) >= _LARGE else json.dumps(value)
    # What str(round(value, 3)) gives, in half the time.
    text = f"{value:.3f}".rstrip("0")
    return f"{text}0" if text.endswith(".") else text


def _flatten(key: str, value: Any, parts: list[str], stacks: list[str]) -> None:
    kind = type(value)
    if kind is str:
        if "\n" in value and key.endswith(_STACK_KEYS):
            stacks.append(value)
        else:
            parts.append(f"{key}={_quoted(value)}")
    elif kind is int:
        parts.append(f"{key}={value}")
    elif kind is dict and key.count(".") < DEEPEST:
        for name, inner in value.items():
            _flatten(f"{key}.{name}", inner, parts, stacks)
    else:
        parts.append(f"{key}={_value(value)}")


def _quoted(text: str) -> str:
    # Spaces, quotes and equals signs would make "key=value" ambiguous.
    plain = " " not in text and '"' not in text and "=" not in text and text.isprintable()
    return text if plain and text else json.dumps(text, ensure_ascii=False)


def _value(value: Any) -> str:
    if type(value) is float:
        return number(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
