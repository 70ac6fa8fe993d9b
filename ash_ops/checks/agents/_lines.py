"""What one line of a server's log is: how grave its logger calls it, and what it says of the server.

Pino's levels are numbers, 10 (trace) to 60 (fatal): https://getpino.io/#/docs/api?id=loggerlevels-object
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

from ash_ops.patterns import regex

Grade = Literal["info", "warning", "error"]

_LEVELS = ("level", "severity", "levelname", "lvl", "loglevel")
_ERRORS = ("err", "error", "exception")
# What the client sent: its words say nothing of the server.
_OF_CLIENTS = frozenset({"req", "request", "url", "path", "query", "headers", "text", "prompt"})
_WARNING, _ERROR, _REFUSED, _FAILED = 40, 50, 400, 500
_QUIET = frozenset({"trace", "debug", "verbose", "info", "information", "notice", "default"})
_WARNINGS = frozenset({"warn", "warning"})

_AHEAD = r"^\s*(?:(?:\[[^\]]{0,80}\]|[\d:TZ.,+/-]{4,40})\s*){0,4}"
_LEVEL = regex(_AHEAD + r"\W{0,2}(trace|debug|verbose|info|notice|warn|warning)\b", re.IGNORECASE)
_LOGFMT = regex(r"\b(?:level|lvl|severity)=\"?([a-z]+)", re.IGNORECASE)
_SPOKEN = regex(
    _AHEAD + r"(?:user|human|assistant|prompt|tool (?:output|result))(?: \w+)?:", re.IGNORECASE
)
_SANDBOX = regex(_AHEAD + r"\[?sandbox\b", re.IGNORECASE)
_ASKED = regex(r"\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /\S*")
_ANSWERED = regex(r"(?:\bHTTP/\d(?:\.\d)?\"?|\b(?:GET|POST|PUT|PATCH|DELETE) /\S*) +(\d{3})\b")


def grade(line: str) -> Grade:
    """How grave the logger calls a line; an error where it does not say.

    What users and agents say is quoted; a request that was refused (4xx) is its client's fault.
    """
    value = _object(line)
    if _REFUSED <= (answered(line) or 0) < _FAILED:
        return "info"
    if value is not None:
        return _graded(next((value[name] for name in _LEVELS if name in value), None))
    told = _LEVEL.match(line) or _LOGFMT.search(line)
    if told is None:
        return "info" if _SPOKEN.match(line) else "error"
    return _graded(told[1])


def _graded(level: object) -> Grade:
    if isinstance(level, int | float):
        return "info" if level < _WARNING else "warning" if level < _ERROR else "error"
    word = str(level).lower()
    return "info" if word in _QUIET else "warning" if word in _WARNINGS else "error"


def answered(line: str) -> int | None:
    """The HTTP status with which a request was answered, in a line that tells of one."""
    value = _object(line)
    if value is None:
        told = _ANSWERED.search(line)
        return int(told[1]) if told else None
    response = value.get("res")
    status = response.get("statusCode") if isinstance(response, Mapping) else None
    return status if isinstance(status, int) else None


def asserted(line: str) -> str:
    """A line without what its client sent."""
    value = _object(line)
    if value is None:
        return _ASKED.sub(r"\1 /", line)
    return json.dumps({name: part for name, part in value.items() if name not in _OF_CLIENTS})


def is_of_a_sandbox(line: str) -> bool:
    """Whether the server only passes on what a sandbox wrote: databases that tools call are none of its own."""
    return _SANDBOX.match(spoken(line)) is not None


def spoken(line: str) -> str:
    """What a line says: the message of a JSON line and that of its error, else the line."""
    value = _object(line)
    if value is None:
        return line
    error = next((value[name] for name in _ERRORS if value.get(name)), None)
    told = error.get("message") if isinstance(error, Mapping) else error
    parts = [part for part in (value.get("msg"), told) if isinstance(part, str) and part]
    return ": ".join(dict.fromkeys(parts)) or line


def _object(line: str) -> Mapping[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
