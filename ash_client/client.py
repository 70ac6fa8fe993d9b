"""The clients: what an application imports. Each half is loaded when first used; asyncio only with the second."""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ash_client._async.client import AsyncAshClient
    from ash_client._sync.client import AshClient

__all__ = ["AshClient", "AsyncAshClient"]

_COMMAND_LINE = "httpx._main"
_HOMES = {"AshClient": "ash_client._sync.client", "AsyncAshClient": "ash_client._async.client"}


def import_httpx() -> None:
    """Load httpx without its command line.

    ``httpx/__init__.py`` tries to import the ``httpx`` command, and with it click, pygments and rich, which is a
    sixth of what the first client costs. It goes on without if that is not installed, which is what it is told here.
    """
    if "httpx" in sys.modules:
        return
    hidden: Any = None  # what stands for "not there" in sys.modules
    sys.modules[_COMMAND_LINE] = hidden
    try:
        import_module("httpx")
    finally:
        sys.modules.pop(_COMMAND_LINE, None)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    import_httpx()
    return getattr(import_module(_HOMES[name]), name)
