"""Every action that a policy names is one of AWS; every statement has a name that IAM takes, and one of its own."""

from __future__ import annotations

import fnmatch
import json
from functools import cache
from typing import Any

import botocore.session
import pytest

from ash_ops.errors import UsageProblem
from ash_ops.iam import policy
from ash_ops.names import Deployment

# IAM's name of a service, where botocore has another ("Service Authorization Reference").
SERVICES = {
    "elasticloadbalancing": "elbv2",
    "elasticfilesystem": "efs",
    "servicequotas": "service-quotas",
}
# Permissions that are no call of a model: "Service Authorization Reference", the table of each service.
WITHOUT_A_CALL = {
    "backup-storage:MountCapsule",
    "billing:GetBillingViewData",
    "budgets:ModifyBudget",
    "budgets:ViewBudget",
    "cloudformation:TagResource",
    "ecs:Poll",
    "ecs:PutSystemLogEvents",
    "ecs:StartTelemetrySession",
    "elasticfilesystem:ClientMount",
    "elasticfilesystem:ClientRootAccess",
    "elasticfilesystem:ClientWrite",
    "iam:PassRole",
    "s3:ListBucket",
}


@cache
def calls(service: str) -> frozenset[str]:
    """What botocore's model of a service can call; nothing where there is no such service."""
    session = botocore.session.get_session()
    name = SERVICES.get(service, service)
    if name not in session.get_available_services():
        return frozenset()
    return frozenset(session.get_service_model(name).operation_names)


def statements(command: str, **more: Any) -> list[dict[str, Any]]:
    given: dict[str, Any] = {"partition": "aws", "region": "us-east-1", "account": "123456789012"}
    document = json.loads(policy.policy_document(command, Deployment(), **given, **more))
    assert document["Version"] == "2012-10-17"
    found: list[dict[str, Any]] = document["Statement"]
    return found


def everything() -> list[tuple[str, list[dict[str, Any]]]]:
    """Each command's policy, plain and with all that it can be used with."""
    return [
        (command, statements(command, options=options))
        for command in policy.commands()
        for options in {(), policy._OPTIONS.get(command, ())}
    ]


def test_every_action_is_a_call_of_aws() -> None:
    named = {
        action
        for _, found in everything()
        for statement in found
        for action in (
            [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        )
    }
    unknown = set()
    for action in named - WITHOUT_A_CALL:
        service, _, call = action.partition(":")
        if not any(fnmatch.fnmatchcase(known, call) for known in calls(service)):
            unknown.add(action)
    assert unknown == set()
    assert named >= WITHOUT_A_CALL


def test_statements_have_names_that_iam_takes_each_once() -> None:
    """Letters and digits ("IAM JSON policy elements: Sid")."""
    for command, found in everything():
        names = [statement["Sid"] for statement in found]
        assert len(set(names)) == len(names), command
        assert all(name.isalnum() for name in names), command


def test_adoption_is_allowed_only_to_who_asks_for_it() -> None:
    """It tags what carries no tag of ours yet."""

    def sids(*options: str) -> set[str]:
        return {statement["Sid"] for statement in statements("deploy", options=options)}

    assert sids("adopt") - sids() != set()
    assert sids() - sids("adopt") == set()


def test_a_command_without_a_policy_is_told_those_that_have_one() -> None:
    with pytest.raises(UsageProblem, match="There is no policy for 'explain'") as refused:
        statements("explain")
    for command in ("deploy", "doctor", "logs", "teardown"):
        assert command in refused.value.next_step
