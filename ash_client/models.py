"""What the server answers, as typed values.

Unknown fields are kept and unknown values of an enumeration are just strings, so a newer server does not break an older
client. Ids are strings: today's server makes UUIDs, which is its own affair. Annotations are evaluated here on purpose:
pydantic would otherwise evaluate each of them from text, which makes this module twice as slow to import.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.alias_generators import to_camel

from ash_client._wire.strict_json import decode

if TYPE_CHECKING:
    from ash_client.events import MessageEvent

__all__ = [
    "Agent",
    "AgentVersion",
    "Analytics",
    "ApiKey",
    "Attachment",
    "Credential",
    "EvalCase",
    "EvalComparison",
    "EvalResult",
    "EvalRun",
    "ExecResult",
    "FileContent",
    "FileInfo",
    "Health",
    "LogEntry",
    "Message",
    "Model",
    "Pool",
    "QueueItem",
    "QueueStats",
    "Runner",
    "RunnerList",
    "Session",
    "SessionEvent",
    "Usage",
    "UsageEvent",
    "UsageStats",
    "WrittenFile",
]


def _or_none(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return handler(value)
    except ValueError:
        return None


Time = Annotated[datetime | None, WrapValidator(_or_none)]
"""A moment; None where the server sent none, or something that is no date."""


class Model(BaseModel):
    """The base: snake_case here, camelCase on the wire, unknown fields in ``model_extra``."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="allow",
        frozen=True,
        defer_build=True,
        protected_namespaces=(),
    )


class Agent(Model):
    """A deployed agent. The server masks the values of ``env``."""

    name: str
    id: str | None = None
    version: int | None = None
    path: str | None = None
    env: dict[str, Any] | None = None
    tenant_id: str | None = None
    created_at: Time = None
    updated_at: Time = None


class Session(Model):
    """A session. ``status`` is starting, active, paused, stopped, ended, error, or what a newer server may say."""

    id: str
    status: str
    agent_name: str | None = None
    sandbox_id: str | None = None
    runner_id: str | None = None
    parent_session_id: str | None = None
    tenant_id: str | None = None
    created_at: Time = None
    last_active_at: Time = None


class Message(Model):
    """A stored message. ``content`` is the JSON text the server keeps; ``data`` is it decoded."""

    id: str
    role: str
    content: str
    sequence: int
    session_id: str | None = None
    tenant_id: str | None = None
    created_at: Time = None

    @property
    def data(self) -> JsonValue:
        """The stored message, decoded.

        Raises:
            DecodeError: It is not JSON.
        """
        stored: JsonValue = decode(self.content.encode(), "a stored message")
        return stored

    @property
    def text(self) -> str:
        """The message's text: of the user's or the agent's words, or of a ``result``; empty where there is none.

        The ``result`` stored behind a turn repeats the agent's words; ``type`` tells it.

        Raises:
            DecodeError: It is not JSON.
        """
        data = self.data
        if not isinstance(data, dict):
            return data if isinstance(data, str) else ""
        if self.type == "result":
            return str(data.get("result") or "")
        message = data.get("message")
        content = message.get("content") if isinstance(message, dict) else data.get("content")
        parts = content if isinstance(content, list) else [content]
        return "".join(_text_of(part) for part in parts)

    @property
    def type(self) -> str:
        """The stored message's own type (user, assistant, result ...); empty where it has none.

        Raises:
            DecodeError: It is not JSON.
        """
        kind = self.data.get("type") if isinstance(self.data, dict) else None
        return kind if isinstance(kind, str) else ""


def _text_of(part: JsonValue) -> str:
    """The text of a content block; the server stores plain words of a user as they are."""
    if isinstance(part, dict):
        part = part.get("text") if part.get("type") == "text" else None
    return part if isinstance(part, str) else ""


class SessionEvent(Model):
    """An entry of a session's timeline. ``data`` is JSON text, or None."""

    id: str
    type: str
    sequence: int
    data: str | None = None
    session_id: str | None = None
    tenant_id: str | None = None
    created_at: Time = None


class LogEntry(Model):
    """A line a session's sandbox wrote. ``level`` is stdout, stderr or system."""

    index: int
    level: str
    text: str
    ts: Time = None


class ExecResult(Model):
    """What a command in a sandbox did."""

    exit_code: int
    stdout: str = ""
    stderr: str = ""


class FileInfo(Model):
    """A file in a workspace; ``size`` in bytes."""

    path: str
    size: int = 0
    modified_at: Time = None


class WrittenFile(Model):
    """What became of a file that was to be written: ``size`` in bytes, or ``error`` with the server's reason."""

    path: str
    written: bool
    size: int | None = None
    error: str | None = None


class FileContent(Model):
    """A file and its text."""

    path: str
    content: str
    size: int | None = None
    source: str | None = None


class Credential(Model):
    """A stored credential; the server never shows its key."""

    id: str
    type: str | None = None
    label: str | None = None
    active: bool | None = None
    created_at: Time = None
    last_used_at: Time = None


class QueueItem(Model):
    """A queued prompt. ``status`` is pending, processing, completed, failed or cancelled."""

    id: str
    status: str
    agent_name: str | None = None
    prompt: str | None = None
    session_id: str | None = None
    priority: int = 0
    retry_count: int = 0
    max_retries: int = 0
    error: str | None = None
    tenant_id: str | None = None
    created_at: Time = None
    started_at: Time = None
    completed_at: Time = None


