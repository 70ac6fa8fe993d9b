"""Every exception this package raises, in one tree.

::

    AshError
    ├── ConfigurationError      no server address, a key that is not a key, a client already closed
    │   └── InvalidArgument     an id, path or message refused before a request was made (also a ValueError)
    ├── SessionBusy             this client already has a turn running on that session
    ├── ConnectionFailed        the server was not reached, or the connection broke
    ├── RequestTimeout          no answer in time
    ├── StatusError             the server answered with an error status
    │   ├── BadRequest          400, 415, 422 and every other 4xx without a class of its own
    │   ├── AuthenticationError 401, 403; ``cause`` tells the three 401 faults apart
    │   ├── NotFound            404
    │   ├── SessionEnded        410
    │   ├── PayloadTooLarge     413
    │   ├── RateLimited         429; ``retry_after`` in seconds
    │   └── ServerError         5xx
    │       └── Unavailable     502, 503, 504: nobody took the request
    ├── AgentError              the server ended the turn with an ``error`` event
    ├── StreamInterrupted       the stream stopped before its ``done``
    ├── FilesRefused            the server did not write some of the files it was sent
    ├── DeadlineExceeded        what was waited for did not happen in time; also a TimeoutError
    └── DecodeError             the server sent something that cannot be read
        └── UnexpectedPayload   an event lacks what its name promises; also an AttributeError

Every class can be pickled, and none of them ever holds the API key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ash_client._wire.headers import request_id, retry_after_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import httpx

    from ash_client._stream.transcript import Transcript
    from ash_client.events import Event
    from ash_client.models import WrittenFile

__all__ = [
    "AgentError",
    "AshError",
    "AuthenticationError",
    "BadRequest",
    "ConfigurationError",
    "ConnectionFailed",
    "DeadlineExceeded",
    "DecodeError",
    "FilesRefused",
    "InvalidArgument",
    "NotFound",
    "PayloadTooLarge",
    "RateLimited",
    "RequestTimeout",
    "ServerError",
    "SessionBusy",
    "SessionEnded",
    "StatusError",
    "StreamInterrupted",
    "Unavailable",
    "UnexpectedPayload",
]


class AshError(Exception):
    """The root: ``except AshError`` catches everything this package raises.

    Attributes:
        response: The server's answer, where there was one: status, headers, and the body (cut at 64 KiB). The request
            in it does not carry the API key.
    """

    response: httpx.Response | None = None

    @property
    def request_id(self) -> str | None:
        """What the server, or a proxy or load balancer before it, called this request; None where it told no name."""
        return request_id(self.response.headers) if self.response is not None else None


class ConfigurationError(AshError):
    """The client cannot work as it was set up; no request was made."""


class InvalidArgument(ConfigurationError, ValueError):
    """An argument was refused before a request was made."""


class SessionBusy(AshError):
    """A turn is already running on this session through this client.

    The server mixes the events of two messages sent at once on one session, so neither answer could be trusted.
    """


class ConnectionFailed(AshError):
    """The server was not reached, or the connection broke before the answer was complete.

    Attributes:
        sent: False when the request certainly did not reach the server; True when it may have.
    """

    def __init__(self, message: str = "", *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent


class RequestTimeout(AshError):
    """No answer in time.

    Attributes:
        sent: False when the request certainly did not reach the server; True when it may have.
    """

    def __init__(self, message: str = "", *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent


class StatusError(AshError):
    """The server answered with an error status.

    Attributes:
        status: The HTTP status code.
        message: The server's own words (both of its error shapes are understood).
        code: The server's error code, such as ``FST_ERR_CTP_BODY_TOO_LARGE``, where it sent one.
        body: The body of the answer as text, cut at 64 KiB.
        method: The request's method.
        path: The request's path, without the query.
        headers: The headers of the answer, names in lower case.
    """

    def __init__(
        self,
        text: str = "",
        *,
        status: int = 0,
        message: str = "",
        code: str | None = None,
        body: str = "",
        method: str = "",
        path: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(text or message)
        self.status = status
        self.message = message
        self.code = code
        self.body = body
        self.method = method
        self.path = path
        self.headers = dict(headers or {})

    @property
    def status_code(self) -> int:
        """The HTTP status code, under the name httpx and requests give it."""
        return self.status


class BadRequest(StatusError):
    """The server refused the request as it was put (400, 415, 422, other 4xx)."""


class AuthenticationError(StatusError):
    """The API key is missing, malformed or wrong (401), or not allowed to do this (403)."""

    CAUSES: ClassVar[dict[str, Literal["missing", "malformed", "invalid"]]] = {
        "missing authorization header": "missing",
        "invalid authorization header format": "malformed",
        "invalid api key": "invalid",
    }

    @property
    def cause(self) -> Literal["missing", "malformed", "invalid", "unknown"]:
        """Which fault it is, told by the server's text.

        ``missing``: no ``Authorization`` header arrived. ``malformed``: it was not ``Bearer KEY`` (the scheme is
        case-sensitive). ``invalid``: the server does not know the key. ``unknown``: any other text.
        """
        return self.CAUSES.get(self.message.strip().lower(), "unknown")


class NotFound(StatusError):
    """No such session, agent, file or route (404)."""


class SessionEnded(StatusError):
    """The session has ended and cannot be resumed (410)."""


class PayloadTooLarge(StatusError):
    """The request body is larger than the server takes (413)."""


class RateLimited(StatusError):
    """Too many requests from this address (429).

    The server counts per source address and 15 minutes: 20 session creations, 20 agent deployments, 1500 requests in
    all. Behind a load balancer that hides client addresses everybody shares one count.
    """

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, from the answer's ``Retry-After`` header; None without one."""
        return retry_after_seconds(self.headers)


