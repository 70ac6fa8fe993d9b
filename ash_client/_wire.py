"""Requests and answers as values: paths, bodies, models, and what an error means. No input or output here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import quote, urlsplit
from uuid import UUID

import httpx

from ash_client._options import NOT_GIVEN
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
    from ash_client import models

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


def id_text(value: Any, what: str = "session id") -> str:
    """An id as text: a string, a UUID, or a model that has an ``id``, such as a Session.

    Raises:
        InvalidArgument: It is no id.
    """
    text = value.id if what == "session id" and _is_session(value) else value
    if isinstance(text, UUID):
        return str(text)
    if isinstance(text, str) and _ID.fullmatch(text):
        return text
    shown = repr(value)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    message = f"{shown} is not a {what}. Pass the id as the server gave it, for example session.id."
    raise InvalidArgument(message)


def _is_session(value: object) -> TypeGuard[models.Session]:
    """Whether it is a session; told without loading the models, which bring pydantic."""
    kind = type(value)
    return (kind.__module__, kind.__name__) == ("ash_client.models", "Session")


def id_part(value: Any, what: str = "session id") -> str:
    """Check an id and quote it for use in a path.

    Raises:
        InvalidArgument: It is no id.
    """
    return quote(id_text(value, what), safe="")


def name_part(value: Any, what: str = "agent name") -> str:
    """Quote a name for use in a path.

    Raises:
        InvalidArgument: It is empty, a relative path, or holds control characters.
    """
    if isinstance(value, str) and value not in ("", ".", "..") and not _CONTROL.search(value):
        return quote(value, safe="")
    message = f"{value!r} is not a {what}."
    raise InvalidArgument(message)


def check_agent_name(name: object) -> str:
    """A name that the server takes for a new agent (packages/server/src/routes/agents.ts).

    Raises:
        InvalidArgument: It holds something else than letters, digits, ``_`` and ``-``.
    """
    if isinstance(name, str) and re.fullmatch(r"[a-zA-Z0-9_-]{1,255}", name):
        return name
    message = f"{name!r} cannot be an agent's name: the server takes letters, digits, '_' and '-'. Pass name."
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
    """The options that were given, under their names on the wire: None is none."""
    return {name: _plain(value) for name, value in options.items() if value is not None}


def sent(**options: Any) -> dict[str, Any]:
    """The options that were given, None among them: it goes out as null, which clears a value."""
    return {name: _plain(value) for name, value in options.items() if value is not NOT_GIVEN}


def _plain(value: Any) -> Any:
    """An id that is not text yet, as text."""
    return id_text(value) if isinstance(value, UUID) or _is_session(value) else value


def query(**options: Any) -> dict[str, str]:
    """The query parameters that were given; booleans as the server spells them."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(_plain(value))
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
    if isinstance(chosen, str):
        if chosen:
            return chosen
        text = "The message is empty."
        raise InvalidArgument(text)
    if content is None or not _are_blocks(chosen):
        wanted = (
            "text"
            if content is None
            else "text, or a list of blocks such as {'type': 'text', 'text': '...'}"
        )
        text = f"{'message' if content is None else 'content'} must be {wanted}; not {type(chosen).__name__}."
        raise InvalidArgument(text)
    return [dict(block) for block in chosen or ()]


def _are_blocks(content: object) -> bool:
    if (
        isinstance(content, str | bytes | bytearray)
        or not isinstance(content, Sequence)
        or not content
    ):
        return False
    return all(isinstance(block, Mapping) for block in content)


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
    reason = message or response.reason_phrase or "no reason given"
    error = kind(
        f"{describe(response.request)} was answered {status}: {reason}",
        status=status,
        message=message,
        code=code,
        body=text,
        method=response.request.method,
        path=path_of(response.request),
        headers={name: value for name, value in response.headers.items() if name != "set-cookie"},
    )
    error.response = presentable(response, text.encode())
    hint = _hint(error)
    if hint:
        error.args = (f"{error.args[0]}. {hint}",)
    return error


