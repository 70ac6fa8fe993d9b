"""The messages of the agent SDK (0.2.71), as the real server passes them on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ash_client.testing._model.events import Message
    from ash_client.testing.answers import AgentFailure

DEFAULT_MODEL: Final = "claude-sonnet-4-6"
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


@dataclass
class Outcome:
    """What a turn has come to so far.

    Attributes:
        calls: How often the model was called.
        output_tokens: What it wrote; each word counts as one token.
        text: Its last text.
    """

    calls: int = 0
    output_tokens: int = 0
    text: str = ""


@dataclass(frozen=True)
class SdkSession:
    """One session of the agent SDK, and what stands in every message of it.

    Attributes:
        id: Its id; never that of Ash's session.
        workspace: The agent's working directory.
        model: The model's name.
        key_source: Where the agent found its API key; ``none`` if it found none.
        permission_mode: The session's permission mode.
    """

    id: str
    workspace: str
    model: str = DEFAULT_MODEL
    key_source: str = "ANTHROPIC_API_KEY"
    permission_mode: str = "bypassPermissions"

    def init(self) -> Message:
        """The first message of every turn."""
        message: Message = {"type": "system", "subtype": "init", "cwd": self.workspace}
        message |= {"session_id": self.id, "tools": list(_TOOLS), "mcp_servers": []}
        message |= {"model": self.model, "permissionMode": self.permission_mode}
        message |= {"slash_commands": list(_COMMANDS), "apiKeySource": self.key_source}
        message |= {"claude_code_version": "2.1.71", "output_style": "default"}
        message |= {"agents": ["general-purpose", "statusline-setup", "Explore", "Plan"]}
        message |= {"skills": list(_COMMANDS[:4]), "plugins": []}
        return message | {"uuid": str(uuid4()), "fast_mode_state": "off"}

    def stream_event(self, event: dict[str, Any]) -> Message:
        """A part of a message while it is being written."""
        message = {"type": "stream_event", "event": event, "session_id": self.id}
        return message | {"parent_tool_use_id": None, "uuid": str(uuid4())}

    def started(self, message_id: str) -> Message:
        """The part that begins a message."""
        return self.stream_event({"type": "message_start", "message": self._body(message_id, [])})

    def assistant(self, message_id: str, block: dict[str, Any]) -> Message:
        """One finished block."""
        body = self._body(message_id, [block]) | {"context_management": None}
        return self._enveloped("assistant", body)

    def tool_result(self, tool_id: str, output: str) -> Message:
        """What a tool printed."""
        block: Message = {"tool_use_id": tool_id, "type": "tool_result"}
        block |= {"content": output, "is_error": False}
        result: Message = {"stdout": output, "stderr": "", "interrupted": False}
        result |= {"isImage": False, "noOutputExpected": False}
        message = self._enveloped("user", {"role": "user", "content": [block]})
        return message | {"tool_use_result": result}

    def failure(self, failure: AgentFailure) -> Message:
        """What the agent says in the model's place when it cannot go on."""
        body: Message = {"id": str(uuid4()), "container": None, "model": "<synthetic>"}
        body |= {"role": "assistant", "stop_reason": "stop_sequence", "stop_sequence": ""}
        body |= {"type": "message", "usage": _NO_USAGE}
        body |= {"content": [{"type": "text", "text": failure.text}], "context_management": None}
        return self._enveloped("assistant", body) | {"error": failure.error}

    def result(self, outcome: Outcome) -> Message:
        """The last message of a turn that ended by itself."""
        return self._result(outcome, "success", "end_turn", result=outcome.text)

    def failed_result(self, outcome: Outcome) -> Message:
        """The last message of a turn that failed: still a "success", but with ``is_error``."""
        message = self._result(outcome, "success", "stop_sequence", result=outcome.text)
        return message | {"is_error": True, "modelUsage": {}}

    def limited_result(self, outcome: Outcome) -> Message:
        """The last message of a turn that reached its limit: it has no text at all."""
        return self._result(outcome, "error_max_turns", "tool_use") | {"errors": []}

    def _result(self, outcome: Outcome, subtype: str, stop_reason: str, **text: str) -> Message:
        message: Message = {"type": "result", "subtype": subtype, "is_error": False}
        message |= {"duration_ms": 667, "duration_api_ms": 101, "num_turns": max(1, outcome.calls)}
        message |= {**text, "stop_reason": stop_reason, "session_id": self.id}
        message |= self._costs(outcome)
        message |= {"permission_denials": [], "fast_mode_state": "off", "uuid": str(uuid4())}
        return message

    def _body(self, message_id: str, content: list[dict[str, Any]]) -> Message:
        body: Message = {"id": message_id, "type": "message", "role": "assistant"}
        body |= {"model": self.model, "content": content, "stop_reason": None}
        return body | {"stop_sequence": None, "usage": _usage(1) | {"output_tokens": 1}}

    def _enveloped(self, kind: str, body: dict[str, Any]) -> Message:
        message = {"type": kind, "message": body, "parent_tool_use_id": None}
        return message | {"session_id": self.id, "uuid": str(uuid4())}

    def _costs(self, outcome: Outcome) -> dict[str, Any]:
        usage = _usage(outcome.calls) | {"output_tokens": outcome.output_tokens}
        # JavaScript writes no cost as 0, not as 0.0.
        cost = round(usage["input_tokens"] * 3e-6 + outcome.output_tokens * 15e-6, 9) or 0
        usage |= {
            "server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 0},
            "service_tier": "standard",
            "cache_creation": {"ephemeral_1h_input_tokens": 0, "ephemeral_5m_input_tokens": 0},
            "inference_geo": "",
            "iterations": [],
            "speed": "standard",
        }
        by_model = {self.model: _model_usage(usage, cost)}
        return {"total_cost_usd": cost, "usage": usage, "modelUsage": by_model}


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
