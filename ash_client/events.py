"""What arrives in a stream: one object for every server-sent event, none hidden.

Every event has ``event`` (the wire's name), ``type`` (for a ``message`` the message's own type, else the wire's name)
and ``data`` (the decoded payload). The Ash server sends each part of an answer twice: once as a granular event
(``text_delta``, ``tool_use`` ...) and once as a ``message`` holding what the agent SDK said. Any block type the agent
SDK may yet invent becomes an event name, so an unknown name is normal: it arrives as :class:`UnknownEvent`.
"""

from __future__ import annotations

import contextlib
import logging
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, cast

from pydantic import Field, TypeAdapter, ValidationError

from ash_client._json import decode
from ash_client.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "DoneEvent",
    "ErrorEvent",
    "Event",
    "InputJsonDeltaEvent",
    "MessageEvent",
    "SessionEndEvent",
    "SessionStartEvent",
    "SignatureDeltaEvent",
    "TextDeltaEvent",
    "ThinkingDeltaEvent",
    "ToolResultEvent",
    "ToolUseEvent",
    "TurnCompleteEvent",
    "UnexpectedPayloadWarning",
    "UnknownEvent",
]

_log = logging.getLogger("ash_client")
_UNREAD = object()


class UnexpectedPayloadWarning(UserWarning):
    """A known event came with a payload of another shape; it was kept as an ``UnknownEvent``."""


class Event:
    """The base of every event.

    Attributes:
        raw: The payload as it came, in bytes.
    """

    __slots__ = ("_data", "raw")

    event: str
    raw: bytes
    _data: Any

    @property
    def type(self) -> str:
        """The wire's name; for a ``message``, the message's own type."""
        return self.event

    @property
    def data(self) -> Any:
        """The decoded payload, decoded when first read.

        Raises:
            DecodeError: The payload is not JSON.
        """
        try:
            return self._data
        except AttributeError:
            self._data = decode(self.raw, f"the payload of a {self.event!r} event")
            return self._data


class MessageEvent(Event):
    """What the agent SDK said: ``type`` is assistant, user, result, system, stream_event, or what it may yet invent.

    The payload is decoded when ``data`` (or anything made from it) is first read.
    """

    __slots__ = ()
    event = "message"

    # The server serialises the agent SDK's message with its type first.
    _TYPE: ClassVar = re.compile(rb'\{"type":"(\w+)"')

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    @property
    def type(self) -> str:
        """The message's own type."""
        match = self._TYPE.match(self.raw)
        return match[1].decode() if match else cast("str", self.data["type"])

    @property
    def content(self) -> str:
        """The message's text: of an assistant or user message its text blocks, of a result the result's text."""
        if self.type == "result":
            result = self.data.get("result")
            return result if isinstance(result, str) else ""
        return "".join(block["text"] for block in self.blocks_of("text"))

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The content blocks (text, thinking, tool_use, tool_result ...) of an assistant or user message."""
        message = self.data.get("message")
        content = message.get("content") if isinstance(message, dict) else self.data.get("content")
        if isinstance(content, str):
            return [{"type": "text", "text": content}]
        return (
            [block for block in content if isinstance(block, dict)]
            if isinstance(content, list)
            else []
        )

    def blocks_of(self, kind: str) -> list[dict[str, Any]]:
        """The blocks of one type whose text, under the key of the same name, is text."""
        return [b for b in self.blocks if b.get("type") == kind and isinstance(b.get(kind), str)]

    @property
    def parent_tool_use_id(self) -> str | None:
        """The tool call a subagent's message belongs to; None for the agent's own messages."""
        return cast("str | None", self.data.get("parent_tool_use_id"))

    @property
    def is_error(self) -> bool:
        """Whether a ``result`` reports a failure; its ``subtype`` may say "success" all the same."""
        return self.data.get("is_error") is True

    def __repr__(self) -> str:
        return f"MessageEvent(type={self.type!r}, raw={_shorten(self.raw)})"

    def __eq__(self, other: object) -> bool:
        return self.raw == other.raw if isinstance(other, MessageEvent) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # compared by value and mutable inside, like every event


class UnknownEvent(Event):
    """An event this version has no class for, or one whose payload has another shape than its name promises."""

    __slots__ = ("event",)

    def __init__(self, event: str, raw: bytes) -> None:
        self.event = event
        self.raw = raw

    @property
    def data(self) -> Any:
        """The decoded payload; where it is not JSON, the payload as text."""
        try:
            return super().data
        except DecodeError:
            return self.raw.decode("utf-8", "replace")

    def __repr__(self) -> str:
        return f"UnknownEvent(event={self.event!r}, raw={_shorten(self.raw)})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, UnknownEvent):
            return NotImplemented
        return (self.event, self.raw) == (other.event, other.raw)

    __hash__ = None  # type: ignore[assignment]  # compared by value and mutable inside, like every event


def _shorten(raw: bytes) -> str:
    return repr(raw if len(raw) <= 100 else raw[:97] + b"...")


_SessionId = Annotated[str | None, Field(alias="sessionId")]


@dataclass(slots=True)
class SessionStartEvent(Event):
    """The first event of every stream."""

    event = "session_start"
    session_id: _SessionId = None
    version: str | None = None


@dataclass(slots=True)
class SessionEndEvent(Event):
    """The session has ended."""

    event = "session_end"
    session_id: _SessionId = None


@dataclass(slots=True)
class TextDeltaEvent(Event):
    """A piece of the answer's text; only with ``include_partial_messages``."""

    event = "text_delta"
    delta: str


