"""How a client's connections are set up: proxy, TLS, limits. No input or output here."""

from __future__ import annotations

import urllib.request
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from ash_client._backends import keepalive_options
from ash_client.errors import ConfigurationError

# Idle connections kept. httpcore asks every idle socket on every request, so many of them cost more than they save.
MAX_IDLE = 20
# Node closes an idle connection after 5 s (https://nodejs.org/api/http.html#serverkeepalivetimeout): leave first.
IDLE_SECONDS = 4.0


def pool_options(server_url: str) -> dict[str, Any]:
    """The arguments of the ``httpcore`` connection pool that serves one server."""
    parts = urlsplit(server_url)
    return {
        "ssl_context": httpx.create_ssl_context() if parts.scheme == "https" else None,
        "max_connections": None,
        "max_keepalive_connections": MAX_IDLE,
        "keepalive_expiry": IDLE_SECONDS,
        "socket_options": keepalive_options(),
        "proxy": environment_proxy(parts.scheme, parts.netloc),
    }


def environment_proxy(scheme: str, netloc: str) -> httpcore.Proxy | None:
    """The proxy that ``HTTP_PROXY``, ``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY`` name for this server.

    Raises:
        ConfigurationError: It is no address of a proxy, or a SOCKS proxy without the package that speaks SOCKS.
    """
    proxies = urllib.request.getproxies()
    address = proxies.get(scheme) or proxies.get("all")
    if not address or urllib.request.proxy_bypass(netloc):
        return None
    parts = urlsplit(address if "://" in address else f"http://{address}")
    if parts.scheme not in ("http", "https", "socks5", "socks5h") or not parts.hostname:
        message = f"The proxy set for {scheme} in the environment is not an http, https or socks5 address."
        raise ConfigurationError(message)
    if parts.scheme.startswith("socks") and find_spec("socksio") is None:
        message = "A SOCKS proxy is set in the environment; it needs: pip install 'httpx[socks]'."
        raise ConfigurationError(message)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    return httpcore.Proxy(
        f"{parts.scheme}://{host}{port}", auth=_credentials(parts.username, parts.password)
    )


def _credentials(user: str | None, password: str | None) -> tuple[str, str] | None:
    return (unquote(user), unquote(password or "")) if user else None
