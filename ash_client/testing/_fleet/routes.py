"""What a runner answers on its port, to whoever reaches it: it asks for no key.

Source, at 7d26aee: ``packages/runner/src/routes/sandboxes.ts`` and ``health.ts``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ash_client.testing._http.connection import Connection, ConnectionEndedError
from ash_client.testing._http.delivery import STREAM_HEADERS
from ash_client.testing._http.exchange import JSON_TYPE, RequestHead, Response, to_json
from ash_client.testing._model.pool import Pool, SandboxUnavailableError
from ash_client.testing._operations.messages import CLOSING

if TYPE_CHECKING:
    import threading

    from ash_client.testing._model.agent import Signal
    from ash_client.testing._model.fault_parts import Pace
    from ash_client.testing._model.sandbox import Sandbox

_SANDBOX: Final = re.compile(r"/runner/sandboxes/([^/]+)(?:/(\w+))?")
_MOST_BYTES: Final = 1024 * 1024


@dataclass
class RunnerApp:
    """Answers a coordinator.

    Attributes:
        pool: The runner's sandboxes.
        lock: Held while they are read or changed.
        about: What ``/runner/health`` tells beside the sandboxes.
        answer: A command's signals.
        pace: How fast agents speak now.
    """

    pool: Pool
    lock: threading.RLock
    about: Callable[[], dict[str, Any]]
    answer: Callable[[dict[str, Any], Sandbox], list[Signal]]
    pace: Callable[[], Pace]

    def serve(self, connection: Connection) -> None:
        """Answer one connection's requests until it ends."""
        try:
            while not connection.ended and (head := connection.read_head()) is not None:
                raw = connection.read_body(head, _MOST_BYTES) or b""
                self._exchange(connection, head, json.loads(raw) if raw else {})
        except ConnectionEndedError:
            return

    def _exchange(self, connection: Connection, head: RequestHead, body: dict[str, Any]) -> None:
        if (head.method, head.path) == ("GET", "/runner/health"):
            connection.send(_json(self.about()), head)
        elif (head.method, head.path) == ("POST", "/runner/sandboxes"):
            connection.send(self._create(body), head)
        elif (found := _SANDBOX.fullmatch(head.path)) is not None:
            self._ask_sandbox(connection, head, body, *found.groups())
        else:
            connection.send(_json({"error": "Not Found"}, 404), head)

    def _ask_sandbox(
        self,
        connection: Connection,
        head: RequestHead,
        body: dict[str, Any],
        sandbox_id: str,
        what: str | None,
    ) -> None:
        with self.lock:
            sandbox = self.pool.get(sandbox_id)
            if head.method == "DELETE":
                self.pool.destroy(sandbox_id)
        if head.method == "DELETE":
            connection.send(Response(204), head)
        elif sandbox is None:
            connection.send(_json({"error": "Sandbox not found"}, 404), head)
        elif what == "cmd":
            self._run(connection, sandbox, body)
        elif what == "persist":
            connection.send(_json({"success": True}), head)
        elif what is None:
            place = f"/data/sandboxes/{sandbox.id}/workspace"
            shown = {"sandboxId": sandbox.id, "workspaceDir": place, "alive": sandbox.connected}
            connection.send(_json(shown), head)
        else:
            connection.send(_json({"ok": True}), head)

    def _create(self, body: dict[str, Any]) -> Response:
        try:
            with self.lock:
                sandbox = self.pool.create(body["agentName"], body["sandboxId"])
        except SandboxUnavailableError as error:
            if "capacity reached" in str(error):
                return _json({"error": str(error)}, 503)
            return _json({"error": f"Failed to create sandbox: {error}"}, 500)
        place = f"/data/sandboxes/{sandbox.id}/workspace"
        return _json({"sandboxId": sandbox.id, "workspaceDir": place}, 201)

    def _run(self, connection: Connection, sandbox: Sandbox, body: dict[str, Any]) -> None:
        """Stream what the sandbox says of a command, until ``done`` or ``error``."""
        feed = sandbox.listen()
        sandbox.streams.add(feed)
        try:
            connection.start_chunked(200, STREAM_HEADERS)
            sandbox.run(self.answer(body, sandbox), self.pace())
            while (signal := feed.get()).kind != CLOSING.kind:
                connection.send_chunk(_frame(signal))
                if signal.kind in ("done", "error"):
                    # Before the coordinator can know, so that it finds the sandbox idle.
                    sandbox.streams.discard(feed)
                    connection.send_chunk(b"")
                    return
            raise ConnectionEndedError
        finally:
            sandbox.streams.discard(feed)
            sandbox.forget(feed)


def _frame(signal: Signal) -> bytes:
    named = {"error": "error", "done": "sessionId"}.get(signal.kind)
    data = {named: signal.value} if named else signal.value
    return f"event: {signal.kind}\ndata: {to_json(data)}\n\n".encode()


def _json(body: Any, status: int = 200) -> Response:
    return Response(status, body, {"content-type": JSON_TYPE})
