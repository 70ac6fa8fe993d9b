"""The answer to a message, event by event. Each half is loaded when first used; asyncio only with the second."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ash_client._async.opening import AsyncOpening
    from ash_client._async.stream import AsyncMessageStream
    from ash_client._sync.stream import MessageStream

__all__ = ["AsyncMessageStream", "AsyncOpening", "MessageStream"]

_HOMES = {
    "AsyncMessageStream": "ash_client._async.stream",
    "AsyncOpening": "ash_client._async.opening",
    "MessageStream": "ash_client._sync.stream",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
