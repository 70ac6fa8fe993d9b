"""What httpx's transport is told: proxy, TLS, limits, probes."""

from __future__ import annotations

import socket
import ssl
import urllib.request
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import httpx

from ash_client.errors import ConfigurationError

# Node closes an idle connection after 5 s (https://nodejs.org/api/http.html#serverkeepalivetimeout): leave first.
# httpcore asks every idle socket on every request, so many of them cost more than they save.
LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=4.0)


def transport_options(server_url: str) -> dict[str, Any]:
    """The arguments of the httpx transport that serves one server.

    Raises:
        ConfigurationError: The environment's proxy for it cannot be used.
    """
    parts = urlsplit(server_url)
    # No request goes to another server: an http address needs no certificates, and a context that trusts none is cheap.
    tls = True if parts.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    proxy = environment_proxy(parts.scheme, parts.netloc)
    return {"verify": tls, "limits": LIMITS, "proxy": proxy, "socket_options": keepalive_options()}


def environment_proxy(scheme: str, netloc: str) -> httpx.Proxy | None:
    """The proxy that ``HTTP_PROXY``, ``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY`` name for this server.

    Raises:
        ConfigurationError: It is no address of a proxy, or a SOCKS proxy without the package that speaks SOCKS.
    """
    proxies = urllib.request.getproxies()
    address = proxies.get(scheme) or proxies.get("all")
    if not address or urllib.request.proxy_bypass(netloc):
        return None
    try:
        proxy = httpx.Proxy(address if "://" in address else f"http://{address}")
    except (ValueError, httpx.InvalidURL):
        proxy = None
    if proxy is None or not proxy.url.host:
        message = f"The proxy set for {scheme} in the environment is not an http, https or socks5 address."
        raise ConfigurationError(message)
    if proxy.url.scheme.startswith("socks") and find_spec("socksio") is None:
        message = "A SOCKS proxy is set in the environment; it needs: pip install 'httpx[socks]'."
        raise ConfigurationError(message)
    return proxy


def keepalive_options() -> list[tuple[int, int, int]]:
    """Socket options that probe a silent connection after 45 s and then every 15 s.

    AWS Network Load Balancers forget a silent TCP flow after 350 s, and Ash sends nothing during a long tool call.
    """
    # macOS calls the idle time TCP_KEEPALIVE.
    idle = "TCP_KEEPIDLE" if hasattr(socket, "TCP_KEEPIDLE") else "TCP_KEEPALIVE"
    times = ((idle, 45), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4))
    known = [(getattr(socket, name), value) for name, value in times if hasattr(socket, name)]
    probes = [(socket.IPPROTO_TCP, name, value) for name, value in known]
    return [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), *probes]
