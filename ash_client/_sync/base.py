# Generated from ash_client/_async by `make generate`; edit there.
"""Sending requests: the client without its operations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx

from ash_client._config import resolve_target
from ash_client._log import logger, obey_environment
from ash_client._options import (
    NOT_GIVEN,
    check_headers,
    check_http_client,
    check_known,
    check_retries,
    check_stall,
    check_timeout,
)
from ash_client._retry import RetryPolicy
from ash_client._stream.turns import leave, turns_of
from ash_client._sync.clock import Clock
from ash_client._sync.transport import Transport
from ash_client._version import __version__
from ash_client._wire import failures
from ash_client._wire.upload import JsonBody, holds_upload, written
from ash_client.errors import AshError, ConfigurationError, InvalidArgument

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType
    from typing import Unpack

    from ash_client._options import Absent, RequestOptions

T = TypeVar("T")

DEFAULT_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
# How long the question about a silent stream's session may take.
CHECK_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
FAULTS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)


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
        default_headers: Mapping[str, str] | None = None,
        event_hooks: Mapping[str, Sequence[Callable[..., Any]]] | None = None,
        http_client: httpx.Client | None = None,
        clock: Clock | None = None,
    ) -> None:
        obey_environment()
        target = resolve_target(server_url, api_key)
        self._server_url = target.server_url
        self._target = target
        self._timeout = check_timeout(timeout)
        self._retry = RetryPolicy(check_retries(max_retries))
        self._stall_check = check_stall(stall_check)
        self._headers = check_headers(default_headers or {}, "default_headers")
        self._check_timeout = CHECK_TIMEOUT
        self._clock = clock or Clock()
        self._answers: list[httpx.Response] | None = None
        own = check_http_client(http_client, httpx.Client)
        if own is not None and event_hooks:
            message = (
                "Set event_hooks on the http_client you bring; two places would hide each other."
            )
            raise InvalidArgument(message)
        self._turns = turns_of(target.server_url, own)
        self._owns_http = own is None
        self._http = own or httpx.Client(
            transport=Transport(target.server_url),
            event_hooks={name: list(hooks) for name, hooks in (event_hooks or {}).items()},
        )

    @property
    def server_url(self) -> str:
        """The server's address."""
        return self._server_url

    def with_options(
        self,
        *,
        timeout: float | httpx.Timeout | Absent | None = NOT_GIVEN,
        max_retries: int | Absent = NOT_GIVEN,
        stall_check: float | Absent | None = NOT_GIVEN,
        default_headers: Mapping[str, str] | Absent = NOT_GIVEN,
    ) -> Self:
        """A copy with other options that shares this client's connections; closing the copy leaves them open.

        None is an option like any other: ``timeout=None`` waits for ever, ``stall_check=None`` never asks. The
        headers are added to those the client has.

        Raises:
            InvalidArgument: An option cannot be right.
        """
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy._owns_http = False
        if timeout is not NOT_GIVEN:
            copy._timeout = check_timeout(timeout)
        if max_retries is not NOT_GIVEN:
            copy._retry = replace(self._retry, max_retries=check_retries(max_retries))
        if stall_check is not NOT_GIVEN:
            copy._stall_check = check_stall(stall_check)
        if default_headers is not NOT_GIVEN:
            copy._headers = self._headers | check_headers(default_headers, "default_headers")
        return copy

    def _with_answers(self) -> tuple[Self, list[httpx.Response]]:
        """A copy that keeps the answers it gets, and where it keeps them."""
        copy, answers = self.with_options(), list[httpx.Response]()
        copy._answers = answers
        return copy, answers

    def close(self) -> None:
        """Close the connections. An ``http_client`` you brought stays open: it is yours."""
        if self._owns_http and not self._http.is_closed:
            leave(self._turns)
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
        **options: Unpack[RequestOptions],
    ) -> httpx.Response:
        """Make a request and return the whole answer.

        Raises:
            AshError: Whatever went wrong.
        """
        return self._begin(method, path, params=params, body=body, read=True, **options)

    def _begin(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        read: bool = False,
        **options: Unpack[RequestOptions],
    ) -> httpx.Response:
        """Make a request; without ``read`` the body of a good answer is still on its way, and the caller closes it."""
        check_known(options)
        policy = self._retry
        if "max_retries" in options:
            policy = replace(policy, max_retries=check_retries(options["max_retries"]))
        timeout = check_timeout(options["timeout"]) if "timeout" in options else None
        request = self._request(method, path, params, body, timeout, headers=options.get("headers"))
        idempotent = method in ("GET", "DELETE")
        response = self._send(request, read=read, idempotent=idempotent, policy=policy)
        if self._answers is not None:
            self._answers.append(response)
        return response

    def _ask_for(
        self,
        kind: type[T],
        method: str,
        path: str,
        *keys: str,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        **options: Unpack[RequestOptions],
    ) -> T:
        """Make a request and read the answer, or the part of it under ``keys``, as ``kind``."""
        answer = self._ask(method, path, params=params, body=body, **options)
        from ash_client._wire.decode import parse  # here: it brings pydantic

        return parse(kind, answer, *keys)

    def _request(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None,
        body: Any,
        timeout: httpx.Timeout | None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Request:
        if self._http.is_closed:
            message = "This client is closed; make a new one."
            raise ConfigurationError(message)
        all_headers = httpx.Headers(self._own_headers())
        all_headers.update(self._headers)
        all_headers.update(check_headers(headers or {}))
        try:
            content = written(body) if holds_upload(body) else None
            if isinstance(content, JsonBody):
                all_headers["content-length"] = str(content.length)
            if content is not None:
                all_headers["content-type"] = "application/json"
            request = self._http.build_request(
                method,
                self._server_url + path,
                params=params or None,
                json=body if content is None else None,
                content=content,
                headers=all_headers,
                timeout=timeout or self._timeout,
            )
        except (TypeError, ValueError, httpx.InvalidURL) as error:
            if isinstance(error, AshError):
                raise
            message = f"{method} {path}: the request cannot be written ({error})."
            raise ConfigurationError(message) from error
        if isinstance(content, JsonBody):
            request.stream = content  # httpx's own wrapper could be read only once
        return request

    def _own_headers(self) -> dict[str, str]:
        headers = {"accept": "application/json", "user-agent": f"ash-client-python/{__version__}"}
        if self._target.api_key:
            headers["authorization"] = f"Bearer {self._target.api_key}"
        return headers

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
                logger.info("%s; again in %.1f s (%d)", error, wait, attempt + 1)
            self._clock.sleep(wait)
            attempt += 1

    def _attempt(self, request: httpx.Request, *, read: bool) -> httpx.Response:
        began = self._clock.now()
        try:
            response = self._http.send(request, stream=True, follow_redirects=False)
            if read and response.is_success:
                response.read()
        except FAULTS as error:
            fault = failures.transport_error(error, failures.describe(request), self._server_url)
            logger.debug("%s: %s", failures.describe(request), type(fault).__name__)
            raise fault from error
        took = (self._clock.now() - began) * 1000
        logger.debug("%s: %d in %.0f ms", failures.describe(request), response.status_code, took)
        if response.is_success:
            return response
        raise failures.status_error(response, self._read_some(response), self._target.api_key)

    def _read_some(self, response: httpx.Response) -> bytes:
        """The beginning of a body that is only shown; the connection is given back or closed."""
        body = b""
        try:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) >= failures.MAX_ERROR_BODY:
                    break
        except FAULTS:
            logger.debug("the body of an error answer ended early")
        finally:
            response.close()
        return body[: failures.MAX_ERROR_BODY]
