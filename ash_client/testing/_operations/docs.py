"""``GET /docs/json``: which operations there are, for whoever asks without a key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ash_client.testing._http.call import Call, ok
from ash_client.testing._http.router import Route

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ash_client.testing._http.exchange import Response


def documentation(routes: Iterable[Route]) -> Route:
    """The operation that describes the others: paths, methods and parameters, no schemas."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        names = re.findall(r"\{([^}]*)\}", route.pattern)
        parameters = [{"in": "path", "name": name, "required": True} for name in names]
        parameters += [{"in": "query", "name": n} for n in route.query.get("properties", ())]
        operation: dict[str, Any] = {"parameters": parameters, "responses": {}}
        paths.setdefault(route.pattern, {})[route.method.lower()] = operation

    def get_docs(call: Call) -> Response:
        info = {"title": "Ash API", "version": call.settings.version}
        return ok({"openapi": "3.0.3", "info": info, "paths": paths})

    return Route("GET", "/docs/json", get_docs)
