"""Who may come in: Ash's three refusals, and the paths that need no key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_client.testing._http.errors import RefusalError, ash_error

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

_OPEN_PREFIXES = ("/docs", "/dashboard", "/api/internal/")


def is_open(target: str) -> bool:
    """Whether a request needs no key.

    The server compares the whole target, so ``/health?x=1`` needs one.
    """
    return target in ("/health", "/favicon.ico") or target.startswith(_OPEN_PREFIXES)


def check(target: str, headers: Mapping[str, str], keys: Container[str], *, any_key: bool) -> None:
    """Let the request in, or not.

    Args:
        target: The request's path and query, as sent.
        headers: Its headers.
        keys: The keys that are accepted.
        any_key: Whether a key is configured at all; with none everything is accepted that
            sends no header.

    Raises:
        RefusalError: 401, with the text that tells the three faults apart.
    """
    if is_open(target):
        return
    header = headers.get("authorization")
    if not header:
        if any_key:
            raise _refusal("Missing Authorization header")
        return
    scheme, *rest = header.split(" ")
    if scheme != "Bearer" or len(rest) != 1:
        raise _refusal("Invalid Authorization header format")
    if rest[0] not in keys:
        raise _refusal("Invalid API key")


def _refusal(text: str) -> RefusalError:
    return ash_error(401, text)
