"""A role that allows less than its stack wants is put back; what allows more is somebody's own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ash_ops.drift import Live, calls, differences
from ash_ops.facts.start import LiveRole
from ash_ops.facts.wanted import ROLE, WantedResource
from ash_ops.iam.policy import deploy_actions

NAME = "ash-cloud-ExecutionRole-1"
SERVICES = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
LOCKDOWN = "arn:aws:iam::1:policy/lockdown"


def policy(effect: str, action: Any, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": action, **more}]}


TRUST = policy("Allow", "sts:AssumeRole", Principal={"Service": "ecs-tasks.amazonaws.com"})
SECRET = policy("Allow", "secretsmanager:GetSecretValue", Resource="arn:s")
DENY = policy("Deny", "*", Resource="*")
TAGS = [{"Key": "ash:deployment", "Value": "ash-cloud"}]
WANTED = WantedResource(
    logical_id="ExecutionRole",
    type=ROLE,
    physical_id=NAME,
    properties={
        "AssumeRolePolicyDocument": TRUST,
        "ManagedPolicyArns": [SERVICES],
        "Policies": [{"PolicyName": "read-the-secret", "PolicyDocument": SECRET}],
        "Tags": TAGS,
    },
)


def made(**change: Any) -> list[tuple[str, dict[str, Any]]]:
    """The calls that put a role back which was changed so."""
    whole = {"trust": TRUST, "inline": {"read-the-secret": SECRET}, "managed": {SERVICES: {}}}
    role = LiveRole(name=NAME, **(whole | change))
    return [(c.name, p) for c, p in calls(differences([WANTED], Live(roles=[role])))]


def test_a_role_as_it_is_wanted_differs_in_nothing_however_it_is_written() -> None:
    alike = policy("Allow", ["secretsmanager:GetSecretValue"], Resource=["arn:s"])
    assert made() == made(inline={"read-the-secret": alike}) == []


def test_a_role_that_is_gone_is_made_under_its_name_with_all_that_it_had() -> None:
    assert made(exists=False, trust={}, inline={}, managed={}) == [
        (
            "CreateRole",
            {"RoleName": NAME, "AssumeRolePolicyDocument": json.dumps(TRUST), "Tags": TAGS},
        ),
        (
            "PutRolePolicy",
            {
                "RoleName": NAME,
                "PolicyName": "read-the-secret",
                "PolicyDocument": json.dumps(SECRET),
            },
        ),
        ("AttachRolePolicy", {"RoleName": NAME, "PolicyArn": SERVICES}),
    ]


@pytest.mark.parametrize(
    ("change", "call"),
    [
        ({"trust": policy("Allow", "sts:AssumeRole", Principal={"Service": "lambda"})}, "Update"),
        ({"inline": {}}, "PutRolePolicy"),
        ({"inline": {"read-the-secret": DENY}}, "PutRolePolicy"),
        ({"managed": {}}, "AttachRolePolicy"),
        ({"inline": {"read-the-secret": SECRET, "lockdown": DENY}}, "DeleteRolePolicy"),
        ({"managed": {SERVICES: {}, LOCKDOWN: DENY}}, "DetachRolePolicy"),
    ],
    ids=str,
)
def test_whatever_takes_from_it_is_put_back_by_one_call(change: dict[str, Any], call: str) -> None:
    ((name, parameters),) = made(**change)
    assert name.startswith(call)
    assert parameters["RoleName"] == NAME


def test_the_policy_of_deploy_allows_the_calls() -> None:
    """By its part for CloudFormation, which has to make and change the same roles."""
    every = [
        *made(exists=False, trust={}, inline={}, managed={}),
        *made(trust={}, inline={"a": DENY}, managed={LOCKDOWN: DENY}),
    ]
    assert {f"iam:{name}" for name, _ in every} <= set(deploy_actions())


def test_what_somebody_gave_it_besides_stays() -> None:
    more = policy("Allow", "s3:GetObject", Resource="*")
    assert made(inline={"read-the-secret": SECRET, "for-agents": more}) == []
    assert made(managed={SERVICES: {}, LOCKDOWN: more}) == []


def test_what_only_cloudformation_knows_is_not_compared() -> None:
    from msgspec.structs import replace

    unknown = replace(WANTED, unknown=("Policies",))
    assert differences([unknown], Live(roles=[LiveRole(name=NAME, exists=False)])) == []
