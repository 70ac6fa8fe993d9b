"""What the operations accept, as the real server's OpenAPI document says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ash_client.testing._http.schema import Schema


def body(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    """An object with these properties."""
    return {"type": "object", "properties": properties, "required": required}


def text(**more: Any) -> Schema:
    """A string."""
    return {"type": "string", **more}


def integer(**more: Any) -> Schema:
    """A whole number."""
    return {"type": "integer", **more}


def array(items: Schema, **more: Any) -> Schema:
    """A list."""
    return {"type": "array", "items": items, **more}


def nullable(schema: Schema) -> Schema:
    """The same, or null."""
    return {**schema, "nullable": True}


TEXT: Final = text()
TEXTS: Final = array(TEXT)
UUID: Final = text(format="uuid")
MOMENT: Final = text(format="date-time")
OBJECT: Final[Schema] = {"type": "object"}
VARIABLES: Final[Schema] = {"type": "object", "additionalProperties": TEXT}
NAMED_FILE: Final = body(("path", "content"), path=TEXT, content=TEXT)
NAMED_FILES: Final = body(("files",), files=array(NAMED_FILE))
FILE_QUERY: Final = body(format=text(enum=["json", "raw"]))


def page(default: int) -> Schema:
    """The query of a list that is read page by page."""
    limit = integer(minimum=1, maximum=1000, default=default)
    return body(limit=limit, after=integer(minimum=0, default=0), type=TEXT)


# -- sessions ---------------------------------------------------------------------------------

_CONFIG: Final[dict[str, Schema]] = {
    "model": text(maxLength=100),
    "allowedTools": TEXTS,
    "disallowedTools": TEXTS,
    "betas": TEXTS,
    "subagents": OBJECT,
    "initialAgent": TEXT,
}
SESSION_CONFIG: Final = body((), **_CONFIG)
NEW_SESSION: Final = body(
    ("agent",),
    agent=text(minLength=1, maxLength=255),
    credentialId=text(maxLength=255),
    extraEnv=VARIABLES,
    mcpServers={"type": "object", "additionalProperties": OBJECT},
    systemPrompt=text(maxLength=1_000_000),
    permissionMode=text(enum=["bypassPermissions", "permissionsByAgent", "default"]),
    **_CONFIG,
)
NEW_MESSAGE: Final = body(
    ("content",),
    includePartialMessages={"type": "boolean"},
    model=text(maxLength=100),
    maxTurns=integer(minimum=1),
    maxBudgetUsd={"type": "number", "minimum": 0},
    effort=text(enum=["low", "medium", "high", "max"]),
    thinking=body(("type",), type=TEXT, budgetTokens=integer()),
    outputFormat=body(("type", "schema"), type=TEXT, schema=OBJECT),
)
LOGS_QUERY: Final = body(after=integer(minimum=-1, default=-1))
COMMAND: Final = body(("command",), command=TEXT, timeout=integer(minimum=1, maximum=300_000))
FILES_QUERY: Final = body(includeHidden=text(enum=["true", "false"]))
WRITTEN_FILES: Final = body(
    ("files",), files=array(NAMED_FILE, minItems=1), targetPath=text(default=".")
)
BUNDLE: Final = body(("bundle",), bundle=TEXT)
ATTACHMENT: Final = body(
    ("filename", "content"),
    filename=text(minLength=1),
    mimeType=text(default="application/octet-stream"),
    content=TEXT,
    messageId=UUID,
)

# -- agents -----------------------------------------------------------------------------------

NEW_AGENT: Final = body(
    ("name",),
    name=text(minLength=1, maxLength=255, pattern="^[a-zA-Z0-9_-]+$"),
    path=text(maxLength=4096),
    systemPrompt=text(maxLength=1_000_000),
    files=array(NAMED_FILE),
    env=VARIABLES,
)
AGENT_CHANGES: Final = body(env=VARIABLES, config=OBJECT)
VERSION: Final = body(
    name=text(maxLength=255),
    systemPrompt=text(maxLength=1_000_000),
    releaseNotes=text(maxLength=10_000),
    knowledgeFiles=TEXTS,
)
_CASE: Final[dict[str, Schema]] = {
    "question": text(minLength=1),
    "expectedTopics": nullable(TEXTS),
    "expectedNotTopics": nullable(TEXTS),
    "referenceAnswer": nullable(TEXT),
    "category": nullable(TEXT),
    "tags": nullable(TEXTS),
    "chatHistory": nullable(array(body(("role", "content"), role=TEXT, content=TEXT))),
    "isActive": {"type": "boolean"},
}
NEW_CASE: Final = body(("question",), **_CASE)
CASE_CHANGES: Final = body((), **_CASE)
CASES: Final = body(("cases",), cases=array(NEW_CASE))
CASES_QUERY: Final = body(category=TEXT, isActive=text(enum=["true", "false"]))
RUN: Final = body(versionNumber=integer(), categories=TEXTS, tags=TEXTS)
RUNS_QUERY: Final = body(("runA", "runB"), runA=UUID, runB=UUID)
_SCORE: Final[dict[str, Schema]] = {
    "humanScore": {"type": "number", "minimum": 1, "maximum": 5},
    "humanNotes": text(maxLength=10_000),
}
SCORE: Final = body((), **_SCORE)
RUN_SCORE: Final = body((), resultId=UUID, **_SCORE)

# -- the rest ---------------------------------------------------------------------------------

CREDENTIAL: Final = body(
    ("type", "key"),
    type=text(enum=["anthropic", "openai", "bedrock", "custom"]),
    key=text(minLength=1),
    label=TEXT,
)
QUEUE_ITEM: Final = body(
    ("agentName", "prompt"),
    agentName=TEXT,
    prompt=text(minLength=1),
    sessionId=UUID,
    priority=integer(minimum=0, default=0),
    maxRetries=integer(minimum=0, default=3),
)
QUEUE_QUERY: Final = body(
    status=text(enum=["pending", "processing", "completed", "failed", "cancelled"]),
    limit=integer(minimum=1, maximum=500, default=50),
)
_PERIOD: Final[dict[str, Schema]] = {
    "sessionId": UUID,
    "agentName": TEXT,
    "after": MOMENT,
    "before": MOMENT,
}
USAGE_QUERY: Final = body((), limit=integer(minimum=1, maximum=1000, default=100), **_PERIOD)
STATS_QUERY: Final = body((), **_PERIOD)
