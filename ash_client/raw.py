"""The HTTP answer to a call, beside what it was read as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ash_client._wire.headers import request_id

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

__all__ = ["RawResponse"]


class RawResponse(Generic[T]):
    """What a call of ``client.with_raw_response`` returns.

    Attributes:
        http_response: httpx's own answer. The request in it carries the API key.
    """

    def __init__(self, http_response: httpx.Response, value: T) -> None:
        self.http_response = http_response
        self._value = value

    def parse(self) -> T:
        """What the call returns without ``with_raw_response``."""
        return self._value

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        return self.http_response.status_code

    @property
    def headers(self) -> httpx.Headers:
        """The headers of the answer."""
        return self.http_response.headers

    @property
    def request_id(self) -> str | None:
        """What the server, or a proxy or load balancer before it, called this request; None where it told no name."""
        return request_id(self.http_response.headers)

    @property
    def content(self) -> bytes:
        """The body."""
        return self.http_response.content

    @property
    def text(self) -> str:
        """The body as text."""
        return self.http_response.text

    def json(self) -> Any:
        """The body as decoded JSON."""
        return self.http_response.json()

    def __repr__(self) -> str:
        return f"<RawResponse {self.status_code}>"
