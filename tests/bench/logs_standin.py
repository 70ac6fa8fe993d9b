"""Serves a ``World`` as CloudWatch Logs on loopback: JSON 1.1, any signature."""

from __future__ import annotations

import json
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.bench.logs_world import TASKS, Refusal, World

LATENCY = 0.03


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that goes away in the middle of a request is part of the game."""


class StandIn:
    """A running stand-in; ``url`` is where.

    Args:
        world: what it serves.
        latency: seconds before each answer.
    """

    def __init__(self, world: World, *, latency: float = LATENCY) -> None:
        self.world = world
        self.latency = latency
        self.lock = threading.Lock()
        self.groups = {"/ash-cloud/runtime"}
        self.denied: set[str] = set()
        self.archive: list[dict[str, Any]] = []
        self.tasks: list[dict[str, Any]] = []
        self.service: dict[str, Any] | None = None
        self.task_definition: dict[str, Any] | None = None
        outer = self

        class Handler(_Handler):
            standin = outer

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    def __enter__(self) -> StandIn:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    standin: StandIn

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        operation = (self.headers.get("X-Amz-Target") or "").rpartition(".")[2]
        time.sleep(self.standin.latency)
        try:
            answer = self._answer(operation, json.loads(body or b"{}"))
        except Refusal as refusal:
            if refusal.code == "drop":
                self.close_connection = True
                return
            self._send(refusal.status, {"__type": refusal.code, "message": refusal.message})
            return
        self._send(200, answer)

    def _answer(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        standin, world = self.standin, self.standin.world
        with standin.lock:
            if operation in standin.denied:
                raise Refusal(400, "AccessDeniedException", f"not authorized: {operation}")
            if request.get("logGroupName") not in {*standin.groups, None}:
                message = "The specified log group does not exist."
                raise Refusal(400, "ResourceNotFoundException", message)
            if operation == "FilterLogEvents":
                return self._events(request)
            if operation == "DescribeLogStreams":
                streams = sorted({one.task for one in world.happenings})
                return {"logStreams": [{"logStreamName": f"ash/ash/{TASKS[t]}"} for t in streams]}
            if operation == "DescribeLogGroups":
                return {"logGroups": [{"logGroupName": "/ash-cloud/runtime"}]}
            if operation == "DescribeServices" and standin.service:
                return {"services": [standin.service]}
            if operation == "ListTasks" and standin.service:
                wanted = request.get("desiredStatus") == "STOPPED"
                return {
                    "taskArns": [
                        task["taskArn"]
                        for task in standin.tasks
                        if (task["lastStatus"] == "STOPPED") == wanted
                    ]
                }
            if operation == "DescribeTaskDefinition" and standin.task_definition:
                return {"taskDefinition": standin.task_definition}
            if operation == "DescribeTasks":
                return {"tasks": [t for t in standin.tasks if t["taskArn"] in request["tasks"]]}
        raise Refusal(400, "UnknownOperationException", operation)

    def _events(self, request: dict[str, Any]) -> dict[str, Any]:
        world = self.standin.world
        if request["logGroupName"] == "/ash-cloud/events":
            return {"events": self.standin.archive}
        return world.filter_log_events(request, time.time() - world.epoch)

    def _send(self, status: int, answer: dict[str, Any]) -> None:
        world = self.standin.world
        content = json.dumps(answer).encode()
        self.send_response_only(status)
        date = world.date(time.time() - world.epoch)
        if date is not None:
            self.send_header("Date", formatdate(date, usegmt=True))
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
