"""What EC2 can never place is refused before anything is made, with what to type instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.plan import room
from ash_ops.deploy.plan.placement import _pick
from ash_ops.facts.deploying.deployments import Verdict
from ash_ops.facts.network import Subnet
from ash_ops.sizes.instance_types import quota_code
from ash_ops.sizes.zones import lacks_fargate
from tests.ash_ops.deploy.test_checking_before import REFUSED, placement, planned, request, says

Script = Callable[[str], Stubber]
EC2 = {"launch_type": "ec2"}
MANAGED = {"launch_type": "managed"}
MULTI = {"mode": "multi-machine", "runner_subnets": ("r1", "r2")}


def told(
    name: str = "m6i.large",
    vcpus: int = 2,
    memory: int = 8192,
    arch: str = "x86_64",
    interfaces: int = 3,
) -> dict[str, Any]:
    return {
        "InstanceType": name,
        "ProcessorInfo": {"SupportedArchitectures": [arch]},
        "VCpuInfo": {"DefaultVCpus": vcpus},
        "MemoryInfo": {"SizeInMiB": memory},
        "NetworkInfo": {"MaximumNetworkInterfaces": interfaces},
    }


def offered(*zones: str) -> dict[str, Any]:
    return {"InstanceTypeOfferings": [{"Location": zone} for zone in zones]}


MISFITS: list[tuple[dict[str, object], dict[str, Any], str, str]] = [
    ({**EC2, "memory": 16384, "cpu": 2048}, told(), "has 8192 MB", "--memory to 7600"),
    ({**EC2, "memory": 8192, "cpu": 2048}, told(), "the system keeps a part", "larger"),
    ({**EC2, "cpu": 4096, "memory": 4096}, told(), "has 2 vCPU", "--cpu to 2048"),
    ({**EC2, "architecture": "arm64", "instance_type": "m6i.large"}, told(), "x86_64", "m6g.large"),
    (
        {**EC2, "instance_type": "m6g.large"},
        told("m6g.large", arch="arm64"),
        "is for X86_64",
        "m6i.large",
    ),
    ({**MANAGED, "memory": 9000}, told(), "has 8192 MB", "--memory"),
    ({**MANAGED}, told(interfaces=1), "one network interface", "larger"),
    (
        {**MULTI, "runner_memory": 65536},
        told("m6i.xlarge", 4, 16384),
        "a runner wants 65536",
        "--runner-memory to 15300",
    ),
]


@pytest.mark.parametrize(("options", "answer", "why", "fix"), MISFITS)
def test_a_type_that_can_never_hold_the_task_is_refused(
    aws: Aws,
    stub: Script,
    options: dict[str, object],
    answer: dict[str, Any],
    why: str,
    fix: str,
) -> None:
    stub("ec2").add_response("describe_instance_types", {"InstanceTypes": [answer]})
    found = room.check_instance(aws, request(**options), placement())
    assert found.verdict is Verdict.REFUSED
    assert why in found.text
    assert fix in found.fix


def test_a_type_that_nobody_knows_is_refused(aws: Aws, stub: Script) -> None:
    stub("ec2").add_client_error("describe_instance_types", "InvalidInstanceType", "no such type")
    wanted = request(**EC2, instance_type="nonsense.xx")
    found = room.check_instance(aws, wanted, placement())
    assert (found.verdict, "nonsense.xx" in found.text) == (Verdict.REFUSED, True)


@pytest.mark.parametrize(
    ("zones", "memory", "verdict", "says"),
    [
        (("a", "b"), 1024, Verdict.PASSED, "the task fits m6i.large"),
        (("a",), 1024, Verdict.WARNING, "no m6i.large in b"),
        ((), 1024, Verdict.REFUSED, "no m6i.large in a and b"),
        (("a", "b"), 7900, Verdict.WARNING, "may never place it"),
    ],
)
def test_it_is_offered_where_it_is_to_start(
    aws: Aws, stub: Script, zones: tuple[str, ...], memory: int, verdict: Verdict, says: str
) -> None:
    ec2 = stub("ec2")
    ec2.add_response("describe_instance_types", {"InstanceTypes": [told()]})
    ec2.add_response("describe_instance_type_offerings", offered(*zones))
    found = room.check_instance(aws, request(**MANAGED, memory=memory), placement())
    assert (found.verdict, says in found.text) == (verdict, True), found.text


@pytest.mark.parametrize(
    ("options", "value", "verdict"),
    [
        (EC2, 5.0, Verdict.PASSED),
        (EC2, 1.0, Verdict.REFUSED),
        ({**MULTI, "runner_count": 3}, 5.0, Verdict.REFUSED),  # three of two vCPU
        ({**MULTI, "runner_count": 2}, 5.0, Verdict.PASSED),
    ],
)
def test_the_quota_of_the_family_is_counted_for_all_that_start(
    aws: Aws, stub: Script, options: dict[str, object], value: float, verdict: Verdict
) -> None:
    stub("ec2").add_response("describe_instance_types", {"InstanceTypes": [told()]})
    stub("service-quotas").add_response("get_service_quota", {"Quota": {"Value": value}})
    found = room.check_instance_quota(aws, request(**options))
    assert found.verdict is verdict
    if verdict is Verdict.REFUSED:
        assert "--quota-code L-1216C47A" in found.fix


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("m6i.large", "L-1216C47A"),
        ("im4gn.large", "L-1216C47A"),
        ("z1d.large", "L-1216C47A"),
        ("g5.xlarge", "L-DB2E81BA"),
        ("inf2.xlarge", "L-1945791B"),
        ("p5.48xlarge", "L-417A185B"),
        ("x2iedn.xlarge", "L-7295265B"),
        ("mac2.metal", None),
        ("7.large", None),
    ],
)
def test_each_family_has_its_own_quota(name: str, code: str | None) -> None:
    assert quota_code(name) == code


@pytest.mark.parametrize(
    ("zone", "lacks"),
    [
        ("use1-az3", True),
        ("use1-az1", False),
        ("apne1-az3", True),
        ("cac1-az4", True),
        ("euc1-az1", False),
        (None, False),
    ],
)
def test_zones_without_fargate_are_known_by_their_ids(zone: str | None, lacks: bool) -> None:
    assert lacks_fargate(zone) is lacks


def in_zone(name: str, zone: str, id_: str, free: int = 200) -> Subnet:
    return Subnet(
        subnet_id=name,
        vpc_id="vpc-1",
        availability_zone=zone,
        availability_zone_id=id_,
        available_ip_address_count=free,
    )


THREE = (
    in_zone("s1", "us-east-1a", "use1-az3", 4000),
    in_zone("s2", "us-east-1b", "use1-az1", 10),
    in_zone("s3", "us-east-1c", "use1-az2", 10),
)


def test_a_zone_without_fargate_is_chosen_last_whatever_its_letter() -> None:
    assert [s.subnet_id for s in _pick("vpc-1", THREE, ())] == ["s2", "s3"]
    assert [s.subnet_id for s in _pick("vpc-1", THREE[:2], ())] == ["s2", "s1"]


def test_a_task_of_fargate_in_such_a_zone_is_refused_and_one_on_an_instance_is_not() -> None:
    there = placement(balancer=THREE[:2])
    assert says("subnets", planned(there)) == REFUSED
    assert says("subnets", planned(there, request(launch_type="ec2"))) != REFUSED
