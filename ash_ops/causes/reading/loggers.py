"""Entries that loggers write as JSON: pino, winston, bunyan, zap, logrus, structlog, python-json-logger."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from ash_ops.causes.evidence import text_of
from ash_ops.causes.reading.entries import Entry, pieces
from ash_ops.causes.reading.wrappings import Line
from ash_ops.causes.structure.hints import number
from ash_ops.patterns import regex

_LEVEL: Final = ("level", "severity", "levelname", "lvl", "loglevel")
_TEXT: Final = ("msg", "message", "event", "text")
_ERROR: Final = (
    *("err", "error", "exception", "exc_info", "reason", "cause", "original", "stack"),
    *("stack_trace", "stacktrace", "error_message"),
)
_ERRORS: Final = frozenset(_ERROR)
_AROUND: Final = ("context", "extra", "result", "data", "details")
"""Objects in which loggers put what belongs to an entry, its error among it."""
_GOOD: Final = ("ok", "success", "healthy", "ready", "alive")
_STATES: Final = ("status", "state", "health", "db", "database", "redis")
_BAD: Final = frozenset({"down", "error", "failed", "failure", "unhealthy", "unavailable"})
_FAILS: Final = regex(
    r"(?i)error|fail|exception|refused|denied|timed? ?out|unable|cannot|could not|kill|not found|unavailable|starting up|\be[a-z]{4,12}\b:"
)
"""Words of an error field that is no mere remark."""
_WARNING: Final = 40
_DEBUG: Final = 20
_UNSURE: Final = frozenset({2, 3, 4, 8})
"""Errors and warnings of syslog, of Nextcloud and of Go's slog, all below the levels of Node's loggers."""
_OF_ERRORS: Final = frozenset({3, 8})
"""Those of them that are an error for all who write them."""
_OF_MONOLOG: Final = 100
"""The smallest level of Monolog: those of others end below."""
_QUIET: Final = {"trace": "debug", "debug": "debug", "info": "info", "information": "info"}
_FAILED: Final = 500
_ELSEWHERE: Final = 300
_CHECKER: Final = "ELB-HealthChecker/"
"""Who asks by this name takes no answer but a good one, however calm the server is about it."""
_WORDS: Final = {"trace", "debug", "info", "information", "notice", "default", "warn", "warning"}


def is_entry(value: Mapping[str, Any]) -> bool:
    """Whether an object is an entry of a log: a level, and a text or an error."""
    if "level" in value and "time" in value:
        return True
    named = any(name in value for name in _LEVEL)
    return named and any(name in value for name in (*_TEXT, *_ERROR))


_SHIPPED: Final = frozenset({"host", "hostname", "service", "tags", "container_name", "ddsource"})
"""What a shipper of logs writes beside the text of an entry: it says where that was written."""


def is_shipped(value: Mapping[str, Any]) -> bool:
    """Whether an object is a line of a log as a shipper sends it, or a column of a query's answer."""
    column = set(value) == {"field", "value"} and str(value["field"]).startswith("@")
    told = isinstance(value.get("message"), str) and not any(name in value for name in _ERROR)
    return column or (told and not _SHIPPED.isdisjoint(value))


def shipped(value: Mapping[str, Any]) -> str:
    """The text of such a line."""
    if "field" in value:
        return text_of(value["value"]) if value["field"] == "@message" else ""
    return text_of(value["message"])


def entries(value: Mapping[str, Any], line: int) -> Iterator[Entry]:
    """The entry of a log that an object is; a long one in pieces, one of several lines with them."""
    (calm, quiet), status = _graded(value), _status(value)
    told = _told(value, _called(calm, quiet), status)
    in_vain = status >= _ELSEWHERE and _CHECKER in told
    normal = calm and status < _FAILED and not in_vain and not _is_denied(value)
    for piece in pieces(told):
        yield Entry(piece, line, lines=_lines(piece, line), normal=normal)


def _is_denied(value: Mapping[str, Any]) -> bool:
    """Whether a field of an entry says that something failed, however calm its level is."""
    for part in (value, *_inner(value)):
        if any(part.get(name) is False for name in _GOOD):
            return True
        if any(str(part.get(name)).lower() in _BAD for name in _STATES):
            return True
        if any(_FAILS.search(text_of(part[name])) for name in _ERROR if part.get(name)):
            return True
    return False


