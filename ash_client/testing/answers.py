"""What an agent answers: the parts a test writes a scripted answer from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Tool:
    """The agent calls a tool and reads its output.

    Attributes:
        name: The tool's name, such as ``Bash``.
        input: What the agent calls it with.
        output: What the tool prints.
    """

    name: str
    input: Mapping[str, Any] = field(default_factory=dict)
    output: str = ""


@dataclass(frozen=True)
class Thinking:
    """The agent thinks aloud before it goes on."""

    text: str
    signature: str = "c2lnbmF0dXJl"


@dataclass(frozen=True)
class AgentFailure:
    """The agent's process fails: ``result`` with ``is_error``, then ``error``, and no ``done``.

    Attributes:
        text: What the agent says about it, for instance ``API Error: 529 ...``.
        error: The agent SDK's word for the kind of failure.
    """

    text: str
    error: str = "unknown"


@dataclass(frozen=True)
class Event:
    """One server-sent event, sent as it is.

    Attributes:
        event: The event's name.
        data: Its payload: text is sent verbatim, anything else as JSON.
    """

    event: str
    data: Any = field(default_factory=dict)


Part = str | Tool | Thinking | AgentFailure | Event
"""One piece of an answer; a plain string is a text of the agent."""

Answer = Part | Sequence[Part]
"""One whole answer: a single part, or its parts in order."""


@dataclass(frozen=True)
class Prompt:
    """The message an answer is wanted for.

    Attributes:
        text: All text of the message.
        content: The content as it was sent: a string or a list of blocks.
        session_id: The session.
        agent: The agent's name.
        options: The rest of the request's body (``model``, ``maxTurns`` ...).
    """

    text: str
    content: Any
    session_id: str
    agent: str
    options: Mapping[str, Any] = field(default_factory=dict)


Answerer = Callable[[Prompt], Answer]
"""Makes the answer to every message that no ``reply`` was scripted for."""


def echo(prompt: Prompt) -> Answer:
    """The answer nobody scripted."""
    return f"You said: {prompt.text}"


def parts_of(answer: Answer) -> list[Part]:
    """An answer as the list of its parts."""
    if isinstance(answer, (str, Tool, Thinking, AgentFailure, Event)):
        return [answer]
    return list(answer)


def text_of(content: Any) -> str:
    """The text in a message's content, blocks joined by line breaks."""
    if isinstance(content, list):
        texts = (b.get("text", "") if isinstance(b, dict) else str(b) for b in content)
        return "\n".join(t for t in texts if t)
    return str(content)
