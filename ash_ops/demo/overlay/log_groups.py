"""CloudWatch Logs: FilterLogEvents with pages, stream prefixes and patterns.

Pattern rules: "Filter pattern syntax for metric filters, subscription filters, filter log events,
and Live Tail" in the CloudWatch Logs user guide. JSON patterns (``{ ... }``) are not evaluated:
they are refused, since an answer that ignores the pattern would be wrong in silence.
"""

from __future__ import annotations

import itertools
import re
import shlex
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import cloudwatch_logs

from ash_ops.demo.overlay import state

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

_PAGE = 10_000
# AWS's event ids are numbers of 56 digits that grow with time.
_ID_WIDTH = 56
_sequence = itertools.count(int(time.time() * 1_000_000))
_sequence_lock = threading.Lock()


def install() -> None:
    """Replace FilterLogEvents, and give events ids that sort as AWS's do."""
    cloudwatch_logs._filter_log_events = _filter_log_events
    cloudwatch_logs.new_uuid = _next_event_id


def _next_event_id() -> str:
    with _sequence_lock:
        return str(next(_sequence)).ljust(_ID_WIDTH, "0")


def write(group: str, stream: str, lines: list[tuple[float, str]]) -> None:
    """Write ``(time in ms, message)`` lines, making the stream (not the group) if need be.

    As on AWS, lines for a group that is not there are lost.
    """
    found = state.log_groups().get(group)
    if found is None:
        return
    if stream not in found["streams"]:
        cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
    events = [{"timestamp": int(at), "message": message} for at, message in lines]
    cloudwatch_logs._put_log_events(
        {"logGroupName": group, "logStreamName": stream, "logEvents": events}
    )


def _filter_log_events(request: Record) -> Answer:
    group = cloudwatch_logs._resolve_log_group_name(request)
    known = state.log_groups()
    if group not in known:
        return _error("ResourceNotFoundException", "The specified log group does not exist.")
    if request.get("logStreamNames") and request.get("logStreamNamePrefix"):
        return _error(
            "InvalidParameterException",
            "logStreamNamePrefix and logStreamNames cannot be specified together.",
        )
    try:
        matches = compile_pattern(request.get("filterPattern") or "")
    except ValueError as problem:
        return _error("InvalidParameterException", str(problem))
    found = sorted(
        (e for e in _events(known[group], request) if matches(e["message"])),
        key=lambda e: (e["timestamp"], e["eventId"]),
    )
    if not request.get("startFromHead", True):
        found.reverse()
    return _page(found, request)


def _error(code: str, message: str) -> Answer:
    answer: Answer = error_response_json(code, message, 400)
    return answer


def _events(group: Record, request: Record) -> Iterator[Record]:
    names = request.get("logStreamNames")
    prefix = request.get("logStreamNamePrefix") or ""
    start, end = request.get("startTime", 0), request.get("endTime", float("inf"))
    for name, stream in list(group["streams"].items()):
        if (name in names) if names else name.startswith(prefix):
            for event in list(stream["events"]):
                if start <= event["timestamp"] <= end:
                    yield {**event, "logStreamName": name}


def _page(found: list[Record], request: Record) -> Answer:
    offset = int(request.get("nextToken") or 0)
    limit = min(int(request.get("limit") or _PAGE), _PAGE)
    answer: Record = {"events": found[offset : offset + limit], "searchedLogStreams": []}
    if offset + limit < len(found):
        answer["nextToken"] = str(offset + limit)
    reply: Answer = json_response(answer)
    return reply


def compile_pattern(pattern: str) -> Callable[[str], bool]:
    """A filter pattern as a test of one message.

    Raises:
        ValueError: the pattern is one this emulator does not evaluate, or is not a pattern.
    """
    text = pattern.strip()
    if text.startswith(("{", "[")):
        raise ValueError("The embedded emulator evaluates term patterns only, no JSON patterns.")
    if len(text) > 1 and text.startswith("%") and text.endswith("%"):
        expression = re.compile(text[1:-1])
        return lambda message: expression.search(message) is not None
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters, lexer.quotes, lexer.escape = True, "", '"', "\\"
    return _terms(list(lexer))


def _terms(terms: list[str]) -> Callable[[str], bool]:
    optional = [term[1:] for term in terms if term.startswith("?")]
    without = [term[1:] for term in terms if term.startswith("-")]
    needed = [term for term in terms if not term.startswith(("?", "-"))]

    def matches(message: str) -> bool:
        return (
            all(term in message for term in needed)
            and not any(term in message for term in without)
            # Optional terms count only where no term is required.
            and (bool(needed) or not optional or any(term in message for term in optional))
        )

    return matches
