"""Requests and answers as values: paths, bodies, models, and what an error means. No input or output here."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import httpx

from ash_client.errors import (
    AshError,
    AuthenticationError,
    BadRequest,
    ConfigurationError,
    ConnectionFailed,
    DecodeError,
    InvalidArgument,
    NotFound,
    PayloadTooLarge,
    RateLimited,
    RequestTimeout,
    ServerError,
    SessionEnded,
    StatusError,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_ERROR_BODY = 64 * 1024
_ID = re.compile(r"[A-Za-z0-9_~@:-][A-Za-z0-9._~@:-]{0,254}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

_BY_STATUS: dict[int, type[StatusError]] = {
    401: AuthenticationError,
    403: AuthenticationError,
    404: NotFound,
    410: SessionEnded,
    413: PayloadTooLarge,
    429: RateLimited,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}
_HINTS = {
    "missing": "Pass api_key, or set ASH_API_KEY.",
    "malformed": "The header must be exactly 'Bearer KEY'; is something on the way rewriting it?",
    "invalid": "The server does not know this key.",
}


def id_part(value: object, what: str = "session id") -> str:
    """Check an id and quote it for use in a path.

    Raises:
        InvalidArgument: It is no id.
    """
    if isinstance(value, str) and _ID.fullmatch(value):
        return quote(value, safe="")
    shown = value if not isinstance(value, str) or len(value) <= 60 else value[:57] + "..."
    message = (
        f"{shown!r} is not a {what}. Pass the id as the server gave it, for example session.id."
    )
    raise InvalidArgument(message)


def name_part(value: object, what: str = "agent name") -> str:
    """Quote a name for use in a path.

    Raises:
        InvalidArgument: It is empty, a relative path, or holds control characters.
    """
    if isinstance(value, str) and value not in ("", ".", "..") and not _CONTROL.search(value):
        return quote(value, safe="")
    message = f"{value!r} is not a {what}."
    raise InvalidArgument(message)


def file_part(path: object) -> str:
    """Quote the path of a file inside a workspace, segment by segment.

    Raises:
        InvalidArgument: It is empty, absolute, or leaves the workspace.
    """
    segments = path.split("/") if isinstance(path, str) else [""]
    if any(s in ("", ".", "..") or _CONTROL.search(s) for s in segments):
        message = f"{path!r} is not the path of a file inside the workspace."
        raise InvalidArgument(message)
    return "/".join(quote(segment, safe="") for segment in segments)


def given(**options: Any) -> dict[str, Any]:
    """The options that were given, under their names on the wire."""
    return {name: value for name, value in options.items() if value is not None}


def query(**options: Any) -> dict[str, str]:
    """The query parameters that were given; booleans as the server spells them."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in options.items()
        if value is not None
    }


def message_content(
    message: str | None, content: str | Sequence[Mapping[str, Any]] | None
) -> str | list[dict[str, Any]]:
    """The one content of a message.

    Raises:
        InvalidArgument: Neither or both were given, or it is empty.
    """
    if (message is None) == (content is None):
        text = "Pass either message (text) or content (text or a list of content blocks)."
        raise InvalidArgument(text)
    chosen = message if content is None else content
    if not chosen:
        text = "The message is empty."
        raise InvalidArgument(text)
    return chosen if isinstance(chosen, str) else [dict(block) for block in chosen]


def describe(request: httpx.Request) -> str:
    """A request without anything secret: method and path."""
    return f"{request.method} {path_of(request)}"


def path_of(request: httpx.Request) -> str:
    """The request's path as it was sent, without the query."""
    return request.url.raw_path.partition(b"?")[0].decode("ascii")


def status_error(response: httpx.Response, body: bytes, secret: str | None) -> StatusError:
    """The exception for an answer with an error status; ``secret`` is masked should the server repeat it."""
    text = body.decode("utf-8", "replace")
    if secret:
        text = text.replace(secret, "***")
    message, code = _server_words(text)
    status = response.status_code
    kind = _BY_STATUS.get(status) or (ServerError if status >= 500 else BadRequest)
    request = describe(response.request)
    reason = message or response.reason_phrase or "no reason given"
    error = kind(
        f"{request} was answered {status}: {reason}",
        status=status,
        message=message,
        code=code,
        body=text,
        method=response.request.method,
        path=path_of(response.request),
        headers={name: value for name, value in response.headers.items() if name != "set-cookie"},
    )
    if isinstance(error, AuthenticationError) and error.cause in _HINTS:
        error.args = (f"{error.args[0]}. {_HINTS[error.cause]}",)
    return error


def _server_words(text: str) -> tuple[str, str | None]:
    """What the server says in either of its error shapes, else the beginning of the body."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return text.strip()[:500], None
    if not isinstance(body, dict):
        return text.strip()[:500], None
    words = body.get("message") or body.get("error") or ""
    if isinstance(words, dict):
        words = words.get("message") or ""
    code = body.get("code")
    return str(words), code if isinstance(code, str) else None


# What httpx raises before any of the request is on its way.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def transport_error(error: Exception, request: str, server_url: str) -> AshError:
    """The exception of this package for one of httpx's."""
    server = urlsplit(server_url).netloc
    reason = str(error) or type(error).__name__
    sent = not isinstance(error, _NOT_SENT)
    if isinstance(error, httpx.TimeoutException):
        return RequestTimeout(f"{request}: no answer from {server} in time ({reason}).", sent=sent)
    if isinstance(error, httpx.DecodingError):
        return DecodeError(f"{request}: the answer cannot be decompressed ({reason}).")
    if isinstance(error, httpx.InvalidURL | httpx.LocalProtocolError):
        return ConfigurationError(f"{request}: {reason}.")
    if sent:
        return ConnectionFailed(
            f"{request}: the connection to {server} broke ({reason}).", sent=True
        )
    return ConnectionFailed(
        f"{request}: {server} cannot be reached ({reason}). Is the server up, and the address right?",
        sent=False,
    )
