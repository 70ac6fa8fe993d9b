"""HTTP answers: the status, and what a success may still hide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ash_ops.causes.base import Rank
from ash_ops.causes.evidence import lenient, text_of
from ash_ops.causes.structure.hints import Fields, Hint, number, word


def http(fields: Fields) -> Iterator[Hint]:
    """What the status says."""
    status = number(fields.get("status")) or number(fields.get("statusCode")) or 0
    quote = str(status)
    for slug, rank in _by_status(status, fields):
        yield Hint(slug, rank, "status", quote)


_SERVER_FAILED: Final = 500


_STATUS: Final = {
    401: ("ash-auth-invalid", Rank.NORMAL),
    403: ("ash-auth-invalid", Rank.NORMAL),
    404: ("ash-bad-request", Rank.NORMAL),
    429: ("ash-rate-limited", Rank.SYMPTOM),
    502: ("conn-reset", Rank.NORMAL),
    503: ("ash-server-error", Rank.NORMAL),
    504: ("conn-timeout", Rank.NORMAL),
    529: ("anthropic-overloaded", Rank.NORMAL),
}


def _by_status(status: int, fields: Fields) -> Iterator[tuple[str, int]]:
    body = fields.get("body")
    if 200 <= status < 400:
        if not _event_stream_failed(body):
            yield "healthy-http", _success_rank(fields, body)
    elif status == 401 and not body and not lenient(fields.get("headers")).get("authorization"):
        yield "ash-auth-missing", Rank.NORMAL
    elif status >= _SERVER_FAILED and word(fields.get("path")).startswith("/health"):
        yield "app-unhealthy-5xx", Rank.NORMAL
    elif status in _STATUS:
        yield _STATUS[status]
    elif 400 <= status < 500:
        yield "ash-bad-request", Rank.NORMAL
    elif status >= _SERVER_FAILED:
        yield "ash-server-error", Rank.NORMAL


def _success_rank(fields: Fields, body: object) -> int:
    """A success is one whatever its body tells; only /health speaks of the server in its body."""
    state = word(body.get("status")) if isinstance(body, Mapping) else ""
    asked_for_health = word(fields.get("path")).startswith("/health")
    return Rank.NORMAL if asked_for_health and state not in ("", "ok") else Rank.DECISIVE


def _event_stream_failed(body: object) -> bool:
    """Whether a 200 is an event stream that ended in an error."""
    text = text_of(body)[:20_000]
    return "event: error" in text or '"is_error": true' in text or '"is_error":true' in text
