"""How a client's connections are set up: proxy, TLS, limits, keep-alive, and what a forked process may not use."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import urllib.request
import weakref
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from ash_client.errors import ConfigurationError

# Node closes an idle connection after 5 s (https://nodejs.org/api/http.html#serverkeepalivetimeout): leave first.
# httpcore asks every idle socket on every request, so many of them cost more than they save.
LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=4.0)
_connections: weakref.WeakSet[Any] = weakref.WeakSet()


def keepalive_options() -> list[tuple[int, int, int]]:
    """Socket options that probe a silent connection after 45 s and then every 15 s.

    AWS Network Load Balancers forget a silent TCP flow after 350 s, and Ash sends nothing during a long tool call.
    """
    # macOS calls the idle time TCP_KEEPALIVE.
    idle = "TCP_KEEPIDLE" if hasattr(socket, "TCP_KEEPIDLE") else "TCP_KEEPALIVE"
    times = ((idle, 45), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4))
    probes = [
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in times
        if hasattr(socket, name)
    ]
    return [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), *probes]


def transport_options(server_url: str) -> dict[str, Any]:
    """The arguments of the httpx transport that serves one server.

    Raises:
        ConfigurationError: The environment's proxy for it cannot be used.
    """
    parts = urlsplit(server_url)
    # No request goes to another server, so an http address needs no certificates: one that trusts none is made at once.
    tls = True if parts.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    proxy = environment_proxy(parts.scheme, parts.netloc)
    return {"verify": tls, "limits": LIMITS, "proxy": proxy, "socket_options": keepalive_options()}


def environment_proxy(scheme: str, netloc: str) -> httpx.Proxy | None:
    """The proxy that ``HTTP_PROXY``, ``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY`` name for this server.

    Raises:
        ConfigurationError: It is no address of a proxy.
    """
    proxies = urllib.request.getproxies()
    address = proxies.get(scheme) or proxies.get("all")
    if not address or urllib.request.proxy_bypass(netloc):
        return None
    try:
        return httpx.Proxy(address if "://" in address else f"http://{address}")
    except (ValueError, httpx.InvalidURL):
        message = f"The proxy set for {scheme} in the environment is not an http, https or socks5 address."
        raise ConfigurationError(message) from None


def plug_in(transport: Any, backend: Any) -> None:
    """Let the transport's pool open connections through ``backend``.

    httpx offers no argument for it. Where its inside, or httpcore's, is not the one this was written for, the transport
    stays plain httpx: slower, and otherwise the same.
    """
    known = httpx.__version__.startswith("0.28.") and httpcore.__version__.startswith("1.0.")
    pool = getattr(transport, "_pool", None)
    if known and hasattr(pool, "_network_backend"):
        pool._network_backend = backend  # noqa: SLF001 -- the one private name, and guarded


def keep_from_children(connection: Any) -> None:
    """Cut this connection off in every process forked from this one: two readers would share out the answers."""
    _connections.add(connection)


def _cut_off_all() -> None:
    with Path(os.devnull).open("rb") as nothing:
        for connection in list(_connections):
            with contextlib.suppress(OSError, AttributeError):
                # In place of the socket, so that the parent's stays open and nothing else gets its number.
                os.dup2(nothing.fileno(), connection.get_extra_info("socket").fileno())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_cut_off_all)
