"""The emulator heals nothing that is not healed: what breaks is the world, and undoing it repairs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from ash_ops.demo import Emulator
from tests.e2e.conftest import Clients
from tests.support.person import ash_ops

CLUSTER, SERVICE = "ash-cloud", "ash-cloud-runtime"
DEPLOY = ("deploy", "--yes", "--allow-cidr", "127.0.0.0/8")
SLOW_BREAKER = {
    "maximumPercent": 100,
    "minimumHealthyPercent": 0,
    "deploymentCircuitBreaker": {"enable": False, "rollback": False},
}


@pytest.fixture(autouse=True)
def _deployed(stack: Any) -> None:
    assert stack.create() == "CREATE_COMPLETE"


def service(client: Clients) -> dict[str, Any]:
    found: dict[str, Any] = client("ecs").describe_services(cluster=CLUSTER, services=[SERVICE])[
        "services"
    ][0]
    return found


def comes_about(condition: Callable[[], bool], within_s: float = 60.0) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def force(client: Clients, **more: Any) -> None:
    client("ecs").update_service(cluster=CLUSTER, service=SERVICE, forceNewDeployment=True, **more)


def runs(client: Clients) -> bool:
    told = service(client)
    rollouts = {d["rolloutState"] for d in told["deployments"]}
    return bool(told["runningCount"] == told["desiredCount"] == 1 and rollouts == {"COMPLETED"})


def last_reason(stack: Any) -> str:
    dead = sorted(stack.tasks("STOPPED"), key=lambda t: t["stoppedAt"])
    return str(dead[-1]["stoppedReason"]) if dead else ""


def test_a_tag_that_does_not_exist_is_rolled_back_and_never_runs(
    client: Clients, stack: Any, emulator: Emulator
) -> None:
    before = service(client)["taskDefinition"]
    emulator.seed(
        {"do": "change_task_definition", "container": {"image": "ghcr.io/ash-ai-org/ash:0.2.99"}}
    )
    assert comes_about(lambda: service(client)["taskDefinition"] == before)
    assert comes_about(lambda: runs(client))
    assert {t["taskDefinitionArn"] for t in stack.tasks()} == {before}
    failed = [t for t in stack.tasks("STOPPED") if t["stopCode"] == "TaskFailedToStart"]
    assert len(failed) == 3
    assert all("0.2.99: not found" in t["stoppedReason"] for t in failed)
    rollouts = client("ecs").list_service_deployments(cluster=CLUSTER, service=SERVICE)
    statuses = [r["status"] for r in rollouts["serviceDeployments"]]
    assert statuses == ["ROLLBACK_SUCCESSFUL", "SUCCESSFUL"]


def test_a_rollback_takes_the_network_of_the_failed_revision_back_too(
    client: Clients, stack: Any
) -> None:
    before = service(client)["networkConfiguration"]
    inside = {**before["awsvpcConfiguration"], "assignPublicIp": "DISABLED"}
    force(client, networkConfiguration={"awsvpcConfiguration": inside})
    assert comes_about(lambda: service(client)["networkConfiguration"] == before)
    assert comes_about(lambda: runs(client))


def test_a_stack_that_wants_a_missing_tag_is_rolled_back(client: Clients, stack: Any) -> None:
    secret = stack.outputs()["SecretArn"]
    status = stack.change(
        "UPDATE", SecretArn=secret, **stack.network(), Image="ghcr.io/ash-ai-org/ash:nosuchtag"
    )
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert comes_about(lambda: runs(client))


def test_two_causes_need_two_repairs_and_a_wrong_one_heals_nothing(
    client: Clients, stack: Any, emulator: Emulator
) -> None:
    emulator.seed(
        {"do": "age", "seconds": 9000},
        {"do": "deny_secret", "when": 3000},
        {"do": "remove_default_route", "when": 2900},
        {"do": "retire_task", "when": 900},
    )
    assert "context deadline exceeded" in last_reason(stack)
    force(client, deploymentConfiguration=SLOW_BREAKER)  # no repair at all
    assert not comes_about(lambda: runs(client), within_s=1.0)
    client("ec2").create_route(
        RouteTableId="rtb-00000001", DestinationCidrBlock="0.0.0.0/0", GatewayId="igw-00000001"
    )
    force(client)
    assert not comes_about(lambda: runs(client), within_s=1.0)  # half of it
    role = next(
        r["RoleName"]
        for r in client("iam").list_roles()["Roles"]
        if "ExecutionRole" in r["RoleName"]
    )
    allow = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"}]}'
    client("iam").put_role_policy(RoleName=role, PolicyName="x", PolicyDocument=allow)
    force(client)
    assert comes_about(lambda: runs(client))


def test_a_pending_task_writes_nothing_and_answers_nothing(
    client: Clients, stack: Any, emulator: Emulator
) -> None:
    emulator.seed(
        {"do": "age", "seconds": 9000},
        {"do": "remove_default_route", "when": 3000},
        {"do": "retire_task", "when": 60},
    )
    (task,) = stack.tasks()
    assert task["lastStatus"] in ("PROVISIONING", "PENDING")
    streams = client("logs").describe_log_streams(logGroupName="/ash-cloud/runtime")["logStreams"]
    number = task["taskArn"].rsplit("/", 1)[-1]
    assert [s for s in streams if number in s["logStreamName"]] == []
    group = stack.outputs()["TargetGroupArn"]
    health = client("elbv2").describe_target_health(TargetGroupArn=group)
    assert health["TargetHealthDescriptions"] == []


def test_memory_decides_and_more_of_it_is_the_repair(
    client: Clients, stack: Any, emulator: Emulator
) -> None:
    emulator.seed(
        {"do": "age", "seconds": 9000}, {"do": "set_workload", "when": 1000, "memory_mb": 1500}
    )
    dead = [t for t in stack.tasks("STOPPED") if t["containers"][0].get("exitCode") == 137]
    assert len(dead) >= 3
    emulator.seed({"do": "change_task_definition", "task": {"memory": "2048"}})
    assert comes_about(lambda: runs(client))
    emulator.seed({"do": "pass_time", "seconds": 2000})
    assert runs(client)
    later = [t for t in stack.tasks("STOPPED") if t["containers"][0].get("exitCode") == 137]
    assert len(later) == len(dead)


def test_time_that_passes_passes_for_a_start_that_is_under_way_too(
    client: Clients, stack: Any, emulator: Emulator
) -> None:
    (task,) = stack.tasks()
    emulator.seed({"do": "withdraw_image", "image": task["containers"][0]["image"]})
    client("ecs").stop_task(cluster=CLUSTER, task=task["taskArn"])
    emulator.seed({"do": "pass_time", "seconds": 120})
    assert last_reason(stack).endswith(": not found")


def test_a_closed_firewall_loses_every_task_until_it_is_opened(
    client: Clients, stack: Any, emulator: Emulator
) -> None:
    emulator.seed({"do": "age", "seconds": 9000}, {"do": "clear_rules", "when": 700, "of": "task"})
    assert "Task failed ELB health checks" in last_reason(stack)
    group = stack.outputs()["TargetGroupArn"]

    def states() -> list[str]:
        told = client("elbv2").describe_target_health(TargetGroupArn=group)
        return [t["TargetHealth"]["State"] for t in told["TargetHealthDescriptions"]]

    assert states() == ["unhealthy"]
    (task,) = stack.tasks()
    (balancer,) = client("elbv2").describe_load_balancers()["LoadBalancers"]
    mine = client("ecs").describe_services(cluster=CLUSTER, services=[SERVICE])["services"][0]
    groups = mine["networkConfiguration"]["awsvpcConfiguration"]["securityGroups"]
    pair = [{"GroupId": balancer["SecurityGroups"][0]}]
    rule = {"IpProtocol": "tcp", "FromPort": 4100, "ToPort": 4100, "UserIdGroupPairs": pair}
    client("ec2").authorize_security_group_ingress(GroupId=groups[0], IpPermissions=[rule])
    assert comes_about(lambda: states() == ["healthy"])
    assert stack.tasks()[0]["taskArn"] == task["taskArn"]


def test_hosts_register_drain_and_take_tasks_again(
    client: Clients, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.reset()
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-emulated")
    code, said = ash_ops(*DEPLOY, "--launch-type", "ec2")
    assert code == 0, said
    ecs = client("ecs")
    (arn,) = ecs.list_container_instances(cluster=CLUSTER)["containerInstanceArns"]
    (host,) = ecs.describe_container_instances(cluster=CLUSTER, containerInstances=[arn])[
        "containerInstances"
    ]
    assert (host["status"], host["agentConnected"], host["runningTasksCount"]) == (
        "ACTIVE",
        True,
        1,
    )
    emulator.seed({"do": "age", "seconds": 9000}, {"do": "drain_hosts", "when": 900})
    assert "unable to place a task" in service(client)["events"][0]["message"]
    assert not runs(client)
    ecs.update_container_instances_state(cluster=CLUSTER, containerInstances=[arn], status="ACTIVE")
    assert comes_about(lambda: runs(client))


def test_a_load_balancer_without_its_rule_lets_nobody_in(
    client: Clients, stack: Any, emulator: Emulator
) -> None:
    emulator.seed({"do": "clear_rules", "of": "load_balancer"})
    code, said = ash_ops("health")
    assert code == 3
    assert "TimeoutError" in said
    (balancer,) = client("elbv2").describe_load_balancers()["LoadBalancers"]
    ranges = [{"CidrIp": "127.0.0.0/8"}]
    rule = {"IpProtocol": "tcp", "FromPort": 4100, "ToPort": 4100, "IpRanges": ranges}
    client("ec2").authorize_security_group_ingress(
        GroupId=balancer["SecurityGroups"][0], IpPermissions=[rule]
    )
    assert ash_ops("health")[0] == 0
    group = stack.outputs()["TargetGroupArn"]
    elb = client("elbv2")
    (row,) = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    target = {key: row["Target"][key] for key in ("Id", "Port")}
    elb.deregister_targets(TargetGroupArn=group, Targets=[target])
    assert ash_ops("health")[0] != 0
    elb.register_targets(TargetGroupArn=group, Targets=[target])
    assert ash_ops("health")[0] == 0
