"""The agent: turns a scripted answer into the messages the agent SDK would send."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from ash_client.testing._http import to_json
from ash_client.testing.answers import AgentFailure, Event, Part, Thinking, Tool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ash_client.testing._events import Message

DEFAULT_MODEL: Final = "claude-sonnet-4-6"
EXIT_ERROR: Final = "Claude Code process exited with code 1"
# Measured with the agent SDK 0.2.71 (Claude Code 2.1.71) without a key, and with one that the
# model API answers with 401 authentication_error.
MISSING_KEY: Final = AgentFailure("Not logged in · Please run /login", "authentication_failed")
REFUSED_KEY: Final = AgentFailure("Invalid API key · Fix external API key", "authentication_failed")
_TOOLS: Final = (
    *("Task", "TaskOutput", "Bash", "Glob", "Grep", "ExitPlanMode", "Read", "Edit", "Write"),
    *("NotebookEdit", "WebFetch", "TodoWrite", "WebSearch", "TaskStop", "AskUserQuestion"),
    *("Skill", "EnterPlanMode", "EnterWorktree"),
)
_COMMANDS: Final = (
    *("debug", "simplify", "batch", "claude-api", "compact", "context", "cost", "heapdump"),
    *("init", "pr-comments", "release-notes", "review", "security-review", "insights"),
)
_NO_USAGE: Final = {
    "input_tokens": 0,
    "output_tokens": 0,
    "cache_creation_input_tokens": 0,
    "cache_read_input_tokens": 0,
    "server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 0},
    "service_tier": None,
    "cache_creation": {"ephemeral_1h_input_tokens": 0, "ephemeral_5m_input_tokens": 0},
    "inference_geo": None,
    "iterations": None,
    "speed": None,
}
_INPUT_TOKENS: Final = 25
_CACHE_CREATION_TOKENS: Final = 11
_CACHE_READ_TOKENS: Final = 7


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
        sdk_session_id: The agent SDK's own session; never the same.
        workspace: The agent's working directory.
        parts: The scripted answer.
        model: The model's name.
        partial: Whether deltas were asked for.
        max_turns: How many model calls are allowed, or None.
        key_source: Where the agent found its API key; ``none`` if it found none.
        permission_mode: The session's permission mode.
    """

    session_id: str
    sdk_session_id: str
    workspace: str
    parts: list[Part]
    model: str = DEFAULT_MODEL
    partial: bool = False
    max_turns: int | None = None
    key_source: str = "ANTHROPIC_API_KEY"
    permission_mode: str = "bypassPermissions"
    calls: int = 0
    output_tokens: int = 0
    last_text: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def signals(self) -> Iterator[Signal]:
        """The whole turn, from the agent's start to ``done``."""
        yield Signal("message", self._init())
        failure = next((p for p in self.parts if isinstance(p, AgentFailure)), None)
        for call in _model_calls(self.parts):
            if self.max_turns is not None and self.calls >= self.max_turns:
                self.calls += 1
                yield Signal("message", self._result(subtype="error_max_turns"))
                yield Signal("done", self.session_id)
                return
            yield from self._call(call)
        if failure is not None:
            yield from self._failed(failure)
        else:
            yield Signal("message", self._result())
        yield Signal("done", self.session_id)

    def _failed(self, failure: AgentFailure) -> Iterator[Signal]:
        self.calls, self.last_text = max(1, self.calls), failure.text
        yield Signal("message", self._synthetic(failure))
        yield Signal("message", self._result(is_error=True))
        yield Signal("error", EXIT_ERROR)

    def _call(self, parts: list[Part]) -> Iterator[Signal]:
        """One call of the model: its blocks, each a message of its own, then a tool's output."""
        if all(isinstance(part, Event) for part in parts):
            yield from (Signal("raw", part) for part in parts)
            return
        self.calls += 1
        message_id = f"msg_{uuid4().hex[:24]}"
        if self.partial:
            yield self._partial({"type": "message_start", "message": self._body(message_id, [])})
        for part in parts:
            if isinstance(part, Event):
                yield Signal("raw", part)
            else:
                yield from self._block(message_id, part)
        if self.partial:
            yield from self._message_end(isinstance(parts[-1], Tool))
        if isinstance(parts[-1], Tool):
            yield Signal("message", self._tool_result(parts[-1]))

    def _block(self, message_id: str, part: Part) -> Iterator[Signal]:
        block, deltas, empty = self._content(part)
        index = next(self._numbers) - 1
        if self.partial:
            yield self._partial(
                {"type": "content_block_start", "index": index, "content_block": empty}
            )
            for delta in deltas:
                yield self._partial({"type": "content_block_delta", "index": index, "delta": delta})
        yield Signal("message", self._enveloped("assistant", self._body(message_id, [block])))
        if self.partial:
            yield self._partial({"type": "content_block_stop", "index": index})

    def _content(self, part: Part) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
        """A part as its block, its deltas, and the empty block it starts as."""
        if isinstance(part, Thinking):
            return _thinking(part)
        if isinstance(part, Tool):
            return _tool_use(part, self._tool_id())
        text = str(part)
        self.last_text = text
        self.output_tokens += len(_pieces(text))
        deltas = [{"type": "text_delta", "text": piece} for piece in _pieces(text)]
        return {"type": "text", "text": text}, deltas, {"type": "text", "text": ""}

    def _tool_id(self) -> str:
        self._last_tool_id = f"toolu_{uuid4().hex[:24]}"
        self.output_tokens += 17
        return self._last_tool_id

    def _message_end(self, calls_tool: bool) -> Iterator[Signal]:
        reason = {"stop_reason": "tool_use" if calls_tool else "end_turn", "stop_sequence": None}
        usage = {"output_tokens": self.output_tokens}
        yield self._partial({"type": "message_delta", "delta": reason, "usage": usage})
        yield self._partial({"type": "message_stop"})

    def _partial(self, event: dict[str, Any]) -> Signal:
        message = {"type": "stream_event", "event": event, "session_id": self.sdk_session_id}
        return Signal("message", message | {"parent_tool_use_id": None, "uuid": str(uuid4())})

    def _body(self, message_id: str, content: list[dict[str, Any]]) -> dict[str, Any]:
        usage = _usage(1) | {"output_tokens": 1}
        body: Message = {
            "id": message_id,
            "type": "message",
            "role": "assistant",
            "model": self.model,
        }
        body |= {"content": content, "stop_reason": None, "stop_sequence": None, "usage": usage}
        return body | ({"context_management": None} if content else {})

    def _enveloped(self, kind: str, body: dict[str, Any]) -> Message:
        message = {"type": kind, "message": body, "parent_tool_use_id": None}
        return message | {"session_id": self.sdk_session_id, "uuid": str(uuid4())}

    def _tool_result(self, tool: Tool) -> Message:
        block: Message = {"tool_use_id": self._last_tool_id, "type": "tool_result"}
        block |= {"content": tool.output, "is_error": False}
        result: Message = {"stdout": tool.output, "stderr": "", "interrupted": False}
        result |= {"isImage": False, "noOutputExpected": False}
        message = self._enveloped("user", {"role": "user", "content": [block]})
        return message | {"tool_use_result": result}

    def _synthetic(self, failure: AgentFailure) -> Message:
        body: Message = {"id": str(uuid4()), "container": None, "model": "<synthetic>"}
        body |= {"role": "assistant", "stop_reason": "stop_sequence", "stop_sequence": ""}
        body |= {"type": "message", "usage": _NO_USAGE}
        body |= {"content": [{"type": "text", "text": failure.text}], "context_management": None}
        return self._enveloped("assistant", body) | {"error": failure.error}

    def _init(self) -> Message:
        message: Message = {"type": "system", "subtype": "init", "cwd": self.workspace}
        message |= {"session_id": self.sdk_session_id, "tools": list(_TOOLS), "mcp_servers": []}
        message |= {"model": self.model, "permissionMode": self.permission_mode}
        message |= {"slash_commands": list(_COMMANDS), "apiKeySource": self.key_source}
        message |= {"claude_code_version": "2.1.71", "output_style": "default"}
        message |= {"agents": ["general-purpose", "statusline-setup", "Explore", "Plan"]}
        message |= {"skills": list(_COMMANDS[:4]), "plugins": []}
        return message | {"uuid": str(uuid4()), "fast_mode_state": "off"}

    def _result(self, *, subtype: str = "success", is_error: bool = False) -> Message:
        reached_limit = subtype != "success"
        text = {} if reached_limit else {"result": self.last_text}
        message: Message = {"type": "result", "subtype": subtype, "is_error": is_error}
        message |= {"duration_ms": 667, "duration_api_ms": 101, "num_turns": max(1, self.calls)}
        stop_reason = "stop_sequence" if is_error else "end_turn"
        message |= {**text, "stop_reason": "tool_use" if reached_limit else stop_reason}
        message |= {"session_id": self.sdk_session_id, **self._costs(is_error)}
        message |= {"permission_denials": [], "fast_mode_state": "off", "uuid": str(uuid4())}
        return message | ({"errors": []} if reached_limit else {})

    def _costs(self, is_error: bool) -> dict[str, Any]:
        usage = _usage(0 if is_error else self.calls) | {"output_tokens": self.output_tokens}
        cost = round(usage["input_tokens"] * 3e-6 + self.output_tokens * 15e-6, 9)
        usage |= {
            "server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 0},
            "service_tier": "standard",
            "cache_creation": {"ephemeral_1h_input_tokens": 0, "ephemeral_5m_input_tokens": 0},
            "inference_geo": "",
            "iterations": [],
            "speed": "standard",
        }
        by_model = {} if is_error else {self.model: _model_usage(usage, cost)}
        return {"total_cost_usd": cost, "usage": usage, "modelUsage": by_model}


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


def _usage(calls: int) -> dict[str, Any]:
    return {
        "input_tokens": _INPUT_TOKENS * calls,
        "cache_creation_input_tokens": _CACHE_CREATION_TOKENS * calls,
        "cache_read_input_tokens": _CACHE_READ_TOKENS * calls,
    }


def _model_usage(usage: Mapping[str, Any], cost: float) -> dict[str, Any]:
    return {
        "inputTokens": usage["input_tokens"],
        "outputTokens": usage["output_tokens"],
        "cacheReadInputTokens": usage["cache_read_input_tokens"],
        "cacheCreationInputTokens": usage["cache_creation_input_tokens"],
        "webSearchRequests": 0,
        "costUSD": cost,
        "contextWindow": 200000,
        "maxOutputTokens": 32000,
    }
