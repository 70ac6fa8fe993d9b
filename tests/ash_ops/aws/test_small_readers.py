"""What readers make of references, policies and names, in all the forms the world writes them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ash_ops.aws.ecr import architectures, ecr_home
from ash_ops.aws.iam import role_name, simulated_action, trusted_services
from ash_ops.aws.secrets import parameter_name, parse_reference

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ash/keys-AbCdEf"
ECS = {"Service": "ecs-tasks.amazonaws.com"}


@pytest.mark.parametrize(
    ("text", "kind", "region", "key", "stage", "version"),
    [
        (SECRET, "secret", "eu-west-1", None, None, None),
        (f"{SECRET}:api::", "secret", "eu-west-1", "api", None, None),
        (f"{SECRET}::AWSPREVIOUS:", "secret", "eu-west-1", None, "AWSPREVIOUS", None),
        (f"{SECRET}:api:AWSCURRENT:v1", "secret", "eu-west-1", "api", "AWSCURRENT", "v1"),
        ("/ash/key", "parameter", None, None, None, None),
        ("arn:aws:ssm:eu-west-1:123456789012:parameter/ash/key", "parameter", "eu-west-1",
         None, None, None),
        ("", "parameter", None, None, None, None),
    ],
)  # fmt: skip
def test_a_reference_is_taken_apart(
    text: str,
    kind: str,
    region: str | None,
    key: str | None,
    stage: str | None,
    version: str | None,
) -> None:
    found = parse_reference(text)
    assert (found.kind, found.region, found.json_key) == (kind, region, key)
    assert (found.stage, found.version) == (stage, version)
    if kind == "secret":
        assert found.name == SECRET


@given(st.text())
def test_any_reference_can_be_taken_apart(text: str) -> None:
    assert parse_reference(text).text == text


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("/a/b", "/a/b"),
        ("a", "a"),
        ("arn:aws:ssm:r:1:parameter/a/b", "/a/b"),
        ("arn:aws:ssm:r:1:parameter/a", "a"),
    ],
)
def test_the_name_of_a_parameter(reference: str, name: str) -> None:
    assert parameter_name(reference) == name


@pytest.mark.parametrize(
    ("statement", "services", "remark"),
    [
        ({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": ECS}, True, "usual"),
        ([{"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"],
           "Principal": {"Service": ["ecs-tasks.amazonaws.com"]}}], True, "lists"),
        ({"Effect": "Allow", "Action": "sts:*", "Principal": ECS}, True, "any STS action"),
        ({"Effect": "Deny", "Action": "sts:AssumeRole", "Principal": ECS}, False, "a denial"),
        ({"Effect": "Allow", "Action": "sts:AssumeRoleWithSAML", "Principal": ECS}, False, "other"),
        ({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "1"}}, False, "user"),
        ([], False, "nothing"),
    ],
)  # fmt: skip
def test_whom_a_trust_policy_trusts(statement: Any, services: bool, remark: str) -> None:
    document = {"Statement": statement}
    for form in (document, json.dumps(document), quote(json.dumps(document))):
        found = trusted_services({"AssumeRolePolicyDocument": form})
        assert found == (["ecs-tasks.amazonaws.com"] if services else []), remark


@pytest.mark.parametrize("document", [None, "", "not json", "[]", 5])
def test_a_policy_that_cannot_be_read_trusts_nobody(document: Any) -> None:
    assert trusted_services({"AssumeRolePolicyDocument": document}) == []


def test_a_roles_name_is_what_follows_its_path() -> None:
    assert role_name("arn:aws:iam::1:role/a/path/name") == "name"


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ({"EvalDecision": "allowed", "MissingContextValues": ["aws:x"]}, "allowed"),
        ({"EvalDecision": "implicitDeny"}, "implicitDeny"),
        ({"EvalDecision": "implicitDeny", "MissingContextValues": ["aws:x"]}, "inconclusive"),
        ({}, "inconclusive"),
    ],
)
def test_what_a_simulation_means(result: dict[str, Any], said: str) -> None:
    assert simulated_action(result, "arn").decision == said


@pytest.mark.parametrize(
    ("registry", "home"),
    [
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com", ("123456789012", "us-east-1")),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", ("123456789012", "cn-north-1")),
        (
            "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
            ("123456789012", "us-gov-west-1"),
        ),
        ("ghcr.io", None),
        ("public.ecr.aws", None),
    ],
)
def test_which_registries_are_ecr(registry: str, home: tuple[str, str] | None) -> None:
    assert ecr_home(registry) == home


@pytest.mark.parametrize("manifest", ["", "no", "[]", "{}", '{"manifests": [{}]}'])
def test_a_manifest_without_processors_names_none(manifest: str) -> None:
    assert architectures(manifest) == []
