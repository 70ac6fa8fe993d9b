"""Requests and responses, as far as the stand-in needs them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

JSON_TYPE: Final = "application/json; charset=utf-8"


@dataclass(frozen=True)
class RequestHead:
    """A request's line and headers; the body is still on the wire."""

    method: str
    target: str
    headers: dict[str, str]
    client: tuple[str, int]
    http_1_0: bool = False

    @property
    def path(self) -> str:
        """The path as sent, still percent-encoded, without the query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; the last of a repeated one counts."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def wants_close(self) -> bool:
        """Whether the client asked for the connection to be closed after the answer."""
        connection = self.headers.get("connection", "").lower()
        return "close" in connection or (self.http_1_0 and "keep-alive" not in connection)


@dataclass
class Response:
    """An answer with a complete body.

    Attributes:
        status: The HTTP status.
        body: Bytes as they are sent; anything else is sent as JSON, None as no body at all.
        headers: In the order they are sent.
        close: Whether the server ends the connection after this answer.
    """

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    close: bool = False

    def encoded(self) -> bytes:
        """The body's bytes; JSON is written as JavaScript writes it, U+2028 and friends raw."""
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else to_json(self.body).encode()


def to_json(value: Any) -> str:
    """JSON without spaces and with raw Unicode, as ``JSON.stringify`` writes it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate cannot be UTF-8; JavaScript escapes it, too.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
