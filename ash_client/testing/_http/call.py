"""What a handler is given and may give back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ash_client.testing._http.connection import Connection, ConnectionEndedError
from ash_client.testing._http.errors import ash_error
from ash_client.testing._http.exchange import JSON_TYPE, RequestHead, Response

if TYPE_CHECKING:
    import threading

    from ash_client.testing._model.log import ServerLog
    from ash_client.testing._model.pool import Pool
    from ash_client.testing._model.script import Script
    from ash_client.testing._model.state import State
    from ash_client.testing.faults import Fault


@dataclass(frozen=True)
class Settings:
    """How the server was started."""

    api_key: str | None
    anthropic_key: str | None
    credential_key: bool
    version: str
    hostname: str
    started_at: float
    sleep: Callable[[float], object]
    closing: threading.Event
    internal_secret: str | None = None

    def pause(self, seconds: float) -> None:
        """Wait.

        Raises:
            ConnectionEndedError: The server was closed meanwhile.
        """
        self.sleep(seconds)
        if self.closing.is_set():
            raise ConnectionEndedError


@dataclass(frozen=True)
class Call:
    """One request, checked and decoded, and the server it came to."""

    head: RequestHead
    settings: Settings
    state: State
    pool: Pool
    log: ServerLog
    script: Script
    fault: Fault
    params: dict[str, str] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None

    @property
    def fields(self) -> dict[str, Any]:
        """The body of an operation that checks nothing: its fields, if it has any."""
        return self.body if isinstance(self.body, dict) else {}


class Stream(Protocol):
    """An answer that is written event by event."""

    def run(self, connection: Connection) -> None:
        """Write it."""
        ...


Handler = Callable[[Call], Response | Stream]


def ok(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(status, body, {"content-type": JSON_TYPE} | (headers or {}))


def no_content() -> Response:
    """204."""
    return Response(204)


def bad_request(text: str) -> Exception:
    """400 in Ash's own words."""
    return ash_error(400, text)