class QueueStats(Model):
    """Queued prompts by status."""

    pending: int = 0
    processing: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0


class Attachment(Model):
    """A file attached to a session; ``size`` in bytes."""

    id: str
    filename: str
    mime_type: str | None = None
    size: int | None = None
    session_id: str | None = None
    message_id: str | None = None
    tenant_id: str | None = None
    created_at: Time = None


class UsageEvent(Model):
    """One counted use."""

    id: str
    event_type: str
    value: float
    session_id: str | None = None
    agent_name: str | None = None
    tenant_id: str | None = None
    created_at: Time = None


class UsageStats(Model):
    """Counted use in total. The server of today leaves ``total_tool_calls`` at 0."""

    total_input_tokens: float = 0
    total_output_tokens: float = 0
    total_cache_creation_tokens: float = 0
    total_cache_read_tokens: float = 0
    total_tool_calls: float = 0
    total_messages: float = 0
    total_compute_seconds: float = 0


class Usage(Model):
    """Tokens and cost of one turn."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_creation_input_tokens: int = 0
    cache_read_input_tokens: int = 0
    total_cost_usd: float | None = None
    num_turns: int | None = None

    @classmethod
    def of_result(cls, result: "MessageEvent | None") -> "Usage | None":
        """Read the usage out of a ``result`` message; None where it holds none that can be read."""
        usage = result.data.get("usage") if result is not None else None
        if result is None or not isinstance(usage, dict):
            return None
        totals = {name: result.data.get(name) for name in ("total_cost_usd", "num_turns")}
        try:
            return cls.model_validate({**usage, **totals})
        except ValueError:
            return None


class Pool(Model):
    """The sandboxes of a server; all zeros on a coordinator."""

    total: int = 0
    cold: int = 0
    warming: int = 0
    warm: int = 0
    waiting: int = 0
    running: int = 0
    max_capacity: int = 0
    resume_warm_hits: int = 0
    resume_cold_hits: int = 0
    pre_warm_hits: int = 0


class Health(Model):
    """What ``/health`` says; ``uptime`` in seconds."""

    status: str
    version: str | None = None
    coordinator_id: str | None = None
    active_sessions: int = 0
    active_sandboxes: int = 0
    remote_runners: int = 0
    uptime: float = 0
    pool: Pool | None = None


class AgentVersion(Model):
    """A version of an agent."""

    version_number: int
    id: str | None = None
    agent_name: str | None = None
    name: str | None = None
    system_prompt: str | None = None
    release_notes: str | None = None
    is_active: bool = False
    knowledge_files: list[Any] | None = None
    created_by: str | None = None
    tenant_id: str | None = None
    created_at: Time = None
    updated_at: Time = None


class EvalCase(Model):
    """A question an agent is tested with."""

    question: str
    id: str | None = None
    agent_name: str | None = None
    expected_topics: list[str] | None = None
    expected_not_topics: list[str] | None = None
    reference_answer: str | None = None
    category: str | None = None
    tags: list[str] | None = None
    chat_history: list[dict[str, Any]] | None = None
    is_active: bool | None = None
    tenant_id: str | None = None
    created_at: Time = None
    updated_at: Time = None


class EvalRun(Model):
    """A run of an agent's eval cases. ``status`` is pending, running, completed or failed."""

    id: str
    status: str
    agent_name: str | None = None
    version_number: int | None = None
    total_cases: int = 0
    completed_cases: int = 0
    summary: dict[str, Any] | None = None
    tenant_id: str | None = None
    created_at: Time = None
    started_at: Time = None
    completed_at: Time = None


class EvalResult(Model):
    """What an agent answered to an eval case, and its scores."""

    id: str
    status: str | None = None
    eval_run_id: str | None = None
    eval_case_id: str | None = None
    agent_response: str | None = None
    topic_score: float | None = None
    safety_score: float | None = None
    llm_judge_score: float | None = None
    human_score: float | None = None
    human_notes: str | None = None
    latency_ms: int | None = None
    error: str | None = None
    tenant_id: str | None = None
    created_at: Time = None
    completed_at: Time = None


class EvalComparison(Model):
    """Two eval runs side by side."""

    run_a: dict[str, Any]
    run_b: dict[str, Any]
    results: list[Any]


class Analytics(Model):
    """Counts over everything the key may see."""

    agents: dict[str, Any]
    sessions: dict[str, Any]
    usage: UsageStats
    evals: dict[str, Any]


class ApiKey(Model):
    """An API key. ``key`` is present only in the answer that created it, and never in the ``repr``.

    ``key_prefix`` is what the server shows of it: dots, after at most its first eight characters.
    """

    id: str
    label: str | None = None
    key: str | None = None
    key_prefix: str | None = Field(default=None, repr=False)
    tenant_id: str | None = None
    created_at: Time = None
    last_used_at: Time = None

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        """Mask the key."""
        return [
            (name, "***" if name == "key" and value else value)
            for name, value in super().__repr_args__()
        ]


class Runner(Model):
    """A machine that runs sandboxes for a coordinator; ``active`` of at most ``max_sandboxes`` are in use."""

    runner_id: str | None = None
    host: str | None = None
    port: int | None = None
    active: int = 0
    max_sandboxes: int | None = Field(default=None, alias="max")
    last_heartbeat: Time = None


class RunnerList(Model):
    """The runners a coordinator knows."""

    runners: list[Runner] = []
    count: int = 0
    has_local: bool | None = None
