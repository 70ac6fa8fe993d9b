"""What is wrong with the second of a kind, or with the next task, is told beside a first one that is well."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ash_ops.diagnosis import diagnose
from tests.support import scenarios
from tests.support.told import HEALTHY, told, values

GROUP, BALANCER = HEALTHY["target_groups"][0], HEALTHY["load_balancers"][0]
LISTENER, ROW, TASK = HEALTHY["listeners"][0], HEALTHY["target_health"][0], HEALTHY["tasks"][0]
OTHER = GROUP["TargetGroupArn"].replace("ash-cloud-tg", "other")
INTERNAL = BALANCER["LoadBalancerArn"].replace("ash-cloud-nlb", "internal")


def two_groups(**attributes: str) -> dict[str, Any]:
    """A second balancer with a listener and a group of its own; attributes are that group's."""
    group = {
        **GROUP,
        "TargetGroupArn": OTHER,
        "TargetGroupName": "other",
        "LoadBalancerArns": [INTERNAL],
    }
    balancer = {**BALANCER, "LoadBalancerArn": INTERNAL, "LoadBalancerName": "internal",
                "Scheme": "internal", "DNSName": "internal.elb.amazonaws.com"}  # fmt: skip
    listener = {**LISTENER, "ListenerArn": "arn:second", "LoadBalancerArn": INTERNAL,
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": OTHER}]}  # fmt: skip
    served = HEALTHY["service"]["loadBalancers"][0]
    rows = [{**ROW, "target_group_arn": arn} for arn in (GROUP["TargetGroupArn"], OTHER)]
    return values(
        target_groups=[GROUP, group], load_balancers=[BALANCER, balancer], listeners=[LISTENER, listener],
        target_health=rows, other_attributes={OTHER: attributes},
        service={"loadBalancers": [served, {**served, "targetGroupArn": OTHER}]},
    )  # fmt: skip


def two_tasks(second: dict[str, Any] | None) -> dict[str, Any]:
    """Two tasks of three hours, the first one healthy; the second's target is as told, or is none."""
    later = copy.deepcopy(TASK)
    later["taskArn"] = later["taskArn"].replace("8f2c", "9f2c")
    later["attachments"][0]["details"][2]["value"] = "10.0.1.24"
    target = {"Target": {**ROW["Target"], "Id": "10.0.1.24"}, "TargetHealth": second}
    return values(
        tasks=[TASK, later], target_health=[ROW, target] if second else [ROW],
        service={"desiredCount": 2, "runningCount": 2},
    )  # fmt: skip


@pytest.mark.parametrize("second", [
    {"State": "unused", "Reason": "Target.InvalidState"},
    {"State": "unused", "Reason": "Target.IpUnusable"},
    {"State": "unavailable", "Reason": "Elb.InternalError"},
    {"State": "initial", "Reason": "Elb.InitialHealthChecking"},
    {"State": "draining", "Reason": "Target.DeregistrationInProgress"},
    {"State": "unhealthy", "Reason": "Target.Timeout"},
    None,
])  # fmt: skip
def test_a_wanted_task_that_gets_no_connections_is_a_problem(second: dict[str, str] | None) -> None:
    assert "error" in told(two_tasks(second)).values()


def test_two_healthy_tasks_and_two_healthy_groups_are_none() -> None:
    assert told(two_tasks({"State": "healthy"})) == {}
    assert told(two_groups()) == {}


def test_proxy_protocol_of_the_second_group_is_seen() -> None:
    assert told(two_groups(**{"proxy_protocol_v2.enabled": "true"})) == {
        "target-protocol-mismatch": "warning"
    }


def test_a_second_listener_has_an_idle_timeout_of_its_own() -> None:
    change = two_groups()
    change["other_attributes"]["value"]["arn:second"] = {"tcp.idle_timeout.seconds": "350"}
    assert told(change) == {"stream-idle-timeout": "info"}


def test_a_second_balancer_whose_group_admits_nobody_is_told() -> None:
    change = two_groups()
    change["load_balancers"]["value"][1] = {
        **change["load_balancers"]["value"][1],
        "SecurityGroups": ["sg-shut"],
    }
    shut = {"GroupId": "sg-shut", "VpcId": "vpc-1", "IpPermissions": [], "IpPermissionsEgress": []}
    change |= values(security_groups=[*HEALTHY["security_groups"], shut])
    assert told(change)["caller-address-blocked"] == "warning"


class TestWhatALoadBalancerSpeaks:
    @pytest.mark.parametrize("protocol", ["TLS", "HTTPS"])
    def test_a_target_group_that_encrypts_is_one_that_ash_does_not_understand(
        self, protocol: str
    ) -> None:
        change = values(target_groups=[{**GROUP, "Protocol": protocol}])
        assert told(change) == {"target-protocol-mismatch": "warning"}  # it answers all the same

    def test_it_may_encrypt_to_a_proxy_beside_ash(self) -> None:
        served = {**HEALTHY["service"]["loadBalancers"][0], "containerName": "envoy"}
        change = values(
            target_groups=[{**GROUP, "Protocol": "TLS"}], service={"loadBalancers": [served]}
        )
        assert "target-protocol-mismatch" not in told(change)

    @pytest.mark.parametrize(("codes", "right"), [
        ("200", True), ("200-399", True), ("204,200", True), ("100-199, 200-299", True), ("anything", True),
        ("204", False), ("201-299", False), ("300-399,404", False),
    ])  # fmt: skip
    def test_a_health_check_takes_200_for_healthy(self, codes: str, right: bool) -> None:
        change = values(target_groups=[{**GROUP, "Matcher": {"HttpCode": codes}}])
        assert told(change) == ({} if right else {"healthcheck-wrong-path": "warning"})

    @pytest.mark.parametrize(
        ("mine", "others", "found"),
        [(100, 0, {}), (50, 50, {"target-group-not-attached": "warning"})],
    )
    def test_what_a_listener_hands_to_others_by_weight_is_lost(
        self, mine: int, others: int, found: dict[str, str]
    ) -> None:
        shares = [
            {"TargetGroupArn": GROUP["TargetGroupArn"], "Weight": mine},
            {"TargetGroupArn": OTHER, "Weight": others},
        ]
        action = {"Type": "forward", "ForwardConfig": {"TargetGroups": shares}}
        assert told(values(listeners=[{**LISTENER, "DefaultActions": [action]}])) == found

    def test_a_balancer_that_cannot_scale_is_told_while_it_answers(self) -> None:
        change = values(load_balancers=[{**BALANCER, "State": {"Code": "active_impaired"}}])
        assert told(change) == {"elb-internal-error": "warning"}

    def test_a_balancer_that_is_only_just_made_need_not_answer(self) -> None:
        young = {
            **BALANCER,
            "State": {"Code": "provisioning"},
            "CreatedTime": "2026-11-22T11:59:00Z",
        }
        rungs = [
            {"name": "dns", "outcome": "ok"},
            {"name": "tcp", "outcome": "failed", "error": "TimeoutError"},
        ]
        change = values(load_balancers=[young], probe={"rungs": rungs, "health": None})
        assert diagnose(scenarios.snapshot(change)).status == "inconclusive"


class TestWhereTheNextTaskIsPut:
    def test_a_zone_without_the_balancer_is_no_place(self) -> None:
        change = values(
            load_balancers=[{**BALANCER, "AvailabilityZones": BALANCER["AvailabilityZones"][:1]}]
        )
        assert told(change) == {"target-az-not-enabled": "warning"}

    def test_a_subnet_that_is_gone_is_none(self) -> None:
        config = {"subnets": ["subnet-aaa", "subnet-gone"]}
        change = values(service={"networkConfiguration": {"awsvpcConfiguration": config}})
        assert told(change) == {"cfn-resource-missing": "warning"}

    @pytest.mark.parametrize(("vpc", "found"), [("vpc-1", True), ("vpc-2", False)])
    def test_nor_can_a_task_start_in_a_group_that_is_gone(self, vpc: str, found: bool) -> None:
        """Unless the groups that were read are of another network."""
        groups = [{**group, "VpcId": vpc} for group in HEALTHY["security_groups"]]
        config = {"securityGroups": ["sg-gone"]}
        change = values(
            service={"networkConfiguration": {"awsvpcConfiguration": config}, "runningCount": 0},
            tasks=[], target_health=[], security_groups=groups,
        )  # fmt: skip
        assert ("cfn-resource-missing" in told(change)) is found

    def test_a_file_system_is_not_found_by_name_without_dns_hostnames(self) -> None:
        change = values(vpcs=[{**HEALTHY["vpcs"][0], "EnableDnsHostnames": False}])
        assert told(change) == {"dns-disabled": "warning"}
        change |= values(task_definition={"volumes": []})
        assert "dns-disabled" not in told(change)

    def test_a_deployment_of_a_minute_has_no_task_yet(self) -> None:
        young = {**HEALTHY["service"]["deployments"][0], "createdAt": "2026-11-22T11:59:00Z"}
        change = values(
            service={"deployments": [young], "runningCount": 0}, tasks=[], target_health=[]
        )
        change |= values(
            probe={
                "rungs": [{"name": "tcp", "outcome": "failed", "error": "ConnectionRefusedError"}],
                "health": None,
            }
        )
        assert diagnose(scenarios.snapshot(change)).status == "inconclusive"
