"""``POST /api/sessions/{id}/messages``: from the message to the stream of its answer."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ash_client.testing._http.connection import Connection, ConnectionEndedError
from ash_client.testing._http.delivery import EventWriter, StreamEndedError
from ash_client.testing._http.errors import ash_error
from ash_client.testing._model.agent import MISSING_KEY, REFUSED_KEY, Signal, Turn
from ash_client.testing._model.events import wire_events
from ash_client.testing._model.fault_parts import Ending, Pace
from ash_client.testing._model.script import Verbatim
from ash_client.testing._model.sdk import DEFAULT_MODEL, SdkSession
from ash_client.testing.answers import Event, Prompt, parts_of, text_of

if TYPE_CHECKING:
    from ash_client.testing._http.call import Call
    from ash_client.testing._model.sandbox import Feed, Sandbox
    from ash_client.testing._model.state import Session

_KEY_VARIABLE: Final = "ANTHROPIC_API_KEY"
REFUSED: Final = "refused"
"""The value of ``anthropic_key`` with which the model API answers 401."""
_LAST: Final = ("error", "done", "end")
CLOSING: Final = Signal("closing")


def send_message(call: Call) -> MessageStream:
    """Check that the session can answer, and store the message."""
    state = call.state
    session = state.session(call.params["id"])
    if session.status != "active":
        raise ash_error(400, f"Session is {session.status}")
    sandbox = call.pool.get(session.sandbox_id)
    if sandbox is None:
        state.set_status(session, "error")
        raise ash_error(500, "Sandbox not found")
    content = call.body["content"]
    session.last_active_at = state.now()
    # As shipped, the server turns a string into a list of one before it passes it on.
    stored = content if isinstance(content, list) else [str(content)]
    state.record_message(session, "user", {"type": "user", "content": stored})
    stream = MessageStream(call, session, sandbox)
    # Before the stream begins, so that nothing evicts the sandbox meanwhile.
    sandbox.streams.add(stream)
    return stream


@dataclass(frozen=True, eq=False)
class MessageStream:
    """The answer to one message, as an event stream."""

    call: Call
    session: Session
    sandbox: Sandbox

    def run(self, connection: Connection) -> None:
        """Write the stream until it ends, is ended by a fault, or the client is gone."""
        settings, fault = self.call.settings, self.call.fault
        writer = EventWriter(connection, fault, self.session.id, settings.pause, self._on_ending)
        try:
            with suppress(StreamEndedError):
                self._write(writer)
        finally:
            self.sandbox.streams.discard(self)

    def _write(self, writer: EventWriter) -> None:
        version = self.call.settings.version
        # From the first byte on, so that nothing said after it is missed.
        feed = self.sandbox.listen()
        try:
            writer.start()
            writer.send(Event("session_start", {"sessionId": self.session.id, "version": version}))
            if self.sandbox.connected:
                self._relay(feed, writer)
            else:
                writer.send(Event("error", {"error": "Not connected"}))
                writer.send(Event("done", {"sessionId": self.session.id}))
            writer.finish()
        finally:
            self.sandbox.forget(feed)

    def _relay(self, feed: Feed, writer: EventWriter) -> None:
        """Pass on what the sandbox says until it says ``done`` or ``error``."""
        body: dict[str, Any] = self.call.body
        options = {key: value for key, value in body.items() if key != "content"}
        command = {"cmd": "query", "prompt": body["content"], "sessionId": self.session.id}
        self.sandbox.take(command | {"options": options}, self._signals, self._pace())
        while self._pass_on(feed, writer):
            continue

    def _pass_on(self, feed: Feed, writer: EventWriter) -> bool:
        signal = feed.get()
        if signal.kind in _LAST:
            # Before the client can know, so that it finds the sandbox idle.
            self.sandbox.streams.discard(self)
        if signal.kind == "message":
            for event in wire_events(signal.value):
                writer.send(event)
            with self.call.state.lock:
                self.call.state.record_agent_message(self.session, signal.value)
        elif signal.kind == "raw":
            writer.send(signal.value)
        elif signal.kind == "error":
            with self.call.state.lock:
                self.call.state.record_event(self.session, "error", {"error": signal.value})
            writer.send(Event("error", {"error": signal.value}))
        elif signal.kind == "done":
            writer.send(Event("done", {"sessionId": signal.value}))
        elif signal.kind == CLOSING.kind:
            raise ConnectionEndedError
        return signal.kind not in _LAST

    def _signals(self) -> list[Signal]:
        body: dict[str, Any] = self.call.body
        options = {key: value for key, value in body.items() if key != "content"}
        content = body["content"]
        prompt = Prompt(text_of(content), content, self.session.id, self.session.agent, options)
        answer = self.call.script.next_answer(prompt)
        if isinstance(answer, Verbatim):
            return [*(Signal("raw", event) for event in answer.events), Signal("end")]
        parts = parts_of(answer)
        key = self._model_key()
        if key is None or key == REFUSED:
            parts = [MISSING_KEY if key is None else REFUSED_KEY]
        sdk = SdkSession(
            self.session.sdk_session_id,
            f"/data/sandboxes/{self.sandbox.id}/workspace",
            model=body.get("model") or self.session.model or DEFAULT_MODEL,
            key_source="none" if key is None else _KEY_VARIABLE,
            permission_mode=self.session.permission_mode,
        )
        partial = bool(body.get("includePartialMessages"))
        turn = Turn(self.session.id, sdk, parts, partial, body.get("maxTurns"))
        return list(turn.signals())

    def _model_key(self) -> str | None:
        return self.session.env.get(_KEY_VARIABLE) or self.call.settings.anthropic_key

    def _pace(self) -> Pace:
        fault, settings = self.call.fault, self.call.settings
        return Pace(fault.event_delay_s, fault.hold, settings.sleep, settings.closing)

    def _on_ending(self, ending: Ending) -> None:
        if ending.agent_dies:
            self.sandbox.kill_agent()
        if ending.session is not None:
            with self.call.state.lock:
                self.call.pool.destroy(self.sandbox.id)
                self.call.state.set_status(self.session, ending.session)
