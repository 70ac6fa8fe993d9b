"""The Python SDK of the Ash agent server: sessions and streamed messages.

Names are loaded on first use, so that importing the package costs next to nothing (PEP 562).
"""

from importlib import import_module

from ash_client._version import __version__

TYPE_CHECKING = (
    False  # what type checkers take for true; importing typing would be half of this module's cost
)
if TYPE_CHECKING:
    from typing import Any

    from ash_client._options import NOT_GIVEN, NotGiven
    from ash_client.chat import AsyncChat, Chat, Reply
    from ash_client.client import AshClient, AsyncAshClient, AsyncClock, Clock
    from ash_client.errors import (
        AgentError,
        AshError,
        AuthenticationError,
        BadRequest,
        ConfigurationError,
        ConnectionFailed,
        DeadlineExceeded,
        DecodeError,
        FilesRefused,
        InvalidArgument,
        NotFound,
        PayloadTooLarge,
        RateLimited,
        RequestTimeout,
        ServerError,
        SessionBusy,
        SessionEnded,
        StatusError,
        StreamInterrupted,
        Unavailable,
        UnexpectedPayload,
    )
    from ash_client.events import (
        AssistantMessage,
        Event,
        MessageEvent,
        ResultMessage,
        UnknownEvent,
    )
    from ash_client.models import Agent, Health, Message, Session, Usage
    from ash_client.raw import RawResponse
    from ash_client.stream import AsyncMessageStream, MessageStream

_HOMES = {
    "ash_client._options": ("NOT_GIVEN", "NotGiven"),
    "ash_client.chat": ("AsyncChat", "Chat", "Reply"),
    "ash_client.client": ("AshClient", "AsyncAshClient", "AsyncClock", "Clock"),
    "ash_client.errors": (
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
    ),
    "ash_client.events": (
        "AssistantMessage",
        "Event",
        "MessageEvent",
        "ResultMessage",
        "UnknownEvent",
    ),
    "ash_client.models": ("Agent", "Health", "Message", "Session", "Usage"),
    "ash_client.raw": ("RawResponse",),
    "ash_client.stream": ("AsyncMessageStream", "MessageStream"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "NOT_GIVEN",
    "Agent",
    "AgentError",
    "AshClient",
    "AshError",
    "AssistantMessage",
    "AsyncAshClient",
    "AsyncChat",
    "AsyncClock",
    "AsyncMessageStream",
    "AuthenticationError",
    "BadRequest",
    "Chat",
    "Clock",
    "ConfigurationError",
    "ConnectionFailed",
    "DeadlineExceeded",
    "DecodeError",
    "Event",
    "FilesRefused",
    "Health",
    "InvalidArgument",
    "Message",
    "MessageEvent",
    "MessageStream",
    "NotFound",
    "NotGiven",
    "PayloadTooLarge",
    "RateLimited",
    "RawResponse",
    "Reply",
    "RequestTimeout",
    "ResultMessage",
    "ServerError",
    "Session",
    "SessionBusy",
    "SessionEnded",
    "StatusError",
    "StreamInterrupted",
    "Unavailable",
    "UnexpectedPayload",
    "UnknownEvent",
    "Usage",
    "__version__",
]


def __getattr__(name: str) -> "Any":
    home = _HOME_OF.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
