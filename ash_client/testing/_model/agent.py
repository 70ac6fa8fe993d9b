"""The agent: turns a scripted answer into what the sandbox says, message by message."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from ash_client.testing._http.exchange import to_json
from ash_client.testing._model.sdk import Outcome
from ash_client.testing.answers import AgentFailure, Event, Part, Thinking, Tool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ash_client.testing._model.sdk import SdkSession

_TOKENS_OF_A_TOOL_CALL: Final = 17
EXIT_ERROR: Final = "Claude Code process exited with code 1"
# Measured with the agent SDK 0.2.71 (Claude Code 2.1.71) without a key, and with one that the
# model API answers with 401 authentication_error.
MISSING_KEY: Final = AgentFailure("Not logged in · Please run /login", "authentication_failed")
REFUSED_KEY: Final = AgentFailure("Invalid API key · Fix external API key", "authentication_failed")


@dataclass(frozen=True)
class Signal:
    """What the sandbox tells the server: ``message``, ``raw``, ``error``, ``done`` or ``end``."""

    kind: str
    value: Any = None


@dataclass
class Turn:
    """One question and its scripted answer.

    Attributes:
        session_id: Ash's session.
        sdk: The agent SDK's own.
        parts: The scripted answer.
        partial: Whether deltas were asked for.
        max_turns: How many model calls are allowed, or None.
    """

    session_id: str
    sdk: SdkSession
    parts: list[Part]
    partial: bool = False
    max_turns: int | None = None
    outcome: Outcome = field(default_factory=Outcome)
    _tool_id: str = ""

    def signals(self) -> Iterator[Signal]:
        """The whole turn, from the agent's start to ``done``."""
        yield Signal("message", self.sdk.init())
        failure = next((p for p in self.parts if isinstance(p, AgentFailure)), None)
        reached_limit = False
        for call in _model_calls(self.parts):
            reached_limit = self.outcome.calls == self.max_turns
            if reached_limit:
                break
            yield from self._call(call)
        if reached_limit:
            self.outcome.calls += 1
            yield Signal("message", self.sdk.limited_result(self.outcome))
        elif failure is not None:
            yield from self._failed(failure)
        else:
            yield Signal("message", self.sdk.result(self.outcome))
        yield Signal("done", self.session_id)

    def _failed(self, failure: AgentFailure) -> Iterator[Signal]:
        self.outcome.text = failure.text
        yield Signal("message", self.sdk.failure(failure))
        yield Signal("message", self.sdk.failed_result(self.outcome))
        yield Signal("error", EXIT_ERROR)

    def _call(self, parts: list[Part]) -> Iterator[Signal]:
        """One call of the model: its blocks, each a message of its own, then a tool's output."""
        if all(isinstance(part, Event) for part in parts):
            yield from (Signal("raw", part) for part in parts)
            return
        self.outcome.calls += 1
        message_id = f"msg_{uuid4().hex[:24]}"
        if self.partial:
            yield Signal("message", self.sdk.started(message_id))
        index = count()
        for part in parts:
            if isinstance(part, Event):
                yield Signal("raw", part)
            else:
                yield from self._block(message_id, next(index), part)
        if self.partial:
            yield from self._message_end(isinstance(parts[-1], Tool))
        if isinstance(parts[-1], Tool):
            yield Signal("message", self.sdk.tool_result(self._tool_id, parts[-1].output))

    def _block(self, message_id: str, index: int, part: Part) -> Iterator[Signal]:
        block, deltas, empty = self._content(part)
        if self.partial:
            start = {"type": "content_block_start", "index": index, "content_block": empty}
            yield self._partial(start)
            for delta in deltas:
                yield self._partial({"type": "content_block_delta", "index": index, "delta": delta})
        yield Signal("message", self.sdk.assistant(message_id, block))
        if self.partial:
            yield self._partial({"type": "content_block_stop", "index": index})

    def _content(self, part: Part) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
        """A part as its block, its deltas, and the empty block it starts as."""
        if isinstance(part, Thinking):
            return _thinking(part)
        if isinstance(part, Tool):
            self._tool_id = f"toolu_{uuid4().hex[:24]}"
            self.outcome.output_tokens += _TOKENS_OF_A_TOOL_CALL
            return _tool_use(part, self._tool_id)
        text = str(part)
        self.outcome.text = text
        self.outcome.output_tokens += len(_pieces(text))
        deltas = [{"type": "text_delta", "text": piece} for piece in _pieces(text)]
        return {"type": "text", "text": text}, deltas, {"type": "text", "text": ""}

    def _message_end(self, calls_tool: bool) -> Iterator[Signal]:
        reason = {"stop_reason": "tool_use" if calls_tool else "end_turn", "stop_sequence": None}
        usage = {"output_tokens": self.outcome.output_tokens}
        yield self._partial({"type": "message_delta", "delta": reason, "usage": usage})
        yield self._partial({"type": "message_stop"})

    def _partial(self, event: dict[str, Any]) -> Signal:
        return Signal("message", self.sdk.stream_event(event))


def _model_calls(parts: list[Part]) -> Iterator[list[Part]]:
    """The parts of each call of the model: a tool ends one, its output begins the next."""
    call: list[Part] = []
    for part in parts:
        if isinstance(part, AgentFailure):
            continue
        call.append(part)
        if isinstance(part, Tool):
            yield call
            call = []
    if call:
        yield call


def _thinking(part: Thinking) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
    block = {"type": "thinking", "thinking": part.text, "signature": part.signature}
    deltas = [{"type": "thinking_delta", "thinking": piece} for piece in _pieces(part.text)]
    deltas.append({"type": "signature_delta", "signature": part.signature})
    return block, deltas, {"type": "thinking", "thinking": "", "signature": ""}


def _tool_use(
    part: Tool, tool_id: str
) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
    head = {"type": "tool_use", "id": tool_id, "name": part.name}
    json_text = to_json(dict(part.input))
    half = len(json_text) // 2
    deltas = [
        {"type": "input_json_delta", "partial_json": piece}
        for piece in ("", json_text[:half], json_text[half:])
    ]
    return head | {"input": dict(part.input)}, deltas, head | {"input": {}}


def _pieces(text: str) -> list[str]:
    """The text in the pieces it is streamed in: words with the space after them."""
    return re.findall(r"\s*\S+\s?|\s+", text)
