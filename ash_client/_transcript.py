"""What a stream has said so far: its text, its thinking, its result. No input or output here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ash_client._read_event import read_event
from ash_client._sse import Framer
from ash_client.errors import DecodeError
from ash_client.events import (
    Event,
    MessageEvent,
    SessionStartEvent,
    TextDeltaEvent,
    ThinkingDeltaEvent,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


class TextAssembler:
    """The text of an answer, each piece once.

    With partial messages a block of text comes as deltas and then again, whole, inside its ``assistant`` message;
    without, only inside the message. Of the whole, only what the deltas did not bring is new. Messages of subagents
    are not part of the answer.

    Thinking comes a third time: the last ``thinking_delta`` before the message repeats the whole block. A delta is
    followed by the ``stream_event`` it came from, the repetition by the ``assistant`` message, so a thinking delta is
    held back for one event.
    """

    def __init__(self, kind: Literal["text", "thinking"] = "text") -> None:
        self._kind = kind
        self._delta = TextDeltaEvent if kind == "text" else ThinkingDeltaEvent
        self._streamed = ""
        self._held = ""

    def add(self, event: Event) -> str:
        """Return the text that ``event`` adds, often none."""
        if isinstance(event, self._delta):
            return self._add_delta(event.delta)
        if isinstance(event, MessageEvent) and event.type == "assistant":
            self._held = ""
            return self._add_message(event)
        return self._release()

    def _add_delta(self, delta: str) -> str:
        if self._kind == "text":
            self._streamed += delta
            return delta
        released, self._held = self._release(), delta
        return released

    def _release(self) -> str:
        held, self._held = self._held, ""
        self._streamed += held
        return held

    def _add_message(self, event: MessageEvent) -> str:
        if event.parent_tool_use_id is not None:
            return ""
        return "".join(self._add_whole(block[self._kind]) for block in event.blocks_of(self._kind))

    def _add_whole(self, whole: str) -> str:
        streamed, self._streamed = self._streamed, ""
        if whole.startswith(streamed):
            return whole[len(streamed) :]
        # The deltas cover this block and more, or differ from it; either way it has been told.
        self._streamed = streamed.removeprefix(whole)
        return ""


def text_of(events: Iterable[Event], kind: Literal["text", "thinking"] = "text") -> str:
    """The whole text, or thinking, of these events."""
    assembler = TextAssembler(kind)
    return "".join([assembler.add(event) for event in events])


def replay(wire: bytes) -> list[Event]:
    """The events in these bytes of a stream, up to the first that cannot be read."""
    events = []
    try:
        for name, data in Framer().feed(wire):
            events.append(read_event(name, data))
    except DecodeError:
        pass
    return events


@dataclass(frozen=True, repr=False)
class Transcript:
    """What a stream received before it ended, read again when it is asked for."""

    wire: bytes

    @property
    def events(self) -> list[Event]:
        """Every event, in order."""
        return replay(self.wire)

    @property
    def text(self) -> str:
        """The answer's text."""
        return text_of(self.events)


def last_message(events: Iterable[Event], kind: str) -> MessageEvent | None:
    """The last of the agent's own messages of one type."""
    found = None
    for event in events:
        if (
            isinstance(event, MessageEvent)
            and event.type == kind
            and event.parent_tool_use_id is None
        ):
            found = event
    return found


def session_of(events: Iterable[Event]) -> str | None:
    """The session's id as the stream's first event told it."""
    return next((e.session_id for e in events if isinstance(e, SessionStartEvent)), None)
