"""Every AWS call can be told of (``-v``): its name and outcome, never what was sent."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call
from ash_ops.aws.client.session import Aws
from ash_ops.aws.client.trace import CALLS
from ash_ops.errors import ReadFailed
from ash_ops.settings import Options, load
from tests.bench.logs_standin import StandIn
from tests.bench.logs_world import Faults, World

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_REGION": "us-east-1",
}


@pytest.fixture
def told() -> Iterator[list[str]]:
    lines: list[str] = []
    # Calls that another test gave up waiting for may end during this one, in threads of their own.
    here = threading.get_ident()

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == here:
                lines.append(record.getMessage())

    handler = Keep()
    CALLS.addHandler(handler)
    level = CALLS.level
    CALLS.setLevel(logging.INFO)
    yield lines
    CALLS.removeHandler(handler)
    CALLS.setLevel(level)


def outcomes(lines: list[str]) -> list[tuple[str, str]]:
    return [(line.split()[0], line.split()[-1]) for line in lines]


def test_a_client_tells_of_an_answer_and_of_a_refusal(
    told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with StandIn(World([], Faults(), 0.0), latency=0.0) as standin:
        aws = Aws(load(Options(endpoint_url=standin.url), KEYS), attempts=1)
        call(aws, op.DESCRIBE_LOG_GROUPS)
        standin.denied = {"DescribeLogGroups"}
        with pytest.raises(ReadFailed):
            call(aws, op.DESCRIBE_LOG_GROUPS, logGroupNamePrefix="not-to-be-told")
    assert outcomes(told) == [
        ("logs:DescribeLogGroups", "ok"),
        ("logs:DescribeLogGroups", "AccessDeniedException"),
    ]
    assert "not-to-be-told" not in "".join(told)


def test_a_connection_that_fails_is_told_of(
    told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with StandIn(World([], Faults(), 0.0)) as standin:
        url = standin.url
    with pytest.raises(ReadFailed):
        call(Aws(load(Options(endpoint_url=url), KEYS), attempts=1), op.DESCRIBE_LOG_GROUPS)
    assert outcomes(told) == [("logs:DescribeLogGroups", "EndpointConnectionError")]
