"""A session as a conversation: ``with client.session("my-agent") as chat: print(chat.send("Hello!"))``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ash_client._async.chat import AsyncChat
    from ash_client._sync.chat import Chat
    from ash_client.events import ResultMessage
    from ash_client.models import Usage

__all__ = ["AsyncChat", "Chat", "Reply"]

_HOMES = {"AsyncChat": "ash_client._async.chat", "Chat": "ash_client._sync.chat"}


@dataclass(frozen=True)
class Reply:
    """The whole answer to one message; as text it is the answer's text.

    Attributes:
        text: What the agent said.
        session_id: The session it was said in.
        usage: Tokens and cost; None where the server told none.
        result: The agent SDK's ``result`` message; None where there was none.
    """

    text: str
    session_id: str
    usage: Usage | None = None
    result: ResultMessage | None = None

    def __str__(self) -> str:
        return self.text


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