class ServerError(StatusError):
    """The server failed (5xx)."""


class Unavailable(ServerError):
    """Nobody took the request: 502, 503 or 504."""

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, from the answer's ``Retry-After`` header; None without one."""
        return retry_after_seconds(self.headers)


class _Cut(AshError):
    """What a stream that did not end well still has to show."""

    def __init__(
        self,
        message: str = "",
        *,
        transcript: Transcript | None = None,
        session_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.session_id = session_id
        self._transcript = transcript

    @property
    def events(self) -> list[Event]:
        """Every event received before the end, in order."""
        return self._transcript.events if self._transcript else []

    @property
    def text(self) -> str:
        """The answer's text received before the end."""
        return self._transcript.text if self._transcript else ""


class AgentError(_Cut):
    """The server ended the turn with an ``error`` event.

    Attributes:
        session_id: The session of the turn.
        events: Every event received, the ``error`` included.
        text: The answer's text received so far.
    """


class StreamInterrupted(_Cut):
    """The stream stopped before its ``done``: the answer is not complete.

    The server does not keep the reply of a turn whose reader went away, and a message must not be sent twice, so
    this is never retried.

    Attributes:
        session_id: The session of the turn.
        events: Every event received.
        text: The answer's text received so far.
    """


class FilesRefused(AshError):
    """The server did not write some of the files it was sent; it wrote the others.

    Attributes:
        refused: The files that were not written, each with the server's ``error``.
        written: The files that were.
    """

    def __init__(
        self,
        message: str = "",
        *,
        refused: Sequence[WrittenFile] = (),
        written: Sequence[WrittenFile] = (),
    ) -> None:
        super().__init__(message)
        self.refused = list(refused)
        self.written = list(written)


class DeadlineExceeded(AshError, TimeoutError):
    """What a ``wait_for_`` helper waited for did not happen in time.

    Attributes:
        last: What was seen last: a model, or the error of the last attempt.
    """

    def __init__(self, message: str = "", *, last: object = None) -> None:
        super().__init__(message)
        self.last = last


class DecodeError(AshError):
    """The server sent something that cannot be read.

    Attributes:
        raw: The bytes in question, cut at 64 KiB.
    """

    def __init__(self, message: str = "", *, raw: bytes = b"") -> None:
        super().__init__(message)
        self.raw = raw[: 64 * 1024]


class UnexpectedPayload(DecodeError, AttributeError):
    """An event was asked for something its name promises and its payload does not hold."""
