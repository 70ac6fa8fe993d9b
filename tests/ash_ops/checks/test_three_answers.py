"""Each check of hosts, targets and containers finds, passes, and says when it cannot tell."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.checks.base import NotApplicable
from ash_ops.checks.catalogue import CHECKS
from ash_ops.diagnosis import diagnose
from ash_ops.facts.model import parsed
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from tests.support import scenarios

BY_ID = {check.id: check for check in CHECKS}
# A check, a situation in which it finds its trouble, one in which it has nothing to say against, and the
# readings without which it cannot tell.
ROWS = [
    ("hosts", "ec2-only-instance-is-drained", "ec2-as-it-should-be", ["container_instances", "service"]),
    ("room-on-hosts", "ec2-task-larger-than-any-instance", "ec2-as-it-should-be",
     ["container_instances", "task_definition"]),
    ("capacity-providers", "managed-provider-is-still-being-made", "managed-as-it-should-be",
     ["capacity_providers", "service"]),
    ("infrastructure-role", "managed-infrastructure-role-trusts-the-tasks", "managed-as-it-should-be",
     ["infrastructure_role", "service"]),
    ("scaling-group", "ec2-scaling-group-at-zero", "ec2-as-it-should-be", ["scaling_groups"]),
    ("scaling-group", "ec2-no-capacity-in-the-zone", "ec2-as-it-should-be", ["scaling_groups"]),
    ("foreign-targets", "healthy-target-is-a-stranger-and-ours-times-out", "healthy-as-it-is",
     ["target_health", "tasks", "target_groups"]),
    ("zonal-shift", "zonal-shift-takes-the-only-zone", None, ["target_health"]),
    ("port-mapping", "ash-port-is-not-the-mapped-one", "healthy-as-it-is",
     ["task_definition", "service"]),
    ("balancer-addresses", "one-of-two-balancer-addresses-is-silent",
     "no-ipv6-here-and-one-address-is-ipv6", ["probe"]),
    ("balancer-subnets", "balancer-in-a-private-subnet-of-one-zone", "healthy-as-it-is",
     ["load_balancers", "route_tables", "subnets"]),
    ("running-count", "three-wanted-and-one-runs", "second-task-is-on-its-way", ["service"]),
    ("container-health", "essential-sidecar-is-unhealthy", "healthy-as-it-is",
     ["tasks", "task_definition"]),
    ("restart-policy", "restart-policy-hides-a-crash-loop", "restart-policy-and-no-restart",
     ["tasks", "task_definition"]),
    ("revision-state", "task-definition-was-deregistered-while-it-serves", "healthy-as-it-is",
     ["task_definition"]),
    ("container-memory", "container-limit-below-a-sandbox", None, ["task_definition"]),
]  # fmt: skip
IDS = [f"{row[0]}-{row[1]}" for row in ROWS]


def facts(scenario: str) -> dict[str, Any]:
    change, _ = scenarios.parts(scenario)
    return scenarios.merged(scenarios.healthy(), change)


def run(check: str, document: dict[str, Any]) -> list[str]:
    return [item.cause for item in BY_ID[check].run(parsed(Snapshot, document))]


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_check_finds_its_trouble_and_only_causes_that_it_declares(row: Any) -> None:
    check, broken, _, _ = row
    found = run(check, facts(broken))
    assert found
    assert set(found) <= set(BY_ID[check].causes)


@pytest.mark.parametrize("row", [r for r in ROWS if r[2]], ids=lambda r: r[0])
def test_a_sound_deployment_passes(row: Any) -> None:
    check, _, sound, _ = row
    assert run(check, facts(sound)) == []


@pytest.mark.parametrize(
    ("check", "broken", "reading"), [(r[0], r[1], name) for r in ROWS for name in r[3]]
)
def test_a_check_cannot_tell_without_what_it_needs(check: str, broken: str, reading: str) -> None:
    """Neither a finding nor a pass: an unread fact is no fact."""
    document = facts(broken)
    kept = {k: v for k, v in document[reading].items() if k != "value"}
    document[reading] = kept | {"gap": {"kind": "denied", "code": "AccessDenied", "action": "a:B"}}
    with pytest.raises(CannotTell):
        run(check, document)
    assert diagnose(parsed(Snapshot, document)).status != "healthy"


@pytest.mark.parametrize(
    "check",
    ["hosts", "room-on-hosts", "capacity-providers", "infrastructure-role", "scaling-group"],
)
def test_a_service_on_fargate_is_not_asked_about_hosts(check: str) -> None:
    with pytest.raises(NotApplicable):
        run(check, scenarios.healthy())


def patched(scenario: str, patch: dict[str, Any]) -> dict[str, Any]:
    return scenarios.merged(facts(scenario), patch)


@pytest.mark.parametrize(
    ("check", "scenario", "patch", "value"),
    [
        ("hosts", "ec2-as-it-should-be", {"status": "HIBERNATING"}, "HIBERNATING"),
        ("hosts", "ec2-as-it-should-be", {"healthStatus": {"overallStatus": "ODD"}}, "ODD"),
    ],
)
def test_a_state_that_aws_has_added_is_told_and_is_no_health(
    check: str, scenario: str, patch: dict[str, Any], value: str
) -> None:
    document = facts(scenario)
    instance = document["container_instances"]["value"][0]
    document["container_instances"]["value"] = [instance | patch]
    with pytest.raises(CannotTell, match=value):
        run(check, document)


def test_the_states_of_instances_and_providers_are_those_that_botocore_knows() -> None:
    """A table that lacks one would call it unknown; one with another would never meet it."""
    import botocore.session

    from ash_ops.checks.connection import zonal_shift
    from ash_ops.checks.hosts import instances, providers

    ecs = botocore.session.get_session().get_service_model("ecs")
    elb = botocore.session.get_session().get_service_model("elbv2")
    known = set(ecs.shape_for("ContainerInstanceStatus").enum)
    assert known | {"INACTIVE"} == instances._STATES
    assert set(ecs.shape_for("InstanceHealthCheckState").enum) == instances._HEALTH
    assert set(ecs.shape_for("CapacityProviderStatus").enum) == providers._STATES
    shifts = set(elb.shape_for("TargetAdministrativeOverrideStateEnum").enum)
    assert zonal_shift._ACTIVE | zonal_shift._NONE | {"unknown"} == shifts


def test_a_provider_in_an_unknown_state_is_not_called_active() -> None:
    document = facts("managed-as-it-should-be")
    document["capacity_providers"]["value"][0]["status"] = "RESTING"
    with pytest.raises(CannotTell, match="RESTING"):
        run("capacity-providers", document)


def test_an_agent_that_joined_a_minute_ago_is_given_time() -> None:
    document = facts("ec2-agent-is-gone-while-it-serves")
    document["container_instances"]["value"][0]["registeredAt"] = "2026-11-22T11:59:00Z"
    assert run("hosts", document) == []


def test_a_failure_that_the_group_has_got_over_is_past() -> None:
    document = facts("ec2-no-capacity-in-the-zone")
    later = {"ActivityId": "2", "AutoScalingGroupName": "ash-cloud-Instances-1",
             "StatusCode": "Successful", "StartTime": "2026-11-22T11:55:00Z"}  # fmt: skip
    document["scaling_activities"]["value"].append(later)
    assert run("scaling-group", document) == []


def test_a_group_that_ecs_scales_may_be_at_zero() -> None:
    document = facts("ec2-scaling-group-at-zero")
    document["service"]["value"]["capacityProviderStrategy"] = [{"capacityProvider": "asg"}]
    name = document["scaling_groups"]["value"][0]["AutoScalingGroupName"]
    arn = f"arn:aws:autoscaling:us-east-1:1:autoScalingGroup:x:autoScalingGroupName/{name}"
    behind = {"autoScalingGroupArn": arn, "managedScaling": {"status": "ENABLED"}}
    document["capacity_providers"]["value"] = [
        {"name": "asg", "status": "ACTIVE", "autoScalingGroupProvider": behind}
    ]
    assert run("scaling-group", document) == []


def test_managed_instances_starts_one_that_fits_whatever_runs_now() -> None:
    document = facts("managed-as-it-should-be")
    document["task_definition"]["value"]["memory"] = "60000"
    assert run("room-on-hosts", document) == []


def test_targets_of_the_kind_instance_are_the_instances_of_the_tasks() -> None:
    """The bundled template registers instances where the server runs on EC2."""
    document = facts("ec2-as-it-should-be")
    document["target_groups"]["value"][0]["TargetType"] = "instance"
    document["target_health"]["value"][0]["Target"]["Id"] = "i-0a1"
    assert run("foreign-targets", document) == []
    document["target_health"]["value"][0]["Target"]["Id"] = "i-0ff"
    assert run("foreign-targets", document) == ["target-foreign"]


def test_two_tasks_that_are_told_to_have_one_address_prove_nothing_of_targets() -> None:
    document = facts("healthy-target-is-a-stranger-and-ours-times-out")
    document["tasks"]["value"] *= 2
    with pytest.raises(CannotTell):
        run("foreign-targets", document)


@pytest.mark.parametrize("error", ["ConnectionRefusedError", "ConnectionResetError"])
def test_an_address_that_refuses_was_reached_whatever_the_routes_say(error: str) -> None:
    document = facts("balancer-in-a-private-subnet-of-one-zone")
    rungs = document["probe"]["value"]["rungs"]
    rungs[1]["detail"] = f"port 4100: 198.51.100.1 ok, 198.51.100.2 {error}"
    assert run("balancer-subnets", document) == []
    assert run("balancer-addresses", document) == ["balancer-address-silent"]


def test_a_port_that_a_target_of_this_revision_answers_on_is_right() -> None:
    document = facts("ash-port-is-not-the-mapped-one")
    document["target_health"] = scenarios.healthy()["target_health"]
    assert run("port-mapping", document) == []


def test_a_revision_on_its_way_in_with_another_port_is_told_before_the_old_task_is_gone() -> None:
    document = facts("ash-port-is-not-the-mapped-one")
    document["target_health"] = scenarios.healthy()["target_health"]
    document["tasks"]["value"][0]["taskDefinitionArn"] = (
        "arn:aws:ecs:us-east-1:1:task-definition/x:6"
    )
    snapshot = parsed(Snapshot, document)
    found = list(BY_ID["port-mapping"].run(snapshot))
    assert [(f.cause, f.severity) for f in found] == [("port-mapping-mismatch", "error")]


def test_the_only_ipv6_rule_that_is_unread_settles_nothing() -> None:
    """A snapshot from before IPv6 rules were read has none; that is no denial."""
    document = facts("ipv6-caller-is-not-admitted")
    document["network_acls"] = scenarios.healthy()["network_acls"]
    with pytest.raises(CannotTell, match="IPv6"):
        run("network-acls", document)


@pytest.mark.parametrize(
    "name",
    ["tasks", "stopped_tasks", "service_deployments", "target_health", "listeners", "log_lines"],
)
def test_a_list_that_is_gone_from_a_snapshot_is_unread_and_not_empty(name: str) -> None:
    report = diagnose(scenarios.snapshot({name: {"value": None}}))
    assert report.status == "inconclusive"
    assert any("is not here" in unknown.reason for unknown in report.unknown)
