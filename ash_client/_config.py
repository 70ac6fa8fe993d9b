"""Where the server is and which key opens it: argument, environment, then the file of the public CLI."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ash_client.errors import ConfigurationError


@dataclass(frozen=True)
class Target:
    """A server and its key. The key is never part of its ``repr``."""

    server_url: str
    api_key: str | None = field(repr=False)


def resolve_target(server_url: str | None, api_key: str | None) -> Target:
    """Settle address and key.

    Each comes from the argument, else ``ASH_SERVER_URL`` / ``ASH_API_KEY``, else ``server_url`` / ``api_key`` of
    ``~/.ash/config.json``. An empty ``api_key`` argument means: send none.

    Raises:
        ConfigurationError: No address anywhere, or an address or key that cannot be used.
    """
    url = server_url or os.environ.get("ASH_SERVER_URL") or _from_file("server_url")
    if not url:
        message = "No server address. Pass server_url, or set ASH_SERVER_URL, for example http://HOST:4100."
        raise ConfigurationError(message)
    key = api_key
    if key is None:
        key = os.environ.get("ASH_API_KEY") or _from_file("api_key")
    return Target(check_server_url(url), check_api_key(key))


def check_server_url(url: str) -> str:
    """Return the address without trailing slashes.

    Raises:
        ConfigurationError: It is not an ``http(s)://host[:port][/path]`` address.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        message = f"The server address cannot be read: {error}."
        raise ConfigurationError(message) from None
    if parts.scheme not in ("http", "https") or not host:
        message = (
            f"The server address must look like http://HOST:4100, not {parts.netloc or url!r}."
        )
        raise ConfigurationError(message)
    if parts.username or parts.password or parts.query or parts.fragment:
        # The address is not repeated here: it may hold a password.
        message = "The server address must hold neither user and password nor a query; pass the key as api_key."
        raise ConfigurationError(message)
    return url.rstrip("/")


def check_api_key(key: str | None) -> str | None:
    """Return the key without surrounding white space, None for none.

    Raises:
        ConfigurationError: It holds characters no HTTP header can carry.
    """
    key = (key or "").strip()
    if not key:
        return None
    if not (key.isascii() and key.isprintable()) or " " in key:
        message = "The API key holds a space, a line break or a character outside ASCII. Was more than the key pasted?"
        raise ConfigurationError(message)
    return key


def _from_file(name: str) -> str | None:
    """Read one setting of the file that the public ``ash`` command line writes."""
    try:
        settings = json.loads((Path.home() / ".ash" / "config.json").read_text("utf-8"))
    except (OSError, ValueError, RuntimeError):
        return None  # no file, no home, or not ours: the same as not configured
    value = settings.get(name) if isinstance(settings, dict) else None
    return value if isinstance(value, str) else None
