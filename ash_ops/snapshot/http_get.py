"""One HTTP GET with short timeouts: what the live probe and the look-up at a registry need.

The standard library's client is used because a rung of the ladder is one step of it (resolve,
connect, speak), and because importing httpx would take longer than asking the server.

What comes back is redacted here. The body as it came is for those alone who look for something in
it that must not be shown: a token to be sent on, a key that was published.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ash_ops import redact

_MOST = 1 << 20  # bytes of a body that are read; manifests and health reports are far smaller


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back. Header names are in lower case; the body, as it came, is not part of the ``repr``."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def document(self) -> Mapping[str, Any]:
        """The body's JSON object, redacted; empty if it is none."""
        try:
            found = redact.document(json.loads(self.body))
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, Mapping) else {}


Fetch = Callable[[str, Mapping[str, str]], HttpAnswer]


def get_over(
    connected: socket.socket, host: str, path: str, headers: Mapping[str, str], timeout: float
) -> HttpAnswer:
    """Ask over a connection that is already made (and secured, where it must be).

    Raises:
        OSError: the connection broke or stayed silent.
        http.client.HTTPException: what came back is not HTTP.
    """
    connected.settimeout(timeout)
    client = http.client.HTTPConnection(host, timeout=timeout)
    client.sock = connected
    try:
        client.request("GET", path, headers={"Accept": "*/*", "Connection": "close", **headers})
        answer = client.getresponse()
        body = answer.read(_MOST)
        named = {name.lower(): redact.redact(value) for name, value in answer.getheaders()}
        return HttpAnswer(answer.status, named, body)
    finally:
        client.close()


def get(url: str, headers: Mapping[str, str], *, timeout: float = 2.0) -> HttpAnswer:
    """Ask a URL.

    Raises:
        OSError: it cannot be reached, or stayed silent.
        http.client.HTTPException: what came back is not HTTP.
    """
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host = parts.hostname or ""
    port = parts.port or (443 if secure else 80)
    connected = socket.create_connection((host, port), timeout)
    if secure:
        connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return get_over(connected, parts.netloc, path, headers, timeout)
