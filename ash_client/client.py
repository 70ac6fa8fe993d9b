"""The clients: what an application imports. Each half is loaded when first used; asyncio only with the second."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ash_client._async.client import AsyncAshClient
    from ash_client._async.clock import AsyncClock
    from ash_client._sync.client import AshClient
    from ash_client._sync.clock import Clock

__all__ = ["AshClient", "AsyncAshClient", "AsyncClock", "Clock"]

_HOMES = {
    "AshClient": "ash_client._sync.client",
    "AsyncAshClient": "ash_client._async.client",
    "AsyncClock": "ash_client._async.clock",
    "Clock": "ash_client._sync.clock",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
