"""Faults on demand reach boto3 as AWS's own errors, or as the broken connections they are."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from ash_ops.demo import Emulator

# service, method, IAM's name of the call; one a protocol: JSON, query, EC2's query, CBOR, REST.
CALLS = [
    ("ecs", "list_clusters", "ecs:ListClusters"),
    ("elbv2", "describe_load_balancers", "elasticloadbalancing:DescribeLoadBalancers"),
    ("cloudformation", "describe_stacks", "cloudformation:DescribeStacks"),
    ("ec2", "describe_vpcs", "ec2:DescribeVpcs"),
    ("logs", "describe_log_groups", "logs:DescribeLogGroups"),
    ("cloudwatch", "list_metrics", "cloudwatch:ListMetrics"),
    ("sts", "get_caller_identity", "sts:GetCallerIdentity"),
    ("iam", "list_roles", "iam:ListRoles"),
]


@pytest.mark.parametrize(("service", "method", "call"), CALLS)
def test_denied_means_denied_in_every_protocol(
    service: str, method: str, call: str, emulator: Emulator, client: Any
) -> None:
    emulator.fault(call, "deny", times=1)
    with pytest.raises(ClientError) as caught:
        getattr(client(service), method)()
    code = caught.value.response["Error"]["Code"]
    assert "AccessDenied" in code or code == "UnauthorizedOperation"
    getattr(client(service), method)()  # once only


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("throttle", {"ThrottlingException", "Throttling", "RequestLimitExceeded"}),
        ("error", {"InternalFailure"}),
        ("unavailable", {"ServiceUnavailable"}),
        ("expired", {"ExpiredTokenException", "ExpiredToken", "RequestExpired"}),
    ],
)
@pytest.mark.parametrize(("service", "method", "call"), CALLS[:4])
def test_errors_carry_awss_codes(
    kind: str, codes: set[str], service: str, method: str, call: str, emulator: Any, client: Any
) -> None:
    emulator.fault(call, kind)
    with pytest.raises(ClientError) as caught:
        getattr(client(service), method)()
    assert caught.value.response["Error"]["Code"] in codes


def test_a_reset_is_a_broken_connection(emulator: Emulator, client: Any) -> None:
    emulator.fault("ecs:*", "reset")
    with pytest.raises(ConnectionClosedError):
        client("ecs").list_clusters()


def test_a_timeout_is_silence(emulator: Emulator) -> None:
    emulator.fault("*", "timeout")
    config = Config(read_timeout=0.3, retries={"total_max_attempts": 1})
    impatient = boto3.Session().client("ecs", config=config)
    with pytest.raises(ReadTimeoutError):
        impatient.list_clusters()
    impatient.close()


def test_a_fault_is_for_its_call_alone_and_heals(emulator: Emulator, client: Any) -> None:
    emulator.fault("elbv2:DescribeTargetGroups", "deny")
    client("elbv2").describe_load_balancers()
    with pytest.raises(ClientError):
        client("elbv2").describe_target_groups()
    emulator.heal()
    client("elbv2").describe_target_groups()


def test_calls_are_recorded_as_iam_names_them(emulator: Emulator, client: Any) -> None:
    emulator.heal()
    client("elbv2").describe_load_balancers()
    client("cloudwatch").list_metrics()
    assert emulator.calls() == [
        "elasticloadbalancing:DescribeLoadBalancers",
        "cloudwatch:ListMetrics",
    ]


def test_an_unknown_fault_is_refused(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="no fault 'sulk'"):
        emulator.fault("*", "sulk")


def test_an_unknown_mutation_is_refused_with_those_there_are(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match=r"no mutation 'explode'.*stop_tasks"):
        emulator.seed({"do": "explode"})


def test_nothing_can_be_broken_that_is_not_deployed(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="no ECS service is deployed"):
        emulator.break_as("out-of-memory")
