"""A fake AWS on loopback: answers over HTTP in AWS's own wire formats, from botocore's models.

A ``World`` says what each operation answers; ``faults`` make an operation fail in a chosen way.
"""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

from ash_ops.aws.client.model_cache import trim
from ash_ops.aws.operations import BY_SERVICE

_BY_SIGNING = {
    "monitoring": "cloudwatch",
    "elasticloadbalancing": "elbv2",
    "servicequotas": "service-quotas",
}


class AwsError(Exception):
    """An error answer of the fake."""

    def __init__(self, code: str, message: str = "", status: int = 400) -> None:
        super().__init__(code)
        self.code, self.message, self.status = code, message, status


@cache
def _model(service: str) -> ServiceModel:
    """The calls that ash-ops makes: whole models are kept by every worker, 30 MB of them."""
    whole = Loader().load_service_model(service, "service-2")
    return ServiceModel(trim(whole, BY_SERVICE[service]), service)


class FakeAws:
    """Serves a world; use as a context manager.

    Attributes:
        answers: by ``service:Operation``: a dictionary, or a function of the request; bytes are sent as they are.
        faults: by ``service:Operation``, or ``*`` for all: see ``_misbehave``.
        calls: what was asked, in order.
        delay: seconds added to every call.
        ahead: seconds by which AWS's clock is ahead of this machine's.
    """

    def __init__(self, answers: dict[str, Any], *, delay: float = 0.0) -> None:
        self.answers = answers
        self.faults: dict[str, str] = {}
        self.calls: list[str] = []
        self.delay = delay
        self.ahead = 0.0
        self._quiet = threading.Event()
        for name in answers:  # parsing EC2's model takes longer than a test's patience
            _model(name.partition(":")[0])
        fake = self

        class Handler(_Handler):
            owner = fake

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FakeAws:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._quiet.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        found = self.answers.get(f"{service}:{operation}")
        if found is None:
            raise AwsError("UnknownOperationException", f"{service}:{operation}")
        return found(request) if callable(found) else found


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients of a fake hang up whenever they like."""


class _Handler(BaseHTTPRequestHandler):
    owner: FakeAws
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        service, operation, request = self._understand(body)
        name = f"{service}:{operation}"
        self.owner.calls.append(name)
        if self.owner.delay:
            time.sleep(self.owner.delay)
        fault = self.owner.faults.get(name) or self.owner.faults.get("*")
        if fault and self._misbehave(fault, service):
            return
        try:
            answer = self.owner.answer(service, operation, request)
            sent = ("text/html", answer) if isinstance(answer, bytes) else None
            self._send(200, *(sent or _written(service, operation, answer)))
        except AwsError as error:
            self._send(error.status, *_error(service, error.code, error.message))

    def _understand(self, body: bytes) -> tuple[str, str, dict[str, Any]]:
        scope = self.headers["authorization"].split("Credential=")[1].split("/")
        service = _BY_SIGNING.get(scope[3], scope[3])
        target = self.headers.get("x-amz-target")
        if target:
            return service, target.rsplit(".", 1)[-1], json.loads(body or b"{}")
        form = {key: values[0] for key, values in parse_qs(body.decode()).items()}
        return service, form["Action"], form

    def _misbehave(self, fault: str, service: str) -> bool:
        """Fail as told: denied, throttled, broken, html, nonsense, empty, silent or reset."""
        if fault == "denied":
            code = "UnauthorizedOperation" if service == "ec2" else "AccessDeniedException"
            self._send(403, *_error(service, code, "not authorized"))
        elif fault == "throttled":
            self._send(400, *_error(service, "ThrottlingException", "Rate exceeded"))
        elif fault == "5xx":
            self._send(503, *_error(service, "InternalFailure", "come back later"))
        elif fault == "html":
            self._send(502, "text/html", b"<html><body><h1>502 Bad Gateway</h1></body></html>")
        elif fault == "nonsense":
            self._send(200, "text/html", b"<html><p>Sign in to the hotel's network</p></html>")
        elif fault == "cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{")
            self.close_connection = True
        elif fault == "silent":
            self.owner._quiet.wait(30)
            self.close_connection = True
        elif fault == "reset":
            self.close_connection = True
        else:
            return False
        return True

    def _send(self, status: int, kind: str, body: bytes) -> None:
        date = self.date_time_string(int(time.time() + self.owner.ahead))
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        head += f"Date: {date}\r\n\r\n"
        self.wfile.write(head.encode() + body)


def _error(service: str, code: str, message: str) -> tuple[str, bytes]:
    if _protocol(service) == "json":
        return "application/x-amz-json-1.1", json.dumps(
            {"__type": code, "message": message}
        ).encode()
    error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if service == "ec2":
        return "text/xml", f"<Response><Errors><Error>{error}</Error></Errors></Response>".encode()
    return "text/xml", f"<ErrorResponse><Error>{error}</Error></ErrorResponse>".encode()


def _protocol(service: str) -> str:
    found = _model(service).resolved_protocol
    assert found is not None
    return found


def _written(service: str, operation: str, answer: Any) -> tuple[str, bytes]:
    shape = _model(service).operation_model(operation).output_shape
    if _protocol(service) == "json":
        return "application/x-amz-json-1.1", json.dumps(answer, default=_epoch).encode()
    body = "" if shape is None else _members(shape, answer, service)
    if service == "ec2":
        text = f"<{operation}Response>{body}<requestId>r</requestId></{operation}Response>"
    else:
        result = f"<{operation}Result>{body}</{operation}Result>"
        text = f"<{operation}Response>{result}</{operation}Response>"
    return "text/xml", text.encode()


def _epoch(value: Any) -> float:
    assert isinstance(value, datetime)
    return value.timestamp()


def _members(shape: Shape, value: dict[str, Any], service: str) -> str:
    texts = []
    for name, member in shape.members.items():  # type: ignore[attr-defined]  # structures have them
        if value.get(name) is not None:
            texts.append(_element(member, _tag(name, member, service), value[name], service))
    return "".join(texts)


def _tag(name: str, member: Shape, service: str) -> str:
    return str(member.serialization.get("name", name))


def _element(shape: Shape, tag: str, value: Any, service: str) -> str:
    if shape.type_name == "structure":
        return f"<{tag}>{_members(shape, value, service)}</{tag}>"
    if shape.type_name == "list":
        inner: Shape = shape.member  # type: ignore[attr-defined]  # lists have it
        item = inner.serialization.get("name", "item" if service == "ec2" else "member")
        rows = [_element(inner, item, row, service) for row in value]
        if shape.serialization.get("flattened"):
            return "".join(_element(inner, tag, row, service) for row in value)
        return f"<{tag}>{''.join(rows)}</{tag}>"
    return f"<{tag}>{escape(_scalar(value))}</{tag}>"


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)
