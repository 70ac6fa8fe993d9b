"""What arrives in a stream: one object for every server-sent event, none hidden.

Every event has ``event`` (the wire's name), ``type`` (for a ``message`` the message's own type, else the wire's name)
and ``data`` (the decoded payload). :data:`Event` is the union of all of them. Both names are literal types, so a
comparison tells a type checker which class it has: after ``event.type == "assistant"`` it is an
:class:`AssistantMessage`, after ``event.event == "text_delta"`` a :class:`TextDeltaEvent`.

The Ash server sends each part of an answer twice: once as a granular event (``text_delta``, ``tool_use`` ...) and once
as a ``message`` holding what the agent SDK said. Any block type the agent SDK may yet invent becomes an event name, so
an unknown name is normal: it arrives as :class:`UnknownEvent`, a message of an unknown type as :class:`UnknownMessage`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias, cast

from pydantic import Field, JsonValue

from ash_client._wire.strict_json import decode
from ash_client.errors import DecodeError, UnexpectedPayload

__all__ = [
    "AssistantMessage",
    "BaseEvent",
    "DoneEvent",
    "ErrorEvent",
    "Event",
    "InputJsonDeltaEvent",
    "MessageEvent",
    "ResultMessage",
    "SessionEndEvent",
    "SessionStartEvent",
    "SignatureDeltaEvent",
    "StreamEventMessage",
    "SystemMessage",
    "TextDeltaEvent",
    "ThinkingDeltaEvent",
    "ToolResultEvent",
    "ToolUseEvent",
    "TurnCompleteEvent",
    "UnexpectedPayloadWarning",
    "UnknownEvent",
    "UnknownMessage",
    "UserMessage",
]

# What the server writes: the agent SDK's message with its type first.
TYPE_FIRST = re.compile(rb'\{"type":"(\w+)"')


class UnexpectedPayloadWarning(UserWarning):
    """A known event came with a payload of another shape; it was kept as an ``UnknownEvent``."""


class BaseEvent:
    """What every event has.

    Attributes:
        raw: The payload as it came, in bytes.
        event: The wire's name.
        type: The wire's name; for a ``message``, the message's own type.
    """

    __slots__ = ("_data", "raw")

    raw: bytes
    _data: JsonValue
    if TYPE_CHECKING:
        event: ClassVar[str]
        type: ClassVar[str]

    @property
    def data(self) -> JsonValue:
        """The decoded payload, decoded when first read.

        Raises:
            DecodeError: The payload is not JSON.
        """
        try:
            return self._data
        except AttributeError:
            self._data = decode(self.raw, f"the payload of a {self.event!r} event")
            return self._data


class MessageEvent(BaseEvent):
    """What the agent SDK said; the base of all messages, told apart by ``type``.

    The payload is decoded when ``data`` (or anything made from it) is first read.
    """

    __slots__ = ()
    event: ClassVar[Literal["message"]] = "message"

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    @property
    def data(self) -> dict[str, Any]:
        """The decoded message, decoded when first read.

        Raises:
            DecodeError: It is not JSON.
        """
        return cast("dict[str, Any]", super().data)

    @property
    def content(self) -> str:
        """The message's text: of an assistant or user message its text blocks, of a result the result's text."""
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
        return f"{type(self).__name__}(raw={shorten(self.raw)})"

    def __eq__(self, other: object) -> bool:
        return self.raw == other.raw if isinstance(other, MessageEvent) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # compared by value and mutable inside, like every event


class AssistantMessage(MessageEvent):
    """The model's words and tool calls; ``content`` is its text, ``blocks`` is all of it."""

    __slots__ = ()
    type: ClassVar[Literal["assistant"]] = "assistant"


class UserMessage(MessageEvent):
    """What the model is told: the results of its tools, mostly."""

    __slots__ = ()
    type: ClassVar[Literal["user"]] = "user"