def _inner(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The objects of an entry in which its error may stand."""
    return (value[name] for name in _AROUND if isinstance(value.get(name), Mapping))


def _lines(text: str, line: int) -> tuple[Line, ...]:
    """The lines of a text of several, each with the indented ones that continue it."""
    if "\n" not in text:
        return ()
    parts: list[str] = []
    for part in filter(str.strip, text.split("\n")):
        if parts and part[0] in " \t}":
            parts[-1] += f" {part.strip()}"
        else:
            parts.append(part)
    return tuple(Line(part, line) for part in parts) if len(parts) > 1 else ()


def page(value: Mapping[str, Any]) -> str:
    """The text of an entry of several lines, with nothing but its level beside it: a whole paste that was logged."""
    found = [value[name] for name in _TEXT if value.get(name)]
    text = text_of(found[0]) if len(found) == 1 else ""
    if "\n" not in text or "\n" not in text.strip() or is_calm(value):
        return ""
    return "" if any(value.get(name) for name in _ERROR) else text


def readable(value: Mapping[str, Any]) -> str:
    """What an entry says: its text, its error, the status it answered with."""
    return _told(value, _called(*_graded(value)), _status(value))


def _told(value: Mapping[str, Any], level: str, status: int) -> str:
    parts = [text_of(value[name]) for name in _TEXT if value.get(name)]
    for part in (value, *_inner(value)):
        if not _ERRORS.isdisjoint(part):
            for name in _ERROR:
                if name in part:
                    parts.extend(_error(part[name]))
    if isinstance(value.get("detail"), str):
        parts.append(value["detail"])
    if level:
        parts.append(level)
    if status:
        parts.append(f'"statusCode": {status}')
    if value.get("userAgent") or isinstance(value.get("req"), Mapping):
        parts.append(json.dumps(value.get("req", value.get("userAgent")), default=str))
    return " | ".join(dict.fromkeys(parts))


def _called(calm: bool, quiet: str | None) -> str:
    """What a level is called where it stands beside a text."""
    return "level error" if not calm else f"level {quiet}" if quiet else ""


def is_plain(value: Mapping[str, Any]) -> bool:
    """Whether an object is an entry of a log, at whatever level, that says one text and nothing beside it."""
    if not is_entry(value) or not _ERRORS.isdisjoint(value) or "userAgent" in value:
        return False
    said = [value[name] for name in _TEXT if name in value]
    if sum(name in value for name in _LEVEL) != 1:
        return False
    return len(said) == 1 and type(said[0]) is str and not any(map(_is_nested, value.values()))


def _is_nested(value: object) -> bool:
    return isinstance(value, dict | list)


def is_normal(value: Mapping[str, Any]) -> bool:
    """Whether the level is at most a warning, and no answer of the server failed."""
    return is_calm(value) and _status(value) < _FAILED


def is_calm(value: Mapping[str, Any]) -> bool:
    """Whether the level is at most a warning."""
    return _graded(value)[0]


def _graded(value: Mapping[str, Any]) -> tuple[bool, str | None]:
    """Whether the level of an entry, by whatever name, is at most a warning; and which one below that it is."""
    for name in _LEVEL:
        level = value.get(name)
        if level is not None:
            return _of_level(level if type(level) is int else text_of(level))
        if name in value:
            break
    return True, None


@lru_cache(maxsize=256)
def _of_level(level: int | str) -> tuple[bool, str | None]:
    grade = number(level)
    if grade is None:
        word = str(level).lower()
        return word in _WORDS, _QUIET.get(word)
    if grade >= _OF_MONOLOG:
        grade = grade // _OF_MONOLOG * 10 + 10  # DEBUG is 100, INFO 200, WARNING 300, ERROR 400
    if grade in _UNSURE:
        return grade not in _OF_ERRORS, None
    quiet = "debug" if grade <= _DEBUG else "info" if grade < _WARNING else None
    return grade <= _WARNING, quiet


_MEANT: Final = {
    "EACCES": "permission denied",
    "EPERM": "operation not permitted",
    "EROFS": "read-only file system",
    "ENOENT": "no such file or directory",
    "ENOSPC": "no space left on device",
}
"""What Node says of the codes of files."""


def _of_node(error: Mapping[str, Any]) -> str:
    """What Node calls an error of the system of which a logger kept nothing but the properties."""
    code, call = error.get("code"), error.get("syscall")
    if not code or not call or error.get("message") or error.get("stack"):
        return ""
    if error.get("path"):
        return f"{code}: {_MEANT.get(text_of(code), 'failed')}, {call} '{error['path']}'"
    place = error.get("address", error.get("hostname", ""))
    return f"{call} {code} {place}:{error['port']}" if "port" in error else f"{call} {code} {place}"


def _error(error: object) -> Iterator[str]:
    if isinstance(error, Mapping):
        if "syscall" in error and (told := _of_node(error)):
            yield told
        for name in ("type", "name", "code", "message", "sqlMessage", "value", "stack", "error"):
            if error.get(name):
                yield text_of(error[name])
        for inner in error["values"] if isinstance(error.get("values"), list) else ():
            yield from _error(inner)  # an event of Sentry
    elif error and not isinstance(error, bool):
        yield text_of(error)


def _status(value: Mapping[str, Any]) -> int:
    response = value.get("res")
    return number(response.get("statusCode")) or 0 if isinstance(response, Mapping) else 0
