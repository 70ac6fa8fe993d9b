"""From the agent SDK's messages to server-sent events and to a session's timeline."""

from __future__ import annotations

from typing import Any

from ash_client.testing._http.exchange import to_json
from ash_client.testing.answers import Event

Message = dict[str, Any]
"""One message of the agent SDK, as it stands in a ``message`` event."""


def frame(event: Event) -> bytes:
    """An event's bytes on the wire."""
    data = event.data if isinstance(event.data, str) else to_json(event.data)
    return f"event: {event.event}\ndata: {data}\n\n".encode()


def wire_events(message: Message) -> list[Event]:
    """The granular events of a message, then the ``message`` event itself."""
    return [*_granular(message), Event("message", message)]


def _granular(message: Message) -> list[Event]:
    kind = message.get("type")
    if kind == "stream_event":
        return _delta(message["event"])
    if kind == "assistant":
        return [e for block in _blocks(message) for e in _block(block)]
    if kind == "user" and "tool_use_result" in message:
        # The SDK's result has no tool id, so the event has none either.
        return [Event("tool_result", {"content": message["tool_use_result"]["stdout"]})]
    if kind == "result":
        return [Event("turn_complete", _turn(message))]
    return []


def _delta(event: dict[str, Any]) -> list[Event]:
    if event["type"] != "content_block_delta":
        return []
    delta = event["delta"]
    if delta["type"] == "text_delta":
        return [Event("text_delta", {"delta": delta["text"]})]
    if delta["type"] == "thinking_delta":
        return [Event("thinking_delta", {"delta": delta["thinking"]})]
    return [Event(delta["type"], delta)]


def _block(block: dict[str, Any]) -> list[Event]:
    if block["type"] == "tool_use":
        return [Event("tool_use", {key: block[key] for key in ("id", "name", "input")})]
    if block["type"] == "thinking":
        # Sent whole although the deltas went before: adding deltas up counts it twice.
        return [Event("thinking_delta", {"delta": block["thinking"]})]
    return [] if block["type"] == "text" else [Event(block["type"], block)]


def timeline(message: Message) -> list[tuple[str, dict[str, Any]]]:
    """What ``GET /api/sessions/{id}/events`` later tells about a message."""
    kind = message.get("type")
    if kind == "assistant":
        return [entry for block in _blocks(message) for entry in _block_entry(block)]
    if kind == "user" and "tool_use_result" in message:
        result = message["tool_use_result"]
        return [("tool_result", {"stdout": result["stdout"], "stderr": result["stderr"]})]
    return [("turn_complete", _turn(message))] if kind == "result" else []


def _block_entry(block: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    if block["type"] == "text":
        return [("text", {"text": block["text"]})]
    if block["type"] == "tool_use":
        call = {"toolName": block["name"], "toolId": block["id"], "input": block["input"]}
        return [("tool_start", call)]
    return [("reasoning", {"thinking": block["thinking"]})] if block["type"] == "thinking" else []


def _blocks(message: Message) -> list[dict[str, Any]]:
    content = message["message"]["content"]
    return content if isinstance(content, list) else []


def _turn(message: Message) -> dict[str, Any]:
    # A result without text (the turn limit was reached) has no `result` at all.
    text = {"result": message["result"]} if "result" in message else {}
    return {"numTurns": message["num_turns"], **text}