class ResultMessage(MessageEvent):
    """The end of the agent's turn, with its tokens and its cost in ``data``."""

    __slots__ = ()
    type: ClassVar[Literal["result"]] = "result"

    @property
    def content(self) -> str:
        """The result's text; empty where the turn stopped at a limit."""
        result = self.data.get("result")
        return result if isinstance(result, str) else ""


class SystemMessage(MessageEvent):
    """The agent SDK about itself: its ``init`` with model and tools, a compaction, a status."""

    __slots__ = ()
    type: ClassVar[Literal["system"]] = "system"


class StreamEventMessage(MessageEvent):
    """An event of the model's API as it came; only with ``include_partial_messages``."""

    __slots__ = ()
    type: ClassVar[Literal["stream_event"]] = "stream_event"


class UnknownMessage(MessageEvent):
    """A message of a type this version does not know.

    ``type`` is what the server sent. For type checkers it is the literal "unknown", so that comparing with a known
    type rules this class out; ask for the class and read ``wire_type`` to tell unknown ones apart.
    """

    __slots__ = ()
    if TYPE_CHECKING:
        type: ClassVar[Literal["unknown"]]
    else:

        @property
        def type(self) -> str:
            """The message's own type."""
            return self.wire_type

    @property
    def wire_type(self) -> str:
        """The message's own type, as the server sent it."""
        match = TYPE_FIRST.match(self.raw)
        return match[1].decode() if match else cast("str", self.data["type"])


class UnknownEvent(BaseEvent):
    """An event this version has no class for, or one whose payload has another shape than its name promises.

    ``event`` and ``type`` are what the server sent. For type checkers they are the literal "unknown", so that
    comparing with a known name rules this class out; ask for the class and read ``wire_name`` to tell unknown ones
    apart. An attribute that the name promises and the payload lacks raises ``UnexpectedPayload``.
    """

    __slots__ = ("wire_name",)

    wire_name: str
    if TYPE_CHECKING:
        event: ClassVar[Literal["unknown"]]
        type: ClassVar[Literal["unknown"]]
    else:

        @property
        def event(self) -> str:
            """The wire's name."""
            return self.wire_name

        @property
        def type(self) -> str:
            """The wire's name."""
            return self.wire_name

    def __init__(self, event: str, raw: bytes) -> None:
        self.wire_name = event
        self.raw = raw

    @property
    def data(self) -> JsonValue:
        """The decoded payload; where it is not JSON, the payload as text."""
        try:
            return super().data
        except DecodeError:
            return self.raw.decode("utf-8", "replace")

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and name != "wire_name" and name in self._promised():
            message = (
                f"This {self.wire_name!r} event has no {name!r}: its payload has another shape than "
                f"the server's own. It is {shorten(self.raw)}"
            )
            raise UnexpectedPayload(message, raw=self.raw)
        message = f"{type(self).__name__!r} object has no attribute {name!r}"
        raise AttributeError(message, name=name, obj=self)

    def _promised(self) -> list[str]:
        """The attributes of the class that this event's name stands for."""
        name = self.wire_name.encode()
        kind = MessageEvent if name == b"message" else KNOWN.get(name)
        return [] if kind is None else dir(kind)

    def __repr__(self) -> str:
        return f"UnknownEvent(event={self.event!r}, raw={shorten(self.raw)})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, UnknownEvent):
            return NotImplemented
        return (self.wire_name, self.raw) == (other.wire_name, other.raw)

    __hash__ = None  # type: ignore[assignment]  # compared by value and mutable inside, like every event


def shorten(raw: bytes) -> str:
    """The beginning of a payload, for a message about it."""
    return repr(raw if len(raw) <= 100 else raw[:97] + b"...")


_SessionId = Annotated[str | None, Field(alias="sessionId")]


@dataclass(slots=True)
class SessionStartEvent(BaseEvent):
    """The first event of every stream."""

    event: ClassVar[Literal["session_start"]] = "session_start"
    type: ClassVar[Literal["session_start"]] = "session_start"
    session_id: _SessionId = None
    version: str | None = None


