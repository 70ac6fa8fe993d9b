"""How sockets are opened and read: httpcore network backends that hand on merged chunks.

https://www.encode.io/httpcore/network-backends/ is the public interface they fill.
"""

from __future__ import annotations

import socket

import httpcore


def keepalive_options() -> list[tuple[int, int, int]]:
    """Socket options that probe a silent connection after 45 s and then every 15 s.

    AWS Network Load Balancers forget a silent TCP flow after 350 s, and Ash sends nothing during a long tool call.
    """
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    # macOS calls the idle time TCP_KEEPALIVE.
    idle = getattr(socket, "TCP_KEEPIDLE", getattr(socket, "TCP_KEEPALIVE", None))
    for name, seconds in (
        (idle, 45),
        (getattr(socket, "TCP_KEEPINTVL", None), 15),
        (getattr(socket, "TCP_KEEPCNT", None), 4),
    ):
        if name is not None:
            options.append((socket.IPPROTO_TCP, name, seconds))
    return options


def sync_backend() -> httpcore.NetworkBackend:
    """The backend for threads."""
    return httpcore.SyncBackend()


def async_backend() -> httpcore.AsyncNetworkBackend:
    """The backend for event loops; asyncio is loaded only where it is used."""
    from ash_client._asyncio_backend import AutoBackend

    return AutoBackend()
