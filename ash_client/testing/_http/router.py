"""An operation of the server, and how the one for a request is found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ash_client.testing._http.call import Handler
    from ash_client.testing._http.schema import Schema

MEGABYTE: Final = 1024 * 1024
DEFAULT_BODY_LIMIT: Final = MEGABYTE
_UUID: Final = {"type": "string", "format": "uuid"}
_ID_IS_A_UUID: Final = re.compile(r"/(sessions|queue|attachments|eval-\w+)/\{id\}")


@dataclass(frozen=True)
class Route:
    """One operation.

    Attributes:
        method: The HTTP method.
        pattern: The path, with ``{name}`` for a segment and ``{*}`` for the rest.
        handler: Who answers.
        body: What its body must be; None takes anything.
        query: What its query must be.
        terse: Statuses whose error bodies keep only ``error`` and ``statusCode``, whatever
            the reason was: those the route declares a schema for.
        bucket: Which limit it counts against.
        body_limit: The largest body in bytes.
    """

    method: str
    pattern: str
    handler: Handler
    body: Schema | None = None
    query: Schema = field(default_factory=dict)
    terse: frozenset[int] = frozenset()
    bucket: str = "requests"
    body_limit: int = DEFAULT_BODY_LIMIT

    @property
    def params(self) -> Schema:
        """What its parameters must be: most ids are UUIDs, the rest is free."""
        if not _ID_IS_A_UUID.search(self.pattern):
            return {}
        return {"type": "object", "properties": {"id": _UUID}, "required": ("id",)}


def route(method: str, pattern: str, handler: Handler, *terse: int, **more: Any) -> Route:
    """A route, with the statuses it declares."""
    return Route(method, pattern, handler, terse=frozenset(terse), **more)


class Router:
    """Finds the route of a request; fixed paths come before those with parameters."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self.routes = routes
        ordered = sorted(routes, key=lambda r: ("{*}" in r.pattern, r.pattern.count("{")))
        self._compiled = [(r, _compiled(r.pattern)) for r in ordered]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route and its parameters, percent-decoded; HEAD is answered like GET."""
        wanted = "GET" if method == "HEAD" else method
        for candidate, pattern in self._compiled:
            match = pattern.fullmatch(path) if candidate.method == wanted else None
            if match:
                values = match.groupdict()
                params = {k: unquote(v) for k, v in values.items()}
                return candidate, {"*" if k == "rest" else k: v for k, v in params.items()}
        return None


def _compiled(pattern: str) -> re.Pattern[str]:
    def parts() -> Iterator[str]:
        for literal, name in re.findall(r"([^{]*)(?:\{([^}]*)\})?", pattern):
            yield re.escape(literal)
            if name:
                yield "(?P<rest>.*)" if name == "*" else f"(?P<{name}>[^/]+)"

    return re.compile("".join(parts()))
