"""The policies name the calls that are really made: no more, no fewer."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ash_ops.aws.calls import action_name
from ash_ops.deploy import iam_policy
from ash_ops.deployment import Deployment
from ash_ops.errors import UsageProblem

ROOT = Path(iam_policy.__file__).resolve().parents[1]
OWN = [
    # The repairs of `doctor --fix` are data, not calls that can be read off; they are tested apart.
    *sorted(set((ROOT / "deploy").glob("*.py")) - {ROOT / "deploy" / "repairs.py"}),
    *(ROOT / "aws" / f"{name}.py" for name in ("cloudformation", "secrets", "iam", "network")),
]
# Passed on by Tags= of the call that creates; IAM asks for them beside it.
WITH_TAGS = {"secretsmanager:TagResource", "cloudformation:TagResource"}


def calls_in(path: Path) -> Iterator[str]:
    """Every ``call(aws, service, operation)`` and ``pages(...)`` in a file, as IAM names it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    service = next(
        (
            node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "SERVICE"
            and isinstance(node.value, ast.Constant)
        ),
        None,
    )
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id in ("call", "pages") and len(node.args) >= 3:
            named = node.args[1]
            owner = named.value if isinstance(named, ast.Constant) else service
            operation = node.args[2]
            assert isinstance(operation, ast.Constant)
            yield action_name(str(owner), str(operation.value))


def test_every_call_of_these_floors_is_in_a_policy_and_every_policy_is_of_a_call() -> None:
    made = {action for path in OWN for action in calls_in(path)}
    ours = ("deploy", "rollout", "teardown", "status", "key", "connect", "health")
    allowed = {action for name in ours for action in iam_policy.direct_actions(name)}
    assert made - allowed == set(), "called, and in no policy"
    assert allowed - made - WITH_TAGS == set(), "in a policy, and never called"


@pytest.mark.parametrize("command", iam_policy.commands())
def test_every_policy_is_a_document_that_iam_takes(command: str) -> None:
    text = iam_policy.policy_document(
        command, Deployment("prod"), partition="aws", region="eu-west-1", account="123456789012"
    )
    document = json.loads(text)
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert len(sids) == len(set(sids))
    assert "{" not in "".join(r for s in document["Statement"] for r in s["Resource"])
    # The quota of a managed policy, counted without white space.
    assert len("".join(text.split())) <= 6144


def test_secrets_are_named_and_never_all() -> None:
    for command in iam_policy.commands():
        for need in iam_policy.DIRECT[command]:
            if any(action.startswith("secretsmanager:Get") for action in need.actions):
                assert need.resources != iam_policy.ANY


def test_a_command_without_a_policy_is_named() -> None:
    with pytest.raises(UsageProblem, match="There is no policy"):
        iam_policy.policy_document(
            "explain", Deployment(), partition="aws", region="*", account="*"
        )
