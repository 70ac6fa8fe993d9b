"""What is read of an account before a deployment: all that its checks look at, and nothing besides."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.placement import Placement
from ash_ops.deploy.plan.preflight import read_planned
from ash_ops.deploy.plan.request import Request, read_request
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.network import Subnet
from ash_ops.facts.start import Identity
from tests.support.account import Account, Raw
from tests.support.deploying import settings_of

ME = Identity(account="123456789012", arn="arn:aws:iam::123456789012:user/me")
ROOT = Identity(account="123456789012", arn="arn:aws:iam::123456789012:root")
SUBNETS = tuple(
    Subnet(subnet_id=f"subnet-{zone}", vpc_id="vpc-1", availability_zone=f"us-east-1{zone}")
    for zone in "abc"
)
HERE = Placement(
    vpc="vpc-1", balancer_subnets=SUBNETS[:2], task_subnets=(SUBNETS[0], SUBNETS[2]), tables=()
)
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
ALWAYS = {"DescribeInternetGateways", "DescribeNatGateways", "SimulatePrincipalPolicy"}
NEW = {"DescribeResourcePolicies", "DescribeLogGroups", "DescribeLoadBalancers"}
TYPE = {"DescribeInstanceTypes", "DescribeInstanceTypeOfferings", "GetServiceQuota"}
FLEET = {
    "mode": "multi-machine",
    "runner_subnets": ("subnet-r1", "subnet-r2"),
    "subnets": ("subnet-a", "subnet-b"),
}


GIVEN = {"ASH_DATABASE_URL": "postgresql://ash:planted@db.example.com:5432/ash"}


class Asked:
    """An account that answers emptily, and what was asked of it."""

    def __init__(self, aws: Aws) -> None:
        self.aws, self.account = aws, Account({})
        self.account.serve(aws)

    def plan(
        self,
        *,
        who: Identity = ME,
        is_new: bool = True,
        before: dict[str, str] | None = None,
        limit: float = 20.0,
        variables: dict[str, str] | None = None,
        **options: Any,
    ) -> PlannedDeployment:
        settings = settings_of(**(variables or {}))
        self.aws.settings = settings
        asked = read_request(settings, DeployOptions(image="127.0.0.1:9/ash:1", **options))
        request: Request = replace(asked, previous=before or {})
        return read_planned(self.aws, who, request, HERE, is_new=is_new, limit=limit)

    def operations(self) -> set[str]:
        return {name for name, _ in self.account.calls}


@pytest.fixture
def asked(aws: Aws) -> Asked:
    return Asked(aws)


@pytest.mark.parametrize(
    ("given", "operations"),
    [
        pytest.param({}, ALWAYS | NEW | {"GetServiceQuota"}, id="a new one on Fargate"),
        pytest.param({"is_new": False}, ALWAYS | {"GetServiceQuota"}, id="one that is there"),
        pytest.param(
            {"who": ROOT},
            (ALWAYS | NEW | {"GetServiceQuota"}) - {"SimulatePrincipalPolicy"},
            id="root may do all, and cannot be simulated",
        ),
        pytest.param({"launch_type": "ec2"}, ALWAYS | NEW | TYPE, id="on an instance"),
        pytest.param(
            {"efs": True, "is_new": False, "before": {"TaskSubnetIds": "subnet-a,subnet-c"}},
            ALWAYS | {"GetServiceQuota", "DescribeSubnets"},
            id="files that are mounted somewhere",
        ),
        pytest.param(
            {"efs": True, "before": {"TaskSubnetIds": "subnet-a"}},
            ALWAYS | NEW | {"GetServiceQuota"},
            id="files of a new one are mounted nowhere",
        ),
        pytest.param(
            {"certificate": CERTIFICATE, "is_new": False},
            ALWAYS | {"GetServiceQuota", "DescribeCertificate"},
            id="a certificate",
        ),
        pytest.param(FLEET, ALWAYS | NEW | TYPE | {"DescribeSubnets"}, id="a fleet"),
        pytest.param(
            {**FLEET, "variables": GIVEN},
            ALWAYS
            | NEW
            | TYPE
            | {"DescribeSubnets", "DescribeDBInstances", "DescribeSecurityGroups"},
            id="a fleet with a database of its owner's",
        ),
        pytest.param(
            {**FLEET, "variables": GIVEN, "is_new": False},
            ALWAYS | TYPE | {"DescribeSubnets"},
            id="which was looked at when it was made",
        ),
        pytest.param(
            {"variables": GIVEN},
            ALWAYS | NEW | {"GetServiceQuota"},
            id="one server reaches its database from where it always did",
        ),
    ],
)
def test_what_is_asked_follows_from_what_is_wanted(
    asked: Asked, given: dict[str, Any], operations: set[str]
) -> None:
    asked.plan(**given)
    assert asked.operations() == operations


def test_each_question_is_about_this_deployment(asked: Asked) -> None:
    asked.plan(launch_type="ec2", instance_type="m6i.large")
    about = asked.account.asked
    (simulated,) = about("SimulatePrincipalPolicy")[:1]
    assert simulated["PolicySourceArn"] == ME.arn
    assert "cloudformation:CreateChangeSet" in {
        name for each in about("SimulatePrincipalPolicy") for name in each["ActionNames"]
    }
    assert about("DescribeInstanceTypes")[0]["InstanceTypes"] == ["m6i.large"]
    assert [each["QuotaCode"] for each in about("GetServiceQuota")] == ["L-1216C47A"]
    assert {each["logGroupNamePrefix"] for each in about("DescribeLogGroups")} == {
        "/ash-cloud/runtime",
        "/ash-cloud/events",
    }
    assert about("DescribeLoadBalancers")[0]["Names"] == ["ash-cloud-nlb"]


def test_the_database_that_was_given_is_looked_for_by_its_host(asked: Asked) -> None:
    """And the groups that must let the coordinator in are those of the VPC where it will run."""
    row = {
        "DBInstanceIdentifier": "mine",
        "Endpoint": {"Address": "db.example.com", "Port": 5432},
        "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-db"}],
    }
    asked.account.answers["DescribeDBInstances"] = {"DBInstances": [row]}
    asked.account.answers["DescribeSecurityGroups"] = {"SecurityGroups": [{"GroupId": "sg-db"}]}
    planned = asked.plan(**FLEET, variables=GIVEN)
    found = planned.given_database.get()
    assert found is not None
    assert (found.host, found.groups) == ("db.example.com", ("sg-db",))
    assert [each.group_id for each in planned.snapshot.security_groups.get() or ()] == ["sg-db"]
    (given,) = asked.account.asked("DescribeSecurityGroups")
    assert given["Filters"] == [{"Name": "vpc-id", "Values": ["vpc-1"]}]
    assert planned.has_own_database
    assert "planted" not in repr(planned)


@pytest.mark.parametrize("url", ["postgresql://[::1/ash", "postgresql:///ash", "none"])
def test_an_address_that_names_no_host_is_no_database_of_the_account(
    asked: Asked, url: str
) -> None:
    planned = asked.plan(**FLEET, variables={"ASH_DATABASE_URL": url})
    assert planned.given_database.gap is None
    assert planned.given_database.get() is None


def test_only_groups_of_exactly_its_names_are_taken(asked: Asked) -> None:
    """The prefix of a group finds longer names as well."""
    names = ("/ash-cloud/runtime", "/ash-cloud/runtime-2", "/ash-cloud/events")
    asked.account.answers["DescribeLogGroups"] = lambda given: {
        "logGroups": [
            {"logGroupName": name} for name in names if name.startswith(given["logGroupNamePrefix"])
        ]
    }
    found = asked.plan().log_groups.get()
    assert [group.log_group_name for group in found] == [names[0], names[2]]


def test_the_plan_says_what_it_will_be_and_where_that_was_read(asked: Asked) -> None:
    planned = asked.plan(cpu=1024, memory=4096, architecture="arm64", private=True)
    snapshot = planned.snapshot
    assert snapshot.deployment.account == "123456789012"
    assert (snapshot.deployment.name, snapshot.deployment.region) == ("ash-cloud", "us-east-1")
    assert (planned.vpc, planned.balancer_subnets) == ("vpc-1", ("subnet-a", "subnet-b"))
    assert snapshot.subnets.get() == SUBNETS
    service, task = snapshot.service.get(), snapshot.task_definition.get()
    network = service.network_configuration.awsvpc_configuration
    assert network.subnets == ("subnet-a", "subnet-c")
    assert network.assign_public_ip == "DISABLED"
    assert (service.desired_count, service.running_count) == (1, 0)
    assert (service.launch_type, service.service_name) == ("FARGATE", "ash-cloud-runtime")
    assert (task.cpu, task.memory) == ("1024", "4096")
    assert task.runtime_platform.cpu_architecture == "ARM64"
    assert task.requires_compatibilities == ("FARGATE",)
    (container,) = task.container_definitions
    assert (container.name, container.image) == ("ash", "127.0.0.1:9/ash:1")
    assert snapshot.service.call == "plan:Service"
    assert snapshot.subnets.call == "ec2:DescribeSubnets"
    assert snapshot.identity.call == "sts:GetCallerIdentity"
    there_is_none = snapshot.target_health
    assert there_is_none.call == "plan:target_health"
    assert there_is_none.gap is not None
    assert there_is_none.gap.kind == "skipped"


def test_what_was_refused_is_a_gap_and_all_else_stands(asked: Asked) -> None:
    asked.account.answers["DescribeNatGateways"] = "UnauthorizedOperation"
    snapshot = asked.plan().snapshot
    assert snapshot.nat_gateways.gap is not None
    assert snapshot.nat_gateways.gap.kind == "denied"
    assert snapshot.nat_gateways.call == "ec2:DescribeNatGateways"
    assert snapshot.internet_gateways.get() == ()


def test_an_answer_that_does_not_come_is_left_behind_and_its_thread_ends(asked: Asked) -> None:
    silence = threading.Event()

    def silent(_: Raw) -> Raw:
        silence.wait(20)
        return {}

    asked.account.answers["GetServiceQuota"] = silent
    before = set(threading.enumerate())
    try:
        planned = asked.plan(limit=0.5)
    finally:
        silence.set()
    assert planned.snapshot.quota.gap is not None
    assert planned.snapshot.quota.gap.kind == "timeout"
    assert planned.snapshot.nat_gateways.gap is None
    end = time.monotonic() + 20
    while set(threading.enumerate()) - before and time.monotonic() < end:
        time.sleep(0.01)
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize(
    ("before", "has"),
    [
        ({"DomainName": "ash.example.com", "HostedZoneId": "Z1"}, True),
        ({"DomainName": "ash.example.com", "HostedZoneId": "Z2"}, False),
        ({"DomainName": "old.example.com", "HostedZoneId": "Z1"}, False),
        ({}, False),
    ],
)
def test_a_record_is_there_where_name_and_zone_stay(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, before: dict[str, str], has: bool
) -> None:
    public: list[str] = []
    monkeypatch.setattr(
        "ash_ops.deploy.plan.preflight.read_public_dns",
        lambda domain, *_, **__: public.append(domain),
    )  # the network's own names are asked nowhere in a test
    planned = asked.plan(before=before, is_new=False, domain="ash.example.com", hosted_zone="Z1")
    assert planned.has_its_record is has
    assert {"GetHostedZone", "ListResourceRecordSets"} & asked.operations()
    assert public == ["ash.example.com"]


def test_the_records_of_a_name_are_asked_for_once_its_zone_is_known(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long Route 53 takes: records are asked for by the zone's id, and those of the names between them."""
    zones: list[Any] = []
    monkeypatch.setattr(
        "ash_ops.deploy.plan.preflight.read_public_dns",
        lambda _, zone, *, is_to_be_issued: zones.append((zone.name, is_to_be_issued)),
    )
    unanswered = threading.Event()

    def slowly(_: Raw) -> Raw:
        unanswered.wait(0.1)
        return {
            "HostedZone": {"Id": "/hostedzone/Z1", "Name": "example.com.", "CallerReference": "x"}
        }

    asked.account.answers["GetHostedZone"] = slowly
    planned = asked.plan(domain="a.ash.example.com", hosted_zone="Z1")
    found = planned.hosted_zone.get()
    assert found is not None
    assert found.name == "example.com"
    about = asked.account.asked("ListResourceRecordSets")
    assert {each["HostedZoneId"] for each in about} == {found.id}
    assert {each["StartRecordName"].rstrip(".") for each in about} == {
        "a.ash.example.com",
        "ash.example.com",
    }
    assert (planned.name_records.gap, planned.public_dns.gap) == (None, None)
    assert zones == [("example.com", True)]
