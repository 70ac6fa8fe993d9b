"""What is read of the instances that tasks run on, and what a service on Fargate is spared."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ash_ops.facts.model import parsed
from ash_ops.facts.snapshot import Snapshot
from tests.ash_ops.fakes import world as w
from tests.ash_ops.fakes.aws import FakeAws
from tests.ash_ops.snapshot.conftest import Collect
from tests.support import scenarios

P = "ash-cloud"
HOST_CALLS = {
    "ecs:ListContainerInstances",
    "ecs:DescribeContainerInstances",
    "ecs:DescribeCapacityProviders",
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeScalingActivities",
}
GROUP = f"{P}-Instances-1"
ROLE = "arn:aws:iam::111122223333:role/ecsInfrastructure"


def on_hosts(**service: Any) -> dict[str, Any]:
    """A service on instances, with all that is asked of them."""
    fields = {k: v for k, v in w.service(P).items() if k != "launchType"}
    instance = {"containerInstanceArn": w.arn("ecs", f"container-instance/{P}/1"),
                "ec2InstanceId": "i-1", "status": "ACTIVE", "agentConnected": True,
                "healthStatus": {"overallStatus": "OK", "details": []}}  # fmt: skip
    provider = {"name": "mi", "status": "ACTIVE", "cluster": P, "type": "MANAGED_INSTANCES",
                "managedInstancesProvider": {"infrastructureRoleArn": ROLE}}  # fmt: skip
    group = {"AutoScalingGroupName": GROUP, "MinSize": 1, "MaxSize": 1, "DesiredCapacity": 1,
             "Tags": [{"Key": "ash:deployment", "Value": P}]}  # fmt: skip
    foreign = {"AutoScalingGroupName": "web", "MinSize": 0, "MaxSize": 0, "DesiredCapacity": 0}
    activity = {"ActivityId": "a", "AutoScalingGroupName": GROUP, "StatusCode": "Failed",
                "Cause": "c", "StartTime": w.START, "StatusMessage": "no capacity"}  # fmt: skip
    return {
        "ecs:DescribeServices": {"services": [fields | service]},
        "ecs:ListContainerInstances": {"containerInstanceArns": [instance["containerInstanceArn"]]},
        "ecs:DescribeContainerInstances": {"containerInstances": [instance]},
        "ecs:DescribeCapacityProviders": {"capacityProviders": [provider]},
        "autoscaling:DescribeAutoScalingGroups": {"AutoScalingGroups": [group, foreign]},
        "autoscaling:DescribeScalingActivities": {"Activities": [activity]},
    }


def test_a_service_on_fargate_costs_no_call_about_hosts(
    look: Collect, shared_fake: FakeAws
) -> None:
    snapshot = look()
    assert not HOST_CALLS & set(shared_fake.calls)
    assert snapshot.container_instances.get() is None


def test_a_service_with_a_strategy_of_fargate_alone_costs_none(
    look: Collect, shared_fake: FakeAws
) -> None:
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    look(on_hosts(capacityProviderStrategy=strategy))
    assert not HOST_CALLS & set(shared_fake.calls)


@pytest.mark.parametrize("launch_type", ["EC2", "EXTERNAL", "MANAGED_INSTANCES"])
def test_instances_are_read_for_every_launch_type_that_has_them(
    look: Collect, launch_type: str
) -> None:
    snapshot = look(on_hosts(launchType=launch_type))
    assert [each.id for each in snapshot.container_instances.get() or ()] == ["i-1"]


def test_the_provider_the_group_of_ours_and_its_activities_are_read(look: Collect) -> None:
    snapshot = look(on_hosts(capacityProviderStrategy=[{"capacityProvider": "mi"}]))
    assert [each.name for each in snapshot.capacity_providers.get() or ()] == ["mi"]
    groups = snapshot.scaling_groups.get() or ()
    assert [each.auto_scaling_group_name for each in groups] == [GROUP]
    assert (snapshot.scaling_activities.get() or ())[0].status_message == "no capacity"
    role = snapshot.infrastructure_role.get()
    assert role is not None
    assert role.arn == ROLE


def test_the_health_of_instances_is_asked_for(look: Collect) -> None:
    asked: list[dict[str, Any]] = []

    def describe(request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request)
        return {"containerInstances": []}

    look(on_hosts(launchType="EC2") | {"ecs:DescribeContainerInstances": describe})
    assert asked[0]["include"] == ["CONTAINER_INSTANCE_HEALTH"]


@pytest.mark.parametrize(
    ("operation", "reading"),
    [
        ("ecs:DescribeContainerInstances", "container_instances"),
        ("ecs:ListContainerInstances", "container_instances"),
        ("ecs:DescribeCapacityProviders", "capacity_providers"),
        ("autoscaling:DescribeAutoScalingGroups", "scaling_groups"),
        ("autoscaling:DescribeScalingActivities", "scaling_activities"),
    ],
)
def test_a_denied_call_is_a_gap_that_names_its_action(
    look: Collect, operation: str, reading: str
) -> None:
    world = on_hosts(launchType="EC2", capacityProviderStrategy=[{"capacityProvider": "mi"}])
    gap = getattr(look(world, faults={operation: "denied"}), reading).gap
    assert (gap.kind, gap.action) == ("denied", operation)


def test_the_archive_tells_what_became_of_instances(look: Collect) -> None:
    detail = {
        "clusterArn": w.arn("ecs", f"cluster/{P}"), "status": "DRAINING", "ec2InstanceId": "i-9",
        "agentConnected": False, "updatedAt": "2026-11-22T09:00:00Z",
    }  # fmt: skip
    kind = {"detail-type": "ECS Container Instance State Change"}
    foreign = detail | {"clusterArn": w.arn("ecs", "cluster/other")}
    lines = [kind | {"detail": detail}, kind | {"detail": foreign}, {"detail": detail}]
    hook = {"detail-type": "ECS Hook State Change", "detail": detail | {"hookType": "PAUSE"}}
    answers = {
        "logs:DescribeLogGroups": {"logGroups": [{"logGroupName": f"/{P}/events"}]},
        "logs:FilterLogEvents": {"events": [
            {"timestamp": 1, "message": json.dumps(line)} for line in [*lines, hook]
        ]},
    }  # fmt: skip
    snapshot = look(
        on_hosts(launchType="EC2") | answers, clock=lambda: datetime(2026, 11, 22, 13, tzinfo=UTC)
    )
    events = snapshot.host_events.get() or ()
    assert [(e.at.hour, e.instance.id, e.instance.status) for e in events] == [
        (9, "i-9", "DRAINING")
    ]
    assert snapshot.archived_tasks.get() == ()


def test_a_snapshot_from_before_hosts_were_read_still_loads() -> None:
    facts = scenarios.healthy()
    for name in ("container_instances", "capacity_providers", "host_events"):
        del facts[name]
    snapshot = parsed(Snapshot, facts)
    assert snapshot.container_instances.gap is not None
    assert snapshot.container_instances.gap.kind == "skipped"
