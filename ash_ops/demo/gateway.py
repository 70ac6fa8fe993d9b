"""What stands in front of the emulator: the admin paths, the faults, then AWS's services."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from hypercorn.asyncio import run as hypercorn_run
from hypercorn.asyncio.tcp_server import TCPServer

from ash_ops.demo import mutations
from ash_ops.demo.faults import Faults, Headers, Rule, call_of, error_answer, names_in
from ash_ops.demo.names import ADMIN_PATH
from ash_ops.demo.overlay import engine, extras

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = tuple[int, Headers, bytes]
Writers = dict[tuple[str, int], asyncio.StreamWriter]

_GARBAGE: Answer = (200, {"content-type": "text/html"}, b"<html>\x00 not what you asked for")


def remember_connections() -> Writers:
    """Make hypercorn tell which connection a request came by, so that it can be reset."""
    writers: Writers = {}

    class Connection(TCPServer):
        async def run(self) -> None:
            peer = self.writer.get_extra_info("peername")[:2]
            writers[peer] = self.writer
            try:
                await super().run()
            finally:
                writers.pop(peer, None)

    # Hypercorn offers no other way to learn the connection.
    vars(hypercorn_run)["TCPServer"] = Connection
    return writers


class Gateway:
    """The ASGI application."""

    def __init__(self, writers: Writers) -> None:
        self._writers = writers
        self.faults = Faults()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(ADMIN_PATH):
            await self._administer(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await engine.app(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        call = call_of(scope["path"], headers, body)
        rule = self.faults.take(call, names_in(headers, body)) if call else None
        if (
            rule is not None
            and call is not None
            and await self._inject(rule, call, scope, headers, send)
        ):
            return
        answer = extras.answer(call, headers, body) if call else None
        if answer is not None:
            await _reply(send, answer)
            return
        await engine.app(scope, _again(body), send)

    async def _inject(
        self, rule: Rule, call: str, scope: Scope, headers: Headers, send: Send
    ) -> bool:
        """Let a request suffer its fault; answers whether that was its answer."""
        if rule.kind == "delay":
            await asyncio.sleep(rule.seconds)
            return False
        if rule.kind == "timeout":
            await asyncio.sleep(rule.seconds)
        if rule.kind in ("timeout", "reset"):
            self._reset(scope)
            return True
        garbage = rule.kind == "garbage"
        await _reply(send, _GARBAGE if garbage else error_answer(rule, call, headers))
        return True

    def _reset(self, scope: Scope) -> None:
        writer = self._writers.get(tuple(scope["client"][:2]))
        if writer is not None:
            writer.transport.abort()

    async def _administer(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["path"].removeprefix(ADMIN_PATH)
        request = json.loads(await _read(receive) or b"{}")
        try:
            result = await self._command(name, request)
            answer: Answer = (
                200,
                {"content-type": "application/json"},
                json.dumps(result).encode(),
            )
        except (ValueError, KeyError, TypeError, LookupError) as error:
            text = json.dumps({"error": f"{type(error).__name__}: {error}"})
            answer = (400, {"content-type": "application/json"}, text.encode())
        await _reply(send, answer)

    async def _command(self, name: str, request: dict[str, Any]) -> Any:
        if name == "seed":
            return await asyncio.to_thread(mutations.apply_all, request["mutations"])
        if name == "fault":
            self.faults.add(Rule(**request))
            return {}
        if name == "heal":
            self.faults.clear()
            return {}
        if name == "calls":
            return {"calls": list(self.faults.calls)}
        if name == "requests":
            return {"requests": list(self.faults.requests)}
        if name == "reset":
            self.faults.clear()
            await engine.reset()
            return {}
        raise ValueError(f"there is no {name!r} here")


async def _lifespan(receive: Receive, send: Send) -> None:
    # Not passed on: ministack would look for Docker containers to remove.
    while True:
        message = await receive()
        kind = message["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes) -> Receive:
    """The body once more, for the application behind; then silence until the client leaves."""
    given = False

    async def receive() -> Message:
        nonlocal given
        if given:
            await asyncio.Event().wait()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _reply(send: Send, answer: Answer) -> None:
    status, headers, body = answer
    fields = {"content-length": str(len(body)), "x-amzn-requestid": "demo", **headers}
    raw = [(name.encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
