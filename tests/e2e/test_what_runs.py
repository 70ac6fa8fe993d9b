"""What runs is the truth: what was changed past the stack is shown, asked about and put back."""

from __future__ import annotations

import io
import socket
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import pytest

from ash_ops.cli import main
from ash_ops.demo import Emulator
from tests.e2e.conftest import Clients

CLUSTER, SERVICE = "ash-cloud", "ash-cloud-runtime"
WORLD = {"IpProtocol": "tcp", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def run(*args: str) -> tuple[int, str]:
    """The command line in this process: its exit code, and all that it said."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said), pytest.raises(SystemExit) as stop:
        main(list(args))
    return int(stop.value.code or 0), said.getvalue()


class Hand:
    """Somebody who changes things past the stack, and looks at them."""

    def __init__(self, client: Clients, port: int) -> None:
        self.ecs, self.ec2 = client("ecs"), client("ec2")
        self.elb, self.port = client("elbv2"), port

    @property
    def service(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ecs.describe_services(cluster=CLUSTER, services=[SERVICE])
        service: dict[str, Any] = found["services"][0]
        return service

    @property
    def revision(self) -> str:
        return str(self.service["taskDefinition"]).rsplit("/", 1)[-1]

    def roll_out(self, image: str) -> None:
        found = self.ecs.describe_task_definition(taskDefinition=self.revision)["taskDefinition"]
        kept = ("family", "cpu", "memory", "networkMode", "executionRoleArn", "taskRoleArn")
        copy = {name: found[name] for name in kept}
        containers = [{**each, "image": image} for each in found["containerDefinitions"]]
        made = self.ecs.register_task_definition(
            **copy,
            containerDefinitions=containers,
            requiresCompatibilities=found["requiresCompatibilities"],
        )
        arn = made["taskDefinition"]["taskDefinitionArn"]
        self.ecs.update_service(cluster=CLUSTER, service=SERVICE, taskDefinition=arn)

    def has_rolled_out(self) -> None:
        """Wait until it has: what is broken before then, ECS takes back itself."""
        until = time.monotonic() + 60
        while self.service["deployments"][0]["rolloutState"] != "COMPLETED":
            assert time.monotonic() < until, self.service["deployments"]
            time.sleep(0.1)

    def scale(self, count: int) -> None:
        self.ecs.update_service(cluster=CLUSTER, service=SERVICE, desiredCount=count)

    @property
    def firewall(self) -> dict[str, Any]:
        groups = self.ec2.describe_security_groups()["SecurityGroups"]
        found: dict[str, Any] = next(
            g for g in groups if "LoadBalancerSecurityGroup" in g["GroupName"]
        )
        return found

    @property
    def lets_in(self) -> list[str]:
        rules = self.firewall["IpPermissions"]
        return sorted(r["CidrIp"] for rule in rules for r in rule["IpRanges"])

    def open_to_world(self) -> None:
        rule = {**WORLD, "FromPort": self.port, "ToPort": self.port}
        group = self.firewall["GroupId"]
        self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])

    @property
    def targets(self) -> dict[str, Any]:
        found: dict[str, Any] = self.elb.describe_target_groups()["TargetGroups"][0]
        return found

    def ask_another_path(self) -> None:
        arn = self.targets["TargetGroupArn"]
        self.elb.modify_target_group(TargetGroupArn=arn, HealthCheckPath="/nowhere")


@pytest.fixture
def hand(emulator: Emulator, client: Clients, monkeypatch: pytest.MonkeyPatch) -> Hand:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-api03-emulated-0123456789")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = int(server.getsockname()[1])
    code, said = run("deploy", "--yes", "--allow-cidr", "127.0.0.0/8", "--listener-port", str(port))
    assert code == 0, said
    emulator.seed({"do": "publish_image", "image": "ghcr.io/ash-ai-org/ash:0.2.99"})
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return Hand(client, port)


def test_a_plan_shows_what_was_changed_and_deploy_puts_it_back(hand: Hand) -> None:
    hand.roll_out("ghcr.io/ash-ai-org/ash:0.2.99")
    hand.has_rolled_out()
    hand.open_to_world()
    hand.ask_another_path()

    code, said = run("deploy", "--plan")
    assert code == 0
    assert "Nothing to change" not in said
    assert f"{SERVICE}:2 (ghcr.io/ash-ai-org/ash:0.2.99)" in said
    assert f"the stack wants {SERVICE}:1 (ghcr.io/ash-ai-org/ash:latest)" in said
    assert "0.0.0.0/0 is allowed, the stack wants it not allowed" in said
    assert "HealthCheckPath is /nowhere, the stack wants /health" in said
    assert "the sessions that run now end" in said
    assert hand.revision == f"{SERVICE}:2"

    assert run("deploy")[0] == 2  # nobody is there to agree
    assert hand.lets_in == ["0.0.0.0/0", "127.0.0.0/8"]

    code, said = run("deploy", "--yes")
    assert code == 0, said
    assert "Deployed and verified" in said
    assert hand.revision == f"{SERVICE}:1"
    assert hand.lets_in == ["127.0.0.0/8"]
    assert hand.targets["HealthCheckPath"] == "/health"

    assert "Nothing to change" in run("deploy", "--plan")[1]
    assert "stack-drift" not in run("doctor", "deploy")[1]


def test_the_doctor_sees_the_same_and_names_the_command(hand: Hand) -> None:
    assert "✓ stack-drift" in run("doctor", "deploy", "-v")[1]
    hand.open_to_world()
    said = run("doctor", "deploy")[1]
    assert "[stack-drift]" in said
    assert "$ ash-ops deploy\n" in said


def test_another_range_closes_the_rule_that_a_hand_added(hand: Hand) -> None:
    hand.open_to_world()
    code, said = run("deploy", "--yes", "--allow-cidr", "127.0.0.0/16")
    assert code == 0, said
    assert "0.0.0.0/0 is allowed, the stack wants it not allowed" in said
    assert hand.lets_in == ["127.0.0.0/16"]


def test_a_plan_of_something_else_puts_the_service_back_too(hand: Hand) -> None:
    hand.roll_out("ghcr.io/ash-ai-org/ash:0.2.99")
    code, said = run("deploy", "--yes", "--allow-cidr", "127.0.0.0/8", "--allow-cidr", "10.0.0.0/8")
    assert code == 0, said
    assert hand.revision == f"{SERVICE}:1"


def test_no_tasks_wanted_is_put_back(hand: Hand) -> None:
    hand.scale(0)
    assert "its desired count is 0, the stack wants 1" in run("deploy", "--plan")[1]
    code, said = run("deploy", "--yes")
    assert code == 0, said
    assert hand.service["runningCount"] == 1


def test_rollback_returns_to_what_was_steady(hand: Hand) -> None:
    hand.roll_out("ghcr.io/ash-ai-org/ash:0.2.99")
    code, said = run("rollback", "--yes")
    assert code == 0, said
    assert f"Back to {SERVICE}:1" in said
    assert "ash:0.2.99 -> ghcr.io/ash-ai-org/ash:latest" in said
    assert hand.revision == f"{SERVICE}:1"


def test_a_rollout_knows_what_runs_and_touches_nothing_else(hand: Hand) -> None:
    hand.roll_out("ghcr.io/ash-ai-org/ash:0.2.99")
    hand.open_to_world()
    code, said = run("rollout", "latest", "--yes")
    assert code == 0, said
    assert "ash:0.2.99 -> ghcr.io/ash-ai-org/ash:latest" in said
    assert hand.revision == f"{SERVICE}:1"
    assert hand.lets_in == ["0.0.0.0/0", "127.0.0.0/8"]


def test_a_rollout_of_what_is_no_version_changes_nothing(hand: Hand) -> None:
    for version in ("latest; rm", "a b", "../x", ""):
        code, said = run("rollout", version, "--yes") if version else (2, "")
        assert code == 2, said
    assert hand.revision == f"{SERVICE}:1"


def test_what_may_not_be_read_is_could_not_tell(hand: Hand, emulator: Emulator) -> None:
    emulator.fault("cloudformation:GetTemplate", "deny")
    code, said = run("deploy", "--yes")
    assert code == 4, said
    assert "Nothing to change" not in said
    assert "cloudformation:GetTemplate" in said
