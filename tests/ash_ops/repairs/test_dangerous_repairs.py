"""Repairs that would do harm, or cannot work here, are not printed; what helps instead is."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from ash_ops.checks.base import Interruption
from ash_ops.diagnosis import diagnose
from tests.support import scenarios
from tests.support.changed_facts import (
    NO_TASK,
    commands,
    died,
    findings,
    one,
    words,
)
from tests.support.mending import plan_of


class TestStacks:
    @pytest.mark.parametrize(
        "state",
        ["DELETE_FAILED", "CREATE_FAILED", "ROLLBACK_FAILED", "ROLLBACK_COMPLETE"],
    )
    def test_one_whose_service_is_there_is_never_deleted_by_a_printed_command(
        self, state: str
    ) -> None:
        event = {
            "Timestamp": "2026-11-22T11:00:00Z",
            "LogicalResourceId": "SecurityGroup",
            "ResourceType": "AWS::EC2::SecurityGroup",
            "ResourceStatus": "DELETE_FAILED",
            "ResourceStatusReason": "resource sg-1 has a dependent object",
        }
        failed = {"stack": {"value": {"StackStatus": state}}, "stack_events": {"value": [event]}}
        for change in ({}, NO_TASK):
            _, found = findings(change, failed)
            assert not [c for c in commands(found) if "teardown" in c]
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

    def test_a_shell_that_holds_nothing_is_deleted_beside_anothers_service(self) -> None:
        stack = {"stack": {"value": {"StackStatus": "REVIEW_IN_PROGRESS"}}}
        _, found = findings(stack)
        (delete,) = [s for f in found for s in f.fix if "delete-stack" in (s.command or "")]
        assert delete.interrupts is Interruption.NOTHING

    def test_a_rollback_is_not_continued_by_fix_while_a_task_serves(self) -> None:
        stack = {"stack": {"value": {"StackStatus": "UPDATE_ROLLBACK_FAILED"}}}
        snapshot, found = findings(stack)
        assert one(found, "cfn-update-rollback-failed").fix[0].interrupts is Interruption.MAYBE
        wanted = plan_of(diagnose(snapshot), snapshot)
        assert wanted.repairs == ()
        assert "a task serves now" in wanted.left[0].why
        assert "continue-update-rollback" in wanted.left[0].commands[0]


class TestListener:
    def test_one_that_serves_something_else_is_left_to_its_owner(self) -> None:
        snapshot, _ = scenarios.load("listener-forwards-elsewhere")
        report = diagnose(snapshot)
        step = one(list(report.findings), "target-group-not-attached").fix[0]
        assert "gets no connection any more" in step.why
        assert "modify-listener" in (step.command or "")
        assert plan_of(report, snapshot).repairs == ()


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
        others = {
            "IpProtocol": "tcp",
            "FromPort": 4100,
            "ToPort": 4100,
            "IpRanges": [{"CidrIp": "203.0.113.9/32"}],
        }
        groups = [
            {**g, "IpPermissions": [others]} if g["GroupId"] == "sg-nlb" else g
            for g in scenarios.healthy()["security_groups"]["value"]
        ]
        _, found = findings({"probe": probe, "security_groups": {"value": groups}})
        text = " ".join(commands(found))
        assert '"CidrIpv6": "2001:db8::7/128"' in text
        assert "2001:db8::7/32" not in text
        assert "--cidr" not in text


class TestRoles:
    @pytest.mark.parametrize("path", ["", "team/a/"])
    @pytest.mark.parametrize("name", ["ash-cloud-task", "ash-cloud-execution"])
    def test_the_one_that_the_message_names_is_mended(self, name: str, path: str) -> None:
        arn = f"arn:aws:iam::111122223333:role/{path}{name}"
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
        of_no_stack = {"stack": {"value": None}}  # a stack's own role is put back by `deploy`
        _, found = findings(NO_TASK, died(message), {field: role}, of_no_stack)
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
        assert plan_of(diagnose(snapshot), snapshot).repairs == ()

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
