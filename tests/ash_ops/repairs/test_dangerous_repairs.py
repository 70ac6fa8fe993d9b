"""Repairs that would do harm, or cannot work here, are not printed; what helps instead is."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from ash_ops.checks.base import Finding, Interruption
from ash_ops.deploy.repairs import plan
from ash_ops.diagnosis import diagnose
from ash_ops.snapshot.models import Snapshot
from tests.support import scenarios

NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-aaa", "subnet-bbb"]}}
TARGET_DOWN = {
    "value": [
        {
            "Target": {"Id": "10.0.1.23", "Port": 4100},
            "TargetHealth": {"State": "unhealthy", "Reason": "Target.Timeout"},
        }
    ]
}
SILENT = {"value": {"url": "http://x:4100", "rungs": [], "caller_ip": "203.0.113.7"}}
NO_TASK: dict[str, Any] = {
    "tasks": {"value": []},
    "target_health": {"value": []},
    "service": {"value": {"runningCount": 0}},
    "probe": SILENT,
}


def findings(*changes: dict[str, Any]) -> tuple[Snapshot, list[Finding]]:
    facts = scenarios.healthy()
    for change in changes:
        facts = scenarios.merged(facts, change)
    snapshot = Snapshot.model_validate(facts)
    return snapshot, list(diagnose(snapshot).findings)


def commands(found: list[Finding], cause: str | None = None) -> list[str]:
    return [s.command for f in found if cause in {None, f.cause} for s in f.fix if s.command]


def words(found: list[Finding], cause: str) -> str:
    return " ".join(s.why for f in found if f.cause == cause for s in f.fix)


def one(found: list[Finding], cause: str) -> Finding:
    return next(f for f in found if f.cause == cause)


def died(reason: str, **fields: Any) -> dict[str, Any]:
    task = {
        "taskArn": f"arn:aws:ecs:us-east-1:111122223333:task/ash-cloud/{'d' * 32}",
        "group": "service:ash-cloud-runtime",
        "lastStatus": "STOPPED",
        "desiredStatus": "STOPPED",
        "createdAt": "2026-11-22T11:56:00Z",
        "stoppedAt": "2026-11-22T11:58:00Z",
        "stoppedReason": reason,
        "containers": [{"name": "ash", "lastStatus": "STOPPED"}],
    }
    return {"stopped_tasks": {"value": [{**task, **fields}]}}


class TestStacks:
    @pytest.mark.parametrize(
        "state",
        ["DELETE_FAILED", "CREATE_FAILED", "ROLLBACK_FAILED", "ROLLBACK_COMPLETE"],
    )
    def test_one_whose_service_is_there_is_never_deleted_by_a_printed_command(
        self, state: str
    ) -> None:
        for change in ({}, NO_TASK):
            _, found = findings(change, {"stack": {"value": {"StackStatus": state}}})
            assert not [c for c in commands(found) if "delete-stack" in c]
            assert "never held" not in words(found, "cfn-delete-dependency")

    def test_one_that_never_had_a_service_is(self) -> None:
        nothing: dict[str, Any] = {"value": None}
        gone = dict.fromkeys(("cluster", "service", "task_definition", "log_group"), nothing)
        rows = ("tasks", "target_groups", "load_balancers", "listeners")
        empty: dict[str, Any] = {name: {"value": []} for name in rows}
        stack = {"stack": {"value": {"StackStatus": "ROLLBACK_COMPLETE"}}}
        _, found = findings(gone, empty, NO_TASK | {"service": nothing}, stack)
        assert [c for c in commands(found, "cfn-rollback-complete") if "delete-stack" in c]

    def test_a_rollback_is_not_continued_by_fix_while_a_task_serves(self) -> None:
        stack = {"stack": {"value": {"StackStatus": "UPDATE_ROLLBACK_FAILED"}}}
        snapshot, found = findings(stack)
        assert one(found, "cfn-update-rollback-failed").fix[0].interrupts is Interruption.MAYBE
        wanted = plan(diagnose(snapshot), snapshot)
        assert wanted.repairs == ()
        assert "a task serves now" in wanted.left[0].why
        assert "continue-update-rollback" in wanted.left[0].commands[0]


class TestCallersAddresses:
    HIDDEN: ClassVar = {
        "target_group_attributes": {"value": {"preserve_client_ip.enabled": "false"}}
    }

    @staticmethod
    def task_admits(*cidrs: str) -> dict[str, Any]:
        rules = [
            {
                "IpProtocol": "tcp",
                "FromPort": 4100,
                "ToPort": 4100,
                "IpRanges": [{"CidrIp": c} for c in cidrs],
            }
        ]
        groups = scenarios.healthy()["security_groups"]["value"]
        changed = [
            {**g, "IpPermissions": rules} if g["GroupId"] == "sg-task" else g for g in groups
        ]
        return {"security_groups": {"value": changed}}

    def without_group(self) -> dict[str, Any]:
        balancers = scenarios.healthy()["load_balancers"]["value"]
        return {"load_balancers": {"value": [{**balancers[0], "SecurityGroups": []}]}}

    @pytest.mark.parametrize("caller", ["203.0.113.7", "2001:db8::7", None])
    def test_are_not_preserved_where_the_task_admits_the_vpc_alone(
        self, caller: str | None
    ) -> None:
        probe = {"probe": {"value": {"caller_ip": caller}}}
        _, found = findings(
            self.HIDDEN, self.task_admits("10.0.0.0/8"), self.without_group(), probe
        )
        assert not [c for c in commands(found) if "preserve_client_ip" in c]
        assert "decision" in words(found, "ash-rate-limited")

    def test_are_preserved_once_the_balancers_own_group_is_let_in(self) -> None:
        """A rule that names the balancer's group admits whoever comes through it."""
        _, found = findings(self.HIDDEN, self.task_admits("10.0.0.0/8"))
        first, second = one(found, "ash-rate-limited").fix[:2]
        assert "authorize-security-group-ingress" in (first.command or "")
        assert "sg-nlb" in (first.command or "")
        assert "preserve_client_ip.enabled" in (second.command or "")

    def test_are_preserved_where_two_halves_of_the_internet_are_admitted(self) -> None:
        halves = self.task_admits("0.0.0.0/1", "128.0.0.0/1")
        _, found = findings(self.HIDDEN, halves, self.without_group())
        assert [c for c in commands(found, "ash-rate-limited") if "preserve_client_ip" in c]

    def test_of_ipv6_are_admitted_as_such(self) -> None:
        probe = {
            "value": {
                "url": "http://x:4100",
                "caller_ip": "2001:db8::7",
                "rungs": [{"name": "tcp", "outcome": "failed", "error": "TimeoutError"}],
            }
        }
        groups = [
            {**g, "IpPermissions": []} if g["GroupId"] == "sg-nlb" else g
            for g in scenarios.healthy()["security_groups"]["value"]
        ]
        _, found = findings({"probe": probe, "security_groups": {"value": groups}})
        text = " ".join(commands(found))
        assert '"CidrIpv6": "2001:db8::7/128"' in text
        assert "2001:db8::7/32" not in text
        assert "--cidr" not in text