@dataclass(slots=True)
class ThinkingDeltaEvent(Event):
    """A piece of the agent's thinking. The server sends the whole of it once more at the end of the block."""

    event = "thinking_delta"
    delta: str


@dataclass(slots=True)
class SignatureDeltaEvent(Event):
    """The signature of a thinking block."""

    event = "signature_delta"
    signature: str


@dataclass(slots=True)
class InputJsonDeltaEvent(Event):
    """A piece of the JSON of a tool call's input."""

    event = "input_json_delta"
    partial_json: str


@dataclass(slots=True)
class ToolUseEvent(Event):
    """The agent calls a tool."""

    event = "tool_use"
    id: str
    name: str
    input: Any = None


@dataclass(slots=True)
class ToolResultEvent(Event):
    """A tool has answered. The server gives no tool id here; the ``message`` that follows has it."""

    event = "tool_result"
    content: Any = None
    tool_use_id: str | None = None
    is_error: bool | None = None


@dataclass(slots=True)
class TurnCompleteEvent(Event):
    """The agent has finished its turn. ``result`` is absent when it stopped at a limit."""

    event = "turn_complete"
    num_turns: Annotated[int | None, Field(alias="numTurns")] = None
    result: str | None = None


@dataclass(slots=True)
class ErrorEvent(Event):
    """The turn failed; the stream raises ``AgentError`` after this event."""

    event = "error"
    error: str


@dataclass(slots=True)
class DoneEvent(Event):
    """The stream is complete."""

    event = "done"
    session_id: _SessionId = None


_KNOWN: dict[bytes, type[Event]] = {
    kind.event.encode(): kind
    for kind in (
        TextDeltaEvent,
        ThinkingDeltaEvent,
        SignatureDeltaEvent,
        InputJsonDeltaEvent,
        ToolUseEvent,
        ToolResultEvent,
        TurnCompleteEvent,
        SessionStartEvent,
        SessionEndEvent,
        ErrorEvent,
        DoneEvent,
    )
}
# Built when first needed: pydantic takes longer to make these than to import.
_readers: dict[bytes, Callable[[bytes], Event]] = {}
_set_raw = vars(Event)["raw"].__set__  # the slot's own setter, the fastest way in
_LAZY_START = b'{"type":"'


def read_event(name: bytes, data: bytes) -> Event:
    """Make the typed event of one server-sent event.

    A ``message`` that begins and ends as the server writes them is decoded only when read; every other known event is
    decoded and checked here.

    Raises:
        DecodeError: A known event's payload is not JSON.
    """
    if name == b"message":
        if data.startswith(_LAZY_START) and data.endswith(b"}"):
            return MessageEvent(data)
        return _read_odd_message(data)
    reader = _readers.get(name) or _reader_of(name)
    if reader is None:
        return UnknownEvent(name.decode("utf-8", "replace"), data)
    try:
        event = reader(data)
    except ValidationError:
        return _read_odd_payload(name, data)
    _set_raw(event, data)
    return event


def _reader_of(name: bytes) -> Callable[[bytes], Event] | None:
    kind = _KNOWN.get(name)
    if kind is None:
        return None
    _readers[name] = TypeAdapter(kind).validator.validate_json
    return _readers[name]


def _read_odd_message(data: bytes) -> Event:
    payload = decode(data, "the payload of a 'message' event")
    if isinstance(payload, dict) and isinstance(payload.get("type"), str):
        return MessageEvent(data)
    return _unexpected("message", data)


def _read_odd_payload(name: bytes, data: bytes) -> Event:
    """The strict reader refused it: JSON of another shape, JSON only JavaScript would write, or no JSON at all."""
    event = name.decode()
    payload = decode(data, f"the payload of a {event!r} event")
    with contextlib.suppress(ValidationError):
        return _read_leniently(_KNOWN[name], payload, data)
    return _unexpected(event, data)


def _read_leniently(kind: type[Event], payload: Any, data: bytes) -> Event:
    """Half a surrogate pair is no valid text to the strict reader; show it as the replacement character."""
    event: Event = TypeAdapter(kind).validate_python(_without_lone_surrogates(payload))
    _set_raw(event, data)
    return event


def _without_lone_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_without_lone_surrogates(k): _without_lone_surrogates(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_without_lone_surrogates(item) for item in value]
    return value


def _unexpected(event: str, data: bytes) -> UnknownEvent:
    message = f"The payload of a {event!r} event has an unexpected shape: {_shorten(data)}"
    _log.warning("%s", message)
    # Under ``-W error`` a warning would break the stream; the log line above has told it.
    with contextlib.suppress(UnexpectedPayloadWarning):
        warnings.warn(message, UnexpectedPayloadWarning, stacklevel=2)
    return UnknownEvent(event, data)
