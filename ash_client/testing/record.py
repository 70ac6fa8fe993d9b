"""What the server received, for tests to look at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECRET_HEADERS: Final = frozenset({"authorization", "cookie", "x-api-key", "proxy-authorization"})
_MASK: Final = "***"


@dataclass(frozen=True, repr=False)
class ReceivedRequest:
    """One request.

    Attributes:
        method: The HTTP method.
        target: Path and query, as sent.
        headers: Names in lower case; values as sent, the API key included.
        body: The body's bytes.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path without the query."""
        return urlsplit(self.target).path

    def json(self) -> Any:
        """The decoded body.

        Raises:
            ValueError: It is not JSON.
        """
        return json.loads(self.body)

    def __repr__(self) -> str:
        """Never shows a secret, nor the body, which may hold one."""
        headers = {k: _MASK if k in _SECRET_HEADERS else v for k, v in self.headers.items()}
        size = len(self.body)
        return f"<ReceivedRequest {self.method} {self.target} {headers} body={size} bytes>"
