# Generated from ash_client/_async by `make generate`; edit there.
"""Sending requests: the client without its operations."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx

from ash_client import _wire
from ash_client._config import resolve_target
from ash_client._retry import RetryPolicy
from ash_client._sync.transport import Transport
from ash_client._turns import Turns
from ash_client._version import __version__
from ash_client.errors import (
    AshError,
    ConfigurationError,
    RateLimited,
    StatusError,
    StreamInterrupted,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from ash_client._sync.stream import MessageStream

T = TypeVar("T")

DEFAULT_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
# How long the question about a silent stream's session may take.
CHECK_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
# Meanwhile nobody reads the stream, so this question is not put off for long.
CHECK_RETRY = RetryPolicy(max_retries=2, cap=2.0)
_AT_WORK = frozenset({"active", "starting"})
_FAULTS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)
_log = logging.getLogger("ash_client")


class Base:
    """Connections, options and the one way a request is made."""

    def __init__(
        self,
        server_url: str | None = None,
        *,
        api_key: str | None = None,
        timeout: float | httpx.Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = 2,
        stall_check: float | None = 30.0,
        http_client: httpx.Client | None = None,
    ) -> None:
        target = resolve_target(server_url, api_key)
        self._server_url = target.server_url
        self._target = target
        self._timeout = httpx.Timeout(timeout)
        self._retry = RetryPolicy(max_retries)
        self._stall_check = stall_check
        self._check_timeout = CHECK_TIMEOUT
        self._turns = Turns()
        self._owns_http = http_client is None
        self._http = http_client or httpx.Client(transport=Transport(target.server_url))

    @property
    def server_url(self) -> str:
        """The server's address."""
        return self._server_url

    def with_options(
        self,
        *,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int | None = None,
        stall_check: float | None = None,
    ) -> Self:
        """A copy with other options that shares this client's connections; closing the copy leaves them open."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy._owns_http = False
        if timeout is not None:
            copy._timeout = httpx.Timeout(timeout)
        if max_retries is not None:
            copy._retry = RetryPolicy(max_retries)
        if stall_check is not None:
            copy._stall_check = stall_check
        return copy

    def close(self) -> None:
        """Close the connections. An ``http_client`` you brought stays open: it is yours."""
        if self._owns_http:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        key = "'***'" if self._target.api_key else "None"
        return f"{type(self).__name__}({self._server_url!r}, api_key={key})"

    def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        timeout: httpx.Timeout | None = None,
    ) -> httpx.Response:
        """Make a request and return the whole answer.

        Raises:
            AshError: Whatever went wrong.
        """
        request = self._request(method, path, params, body, timeout)
        return self._send(request, read=True, idempotent=method in ("GET", "DELETE"))

    def _ask_for(self, kind: type[T], method: str, path: str, *keys: str, **options: Any) -> T:
        """Make a request and read the answer, or the part of it under ``keys``, as ``kind``."""
        answer = self._ask(method, path, **options)
        from ash_client._decode import parse  # here: it brings pydantic

        return parse(kind, answer, *keys)

    def _open_stream(
        self, session_id: str, body: Mapping[str, Any], stall_check: float | None
    ) -> MessageStream:
        """Send a message; the answer is read by the stream that is returned."""
        from ash_client._sync.stream import (  # here: it brings pydantic
            MessageStream,
            not_a_stream,
        )

        path = f"/api/sessions/{_wire.id_part(session_id)}/messages"
        turn = self._turns.begin(session_id)
        try:
            request = self._request("POST", path, None, body, None)
            request.headers["accept"] = "text/event-stream"
            request.headers["accept-encoding"] = "identity"
            response = self._send(request, read=False, idempotent=False)
            if not response.headers.get("content-type", "").lower().startswith("text/event-stream"):
                raise not_a_stream(response, self._read_some(response), session_id)
        except BaseException:
            turn.release()
            raise

        def check() -> None:
            self._check_session(session_id)

        patience = self._stall_check if stall_check is None else stall_check
        return MessageStream(response, turn, patience, check)

    def _check_session(self, session_id: str) -> None:
        """Ask whether the session of a silent stream is still at work.

        Raises:
            StreamInterrupted: It is not, or nobody answers.
        """
        from ash_client._decode import parse  # here: it brings pydantic

        try:
            path = f"/api/sessions/{_wire.id_part(session_id)}"
            request = self._request("GET", path, None, None, self._check_timeout)
            answer = self._send(request, read=True, idempotent=True, policy=CHECK_RETRY)
            status = parse(str, answer, "session", "status")
        except RateLimited:
            return  # the server is there and only counts requests
        except StatusError as error:
            if error.status in (401, 403):
                return  # it answers; whether the turn goes on it would not say
            why = f"The stream fell silent, and asking for its session was answered {error.status}."
            raise StreamInterrupted(why) from error
        except AshError as error:
            if isinstance(error.__cause__, httpx.PoolTimeout):
                return  # an http_client with few connections has none left to ask with
            why = f"The stream fell silent, and the server no longer answers: {error}"
            raise StreamInterrupted(why) from error
        if status not in _AT_WORK:
            why = f"The stream fell silent, and its session is {status}: it is not waited for any longer."
            raise StreamInterrupted(why)
        _log.debug("session %s is silent and still %s", session_id, status)

    def _request(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None,
        body: Any,
        timeout: httpx.Timeout | None,
    ) -> httpx.Request:
        if self._http.is_closed:
            message = "This client is closed; make a new one."
            raise ConfigurationError(message)
        headers = {"accept": "application/json", "user-agent": f"ash-client-python/{__version__}"}
        if self._target.api_key:
            headers["authorization"] = f"Bearer {self._target.api_key}"
        try:
            return self._http.build_request(
                method,
                self._server_url + path,
                params=params or None,
                json=body,
                headers=headers,
                timeout=timeout or self._timeout,
            )
        except (TypeError, ValueError, httpx.InvalidURL) as error:
            message = f"{method} {path}: the request cannot be written ({error})."
            raise ConfigurationError(message) from error

    def _send(
        self,
        request: httpx.Request,
        *,
        read: bool,
        idempotent: bool,
        policy: RetryPolicy | None = None,
    ) -> httpx.Response:
        """Make a request, again where that is safe."""
        policy = policy or self._retry
        attempt = 0
        while True:
            try:
                return self._attempt(request, read=read)
            except AshError as error:
                wait = policy.wait_before_retry(error, attempt, idempotent=idempotent)
                if wait is None:
                    raise
                _log.info(
                    "%s: %s; again in %.1f s", _wire.describe(request), type(error).__name__, wait
                )
            time.sleep(wait)
            attempt += 1

    def _attempt(self, request: httpx.Request, *, read: bool) -> httpx.Response:
        began = time.monotonic()
        try:
            response = self._http.send(request, stream=True, follow_redirects=False)
            if read and response.is_success:
                response.read()
        except _FAULTS as error:
            fault = _wire.transport_error(error, _wire.describe(request), self._server_url)
            _log.debug("%s: %s", _wire.describe(request), type(fault).__name__)
            raise fault from error
        took = (time.monotonic() - began) * 1000
        _log.debug("%s: %d in %.0f ms", _wire.describe(request), response.status_code, took)
        if response.is_success:
            return response
        raise _wire.status_error(response, self._read_some(response), self._target.api_key)

    def _read_some(self, response: httpx.Response) -> bytes:
        """The beginning of a body that is only shown; the connection is given back or closed."""
        body = b""
        try:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) >= _wire.MAX_ERROR_BODY:
                    break
        except _FAULTS:
            _log.debug("the body of an error answer ended early")
        finally:
            response.close()
        return body[: _wire.MAX_ERROR_BODY]