_SESSION_PATH = re.compile(r"/api/sessions/([^/]+)")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _hint(error: StatusError) -> str | None:
    """What to do about it, where that can be told."""
    if isinstance(error, AuthenticationError):
        return _HINTS.get(error.cause)
    if error.status == 400 and "HTTPS port" in error.body:
        return "The port speaks TLS: use an https:// address."
    session = _SESSION_PATH.search(error.path)
    # The server gives no reason for this one.
    if error.status == 400 and session and not _UUID.fullmatch(session[1]):
        return f"Session ids are UUIDs, which {session[1]!r} is not; pass session.id."
    if error.status == 404 and error.path.endswith("/api/sessions"):
        return (
            "client.list_agents() tells which there are, client.deploy_agent(folder) deploys one."
        )
    if isinstance(error, PayloadTooLarge):
        return _LARGEST.get(_kind_of_upload(error.path), _LARGEST["agents"])
    return None


# The server's limits (facts of 0.2.0: Fastify's body limit of 1 MiB but where the route says otherwise).
_LARGEST = {
    "agents": "The server takes at most 1 MiB in a request, which base64 makes about 780 KB of files.",
    "messages": "The server takes messages of at most 50 MiB.",
    "attachments": "The server takes attachments of about 780 KB: base64 within its limit of 1 MiB a request.",
    "files": "The server takes at most 50 MiB a file and 100 MiB a request.",
    "workspace": "The server takes workspaces of at most about 100 MB.",
}


def _kind_of_upload(path: str) -> str:
    return path.rpartition("/")[2] if "/api/sessions/" in path else "agents"


# Without these the body, which has been decoded already, would be decoded once more.
_OF_THE_TRANSFER = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "set-cookie"}
)


def presentable(response: httpx.Response, body: bytes) -> httpx.Response:
    """An answer to show with an error: no API key in its request, and no more body than was read."""
    headers = [(k, v) for k, v in response.headers.multi_items() if k not in _OF_THE_TRANSFER]
    request = httpx.Request(response.request.method, response.request.url)
    return httpx.Response(
        response.status_code, headers=headers, content=body[:MAX_ERROR_BODY], request=request
    )


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
        # Not every event loop tells the handshake's timeout from the connection's.
        in_tls = "handshake" in reason or (not sent and server_url.startswith("https:"))
        hint = f" {_NO_HANDSHAKE}" if in_tls else ""
        return RequestTimeout(
            f"{request}: no answer from {server} in time ({reason}).{hint}", sent=sent
        )
    if isinstance(error, httpx.DecodingError):
        return DecodeError(f"{request}: the answer cannot be decompressed ({reason}).")
    if isinstance(error, httpx.InvalidURL | httpx.LocalProtocolError):
        return ConfigurationError(f"{request}: {reason}.")
    if sent:
        hint = _CHECK_SCHEME if _NOT_HTTP in reason and server_url.startswith("http:") else ""
        return ConnectionFailed(
            f"{request}: the connection to {server} broke ({reason}).{hint}", sent=True
        )
    return ConnectionFailed(
        f"{request}: {server} cannot be reached ({reason}). {_hint_for_connecting(reason)}",
        sent=False,
    )


_NO_HANDSHAKE = "Nobody answered in TLS: if the port speaks plain HTTP, use an http:// address."
_CHECK_SCHEME = (
    " The port does not answer in plain HTTP: if it speaks TLS, use an https:// address."
)
# How h11 tells of a first byte that no HTTP answer begins with; a TLS alert (RFC 8446, 6) begins with 0x15.
_NOT_HTTP = "illegal request line"


def _hint_for_connecting(reason: str) -> str:
    if "WRONG_VERSION_NUMBER" in reason or "RECORD_LAYER_FAILURE" in reason:
        return (
            "The port does not speak TLS: use an http:// address, or the port of the TLS listener."
        )
    if "handshake" in reason:
        return _NO_HANDSHAKE
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        return (
            "The server's certificate is not trusted here. Set SSL_CERT_FILE to the certificate of its authority, "
            "or pass an http_client made with verify=ssl_context."
        )
    return "Is the server up, and the address right?"
