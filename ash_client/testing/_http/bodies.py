"""Reads and checks what a request sends: its body, query and path parameters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ash_client.testing._http.errors import RefusalError, framework_error, payload_too_large
from ash_client.testing._http.router import DEFAULT_BODY_LIMIT, Route
from ash_client.testing._http.schema import InvalidError, Schema, conform

if TYPE_CHECKING:
    from ash_client.testing._http.connection import Connection
    from ash_client.testing._http.exchange import RequestHead


def read(connection: Connection, head: RequestHead, route: Route | None) -> bytes | None:
    """The body as sent, or None when it is too large: then it is left on the wire."""
    limit = route.body_limit if route is not None else DEFAULT_BODY_LIMIT
    length = head.headers.get("content-length", "0")
    if length.isdigit() and int(length) > limit:
        return None
    connection.continue_if_asked(head)
    return connection.read_body(head, limit)


def decoded(raw: bytes | None, head: RequestHead) -> Any:
    """The body as its content type says; None for none.

    Raises:
        RefusalError: 400, 413 or 415, as Fastify's parsers answer.
    """
    if raw is None:
        raise payload_too_large()
    if head.method in ("GET", "HEAD"):
        return None
    kind = head.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/json":
        return _json(raw, head.method)
    if not raw:
        return None
    if kind == "text/plain":
        return raw.decode("utf-8", "replace")
    shown = f"Unsupported Media Type: {kind}" if kind else "Unsupported Media Type"
    raise framework_error(415, shown, code="FST_ERR_CTP_INVALID_MEDIA_TYPE")


def _json(raw: bytes, method: str) -> Any:
    if not raw and method == "DELETE":
        return None
    if not raw:
        text = "Body cannot be empty when content-type is set to 'application/json'"
        raise framework_error(400, text, code="FST_ERR_CTP_EMPTY_JSON_BODY", close=True)
    try:
        return json.loads(raw)
    except ValueError:
        text = "Body is not valid JSON but content-type is set to 'application/json'"
        raise framework_error(400, text, code="FST_ERR_CTP_INVALID_JSON_BODY", close=True) from None


def checked(value: Any, schema: Schema | None, where: str) -> Any:
    """The value converted to its schema.

    Raises:
        RefusalError: 400, with Ajv's reason.
    """
    if not schema:
        return value
    try:
        result = conform(value if value is not None or where == "body" else {}, schema, where)
        if where == "body" and "content" in schema.get("required", ()):
            _check_content(result["content"])
    except InvalidError as error:
        raise framework_error(400, str(error), code="FST_ERR_VALIDATION") from None
    return result


def _check_content(content: Any) -> None:
    """A message's content: text, or blocks, and never exactly one block.

    The real server's validator converts a list of one into a string and a string into a list
    of one, finds that both forms fit, and refuses (fixed in no release so far).
    """
    if isinstance(content, str) and len(content) > 500_000:
        raise InvalidError("body/content must NOT have more than 500000 characters")
    if isinstance(content, dict) or content is None:
        raise InvalidError("body/content must match exactly one schema in oneOf")
    if isinstance(content, list):
        kinds = [b.get("type") if isinstance(b, dict) else None for b in content]
        known = all(kind in ("text", "image", "document") for kind in kinds)
        if len(content) == 1 or len(content) > 20 or not known:
            raise InvalidError("body/content must match exactly one schema in oneOf")


def shortened(refusal: RefusalError, route: Route) -> RefusalError:
    """The refusal as the route's response schema lets it through: without its reason."""
    if refusal.status not in route.terse or "message" not in refusal.body:
        return refusal
    body = {"error": refusal.body["error"], "statusCode": refusal.status}
    return RefusalError(refusal.status, body, headers=refusal.headers, close=refusal.close)
