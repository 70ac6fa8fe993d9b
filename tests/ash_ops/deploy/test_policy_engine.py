"""The engine that judges our policies decides as IAM's own documentation says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.policy_engine import allows


def document(**statement: Any) -> dict[str, Any]:
    usual = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::mine/*"}
    return {"Version": "2012-10-17", "Statement": [{**usual, **statement}]}


OBJECT = "arn:aws:s3:::mine/a"
IF_TAGGED = {"StringEquals": {"aws:ResourceTag/x": "1"}}


@pytest.mark.parametrize(
    ("statement", "context", "allowed"),
    [
        pytest.param({}, {}, True, id="an action and a resource with wildcards"),
        pytest.param({"Action": "s3:getobject"}, {}, True, id="actions know no case"),
        pytest.param({"Resource": "arn:aws:s3:::MINE/*"}, {}, False, id="resources do"),
        pytest.param({"Resource": "arn:aws:s3:::[m]ine/*"}, {}, False, id="a bracket is a bracket"),
        pytest.param({"Action": "s3:Get?bject"}, {}, True, id="a question mark is one character"),
        pytest.param({"Effect": "Deny"}, {}, False, id="a denial alone"),
        pytest.param({"Condition": IF_TAGGED}, {"aws:ResourceTag/x": "1"}, True, id="tagged"),
        pytest.param({"Condition": IF_TAGGED}, {}, False, id="a key that is not there fails"),
        pytest.param(
            {"Condition": {"StringEqualsIfExists": {"k": "1"}}}, {}, True, id="but for IfExists"
        ),
        pytest.param(
            {"Condition": {"StringEqualsIfExists": {"k": "1"}}}, {"k": "2"}, False, id="else wrong"
        ),
        pytest.param(
            {"Condition": {"StringNotEquals": {"k": "1"}}}, {}, True, id="not, and absent"
        ),
        pytest.param(
            {"Condition": {"StringNotLike": {"k": "1*"}}}, {"k": "12"}, False, id="not like"
        ),
        pytest.param({"Condition": {"Null": {"k": "true"}}}, {}, True, id="absent as wanted"),
        pytest.param({"Condition": {"Null": {"k": True}}}, {"k": "1"}, False, id="present"),
        pytest.param(
            {"Condition": {"ForAnyValue:StringEquals": {"k": ["1"]}}},
            {"k": ["1", "2"]},
            True,
            id="one of several",
        ),
        pytest.param(
            {"Condition": {"ForAllValues:StringEquals": {"k": ["1"]}}},
            {"k": ["1", "2"]},
            False,
            id="all of several",
        ),
    ],
)
def test_one_statement(statement: dict[str, Any], context: dict[str, Any], allowed: bool) -> None:
    assert allows([document(**statement)], "s3:GetObject", OBJECT, context) is allowed


def test_a_denial_wins_over_any_allowance() -> None:
    assert not allows([document(), document(Effect="Deny", Action="*")], "s3:GetObject", OBJECT)


def test_a_boundary_gives_nothing_and_takes_what_it_does_not_name() -> None:
    assert allows([document()], "s3:GetObject", OBJECT, boundary=document())
    assert not allows([document()], "s3:GetObject", OBJECT, boundary=document(Action="sqs:*"))
    assert not allows([], "s3:GetObject", OBJECT, boundary=document())


def test_not_action_is_everything_else() -> None:
    everything_else = {"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}  # fmt: skip
    assert allows([everything_else], "s3:GetObject", OBJECT)
    assert not allows([everything_else], "iam:CreateUser", "*")


def test_an_operator_that_is_not_known_is_an_error() -> None:
    rule = document(Condition={"NumericLessThan": {"k": "1"}})
    with pytest.raises(ValueError, match="NumericLessThan"):
        allows([rule], "s3:GetObject", OBJECT, {"k": "0"})
