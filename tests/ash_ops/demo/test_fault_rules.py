"""Which calls a fault is for, and how a call is recognised in the bytes of its request."""

from __future__ import annotations

import json

import pytest

from ash_ops.demo.faults import Faults, Rule, call_of, error_answer, names_in

SIGNED = "AWS4-HMAC-SHA256 Credential=AKIA/20261122/us-east-1/{}/aws4_request, SignedHeaders=h, Signature=s"
FORM = "application/x-www-form-urlencoded; charset=utf-8"


@pytest.mark.parametrize(
    ("service", "path", "headers", "body", "call"),
    [
        # JSON: the operation stands in a header
        ("ecs", "/", {"x-amz-target": "X.ListTasks"}, b"{}", "ecs:ListTasks"),
        # query: in the body
        ("ec2", "/", {"content-type": FORM}, b"Action=DescribeVpcs&Version=1", "ec2:DescribeVpcs"),
        (
            "ec2",
            "/",
            {"content-type": FORM},
            b"Tag=Action%3DNo&Action=DescribeVpcs",
            "ec2:DescribeVpcs",
        ),
        ("ec2", "/", {"content-type": FORM}, b"NoAction=DescribeVpcs", "ec2:"),
        # CBOR: in the path; the signing name is the old one
        ("monitoring", "/service/G/operation/ListMetrics", {}, b"", "cloudwatch:ListMetrics"),
        # REST: method and path are all there is
        ("elasticfilesystem", "/2015-02-01/file-systems", {}, b"", None),
    ],
)
def test_the_call_is_told_from_the_request(
    service: str, path: str, headers: dict[str, str], body: bytes, call: str | None
) -> None:
    found = call_of(path, {"authorization": SIGNED.format(service), **headers}, body)
    assert found == (call or f"{service}:{path}")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, b"StackName=a%2Fb&TemplateBody=x%3Dy&Parameters.member.1=z&Secret%53tring=s"),
        ("application/x-amz-json-1.1", b'{"StackName": "a/b", "SecretString": "s"}'),
    ],
)
def test_what_a_request_names_is_told_without_values_that_may_be_secret(
    kind: str, body: bytes
) -> None:
    assert names_in({"content-type": kind}, body) == {"StackName": "a/b"}


def test_an_unsigned_request_is_no_call() -> None:
    assert call_of("/health", {}, b"") is None


@pytest.mark.parametrize(
    ("rule", "met"),
    [
        ("*", True),
        ("ecs:*", True),
        ("ecs:ListTasks", True),
        ("ecs:DescribeTasks", False),
        ("ec2:*", False),
    ],
)
def test_a_rule_is_for_a_call_a_service_or_everything(rule: str, met: bool) -> None:
    assert Rule(rule, "deny").meets("ecs:ListTasks") is met


def test_boto3s_names_of_services_are_understood() -> None:
    assert Rule("elbv2:DescribeRules", "deny").meets("elasticloadbalancing:DescribeRules")
    assert Rule("service-quotas:*", "deny").meets("servicequotas:GetServiceQuota")


def test_a_rule_ends_after_its_times_and_the_next_one_follows() -> None:
    faults = Faults()
    faults.add(Rule("ecs:*", "throttle", times=2))
    faults.add(Rule("*", "deny"))
    kinds = [rule.kind for rule in (faults.take("ecs:ListTasks") for _ in range(3)) if rule]
    assert kinds == ["throttle", "throttle", "deny"]
    assert faults.calls == ["ecs:ListTasks"] * 3
    faults.clear()
    assert faults.take("ecs:ListTasks") is None


def test_a_denial_names_the_call_in_awss_words() -> None:
    status, _, body = error_answer(Rule("*", "deny"), "ecs:ListTasks", {"x-amz-target": "X.Y"})
    assert status == 400
    assert "is not authorized to perform: ecs:ListTasks" in json.loads(body)["message"]
