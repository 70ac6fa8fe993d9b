"""What the real server writes to its log: pino's JSON lines and plain console lines."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from ash_client.testing._http.exchange import RequestHead, to_json

if TYPE_CHECKING:
    from collections.abc import Callable

INFO: Final = 30
WARN: Final = 40
_PID: Final = 1
"""The server is the container's first process."""


class ServerLog:
    """Collects lines; each is also handed to ``on_line`` as it is written."""

    def __init__(
        self, clock: Callable[[], float], hostname: str, on_line: Callable[[str], None] | None
    ) -> None:
        self._clock = clock
        self._hostname = hostname
        self._on_line = on_line
        self._lines: list[str] = []
        self._lock = threading.Lock()

    @property
    def lines(self) -> list[str]:
        """A copy of everything written so far."""
        with self._lock:
            return list(self._lines)

    def console(self, text: str) -> None:
        """A line of ``console.log`` or ``console.error``."""
        with self._lock:
            self._lines.append(text)
        if self._on_line is not None:
            self._on_line(text)

    def pino(self, msg: str, *, level: int = INFO, **fields: Any) -> None:
        """A JSON line; ``msg`` comes last, as pino writes it."""
        record = {
            "level": level,
            "time": int(self._clock() * 1000),
            "pid": _PID,
            "hostname": self._hostname,
        }
        self.console(to_json(record | fields | {"msg": msg}))

    def incoming(self, request_id: str, head: RequestHead) -> None:
        """The line that opens a request. The Authorization header is never part of it."""
        req = {
            "method": head.method,
            "url": head.target,
            "host": head.headers.get("host", ""),
            "remoteAddress": head.client[0],
            "remotePort": head.client[1],
        }
        self.pino("incoming request", reqId=request_id, req=req)

    def completed(self, request_id: str, status: int, seconds: float) -> None:
        """The line that ends a request; the time is in milliseconds."""
        self.pino(
            "request completed",
            reqId=request_id,
            res={"statusCode": status},
            responseTime=seconds * 1000,
        )
