"""What went wrong, as an exception of this package: an answer with an error status, or no answer."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import httpx

from ash_client.errors import (
    AshError,
    AuthenticationError,
    BadRequest,
    ConfigurationError,
    ConnectionFailed,
    DecodeError,
    NotFound,
    PayloadTooLarge,
    RateLimited,
    RequestTimeout,
    ServerError,
    SessionEnded,
    StatusError,
    Unavailable,
)

MAX_ERROR_BODY = 64 * 1024

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