class TestRoles:
    @pytest.mark.parametrize("name", ["ash-cloud-task", "ash-cloud-execution"])
    def test_the_one_that_the_message_names_is_mended(self, name: str) -> None:
        arn = f"arn:aws:iam::111122223333:role/{name}"
        message = f"ECS was unable to assume the role '{arn}' that was provided for this task."
        role = {
            "value": {
                "arn": arn,
                "name": name,
                "exists": True,
                "trusted_services": ["lambda.amazonaws.com"],
            }
        }
        field = "task_role" if name.endswith("task") else "execution_role"
        _, found = findings(NO_TASK, died(message), {field: role})
        text = commands(found, "role-assume-failed")[0]
        assert f"--role-name {name} " in text
        assert '"ecs-tasks.amazonaws.com", "lambda.amazonaws.com"' in text
        assert text.count("--role-name") == 1

    @pytest.mark.parametrize(
        ("cause", "says"),
        [
            ("with an explicit deny in a service control policy", "organisation"),
            ("because no service control policy allows the action", "organisation"),
            ("because no permissions boundary allows the action", "boundary"),
            ("with an explicit deny in a permissions boundary", "boundary"),
            ("because no session policy allows the action", "session"),
            ("with an explicit deny in an identity-based policy", "denies it"),
            ("because no resource-based policy allows the action", "thing itself"),
            ("because no VPC endpoint policy allows the action", "endpoint"),
        ],
    )
    def test_a_grant_is_no_answer_to_another_policys_denial(self, cause: str, says: str) -> None:
        message = (
            "ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException: "
            "User: arn:aws:sts::111122223333:assumed-role/ash-cloud-execution/x is not authorized to "
            f"perform: secretsmanager:GetSecretValue on resource: s {cause}"
        )
        _, found = findings(NO_TASK, died(message))
        assert not [c for c in commands(found) if "put-role-policy" in c or "attach-role" in c]
        assert says in words(found, "secret-access-denied")

    def test_a_plain_want_of_leave_is_mended_by_one(self) -> None:
        message = (
            "ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException: "
            "User: arn:aws:sts::111122223333:assumed-role/ash-cloud-execution/x is not authorized to "
            "perform: secretsmanager:GetSecretValue on resource: s because no identity-based policy "
            "allows the secretsmanager:GetSecretValue action"
        )
        unseen = {"execution_role": scenarios.gap(action="iam:GetRole")}
        _, found = findings(NO_TASK, died(message), unseen)
        assert [c for c in commands(found, "secret-access-denied") if "put-role-policy" in c]

    def test_nothing_is_granted_that_the_role_has_already(self) -> None:
        """IAM's own simulation says that it may now: the same grant again would change nothing."""
        message = "AccessDeniedException: not authorized to perform: secretsmanager:GetSecretValue"
        _, found = findings(NO_TASK, died(f"ResourceInitializationError: {message}"))
        assert one(found, "secret-access-denied")
        assert not [c for c in commands(found) if "put-role-policy" in c]

    def test_another_accounts_registry_is_asked_there(self) -> None:
        image = "999988887777.dkr.ecr.us-east-1.amazonaws.com/team/ash:1"
        message = f"CannotPullContainerError: failed to resolve ref {image}: 403 Forbidden"
        container = scenarios.healthy()["task_definition"]["value"]["containerDefinitions"][0]
        definition = {"value": {"containerDefinitions": [{**container, "image": image}]}}
        _, found = findings(NO_TASK, died(message), {"task_definition": definition})
        text = " ".join(commands(found, "image-pull-denied"))
        assert "attach-role-policy" not in text
        assert "--registry-id 999988887777 --repository-name team/ash" in text


