"""A part that serves nobody is a problem, what is meant so is none, and what was not told is neither."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from ash_ops.diagnosis import Report, diagnose
from ash_ops.facts.model import parsed
from ash_ops.facts.snapshot import Snapshot
from tests.support import scenarios
from tests.support.changed_facts import TARGET_DOWN, commands, died, findings, words

GROUP = scenarios.healthy()["target_groups"]["value"][0]
BALANCER = scenarios.healthy()["load_balancers"]["value"][0]
SERVED = scenarios.healthy()["service"]["value"]["loadBalancers"][0]
ROW = scenarios.healthy()["target_health"]["value"][0]
REVISION = "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime"


def errors(report: Report) -> set[str]:
    return {f.cause for f in report.findings if f.severity == "error" and not f.explained_by}


def with_second_group(container: str, **fields: str) -> dict[str, Any]:
    arn = GROUP["TargetGroupArn"].replace("ash-cloud-tg", "second")
    second = {
        **GROUP,
        "TargetGroupArn": arn,
        "TargetGroupName": "second",
        "LoadBalancerArns": [],
        **fields,
    }
    served = {**SERVED, "targetGroupArn": arn, "containerName": container}
    rows = [{**ROW, "target_group_arn": group} for group in (GROUP["TargetGroupArn"], arn)]
    return {
        "target_groups": {"value": [GROUP, second]},
        "target_health": {"value": rows},
        "service": {"value": {"loadBalancers": [SERVED, served]}},
    }  # fmt: skip


class TestAWayToTheModel:
    @staticmethod
    def closed(*endpoints: str) -> Report:
        """A VPC whose endpoints let a task start, and from which no route leads out."""
        change, _ = scenarios.parts("ecr-image-through-endpoints")
        given = change["task_definition"]["value"]["containerDefinitions"][0]["environment"]
        given[:] = [each for each in given if each["name"] != "HTTPS_PROXY"]
        there = change["vpc_endpoints"]["value"]
        for name in endpoints:
            there.append({**there[0], "ServiceName": f"com.amazonaws.us-east-1.{name}"})
        return diagnose(scenarios.snapshot(change))

    def test_endpoints_of_aws_are_none(self) -> None:
        report = self.closed()
        assert errors(report) == {"anthropic-unreachable"}
        assert "started anew" not in report.findings[0].summary

    def test_an_endpoint_of_bedrock_may_be_one(self) -> None:
        report = self.closed("bedrock-runtime")
        assert errors(report) == set()
        assert "model-reach" in {unknown.check for unknown in report.unknown}


class TestASecondTargetGroup:
    def test_to_which_no_listener_leads_shuts_its_callers_out(self) -> None:
        other = BALANCER["LoadBalancerArn"].replace("nlb", "inside")
        inside = {**BALANCER, "LoadBalancerArn": other, "LoadBalancerName": "inside"}
        _, found = findings(
            with_second_group("ash"), {"load_balancers": {"value": [BALANCER, inside]}}
        )
        assert found[0].id == "listener-missing:second"
        assert (
            f"create-listener --load-balancer-arn {other}" in commands(found, "listener-missing")[0]
        )

    def test_of_a_sidecar_is_asked_for_the_sidecar_s_health(self) -> None:
        _, found = findings(with_second_group("otel", HealthCheckPath="/", HealthCheckPort="13133"))
        assert "healthcheck-wrong-path" not in {f.cause for f in found}

    def test_of_the_server_is_asked_for_the_server_s(self) -> None:
        _, found = findings(with_second_group("ash", HealthCheckPath="/status"))
        assert "healthcheck-wrong-path" in {f.cause for f in found}


@pytest.mark.parametrize(
    ("made", "status"), [("11:58:40", "inconclusive"), ("11:30:00", "problem")]
)
def test_a_name_that_is_not_in_dns_yet_is_no_fault_of_a_balancer_just_made(
    made: str, status: str
) -> None:
    rungs = [
        {
            "name": "dns",
            "outcome": "failed",
            "detail": "Name or service not known",
            "error": "gaierror",
        }
    ]
    young = {**BALANCER, "CreatedTime": f"2026-11-22T{made}Z"}
    change = {
        "load_balancers": {"value": [young]},
        "probe": {"value": {"rungs": rungs, "health": None}},
    }
    assert diagnose(scenarios.snapshot(change)).status == status


@pytest.mark.parametrize(("started", "status"), [("09:05:00", "problem"), ("11:58:00", "healthy")])
def test_one_of_two_runners_that_nobody_knows_is_lost_once_it_was_not_replaced(
    started: str, status: str
) -> None:
    fleet = json.loads((scenarios.FOLDER / "fleet.json").read_text())
    fleet["registered_runners"]["value"].pop()
    fleet["runner_tasks"]["value"][1]["startedAt"] = f"2026-11-22T{started}Z"
    assert diagnose(scenarios.snapshot(fleet)).status == status


def test_a_group_that_keeps_the_tasks_of_a_rollout_from_the_balancer_leads_while_the_old_ones_serve() -> (
    None
):
    service = scenarios.healthy()["service"]["value"]
    place = service["networkConfiguration"]
    moved = copy.deepcopy(place)
    moved["awsvpcConfiguration"]["securityGroups"] = ["sg-new"]
    old = {
        **service["deployments"][0],
        "id": "ecs-svc/0",
        "status": "ACTIVE",
        "networkConfiguration": place,
    }
    new = {**old, "id": "ecs-svc/1", "status": "PRIMARY", "rolloutState": "IN_PROGRESS"}
    new |= {"taskDefinition": f"{REVISION}:8", "networkConfiguration": moved}
    closed = {"GroupId": "sg-new", "VpcId": "vpc-1", "IpPermissions": []}
    open_ = next(
        g for g in scenarios.healthy()["security_groups"]["value"] if g["GroupId"] == "sg-task"
    )
    groups = [*scenarios.healthy()["security_groups"]["value"], {**open_, **closed}]
    _, found = findings(
        died(
            "Task failed ELB health checks in (target-group x)", taskDefinitionArn=f"{REVISION}:8"
        ),
        {"service": {"value": {"deployments": [new, old], "networkConfiguration": moved}}},
        {"security_groups": {"value": groups}},
    )
    assert found[0].cause == "task-security-group-blocks"
    assert "--group-id sg-new" in commands(found, "task-security-group-blocks")[0]


def test_an_instance_that_ended_while_its_group_waited_for_it_tells_why() -> None:
    change, _ = scenarios.parts("ec2-launch-template-is-broken")
    for activity in change["scaling_activities"]["value"]:
        activity["StatusCode"] = "Cancelled"
        activity["StatusMessage"] = (
            "Instance became unhealthy. Termination Reason: Client.InvalidKMSKey.InvalidState"
        )
    assert diagnose(scenarios.snapshot(change)).findings[0].cause == "scaling-group-cannot-launch"


class TestWhatWasNotTold:
    @pytest.mark.parametrize("rules", ["IpPermissions", "IpPermissionsEgress"])
    @pytest.mark.parametrize("change", [{}, {"target_health": TARGET_DOWN}])
    def test_rules_of_a_group_are_neither_shut_nor_open(
        self, rules: str, change: dict[str, Any]
    ) -> None:
        facts = scenarios.merged(scenarios.healthy(), change)
        for group in facts["security_groups"]["value"]:
            group.pop(rules)
        report = diagnose(parsed(Snapshot, facts))
        assert report.status == ("problem" if change else "inconclusive")
        assert not errors(report) & {
            "egress-blocked",
            "task-security-group-blocks",
            "caller-address-blocked",
        }

    def test_the_secrets_of_a_task_are_not_sound(self) -> None:
        facts = scenarios.healthy()
        del facts["secrets"]["value"]
        assert diagnose(parsed(Snapshot, facts)).status == "inconclusive"

    @pytest.mark.parametrize("key", ["ANTHROPIC_API_KEY", "ASH_API_KEY"])
    def test_half_of_what_a_secret_holds_is_not_all(self, key: str) -> None:
        facts = scenarios.healthy()
        state = next(s for s in facts["secrets"]["value"] if s["reference"].endswith(f":{key}::"))
        state["is_empty"] = False
        assert diagnose(parsed(Snapshot, facts)).status == "inconclusive"


@pytest.mark.parametrize(
    ("words_of_efs", "change", "says"),
    [
        ('Failed to resolve "fs-1.efs.us-east-1.amazonaws.com"', {"EnableDnsHostnames": False}, "Switch DNS hostnames"),
        ("failed, reason given by server: No such file or directory", {}, "Make the directory"),
    ],
)  # fmt: skip
def test_efs_s_own_words_decide_what_is_to_be_done(
    words_of_efs: str, change: dict[str, Any], says: str
) -> None:
    vpcs = [{**vpc, **change} for vpc in scenarios.healthy()["vpcs"]["value"]]
    reason = f"ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: {words_of_efs}"
    none = {
        "tasks": {"value": []},
        "target_health": {"value": []},
        "service": {"value": {"runningCount": 0}},
    }
    _, found = findings(none, died(reason), {"vpcs": {"value": vpcs}})
    assert says in words(found, "efs-mount-failed")


def test_a_parameter_is_made_again_as_one() -> None:
    name = "arn:aws:ssm:us-east-1:111122223333:parameter/ash/key"
    lost = {
        "reference": name,
        "exists": False,
        "kind": "parameter",
        "variables": ["ANTHROPIC_API_KEY"],
    }
    change, _ = scenarios.parts("ecr-image-through-endpoints")
    container = change["task_definition"]["value"]["containerDefinitions"][0]
    container["secrets"] = [{"name": "ANTHROPIC_API_KEY", "valueFrom": name}]
    change["secrets"] = {"value": [lost]}
    found = list(diagnose(scenarios.snapshot(change)).findings)
    assert "ssm put-parameter --name /ash/key" in commands(found, "secret-not-found")[0]
