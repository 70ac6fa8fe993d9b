"""A secret is offered the version before its last change only where nothing is lost by going back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ash_ops.aws import secrets
from ash_ops.aws.client.session import Aws
from ash_ops.secret import Secret

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ash/server-AbCdEf"
WHOLE = {"A": "1", "B": "2"}


def offered(before: Any, current: Any, monkeypatch: pytest.MonkeyPatch, reference: str) -> Any:
    asked: list[dict[str, Any]] = []

    def call(_: Any, operation: Any, **parameters: Any) -> dict[str, Any]:
        asked.append(parameters)
        return {"SecretString": _text(before), "VersionId": "older"}

    monkeypatch.setattr(secrets, "call", call)
    nobody: Any = None
    aws: Aws = nobody
    parsed = secrets.parse_reference(reference)
    found = secrets.version_before(aws, parsed, Secret(_text(current)))
    assert all(each["VersionStage"] == "AWSPREVIOUS" for each in asked)
    return found.id if found else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@pytest.mark.parametrize(
    ("before", "current", "offers"),
    [
        (WHOLE, "oops", True),
        (WHOLE, "[1]", True),
        (WHOLE, {"A": "1"}, True),
        (WHOLE, {"A": "1", "B": ""}, True),
        (WHOLE, {"A": "9"}, False),  # A was rotated: going back would lose that
        (WHOLE, {"A": "1", "C": "3"}, False),  # so would C
        ({"A": "1"}, {"A": "1"}, False),  # no better
        ({"A": "1", "B": " "}, {"A": "1"}, False),
        ("oops", "oops", False),
        (WHOLE, WHOLE, False),  # nothing is lacking
    ],
)
def test_it_is_offered_where_it_has_all_that_the_current_one_has_and_what_it_lacks(
    before: Any, current: Any, offers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = offered(before, current, monkeypatch, f"{ARN}:B::")
    assert found == ("older" if offers else None)


@pytest.mark.parametrize("reference", [ARN, f"{ARN}:B:AWSPREVIOUS:", f"{ARN}:B::an-id"])
def test_a_reference_to_a_version_or_to_the_whole_is_not_helped_by_it(
    reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert offered(WHOLE, "oops", monkeypatch, reference) is None
