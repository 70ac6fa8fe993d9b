"""CloudTrail's record as denied calls: what was denied, to whom, and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ash_ops.aws import cloudtrail
from ash_ops.errors import ReadFailed

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
ROLE = {
    "type": "AssumedRole",
    "arn": "arn:aws:sts::111122223333:assumed-role/ash-execution/0123",
    "sessionContext": {"sessionIssuer": {"userName": "ash-execution"}},
}


def event(minute: int, **record: Any) -> dict[str, Any]:
    full = {
        "eventSource": "secretsmanager.amazonaws.com",
        "eventName": "GetSecretValue",
        "sourceIPAddress": "ecs-tasks.amazonaws.com",
        "userIdentity": ROLE,
        **record,
    }
    at = NOW.replace(minute=minute)
    return {"EventTime": at, "EventName": full["eventName"], "CloudTrailEvent": json.dumps(full)}


def answered(monkeypatch: pytest.MonkeyPatch, *events: dict[str, Any]) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = []

    def call(_aws: Any, _operation: Any, **parameters: Any) -> dict[str, Any]:
        asked.append(parameters)
        return {"Events": list(events)}

    monkeypatch.setattr(cloudtrail, "call", call)
    return asked


def denials(*events: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    answered(monkeypatch, *events)
    found = cloudtrail.denied_calls(None, "0123", NOW)  # type: ignore[arg-type]  # nothing is sent
    return [(denial.action, denial.role) for denial in found]


def test_only_calls_that_were_denied_are_told_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    found = denials(
        event(1),
        event(2, errorCode="AccessDenied", errorMessage="no"),
        event(3, errorCode="ResourceNotFoundException"),
        event(4, errorCode="Client.UnauthorizedOperation", eventSource="ec2.amazonaws.com"),
        monkeypatch=monkeypatch,
    )
    assert found == [
        ("ec2:GetSecretValue", "ash-execution"),
        ("secretsmanager:GetSecretValue", "ash-execution"),
    ]


def test_a_user_has_no_role(monkeypatch: pytest.MonkeyPatch) -> None:
    user = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ann", "userName": "ann"}
    denied = event(1, errorCode="AccessDenied", userIdentity=user)
    assert denials(denied, monkeypatch=monkeypatch) == [("secretsmanager:GetSecretValue", "")]


def test_one_page_of_one_session_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answered(monkeypatch)
    cloudtrail.denied_calls(None, "0123", NOW)  # type: ignore[arg-type]  # nothing is sent
    (parameters,) = asked
    assert parameters["MaxResults"] == 50
    assert parameters["LookupAttributes"][0]["AttributeValue"] == "0123"


@pytest.mark.parametrize("record", ["<html>", "{"])
def test_a_record_that_cannot_be_read_is_no_proof_that_nothing_was_denied(
    record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(monkeypatch, {"EventTime": NOW, "CloudTrailEvent": record})
    with pytest.raises(ReadFailed) as failure:
        cloudtrail.denied_calls(None, "0123", NOW)  # type: ignore[arg-type]  # nothing is sent
    assert failure.value.code == "UnreadableAnswer"


@pytest.mark.parametrize("record", ["[]", "null", '{"userIdentity": 7}', "{}"])
def test_a_record_without_an_error_denies_nothing(
    record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = denials({"EventTime": NOW, "CloudTrailEvent": record}, monkeypatch=monkeypatch)
    assert found == []
