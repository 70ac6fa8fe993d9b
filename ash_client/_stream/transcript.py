"""What a stream has said so far, put together as its events pass. No input or output here."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import Literal

from ash_client._stream.read_event import read_event
from ash_client._stream.sse import Framer
from ash_client.errors import DecodeError
from ash_client.events import (
    AssistantMessage,
    Event,
    MessageEvent,
    ResultMessage,
    SessionStartEvent,
    StreamEventMessage,
    SystemMessage,
    TextDeltaEvent,
    ThinkingDeltaEvent,
)
from ash_client.models import Usage

# Of the bytes received, as many are kept for the events of an exception; of the text, all.
MOST_KEPT = 1024 * 1024
_INIT = b'{"type":"system","subtype":"init"'
_MESSAGE_START = b'{"type":"stream_event","event":{"type":"message_start"'


class Strand:
    """The text, or the thinking, of an answer, each piece once.

    With partial messages a block comes as deltas and then again, whole, inside its ``assistant`` message; without, only
    inside the message. Of the whole, only what the deltas did not bring is new.
    """

    __slots__ = ("_told", "kind", "text")

    def __init__(self, kind: Literal["text", "thinking"]) -> None:
        self.kind = kind
        self.text = ""
        self._told = 0  # where the deltas begin that no message has repeated yet

    def add_delta(self, delta: str) -> None:
        """Add a delta."""
        # While only this name holds the string CPython lengthens it in place.
        text, self.text = self.text, ""
        text += delta
        self.text = text

    def add_message(self, message: AssistantMessage) -> None:
        """Add what is new in an ``assistant`` message."""
        for block in message.blocks_of(self.kind):
            self._add_whole(block[self.kind])

    def _add_whole(self, whole: str) -> None:
        streamed = self.text[self._told :]
        if whole.startswith(streamed):
            self.add_delta(whole[len(streamed) :])
            self._told = len(self.text)
        elif streamed.startswith(whole):
            self._told += len(whole)  # the deltas cover this block and more
        # Else they differ from it; either way it has been told.


class Transcript:
    """The text, the thinking and the result of one answer.

    Each event is looked at once, as it passes; an ``assistant`` or ``result`` message is decoded when somebody asks, or
    when more text follows it. Messages of subagents are no part of the answer.

    Thinking comes a third time: the last ``thinking_delta`` before the message repeats the whole block. A delta is
    followed by the ``stream_event`` it came from, the repetition by the ``assistant`` message, so a thinking delta is
    held back for one event.

    Attributes:
        session_id: The session's id, as the stream told it.
        begun: Whether the agent, or a message of the model, was seen to begin.
        by_sdk: Whether it began with the ``init`` of the real agent SDK.
        belated: Whether text came before that: it belongs to a turn that began earlier.
        spoke: Whether the agent has said anything at all.
    """

    __slots__ = (
        "_assistant",
        "_cut",
        "_held",
        "_kept",
        "_result",
        "_size",
        "_text",
        "_thinking",
        "_unread",
        "_usage",
        "begun",
        "belated",
        "by_sdk",
        "session_id",
        "spoke",
    )

    def __init__(self, wire: bytes = b"") -> None:
        self._text, self._thinking = Strand("text"), Strand("thinking")
        self._held = ""
        self._unread: list[AssistantMessage | ResultMessage] = []
        self._assistant: AssistantMessage | None = None
        self._result: ResultMessage | None = None
        self._usage: Usage | None = None
        self._kept: deque[bytes] = deque()
        self._size = 0
        self._cut = False
        self.session_id: str | None = None
        self.begun = self.by_sdk = self.belated = self.spoke = False
        if wire:
            self.keep(wire)
            for event in replay(wire):
                self.add(event)

    def keep(self, chunk: bytes) -> None:
        """Keep bytes as they came, for ``events``; the oldest give way to them."""
        self._kept.append(chunk)
        self._size += len(chunk)
        while self._size > MOST_KEPT and len(self._kept) > 1:
            self._size -= len(self._kept.popleft())
            self._cut = True

    def add(self, event: Event) -> None:
        """Let an event pass.

        Raises:
            DecodeError: A message before it is not JSON.
        """
        if isinstance(event, MessageEvent):
            self._add_message(event)
            return
        if self._held:
            self._release()
        if isinstance(event, TextDeltaEvent):
            if self._unread:
                self._catch_up()
            self._text.add_delta(event.delta)
        elif isinstance(event, ThinkingDeltaEvent):
            self._catch_up()
            self._held = event.delta
        elif isinstance(event, SessionStartEvent) and self.session_id is None:
            self.session_id = event.session_id

    def _add_message(self, message: MessageEvent) -> None:
        self.spoke = True
        if isinstance(message, AssistantMessage | ResultMessage):
            self._held = ""
            self._unread.append(message)
            return
        if not self.begun and self._is_beginning(message):
            self.begun = True
            self.belated = bool(self._text.text or self._unread or self._held)
        if self._held:
            self._release()

    def _is_beginning(self, message: MessageEvent) -> bool:
        """Whether the agent SDK, or the model, begins with this message."""
        if isinstance(message, StreamEventMessage):
            return message.raw.startswith(_MESSAGE_START)
        if isinstance(message, SystemMessage) and message.raw.startswith(_INIT):
            self.by_sdk = True
            return True
        return False

    def _release(self) -> None:
        self._thinking.add_delta(self._held)
        self._held = ""

    def _catch_up(self) -> None:
        """Read the messages that nobody has asked for yet.

        Raises:
            DecodeError: One is not JSON.
        """
        while self._unread:
            message = self._unread[0]
            if message.parent_tool_use_id is None:
                self._read(message)
            del self._unread[0]

    def _read_on(self) -> None:
        with suppress(DecodeError):
            self._catch_up()

    def _read(self, message: AssistantMessage | ResultMessage) -> None:
        if isinstance(message, ResultMessage):
            self._result, self._usage = message, Usage.of_result(message)
            return
        self._thinking.add_message(message)
        self._text.add_message(message)
        self._assistant = message

    @property
    def events(self) -> list[Event]:
        """The events received, in order; of a long answer the last megabyte."""
        wire = b"".join(self._kept)
        return replay(wire.partition(b"\n\n")[2] if self._cut else wire)

    @property
    def text(self) -> str:
        """The answer's text so far, up to the first message that cannot be read."""
        if self._unread:
            self._read_on()
        return self._text.text

    @property
    def thinking(self) -> str:
        """The agent's thinking so far, up to the first message that cannot be read."""
        if self._unread:
            self._read_on()
        return self._thinking.text

    @property
    def result(self) -> ResultMessage | None:
        """The last ``result`` so far."""
        if self._unread:
            self._read_on()
        return self._result

    @property
    def usage(self) -> Usage | None:
        """Tokens and cost, as that ``result`` tells them."""
        return self._usage if self.result is not None else None

    @property
    def is_signed(self) -> bool:
        """Whether the last message is the real agent SDK's, which gives each an id of its own."""
        last = self.result or self._assistant
        return last is not None and "uuid" in last.data

    def last_assistant(self) -> AssistantMessage | None:
        """The last ``assistant`` message.

        Raises:
            DecodeError: A message is not JSON.
        """
        self._catch_up()
        return self._assistant


def replay(wire: bytes) -> list[Event]:
    """The events in these bytes of a stream, up to the first that cannot be read."""
    events = []
    with suppress(DecodeError):
        for name, data in Framer().feed(wire):
            events.append(read_event(name, data))
    return events
