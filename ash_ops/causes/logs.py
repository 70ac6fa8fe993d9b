"""Log lines: what pino writes, and which lines are normal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ash_ops.causes.base import Rank
from ash_ops.causes.evidence import log_lines
from ash_ops.causes.matching import find, folded
from ash_ops.causes.structure import Hint, number

_WARNING: Final = 40
_ALARM: Final = (
    "error|fail|exception|fatal|denied|refused|unable|cannot|could not|invalid|timed out|timeout|crash|kill|"
    "corrupt|missing|not found|unauthorized|forbidden|panic|abort|econn|enoent|eacces|exceeded|overloaded"
)
_ASH_PREFIX: Final = (
    "~^\\[(?:entrypoint|pool|db|server|sandbox:[^\\] ]{1,60}|sessions?|agents?|coordinator|runner|eval-runner|"
    "resource-limits|telemetry|tracing|bridge|bridge-tracing|local-backend|queue|queue-processor|usage|"
    "state-persistence|snapshot-s3|snapshot-gcs)\\]"
)
_NORMAL: Final = (
    "auto-generated api key has been saved|read that file to retrieve your key|/data/initial-api-key|==========|"
    "strict mode: |listening on|listening at|swagger ui|plain http. in production|dashboard has no authentication|"
    "dashboard available|data directory: |bridge entry: |api key authentication enabled|shutting down|"
    "request completed|incoming request|deprecationwarning|experimentalwarning|(use 'node --trace|"
    "security warning: the ssl modes|npm notice|npm warn|received sigterm|received sigint|started server|migrat|npm start|server listening|ready in |elb-healthchecker"
)
BESIDE_THE_POINT: Final = "[telemetry]"
"""Lines about what the server reports home: their failures never matter to it."""

_FAILED: Final = 500


def entries(lines: list[str]) -> list[str]:
    """The entries of a log: a line together with the indented ones that continue it."""
    found: list[str] = []
    for line in lines:
        if found and line[:1] in (" ", "\t"):
            found[-1] += f" {line.strip()}"
        else:
            found.append(line)
    return found


def readable(line: str) -> str:
    """The text of a line: for a JSON line its message and error, else the line."""
    entry = _entry(line)
    if entry is None:
        return line
    parts = [str(entry[name]) for name in ("msg", "message") if entry.get(name)]
    error = entry.get("err", entry.get("error"))
    parts.extend(_error(error))
    if (number(entry.get("level")) or 0) > _WARNING:
        parts.append("level error")
    status = _status(entry)
    if status:
        parts.append(f'"statusCode": {status}')
    if entry.get("userAgent") or isinstance(entry.get("req"), Mapping):
        parts.append(json.dumps(entry.get("req", entry.get("userAgent"))))
    return " | ".join(dict.fromkeys(parts)) or line


def _error(error: object) -> Iterator[str]:
    if isinstance(error, Mapping):
        for name in ("type", "code", "message", "stack", "error"):
            if error.get(name):
                yield str(error[name])
    elif error:
        yield str(error)


def _entry(line: str) -> Mapping[str, Any] | None:
    start = line.lstrip()[:1]
    if start != "{" or len(line) > 200_000:
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    recognised = isinstance(value, dict) and ("msg" in value or "level" in value)
    return value if recognised else None


def _status(entry: Mapping[str, Any]) -> int:
    response = entry.get("res")
    return number(response.get("statusCode")) or 0 if isinstance(response, Mapping) else 0


def normal(message: Mapping[str, Any]) -> Iterator[Hint]:
    """A hint at ``healthy-log`` when every line is one a sound server writes."""
    lines = log_lines(message.get("logs", message.get("log", message.get("message"))))
    if lines and all(_is_normal(line) for line in lines):
        yield Hint("healthy-log", Rank.GENERIC, "log", lines[-1][:200])


def _is_normal(line: str) -> bool:
    entry = _entry(line)
    if entry is not None:
        level = number(entry.get("level")) or 0
        return level <= _WARNING and _status(entry) < _FAILED
    text = folded(line)
    if find(_NORMAL, text) or line.lstrip().startswith(BESIDE_THE_POINT):
        return True
    if find("~exited code=(?:0|143|null) signal=", text):
        return True
    if "exited code=" in text:
        return False
    return find(_ASH_PREFIX, text) is not None and find(_ALARM, text) is None
