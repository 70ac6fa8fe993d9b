"""What a caller passes, as the server takes it: ids and names in paths, queries, bodies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import quote
from uuid import UUID

from ash_client._options import NOT_GIVEN
from ash_client.errors import InvalidArgument

if TYPE_CHECKING:
    from ash_client import models

_ID = re.compile(r"[A-Za-z0-9_~@:-][A-Za-z0-9._~@:-]{0,254}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def id_text(value: Any, what: str = "session id") -> str:
    """An id as text: a string, a UUID, or a model that has an ``id``, such as a Session.

    Raises:
        InvalidArgument: It is no id.
    """
    text = value.id if what == "session id" and _is_session(value) else value
    if isinstance(text, UUID):
        return str(text)
    if isinstance(text, str) and _ID.fullmatch(text):
        return text
    shown = repr(value)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    message = f"{shown} is no {what}. Pass the id as the server gave it, for example session.id."
    raise InvalidArgument(message)


def _is_session(value: object) -> TypeGuard[models.Session]:
    """Whether it is a session; told without loading the models, which bring pydantic."""
    kind = type(value)
    return (kind.__module__, kind.__name__) == ("ash_client.models", "Session")


def id_part(value: Any, what: str = "session id") -> str:
    """Check an id and quote it for use in a path.

    Raises:
        InvalidArgument: It is no id.
    """
    return quote(id_text(value, what), safe="")


def name_part(value: Any, what: str = "agent name") -> str:
    """Quote a name for use in a path.

    Raises:
        InvalidArgument: It is empty, a relative path, or holds control characters.
    """
    if isinstance(value, str) and value not in ("", ".", "..") and not _CONTROL.search(value):
        return quote(value, safe="")
    message = f"{value!r} is no {what}."
    raise InvalidArgument(message)


def check_agent_name(name: object) -> str:
    """A name that the server takes for a new agent (packages/server/src/routes/agents.ts).

    Raises:
        InvalidArgument: It holds something else than letters, digits, ``_`` and ``-``.
    """
    if isinstance(name, str) and re.fullmatch(r"[a-zA-Z0-9_-]{1,255}", name):
        return name
    message = f"{name!r} cannot be an agent's name: the server takes letters, digits, '_' and '-'. Pass name."
    raise InvalidArgument(message)


def file_part(path: object) -> str:
    """Quote the path of a file inside a workspace, segment by segment.

    Raises:
        InvalidArgument: It is empty, absolute, or leaves the workspace.
    """
    segments = path.split("/") if isinstance(path, str) else [""]
    if any(s in ("", ".", "..") or _CONTROL.search(s) for s in segments):
        message = f"{path!r} is not the path of a file inside the workspace."
        raise InvalidArgument(message)
    return "/".join(quote(segment, safe="") for segment in segments)


def given(**options: Any) -> dict[str, Any]:
    """The options that were given, under their names on the wire: None is none."""
    return {name: _plain(value) for name, value in options.items() if value is not None}


def sent(**options: Any) -> dict[str, Any]:
    """The options that were given, None among them: it goes out as null, which clears a value."""
    return {name: _plain(value) for name, value in options.items() if value is not NOT_GIVEN}


def _plain(value: Any) -> Any:
    """An id that is not text yet, as text."""
    return id_text(value) if isinstance(value, UUID) or _is_session(value) else value


def query(**options: Any) -> dict[str, str]:
    """The query parameters that were given; booleans as the server spells them."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(_plain(value))
        for name, value in options.items()
        if value is not None
    }


def message_content(
    message: str | None, content: str | Sequence[Mapping[str, Any]] | None
) -> str | list[dict[str, Any]]:
    """The one content of a message.

    Raises:
        InvalidArgument: Neither or both were given, or it is empty.
    """
    if (message is None) == (content is None):
        text = "Pass either message (text) or content (text or a list of content blocks)."
        raise InvalidArgument(text)
    chosen = message if content is None else content
    if isinstance(chosen, str):
        if chosen:
            return chosen
        text = "The message is empty."
        raise InvalidArgument(text)
    if content is None or not _are_blocks(chosen):
        wanted = (
            "text"
            if content is None
            else "text, or a list of blocks such as {'type': 'text', 'text': '...'}"
        )
        text = f"{'message' if content is None else 'content'} must be {wanted}; not {type(chosen).__name__}."
        raise InvalidArgument(text)
    return [dict(block) for block in chosen or ()]


def _are_blocks(content: object) -> bool:
    if (
        isinstance(content, str | bytes | bytearray)
        or not isinstance(content, Sequence)
        or not content
    ):
        return False
    return all(isinstance(block, Mapping) for block in content)
