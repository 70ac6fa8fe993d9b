"""What AWS's clients of one command share, and whom they trust."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call
from ash_ops.aws.client.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.settings import Options, load
from tests.ash_client.loopback import Request
from tests.support.certificates import TlsLoopback, certified

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_REGION": "us-east-1",
}


def answer(request: Request) -> None:
    request.reply({"logGroups": [], "taskArns": []})


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[tuple[TlsLoopback, Path]]:
    """An endpoint of AWS behind TLS, and the certificate that vouches for it."""
    certificate, context = certified(tmp_path)
    server = TlsLoopback(answer, context)
    yield server, certificate
    server.close()


def session(server: TlsLoopback, monkeypatch: pytest.MonkeyPatch) -> Aws:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    return Aws(load(Options(endpoint_url=server.url), KEYS), attempts=1)


def test_the_certificates_are_read_once_however_many_connections_there_are(
    endpoint: tuple[TlsLoopback, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, certificate = endpoint
    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
    read: list[Any] = []
    original = ssl.SSLContext.load_verify_locations

    def counted(context: ssl.SSLContext, *where: Any) -> None:
        read.append(where[0])
        original(context, *where)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", counted)
    aws = session(server, monkeypatch)
    call(aws, op.DESCRIBE_LOG_GROUPS)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: call(aws, op.LIST_TASKS), range(8)))
    assert len(server.requests) == 9
    assert read == [str(certificate)]


def test_an_endpoint_that_nobody_vouches_for_is_sent_nothing(
    endpoint: tuple[TlsLoopback, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, _ = endpoint
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    aws = session(server, monkeypatch)
    for operation in (op.DESCRIBE_LOG_GROUPS, op.LIST_TASKS):
        with pytest.raises(ReadFailed, match="certificate"):
            call(aws, operation)
    assert server.requests == []
