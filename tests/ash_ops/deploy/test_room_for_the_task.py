"""What EC2 can never place is refused before anything is made, with what to type instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber
from msgspec.structs import replace

from ash_ops.aws.client.session import Aws
from ash_ops.aws.machines.instance_types import instance_type
from ash_ops.checks.base import Finding
from ash_ops.deploy.plan.placement import _pick
from ash_ops.deploy.plan.preflight import check_plan
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.instance_types import InstanceType
from ash_ops.facts.model import fact_of
from ash_ops.facts.network import Subnet
from ash_ops.facts.reading import Gap
from ash_ops.sizes.instance_types import quota_code
from ash_ops.sizes.zones import lacks_fargate
from tests.ash_ops.deploy.test_checking_before import (
    NOTHING,
    PASSED,
    REFUSED,
    UNKNOWN,
    WARNING,
    placement,
    planned,
    request,
    says,
    subnet,
)

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


def on_instances(
    options: dict[str, object], answer: dict[str, Any] | None = None, **facts: object
) -> PlannedDeployment:
    """A plan on instances that is in order but for what is given."""
    found = fact_of(InstanceType, answer or told())
    runners = tuple(subnet(name, zone) for name, zone in (("r1", "a"), ("r2", "b")))
    given = {"instance_type": found, "instance_zones": frozenset("ab"), "vcpu_quota": 64.0} | facts
    return planned(asked=request(**options), runner_subnets=runners, **given)


def only(check: str, facts: PlannedDeployment) -> Finding:
    """The one finding of a check; what it says is proven and told what to do about."""
    (found,) = check_plan(facts)[check].findings
    assert found.evidence
    return found


@pytest.mark.parametrize(("options", "answer", "why", "fix"), MISFITS)
def test_a_type_that_can_never_hold_the_task_is_refused(
    options: dict[str, object], answer: dict[str, Any], why: str, fix: str
) -> None:
    found = only("instance", on_instances(options, answer))
    assert found.severity == "error"
    assert why in found.summary
    assert fix in found.fix[0].why


def test_a_type_that_ec2_does_not_know_is_no_failure_to_ask(aws: Aws, stub: Script) -> None:
    stub("ec2").add_client_error("describe_instance_types", "InvalidInstanceType", "no such type")
    assert instance_type(aws, "nonsense.xx") is None


def test_a_type_that_nobody_knows_is_refused() -> None:
    wanted = {**EC2, "instance_type": "nonsense.xx"}
    facts = on_instances(wanted, instance_type=None, instance_zones=frozenset())
    found = only("instance", facts)
    assert (found.severity, "nonsense.xx" in found.summary) == ("error", True)
    assert says("instance-quota", facts) == UNKNOWN  # of its family nothing is known


@pytest.mark.parametrize(
    ("zones", "memory", "answer", "text"),
    [
        (("a", "b"), 1024, PASSED, ""),
        (("a",), 1024, WARNING, "no m6i.large in b"),
        ((), 1024, REFUSED, "no m6i.large in a and b"),
        (("a", "b"), 7900, WARNING, "may never place it"),
    ],
)
def test_it_is_offered_where_it_is_to_start(
    zones: tuple[str, ...], memory: int, answer: str, text: str
) -> None:
    facts = on_instances({**MANAGED, "memory": memory}, instance_zones=frozenset(zones))
    assert says("instance", facts) == answer
    assert text in "".join(found.summary for found in check_plan(facts)["instance"].findings)


def test_runners_start_in_their_own_zones_and_an_instance_beside_its_disk() -> None:
    there = frozenset({"a"})
    runners = on_instances({**MULTI, "runner_memory": 4096}, instance_zones=there)
    assert says("instance", runners) == WARNING
    server = on_instances(EC2, instance_zones=there)
    assert says("instance", server) == WARNING
    parameters = {**server.parameters, "DataZone": "a"}
    assert says("instance", replace(server, parameters=parameters)) == PASSED


@pytest.mark.parametrize(
    ("check", "reading"),
    [
        ("instance", "instance_type"),
        ("instance", "instance_zones"),
        ("instance-quota", "instance_type"),
        ("instance-quota", "vcpu_quota"),
    ],
)
def test_what_ec2_did_not_tell_could_not_be_told(check: str, reading: str) -> None:
    assert says(check, on_instances(EC2, **{reading: Gap(kind="denied")})) == UNKNOWN
    assert says(check, planned()) == NOTHING  # on Fargate nobody asks


@pytest.mark.parametrize(
    ("options", "value", "answer"),
    [
        (EC2, 5.0, PASSED),
        (EC2, 1.0, REFUSED),
        (EC2, None, UNKNOWN),
        ({**MULTI, "runner_count": 3}, 5.0, REFUSED),  # three of two vCPU
        ({**MULTI, "runner_count": 2}, 5.0, PASSED),
        ({**EC2, "instance_type": "mac2.metal"}, 5.0, UNKNOWN),  # a family with no quota known here
    ],
)
def test_the_quota_of_the_family_is_counted_for_all_that_start(
    options: dict[str, object], value: float | None, answer: str
) -> None:
    facts = on_instances(options, vcpu_quota=value)
    assert says("instance-quota", facts) == answer
    if answer is REFUSED:
        assert "--quota-code L-1216C47A" in str(only("instance-quota", facts).fix[0].command)


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
        ("u7i-12tb.224xlarge", "L-43DA4232"),
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
