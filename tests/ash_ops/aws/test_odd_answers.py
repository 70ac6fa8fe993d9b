"""Answers that a service should not give and gives all the same: read as far as they can be."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ash_ops.aws import operations as op
from ash_ops.aws.client.json_api import JsonApi, RenewableCredentials, Reply
from ash_ops.aws.logs import LogsReader, Query
from ash_ops.errors import ReadFailed
from ash_ops.settings import Options, load

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_REGION": "us-east-1",
}


@contextmanager
def answering(status: int, body: bytes, headers: dict[str, str]) -> Iterator[str]:
    """A server that gives one answer to everything, whole or cut short."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response_only(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def asked(body: bytes, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with answering(status, body, named) as url:
        api = JsonApi("logs", RenewableCredentials(load(Options(endpoint_url=url), KEYS)))
        return api.call(op.FILTER_LOG_EVENTS, {})


@pytest.mark.parametrize(
    ("body", "headers", "text", "remark"),
    [
        (
            gzip.compress(b'{"a":"x"}', mtime=0),
            {"Content_Encoding": "gzip"},
            "x",
            "nobody asked for gzip",
        ),
        (b'{"a":"x\xff"}', {}, "x\ufffd", "bytes that are no UTF-8"),
        (b'{"a":"x\x07\n"}', {}, "x\\x07\n", "control characters that JSON forbids"),
        (b'{"a":"\\ud83d"}', {}, "<U+D83D>", "half of a pair"),
    ],
)
def test_a_page_is_read(body: bytes, headers: dict[str, str], text: str, remark: str) -> None:
    assert asked(body, **headers).answer == {"a": text}


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Thu, 01 Jan 1970 00:01:00 GMT", 60.0),
        ("Thu, 01 Jan 1970 01:01:00 +0100", 60.0),
        ("Thu, 01 Jan 1970 00:01:00", 60.0),
        ("Thursday, 01-Jan-70 00:01:00 GMT", 60.0),
        ("1970-01-01T00:01:00Z", None),
        ("soon", None),
        ("", None),
    ],
)
def test_the_date_of_an_answer(date: str, seconds: float | None) -> None:
    assert asked(b"{}", Date=date).server_time == seconds


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "ThrottlingException", "throttled"),
        (429, "", "throttled"),
        (503, "ThrottlingException", "throttled"),
        (400, "LimitExceededException", "throttled"),
        (503, "ServiceUnavailableException", "unavailable"),
        (502, "", "unavailable"),
        (400, "InternalFailure", "unavailable"),
        (400, "ExpiredTokenException", "expired"),
        (403, "com.amazon.coral#ExpiredToken", "expired"),
        (403, "AccessDeniedException", "denied"),
        (400, "ResourceNotFoundException", "missing"),
        (400, "InvalidParameterException", "failed"),
    ],
)
def test_what_a_refusal_means(status: int, code: str, kind: str) -> None:
    body = f'{{"__type":"{code}"}}' if code else "<html>"
    with pytest.raises(ReadFailed) as caught:
        asked(body.encode(), status)
    assert caught.value.kind == kind


def test_an_answer_cut_short_may_be_asked_for_again() -> None:
    with pytest.raises(ReadFailed) as caught:
        asked(b'{"events":[', Content_Length="100", Connection="close")
    assert caught.value.kind == "unreachable"


def test_an_event_without_a_time_counts_from_its_arrival() -> None:
    """A stand-in may leave `timestamp` out, or answer with what is no event at all."""
    body = (
        b'{"events": [{"message": "a", "ingestionTime": 7}, {"message": "b"}, "no event",'
        b' {"message": "c", "timestamp": 9}]}'
    )
    with answering(200, body, {}) as url:
        identity = RenewableCredentials(load(Options(endpoint_url=url), KEYS))
        page = LogsReader(identity, "/ash-cloud/runtime").read(Query(start=5))
    assert [(e["message"], e["timestamp"]) for e in page.events] == [("a", 7), ("b", 5), ("c", 9)]
