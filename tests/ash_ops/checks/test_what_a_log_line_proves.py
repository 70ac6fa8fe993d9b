"""One line of the server's log is no outage: its level, its speaker and what came later decide."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ash_ops.diagnosis import diagnose
from tests.support import scenarios

DATABASE = "connect ECONNREFUSED 10.0.9.8:5432"
MODEL = "Connection error. ETIMEDOUT api.anthropic.com"


def told(*lines: tuple[str, str], change: dict[str, Any] | None = None) -> dict[str, str]:
    """The causes that lines (a time of day, a message) are taken for, with their severities."""
    first = scenarios.healthy()["log_lines"]["value"][0]
    rows = [{**first, "at": f"2026-11-22T{at}Z", "message": text} for at, text in lines]
    snapshot = scenarios.snapshot({**(change or {}), "log_lines": {"value": rows}})
    found = [f for f in diagnose(snapshot, ["agents"]).findings if f.summary.startswith("The serv")]
    return {f.cause: f.severity for f in found if "logged" in f.summary}


def pino(level: int, message: str, **more: object) -> str:
    return json.dumps({"level": level, "time": 1795348680000, "msg": message, **more})


SERVED = pino(30, "request completed", res={"statusCode": 200})


@pytest.mark.parametrize(
    "line",
    [
        pino(30, "session message", text='password authentication failed for user "x"'),
        pino(30, "tool output: ENOSPC: no space left on device"),
        pino(30, "incoming request", req={"url": "/api/search?q=ECONNREFUSED+5432"}),
        pino(50, "request failed", req={"url": "/api/x?q=ECONNREFUSED+10.0.9.8:5432"}),
        pino(50, "[sandbox s1] psql: connect ETIMEDOUT 203.0.113.99:5432"),
        "[sandbox s1] psql: connect ETIMEDOUT 203.0.113.99:5432",
        pino(50, "write ECONNRESET", err={"code": "ECONNRESET", "message": "write ECONNRESET"}),
        pino(30, "stream closed prematurely", err={"code": "ERR_STREAM_PREMATURE_CLOSE"}),
        pino(40, "Unauthorized: invalid API key", res={"statusCode": 401}),
        pino(50, "Unauthorized: invalid API key", res={"statusCode": 401}),
        json.dumps({"severity": "INFO", "message": "user: ENOSPC: no space left on device"}),
        "[session 1a2b] info user: my app says ECONNREFUSED 127.0.0.1:5432, please help",
        "[session 1a2b] user: my disk says ENOSPC: no space left on device",
        "2026-11-22T11:59:00.000Z [INFO] tool said: ENOSPC: no space left on device",
        'time=11:59 level=info msg="Your credit balance is too low to access the Anthropic API"',
        '10.0.1.9 - - "GET /api/search?q=ECONNREFUSED+10.0.9.8:5432 HTTP/1.1" 200 15',
    ],
)
def test_what_is_normal_or_said_by_others_is_no_complaint_of_the_server(line: str) -> None:
    assert told(("11:59:00", line)) == {}


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (pino(50, "cannot write: ENOSPC: no space left on device"), "disk-full"),
        ("Error: ENOSPC: no space left on device, write", "disk-full"),
        (pino(50, "query failed", err=MODEL), "anthropic-unreachable"),
        ("[ERROR] 401 invalid x-api-key authentication_error", "anthropic-auth"),
    ],
)
def test_a_fresh_error_that_nothing_disproves_is_one_of_now(line: str, cause: str) -> None:
    assert told(("11:58:00", SERVED), ("11:59:00", line)) == {cause: "error"}


def test_what_a_logger_calls_a_warning_is_one() -> None:
    assert told(("11:59:00", pino(40, "slow: ENOSPC: no space left on device"))) == {
        "disk-full": "warning"
    }


def test_a_database_that_answers_calls_by_now_is_no_outage() -> None:
    line = pino(50, "db error", err={"message": DATABASE})
    assert told(("11:05:00", line), ("11:40:00", SERVED)) == {"db-unreachable": "warning"}


def test_a_database_that_fails_while_nothing_was_asked_since_is_one() -> None:
    line = pino(50, "db error", err={"message": DATABASE})
    unasked = {"probe": {"value": None}}
    lines = (("11:50:00", SERVED), ("11:58:00", line), ("11:59:00", line))
    assert told(*lines, change=unasked) == {"db-unreachable": "error"}


@pytest.mark.parametrize(
    ("lines", "severity"),
    [
        (
            [("11:10:00", MODEL), ("11:20:00", SERVED)],
            "warning",
        ),  # long ago, and calls served since
        (
            [("11:10:00", MODEL)],
            "warning",
        ),  # one call of long ago: it has passed, as far as anyone knows
        ([("11:10:00", MODEL), ("11:20:00", MODEL)], "error"),  # again, and nothing was heard since
        ([("11:10:00", MODEL), ("11:20:00", SERVED), ("11:58:00", MODEL)], "error"),  # again
        ([("11:58:00", MODEL), ("11:20:00", SERVED), ("11:10:00", MODEL)], "error"),  # unsorted
    ],
)
def test_what_comes_and_goes_is_over_once_requests_are_served(
    lines: list[tuple[str, str]], severity: str
) -> None:
    assert told(*lines) == {"anthropic-unreachable": severity}


def test_a_refused_model_key_is_not_disproved_by_requests_that_need_no_model() -> None:
    line = pino(50, "query failed", err="401 invalid x-api-key authentication_error")
    assert told(("11:10:00", line), ("11:40:00", SERVED)) == {"anthropic-auth": "error"}


def test_a_complaint_of_the_past_offers_nothing_to_mend() -> None:
    line = {"at": "2026-11-22T11:05:00Z", "message": pino(50, "db error", err=DATABASE)}
    first = scenarios.healthy()["log_lines"]["value"][0]
    snapshot = scenarios.snapshot({"log_lines": {"value": [{**first, **line}]}})
    found = next(f for f in diagnose(snapshot).findings if f.cause == "db-unreachable")
    assert found.until is not None
    assert DATABASE in found.summary
    assert not any("ASH_DATABASE_URL" in step.why for step in found.fix)