class TestPlaces:
    ON_EC2: ClassVar = {"service": {"value": {"launchType": "EC2", "capacityProviderStrategy": []}}}

    def test_instances_without_memory_are_not_answered_with_fargate(self) -> None:
        event = {
            "id": "e" * 36,
            "createdAt": "2026-11-22T11:58:00Z",
            "message": "(service ash-cloud-runtime) was unable to place a task because no container "
            "instance met all of its requirements. The closest matching (container-instance x) has "
            "insufficient memory available.",
        }
        _, found = findings(NO_TASK, self.ON_EC2, {"service": {"value": {"events": [event]}}})
        assert "FARGATE" not in " ".join(commands(found))
        assert "instance type" in words(found, "wrong-launch-type")

    def test_a_service_that_is_being_deleted_is_asked_for_nothing(self) -> None:
        status = {"service": {"value": {"status": "DRAINING", "desiredCount": 0}}}
        snapshot, found = findings(NO_TASK, status)
        assert found[0].cause == "service-missing"
        assert not [c for c in commands(found) if "update-service" in c]
        assert plan(diagnose(snapshot), snapshot).repairs == ()

    def test_a_containers_own_limit_is_not_raised_by_a_larger_task(self) -> None:
        container = scenarios.healthy()["task_definition"]["value"]["containerDefinitions"][0]
        limited = {"value": {"containerDefinitions": [{**container, "memory": 512}]}}
        message = "OutOfMemoryError: Container killed due to memory usage"
        _, found = findings(NO_TASK, died(message), {"task_definition": limited})
        assert "--memory" not in " ".join(commands(found, "container-oom"))
        assert "512 MB" in words(found, "container-oom")

    def test_a_coordinator_is_offered_nothing_that_its_mode_refuses(self) -> None:
        change, _ = scenarios.parts("coordinator-without-runners")
        _, found = findings(change)
        text = " ".join(commands(found))
        assert not [o for o in ("--efs", "--launch-type", "--mode standalone") if o in text]
        assert "sandbox-cgroups-unavailable" not in {f.cause for f in found}

    def test_another_launch_type_is_a_second_deployment(self) -> None:
        _, found = findings({"deployment": {"name": "a-name-of-twenty-eight-chars"}})
        (text,) = [c for c in commands(found) if "--launch-type" in c]
        assert "--name a-name-of-twenty-eight-cha-2" in text
        assert text.count("--name") == 1


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
            for c in commands(found, "nacl-blocks")
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
        text = commands(found, "image-pull-network")[0]
        assert "--nat-gateway-id nat-0abc" in text
        assert plan(diagnose(snapshot), snapshot).repairs

    @pytest.mark.parametrize("nats", [(), ("nat-0abc", "nat-0def")])
    def test_without_one_or_with_several_a_person_chooses(self, nats: tuple[str, ...]) -> None:
        snapshot, found = findings(NO_TASK, self.private(*nats))
        assert "<NAT-GATEWAY-ID>" in commands(found, "image-pull-network")[0]
        assert all(n in words(found, "image-pull-network") for n in nats)
        assert plan(diagnose(snapshot), snapshot).repairs == ()

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
    @pytest.mark.parametrize("name", scenarios.names())
    def test_repairs_errors_only_and_ends_no_session(self, name: str) -> None:
        snapshot, _ = scenarios.load(name)
        report = diagnose(snapshot)
        wanted = plan(report, snapshot)
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
        wanted = plan(diagnose(snapshot), snapshot)
        assert wanted.repairs == ()
        (left,) = [x for x in wanted.left if x.finding.cause == "api-key-stale"]
        assert "every running session ends" in left.why
        assert "--force-new-deployment" in left.commands[0]

    def test_a_restart_is_not_even_printed_where_the_next_start_would_fail(self) -> None:
        """The running task is all there is: with its log group gone, no other would start."""
        change, _ = scenarios.parts("secret-changed-after-start")
        _, found = findings(change, {"log_group": {"value": None}})
        stale = one(found, "api-key-stale")
        assert not [s for s in stale.fix if "--force-new-deployment" in (s.command or "")]
        assert stale.fix[0].breaks
        assert "Log group" in stale.fix[0].why

    def test_leaves_warnings_alone(self) -> None:
        snapshot, found = findings({"log_group": {"value": None}})
        assert one(found, "log-group-missing").severity == "warning"
        assert "create-log-group" in commands(found, "log-group-missing")[0]
        assert not [c for c in commands(found, "log-group-missing") if "update-service" in c]
        assert plan(diagnose(snapshot), snapshot).repairs == ()
