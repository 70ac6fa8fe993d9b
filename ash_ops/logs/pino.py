"""Ash's own log lines: pino's JSON, one object a line (Fastify's logger).

Levels are numbers (pino's documentation, "Log levels"): 10 trace ... 60 fatal.
"""

from __future__ import annotations

import json
from typing import Any

LEVELS = {"trace": 10, "debug": 20, "info": 30, "warn": 40, "error": 50, "fatal": 60}
_NAMES = {number: name for name, number in LEVELS.items()}
# Said elsewhere on the line, or the same on every line.
_OMITTED = frozenset({"level", "time", "msg", "message", "pid", "hostname", "v", "timestamp"})
_QUOTED = frozenset(' "=')
_scan = json.JSONDecoder().scan_once
_STACK_KEYS = ("stack", "trace")


def parse(message: str) -> dict[str, Any] | None:
    """The object of a JSON log line; ``None`` for any other line."""
    if not message.startswith("{"):
        return None
    try:
        # The decoder's inner function: half of json.loads' time goes into its wrappers.
        line, end = _scan(message, 0)
    except (ValueError, StopIteration, RecursionError):
        return None
    if end != len(message) and message[end:].strip():
        return None
    known: bool = "level" in line or "msg" in line or "message" in line
    return line if known else None


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


def fields(line: dict[str, Any]) -> tuple[str, list[str], str]:
    """A line's message, its other fields as ``key=value``, and its stack trace."""
    text = str(line.get("msg") or line.get("message") or "")
    pairs: list[str] = []
    stacks: list[str] = []
    for key, value in line.items():
        if key in _OMITTED:
            continue
        kind = type(value)
        if kind is int or (kind is str and value.isalnum()):
            pairs.append(f"{key}={value}")
        else:
            _flatten(key, value, pairs, stacks, depth=0)
    return text, pairs, "\n".join(stacks)


def _flatten(key: str, value: Any, pairs: list[str], stacks: list[str], depth: int) -> None:
    if isinstance(value, dict) and depth < 3:
        for name, inner in value.items():
            _flatten(f"{key}.{name}", inner, pairs, stacks, depth + 1)
    elif isinstance(value, str) and key.rpartition(".")[2] in _STACK_KEYS and "\n" in value:
        stacks.append(value)
    else:
        pairs.append(f"{key}={_value(value)}")


def _value(value: Any) -> str:
    if isinstance(value, str):
        plain = value.isprintable() and value and not (_QUOTED & set(value))
        return value if plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and 0.001 <= abs(value) < 1e15:
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
