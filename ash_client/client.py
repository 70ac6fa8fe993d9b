"""The clients: what an application imports. Each half is loaded when first used; asyncio only with the second."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ash_client._async.client import AsyncAshClient
    from ash_client._sync.client import AshClient

__all__ = ["AshClient", "AsyncAshClient"]

_HOMES = {"AshClient": "ash_client._sync.client", "AsyncAshClient": "ash_client._async.client"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
