"""Every runner asks its coordinator every ten seconds: no number in such a line is an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ash_ops.causes import classify

ASKED: dict[str, Any] = {
    "level": 30,
    "time": 1795777322935,
    "pid": 1,
    "hostname": "ip-10-0-1-23.ec2.internal",
    "reqId": "req-9",
    "req": {
        "method": "POST",
        "url": "/api/internal/runners/heartbeat",
        "host": "coordinator.ash.internal:4100",
        "remoteAddress": "10.0.2.34",
        "remotePort": 52426,
    },
    "msg": "incoming request",
}


@pytest.mark.parametrize(
    "changes",
    [
        {"time": 1795740132935},
        {"reqId": "req-401"},
        {"req": {**ASKED["req"], "remotePort": 40103}},
        {"req": {**ASKED["req"], "remotePort": 401}},
        {"hostname": "ip-10-0-4-403.ec2.internal"},
    ],
)
def test_a_line_of_what_was_asked_is_no_complaint(changes: dict[str, Any]) -> None:
    found = classify("log_line", {"logs": [json.dumps({**ASKED, **changes})]})
    assert found.severity == "info" or found.cause == "unknown"


@pytest.mark.parametrize(
    "line",
    [
        '[runner] Registration failed: 401 {"error":"Unauthorized — invalid or missing internal secret"}',
        "POST /api/internal/runners/register 401",
        "[runner] Deregistration failed: 401",
    ],
)
def test_a_refusal_of_a_runner_is_one(line: str) -> None:
    assert classify("log_line", {"logs": [line]}).cause == "ash-internal-secret"
