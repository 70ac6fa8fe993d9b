"""What befalls one task of two is named, though the other answers and the load balancer is content."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ash_ops.checks.base import Finding
from ash_ops.diagnosis import diagnose
from tests.support import scenarios

OPEN = {"RuleNumber": 100, "RuleAction": "allow", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}
LOST_ROUTE = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-7", "State": "blackhole"}
LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}


def two_tasks(second: str, change: dict[str, Any]) -> dict[str, Finding]:
    """The findings of a service with a task in each subnet; the second's target is in a state."""
    facts = scenarios.healthy()
    first, target = facts["tasks"]["value"][0], facts["target_health"]["value"][0]
    other = copy.deepcopy(first)
    other["taskArn"] = first["taskArn"][:-2] + "01"
    other["availabilityZone"] = "us-east-1b"
    other["attachments"][0]["details"][0]["value"] = "subnet-bbb"
    other["attachments"][0]["details"][2]["value"] = "10.0.2.24"
    health = {"State": second} | ({"Reason": "Target.Timeout"} if second == "unhealthy" else {})
    row = {"Target": {"Id": "10.0.2.24", "Port": 4100}, "TargetHealth": health}
    both = {
        "service": {"value": {"desiredCount": 2, "runningCount": 2}},
        "tasks": {"value": [first, other]},
        "target_health": {"value": [target, row]},
    }
    report = diagnose(scenarios.snapshot(scenarios.merged(both, change)))
    return {f.cause: f for f in report.findings if f.severity != "info"}


def acl_of_second(**denied: object) -> dict[str, Any]:
    sound = scenarios.healthy()["network_acls"]["value"][0]
    deny = {"RuleNumber": 50, "RuleAction": "deny", "CidrBlock": "0.0.0.0/0", **denied}
    entries = [deny, {**OPEN, "Egress": True}, {**OPEN, "Egress": False}]
    second = {"NetworkAclId": "acl-b", "VpcId": "vpc-1", "Entries": entries}
    second["Associations"] = [{"SubnetId": "subnet-bbb"}]
    first = {**sound, "Associations": [{"SubnetId": "subnet-aaa"}]}
    return {"network_acls": {"value": [first, second]}}


def routes_of_second(*routes: dict[str, Any]) -> dict[str, Any]:
    main = scenarios.healthy()["route_tables"]["value"][0]
    table = {"RouteTableId": "rtb-b", "VpcId": "vpc-1", "Routes": [LOCAL, *routes]}
    table["Associations"] = [{"SubnetId": "subnet-bbb"}]
    return {"route_tables": {"value": [main, table]}}


def test_an_acl_that_drops_the_port_of_one_subnet_is_named_with_its_command() -> None:
    shut = acl_of_second(Egress=False, Protocol="6", PortRange={"From": 4100, "To": 4100})
    found = two_tasks("unhealthy", shut)
    assert found["nacl-blocks"].severity == "error"  # a task that is wanted serves nobody
    assert "subnet-bbb" in found["nacl-blocks"].summary
    assert "acl-b" in (command := found["nacl-blocks"].fix[0].command or "")
    assert "From=4100,To=4100" in command
    assert found["target-timeout"].explained_by == found["nacl-blocks"].id


def test_targets_that_were_not_read_make_no_outage_of_it_while_the_server_answers() -> None:
    shut = acl_of_second(Egress=False, Protocol="6", PortRange={"From": 4100, "To": 4100})
    change = {**shut, "target_health": scenarios.gap()}
    assert two_tasks("unhealthy", change)["nacl-blocks"].severity == "warning"


def test_a_second_target_that_only_just_started_is_worth_knowing_and_no_problem() -> None:
    young = {"healthCheckGracePeriodSeconds": 4 * 3600}
    found = two_tasks("unhealthy", {"service": {"value": young}})
    assert found["target-timeout"].severity == "warning"


def test_an_acl_whose_subnet_has_a_healthy_target_is_not_blamed() -> None:
    shut = acl_of_second(Egress=False, Protocol="6", PortRange={"From": 4100, "To": 4100})
    assert "nacl-blocks" not in two_tasks("healthy", shut)


@pytest.mark.parametrize(
    "change",
    [
        routes_of_second(LOST_ROUTE),
        routes_of_second(),
        acl_of_second(Egress=True, Protocol="6", PortRange={"From": 443, "To": 443}),
    ],
)
def test_agents_of_one_task_that_cannot_reach_the_model_are_a_problem(
    change: dict[str, Any],
) -> None:
    found = two_tasks("healthy", change)["anthropic-unreachable"]
    assert found.severity == "error"
    assert "1 of its 2 tasks" in found.summary


def test_a_group_that_admits_the_balancer_of_one_zone_alone_is_named() -> None:
    groups = copy.deepcopy(scenarios.healthy()["security_groups"]["value"])
    rule = {"IpProtocol": "tcp", "FromPort": 4100, "ToPort": 4100}
    groups[0]["IpPermissions"] = [{**rule, "IpRanges": [{"CidrIp": "10.0.1.0/24"}]}]
    found = two_tasks("unhealthy", {"security_groups": {"value": groups}})
    assert found["task-security-group-blocks"].severity == "error"
    assert found["target-timeout"].explained_by == found["task-security-group-blocks"].id
    sound = two_tasks("healthy", {"security_groups": {"value": groups}})
    assert "task-security-group-blocks" not in sound


def test_a_service_that_was_deleted_with_its_cluster_is_missing() -> None:
    change = {
        "cluster": {"value": {"status": "INACTIVE"}},
        "service": {"value": {"status": "INACTIVE", "runningCount": 0}},
        "tasks": {"value": []},
        "target_health": {"value": []},
        "probe": {"value": None},
    }
    lead = diagnose(scenarios.snapshot(change)).findings[0]
    assert lead.cause == "service-missing"
    assert "INACTIVE" in lead.summary


def test_a_sick_target_whose_task_cannot_be_told_is_no_proof_that_all_is_well() -> None:
    facts = scenarios.healthy()
    first, row = facts["tasks"]["value"][0], facts["target_health"]["value"][0]
    other = copy.deepcopy(first) | {"taskArn": first["taskArn"][:-2] + "01"}
    del other["attachments"][0]["details"][2]  # its private address
    sick = {"Target": {"Id": "10.0.2.24", "Port": 4100}, "TargetHealth": {"State": "unhealthy"}}
    facts["service"]["value"] |= {"desiredCount": 2, "runningCount": 2}
    facts["tasks"]["value"], facts["target_health"]["value"] = [first, other], [row, sick]
    report = diagnose(scenarios.snapshot(facts))
    assert report.status == "inconclusive"
    assert any("10.0.2.24" in unknown.reason for unknown in report.unknown)
