"""A server on ECS Managed Instances, in the emulator: deployed, looked at, drained, priced, removed."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from ash_ops.demo import Emulator
from tests.e2e.conftest import Clients
from tests.e2e.test_emulated_world import ash_ops, comes_about, runs
from tests.support.private_network import private_subnets

MANAGED = ("deploy", "--yes", "--launch-type", "managed")


def tasks_of(client: Clients) -> list[dict[str, Any]]:
    ecs = client("ecs")
    arns = ecs.list_tasks(cluster="ash-cloud")["taskArns"]
    return list(ecs.describe_tasks(cluster="ash-cloud", tasks=arns)["tasks"]) if arns else []


def hosts_of(client: Clients) -> list[str]:
    return list(
        client("ecs").list_container_instances(cluster="ash-cloud")["containerInstanceArns"]
    )


def test_it_is_deployed_proven_priced_and_removed(
    client: Clients, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-emulated")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
    code, said = ash_ops(*MANAGED)  # the default network has public subnets alone
    assert code == 1
    assert "Name private subnets behind a NAT gateway with --task-subnets" in said
    place = ("--task-subnets", ",".join(private_subnets(client)), "--listener-port", port)
    code, said = ash_ops(*MANAGED, *place)
    assert code == 0, said
    assert "An agent runs: a session of" in said  # --canary is the default
    assert "Managed Instances is not yet proven" in said

    (task,) = tasks_of(client)
    assert task["launchType"] == "MANAGED_INSTANCES"
    (host,) = hosts_of(client)
    assert task["containerInstanceArn"] == host
    code, said = ash_ops("doctor", "--format", "json")
    assert (code, json.loads(said)["status"]) == (0, "healthy")
    code, said = ash_ops("cost", "--format", "json")
    bill = json.loads(said[said.index("{") :])  # what it says of the price list stands before
    items = {line["item"]: line["monthly"] for line in bill["lines"]}
    fee = items["ECS Managed Instances, server: 1 x m6i.large"]
    assert round(float(fee) / float(items["EC2 server: 1 x m6i.large"]), 2) == 0.12
    assert "EBS gp3, server: 1 x 30 GB" in items

    # Day 14: ECS drains the instance. /data is on EFS, and the next task comes by itself.
    ecs = client("ecs")
    ecs.update_container_instances_state(
        cluster="ash-cloud", containerInstances=[host], status="DRAINING"
    )
    assert comes_about(lambda: runs(client) and hosts_of(client) not in ([host], []))
    (again,) = tasks_of(client)
    assert again["taskArn"] != task["taskArn"]

    code, said = ash_ops("teardown", "--yes", "--delete-data")
    assert code == 0, said
    assert "Nothing billable is left" in said
    assert not client("ec2").describe_volumes()["Volumes"]


@pytest.mark.parametrize(
    ("option", "why"), [("--no-efs", "within 14 days"), ("--public", "only on Fargate")]
)
def test_what_does_not_go_with_it_is_refused_before_anything_is_asked(
    option: str, why: str, emulator: Emulator
) -> None:
    code, said = ash_ops("deploy", "--launch-type", "managed", option)
    assert code == 2
    assert why in said
