"""The two shapes of Ash's error bodies, and the exception that carries one to the wire."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ash_client.testing._http.exchange import JSON_TYPE, Response


class RefusalError(Exception):
    """A request is answered with an error.

    Attributes:
        status: The HTTP status.
        body: The JSON body.
        headers: Headers on top of the usual ones.
        close: Whether the server closes the connection, as it does when a body was not read.
    """

    def __init__(
        self,
        status: int,
        body: dict[str, Any],
        *,
        headers: dict[str, str] | None = None,
        close: bool = False,
    ) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = headers or {}
        self.close = close

    def response(self) -> Response:
        """The answer that carries this error."""
        headers = self.headers | {"content-type": JSON_TYPE}
        return Response(self.status, self.body, headers, self.close)


def ash_error(status: int, text: str, *, close: bool = False) -> RefusalError:
    """An error of Ash's own code: ``{error, statusCode}``."""
    return RefusalError(status, {"error": text, "statusCode": status}, close=close)


def framework_error(
    status: int, message: str, *, code: str | None = None, close: bool = False
) -> RefusalError:
    """An error of Fastify or a plugin: ``{statusCode, code?, error, message}``."""
    body: dict[str, Any] = {"statusCode": status}
    if code is not None:
        body["code"] = code
    body |= {"error": HTTPStatus(status).phrase, "message": message}
    return RefusalError(status, body, close=close)


def payload_too_large() -> RefusalError:
    """Sent before the body is read, so the connection cannot be used again."""
    refusal = framework_error(
        413, "Request body is too large", code="FST_ERR_CTP_BODY_TOO_LARGE", close=True
    )
    # The phrase changed to "Content Too Large" in RFC 9110; Node kept the old one.
    refusal.body["error"] = "Payload Too Large"
    return refusal


def route_not_found(method: str, target: str) -> RefusalError:
    """The answer for a path the server does not know; the keys come in this order."""
    return RefusalError(
        404,
        {"message": f"Route {method}:{target} not found", "error": "Not Found", "statusCode": 404},
    )
