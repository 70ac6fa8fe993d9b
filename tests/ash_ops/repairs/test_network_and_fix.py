"""Network repairs name what is there and free; ``--fix`` ends no session."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.diagnosis import diagnose
from tests.support import scenarios
from tests.support.changed_facts import (
    NO_TASK,
    SILENT,
    TARGET_DOWN,
    commands,
    findings,
    one,
    words,
)
from tests.support.each import each
from tests.support.mending import plan_of


class TestNetwork:
    @staticmethod
    def acl(*rules: tuple[int, str, str]) -> dict[str, Any]:
        entries = [
            {
                "RuleNumber": number,
                "RuleAction": action,
                "Egress": egress,
                "Protocol": protocol,
                "CidrBlock": "0.0.0.0/0",
            }
            for number, action, protocol in rules
            for egress in (False,)
        ]
        out = {
            "RuleNumber": 100,
            "RuleAction": "allow",
            "Egress": True,
            "Protocol": "-1",
            "CidrBlock": "0.0.0.0/0",
        }
        acl = {
            "NetworkAclId": "acl-9",
            "VpcId": "vpc-1",
            "Associations": [{"SubnetId": "subnet-aaa"}, {"SubnetId": "subnet-bbb"}],
            "Entries": [*entries, out],
        }
        return {"network_acls": {"value": [acl]}, "target_health": TARGET_DOWN, "probe": SILENT}

    @pytest.mark.parametrize(
        ("rules", "numbers"),
        [
            (((1, "deny", "-1"), (100, "allow", "-1")), [2, 1]),
            (((2, "deny", "-1"), (1, "allow", "17")), [3, 2]),
            (((50, "deny", "-1"), (49, "allow", "17"), (48, "allow", "1")), [47]),
            (((100, "deny", "-1"), (1, "allow", "17")), [99]),
            (((200, "deny", "-1"), (150, "allow", "17")), [99]),
        ],
    )
    def test_a_rule_gets_a_number_that_is_free_and_comes_first(
        self, rules: tuple[tuple[int, str, str], ...], numbers: list[int]
    ) -> None:
        _, found = findings(self.acl(*rules))
        chosen = [
            c.split("--rule-number ")[1].split()[0]
            for c in commands([f for f in found if f.playbook == "connection"], "nacl-blocks")
            if "--rule-number" in c
        ]
        assert [int(n) for n in chosen] == numbers

    def test_where_no_number_is_free_a_person_renumbers(self) -> None:
        _, found = findings(self.acl((1, "deny", "-1"), (2, "allow", "-1")))
        assert not [c for c in commands(found, "nacl-blocks") if "acl-entry" in c]
        assert "renumber" in words(found, "nacl-blocks")

    @staticmethod
    def private(*nats: str) -> dict[str, Any]:
        """Tasks without public addresses whose table has no default route; gateways stand beside."""
        home = {"SubnetId": "subnet-pub", "VpcId": "vpc-1", "CidrBlock": "10.0.9.0/24"}
        local = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
        out = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}
        tables = [
            {
                "RouteTableId": "rtb-main",
                "VpcId": "vpc-1",
                "Associations": [{"Main": True}],
                "Routes": [local],
            },
            {
                "RouteTableId": "rtb-pub",
                "VpcId": "vpc-1",
                "Associations": [{"SubnetId": "subnet-pub"}],
                "Routes": [local, out],
            },
        ]
        gateways = [
            {
                "NatGatewayId": n,
                "State": "available",
                "SubnetId": "subnet-pub",
                "ConnectivityType": "public",
            }
            for n in nats
        ]
        subnets = [*scenarios.healthy()["subnets"]["value"], home]
        config = {"awsvpcConfiguration": {"assignPublicIp": "DISABLED"}}
        return {
            "route_tables": {"value": tables},
            "nat_gateways": {"value": gateways},
            "subnets": {"value": subnets},
            "service": {"value": {"networkConfiguration": config}},
        }

    def test_the_only_nat_gateway_is_named(self) -> None:
        snapshot, found = findings(NO_TASK, self.private("nat-0abc"))
        text = commands(found, "route-missing")[0]
        assert "--nat-gateway-id nat-0abc" in text
        assert plan_of(diagnose(snapshot), snapshot).repairs

    @pytest.mark.parametrize("nats", [(), ("nat-0abc", "nat-0def")])
    def test_without_one_or_with_several_a_person_chooses(self, nats: tuple[str, ...]) -> None:
        snapshot, found = findings(NO_TASK, self.private(*nats))
        assert "<NAT-GATEWAY-ID>" in commands(found, "route-missing")[0]
        assert all(n in words(found, "route-missing") for n in nats)
        assert plan_of(diagnose(snapshot), snapshot).repairs == ()

    def test_ports_are_those_of_the_deployment(self) -> None:
        binding = {
            "containerName": "ash",
            "containerPort": 8080,
            "targetGroupArn": scenarios.healthy()["target_groups"]["value"][0]["TargetGroupArn"],
        }
        closed = [
            {**g, "IpPermissions": []} if g["GroupId"] == "sg-task" else g
            for g in scenarios.healthy()["security_groups"]["value"]
        ]
        _, found = findings(
            {
                "service": {"value": {"loadBalancers": [binding]}},
                "security_groups": {"value": closed},
                "target_health": TARGET_DOWN,
                "probe": SILENT,
            }
        )
        rules = [c for c in commands(found) if "authorize-security-group-ingress" in c]
        assert rules
        assert all('"FromPort": 8080' in c for c in rules)


class TestFix:
    @each("name", scenarios.names())
    def test_repairs_errors_only_and_ends_no_session(self, name: str) -> None:
        snapshot, _ = scenarios.load(name)
        report = diagnose(snapshot)
        wanted = plan_of(report, snapshot)
        assert {r.finding.severity for r in wanted.repairs} <= {"error"}
        if report.status != "problem":
            assert wanted.repairs == ()
        tasks = snapshot.tasks.value or ()
        if (
            any(t.last_status == "RUNNING" for t in tasks)
            and snapshot.probe.value
            and any(r.name == "health" and r.outcome == "ok" for r in snapshot.probe.value.rungs)
        ):
            assert all(r.interrupts.spares_the_task for r in wanted.repairs)

    def test_does_not_restart_a_server_for_a_key_that_changed(self) -> None:
        snapshot, _ = scenarios.load("secret-changed-after-start")
        wanted = plan_of(diagnose(snapshot), snapshot)
        assert wanted.repairs == ()
        (left,) = [x for x in wanted.left if x.finding.cause == "api-key-stale"]
        assert "every running session ends" in left.why
        assert "--force-new-deployment" in left.commands[0]

    def test_a_restart_is_printed_only_after_what_the_next_start_needs(self) -> None:
        """The running task is all there is: with its log group gone, no other would start."""
        change, _ = scenarios.parts("secret-changed-after-start")
        _, found = findings(change, {"log_group": {"value": None}})
        stale = one(found, "api-key-stale")
        before, restart = (step.command or "" for step in stale.fix[:2])
        assert before.startswith("aws logs create-log-group")
        assert "--force-new-deployment" in restart

    def test_a_restart_is_not_even_printed_where_no_command_lets_the_next_start(self) -> None:
        """A role that is not there is made by no call that is known."""
        change, _ = scenarios.parts("secret-changed-after-start")
        _, found = findings(change, {"execution_role": {"value": {"exists": False}}})
        stale = one(found, "api-key-stale")
        assert not [s for s in stale.fix if "--force-new-deployment" in (s.command or "")]
        assert stale.fix[0].breaks

    def test_leaves_warnings_alone(self) -> None:
        snapshot, found = findings({"log_group": {"value": None}})
        assert one(found, "log-group-missing").severity == "warning"
        assert "create-log-group" in commands(found, "log-group-missing")[0]
        assert not [c for c in commands(found, "log-group-missing") if "update-service" in c]
        assert plan_of(diagnose(snapshot), snapshot).repairs == ()
