"""What may be asked of a client or of one call, checked before a request is made. No input or output here."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypedDict, TypeVar

import httpx

from ash_client.errors import InvalidArgument

if TYPE_CHECKING:
    from uuid import UUID

    from ash_client._stream.turns import AfterUnfinished
    from ash_client.models import Session

__all__ = ["NOT_GIVEN", "NotGiven"]

T = TypeVar("T")
Function = TypeVar("Function", bound=Callable[..., Any])


class NotGiven(Enum):
    """The type of ``NOT_GIVEN``: an option left out, where None has a meaning of its own."""

    NOT_GIVEN = "NOT_GIVEN"

    def __repr__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN: Final = NotGiven.NOT_GIVEN
"""An option that was left out. Pass None where None is meant: no timeout, or null on the wire."""

Absent: TypeAlias = Literal[NotGiven.NOT_GIVEN]


Id: TypeAlias = "str | UUID"
"""The id of something the server keeps."""

SessionId: TypeAlias = "str | UUID | Session"
"""A session's id, or the session itself."""


PermissionMode = Literal["bypassPermissions", "permissionsByAgent", "default"]
Effort = Literal["low", "medium", "high", "max"]


class CallOptions(TypedDict, total=False):
    """What every operation takes beside its own arguments.

    Attributes:
        timeout: Seconds, an ``httpx.Timeout``, or None for no limit; for this call only.
        headers: Further headers of this call; they win over the client's ``default_headers``.
    """

    timeout: float | httpx.Timeout | None
    headers: Mapping[str, str]


class RequestOptions(CallOptions, total=False):
    """What every operation takes beside its own arguments.

    Attributes:
        max_retries: Further attempts of this call where it may safely be made again.
    """

    max_retries: int


_KNOWN_OPTIONS: Final = frozenset(RequestOptions.__annotations__)


class SessionOptions(RequestOptions, total=False):
    """The options of ``create_session``, told there."""

    credential_id: Id | None
    extra_env: Mapping[str, str] | None
    model: str | None
    mcp_servers: Mapping[str, Any] | None
    system_prompt: str | None
    permission_mode: PermissionMode | None
    allowed_tools: Sequence[str] | None
    disallowed_tools: Sequence[str] | None
    betas: Sequence[str] | None
    subagents: Mapping[str, Any] | None
    initial_agent: str | None


class MessageOptions(RequestOptions, total=False):
    """The options of ``send_message``, told there."""

    include_partial_messages: bool | None
    model: str | None
    max_turns: int | None
    max_budget_usd: float | None
    effort: Effort | None
    thinking: Mapping[str, Any] | None
    output_format: Mapping[str, Any] | None
    stall_check: float | Absent | None
    after_unfinished: AfterUnfinished


def operation(resource: str, name: str, *, raw: bool = True) -> Callable[[Function], Function]:
    """Declare where a method stands beside its flat name: ``client.<resource>.<name>``.

    ``ash_client/_async/resources.py`` is generated from these declarations.

    Args:
        resource: The attribute of the client.
        name: The method's name there.
        raw: Whether it is one request whose whole answer ``with_raw_response`` can show.
    """

    def declare(function: Function) -> Function:
        vars(function)["operation"] = (resource, name, raw)
        return function

    return declare


def check_known(options: Mapping[str, object]) -> None:
    """Refuse a misspelt option, as Python would if the three were written out in every signature.

    Raises:
        TypeError: There is no such option.
    """
    for name in options:
        if name not in _KNOWN_OPTIONS:
            message = f"got an unexpected keyword argument {name!r}"
            raise TypeError(message)


def check_timeout(timeout: Any) -> httpx.Timeout:
    """The timeout as httpx knows it.

    Raises:
        InvalidArgument: It is no number of seconds, or negative.
    """
    if isinstance(timeout, httpx.Timeout):
        return timeout
    if timeout is not None and (not _is_number(timeout) or timeout < 0):
        message = f"timeout must be seconds (0 or more), an httpx.Timeout, or None for no limit; not {timeout!r}."
        raise InvalidArgument(message)
    return httpx.Timeout(timeout)


def check_retries(max_retries: Any) -> int:
    """The number of further attempts.

    Raises:
        InvalidArgument: It is no whole number, or negative.
    """
    if isinstance(max_retries, bool) or not isinstance(max_retries, int) or max_retries < 0:
        message = f"max_retries must be a whole number, 0 or more; not {max_retries!r}."
        raise InvalidArgument(message)
    return max_retries


def check_stall(stall_check: Any) -> float | None:
    """The seconds of silence after which a session is asked about; None for never.

    Raises:
        InvalidArgument: It is no number of seconds above 0.
    """
    if stall_check is None:
        return None
    if not _is_number(stall_check) or stall_check <= 0:
        message = f"stall_check must be seconds above 0, or None for never; not {stall_check!r}."
        raise InvalidArgument(message)
    return float(stall_check)


def check_wait(timeout: Any, interval: Any) -> None:
    """Check how long to wait, and how often to look.

    Raises:
        InvalidArgument: One of them is no number of seconds, or negative.
    """
    for name, value, least in (("timeout", timeout, 0.0), ("interval", interval, 0.001)):
        if not _is_number(value) or value < least:
            message = f"{name} must be seconds, {least:g} or more; not {value!r}."
            raise InvalidArgument(message)


def check_headers(headers: Any, what: str = "headers") -> dict[str, str]:
    """The headers as a plain mapping.

    Raises:
        InvalidArgument: It is no mapping of text to text, or one of them no header can carry.
    """
    if not isinstance(headers, Mapping):
        message = f"{what} must be a mapping of names to values; not {type(headers).__name__}."
        raise InvalidArgument(message)
    for name, value in headers.items():
        if not (_is_header_name(name) and _is_header_value(value)):
            # The value is not repeated here: it may be a secret.
            message = (
                f"{what}: {name!r} is no header, or its value is no text that a header can carry."
            )
            raise InvalidArgument(message)
    return dict(headers)


def check_http_client(http_client: Any, wanted: type[T]) -> T | None:
    """The application's own HTTP client, of the kind this client can use.

    Raises:
        InvalidArgument: It is of another kind.
    """
    if http_client is None or isinstance(http_client, wanted):
        return http_client
    other = {httpx.Client: "AsyncAshClient", httpx.AsyncClient: "AshClient"}[wanted]
    hint = ""
    if isinstance(http_client, httpx.Client | httpx.AsyncClient):
        hint = f" It would fit {other}, the other of the two clients."
    message = f"http_client must be an httpx.{wanted.__name__} here, not {type(http_client).__name__}.{hint}"
    raise InvalidArgument(message)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def _is_header_name(name: object) -> bool:
    return (
        isinstance(name, str)
        and name.isascii()
        and name.replace("-", "").replace("_", "").isalnum()
    )


def _is_header_value(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and (value.isprintable() or not value)