@dataclass(slots=True)
class SessionEndEvent(BaseEvent):
    """The session has ended."""

    event: ClassVar[Literal["session_end"]] = "session_end"
    type: ClassVar[Literal["session_end"]] = "session_end"
    session_id: _SessionId = None


@dataclass(slots=True)
class TextDeltaEvent(BaseEvent):
    """A piece of the answer's text; only with ``include_partial_messages``."""

    event: ClassVar[Literal["text_delta"]] = "text_delta"
    type: ClassVar[Literal["text_delta"]] = "text_delta"
    delta: str


@dataclass(slots=True)
class ThinkingDeltaEvent(BaseEvent):
    """A piece of the agent's thinking. The server sends the whole of it once more at the end of the block."""

    event: ClassVar[Literal["thinking_delta"]] = "thinking_delta"
    type: ClassVar[Literal["thinking_delta"]] = "thinking_delta"
    delta: str


@dataclass(slots=True)
class SignatureDeltaEvent(BaseEvent):
    """The signature of a thinking block."""

    event: ClassVar[Literal["signature_delta"]] = "signature_delta"
    type: ClassVar[Literal["signature_delta"]] = "signature_delta"
    signature: str


@dataclass(slots=True)
class InputJsonDeltaEvent(BaseEvent):
    """A piece of the JSON of a tool call's input."""

    event: ClassVar[Literal["input_json_delta"]] = "input_json_delta"
    type: ClassVar[Literal["input_json_delta"]] = "input_json_delta"
    partial_json: str


@dataclass(slots=True)
class ToolUseEvent(BaseEvent):
    """The agent calls a tool."""

    event: ClassVar[Literal["tool_use"]] = "tool_use"
    type: ClassVar[Literal["tool_use"]] = "tool_use"
    id: str
    name: str
    input: Any = None


@dataclass(slots=True)
class ToolResultEvent(BaseEvent):
    """A tool has answered. The server gives no tool id here; the ``message`` that follows has it."""

    event: ClassVar[Literal["tool_result"]] = "tool_result"
    type: ClassVar[Literal["tool_result"]] = "tool_result"
    content: Any = None
    tool_use_id: str | None = None
    is_error: bool | None = None


@dataclass(slots=True)
class TurnCompleteEvent(BaseEvent):
    """The agent has finished its turn. ``result`` is absent when it stopped at a limit."""

    event: ClassVar[Literal["turn_complete"]] = "turn_complete"
    type: ClassVar[Literal["turn_complete"]] = "turn_complete"
    num_turns: Annotated[int | None, Field(alias="numTurns")] = None
    result: str | None = None


@dataclass(slots=True)
class ErrorEvent(BaseEvent):
    """The turn failed; the stream raises ``AgentError`` after this event."""

    event: ClassVar[Literal["error"]] = "error"
    type: ClassVar[Literal["error"]] = "error"
    error: str


@dataclass(slots=True)
class DoneEvent(BaseEvent):
    """The stream is complete."""

    event: ClassVar[Literal["done"]] = "done"
    type: ClassVar[Literal["done"]] = "done"
    session_id: _SessionId = None


Event: TypeAlias = (
    AssistantMessage
    | UserMessage
    | ResultMessage
    | SystemMessage
    | StreamEventMessage
    | UnknownMessage
    | TextDeltaEvent
    | ThinkingDeltaEvent
    | SignatureDeltaEvent
    | InputJsonDeltaEvent
    | ToolUseEvent
    | ToolResultEvent
    | TurnCompleteEvent
    | SessionStartEvent
    | SessionEndEvent
    | ErrorEvent
    | DoneEvent
    | UnknownEvent
)
"""Any event of a stream: what iterating one yields."""

KNOWN: dict[bytes, type[BaseEvent]] = {
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
