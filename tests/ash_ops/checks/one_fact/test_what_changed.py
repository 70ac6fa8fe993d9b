"""What changed since it last worked: one difference, one line, and no value that is a secret."""

from __future__ import annotations

import copy
from typing import Any

from ash_ops.checks.changed import changed
from tests.support import one_check, scenarios
from tests.support.each import each

Case = tuple[Any, ...]
SERVER = "containerDefinitions.0"
ARN = "arn:aws:ecs:us-east-1:111122223333:service-"
NETWORK = "networkConfiguration.awsvpcConfiguration"


def record(name: str, status: str, at: str, end: str) -> dict[str, Any]:
    times = {
        "createdAt": f"2026-11-22T{at}Z",
        "startedAt": f"2026-11-22T{at}Z",
        "finishedAt": f"2026-11-22T{end}Z",
    }
    return {
        "serviceDeploymentArn": f"{ARN}deployment/{name}",
        "status": status,
        "targetServiceRevision": {"arn": f"{ARN}revision/{name}"},
        **times,
    }


def revision(name: str) -> dict[str, Any]:
    place = {
        "subnets": ["subnet-bbb", "subnet-aaa"],
        "securityGroups": ["sg-task"],
        "assignPublicIp": "ENABLED",
    }
    return {
        "serviceRevisionArn": f"{ARN}revision/{name}", "launchType": "FARGATE", "platformVersion": "1.4.0", "networkConfiguration": {"awsvpcConfiguration": place},
        "containerImages": [{"containerName": "ash", "image": "ghcr.io/ash-ai-org/ash:0.2.0", "imageDigest": "sha256:a"}],
    }  # fmt: skip


def world(task: dict[str, Any], around: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """A rollout that failed after one that worked, alike but for what is given."""
    before = scenarios.healthy()["task_definition"]["value"]
    after = {
        **copy.deepcopy(before),
        "taskDefinitionArn": before["taskDefinitionArn"].replace(":7", ":8"),
    }
    for path, value in task.items():
        one_check.changed({"x": after}, f"x.{path}", value)
    old, new = revision("r7"), revision("r8")
    for path, value in around.items():
        one_check.changed({"x": new}, f"x.{path}", value)
    return {
        "revision_pair": {"before": before, "after": after, "changed_environment": []}, "service_revisions": [old, new],
        "service_deployments": [record("r8", "ROLLBACK_SUCCESSFUL", "11:20:00", "11:40:00"), record("r7", "SUCCESSFUL", "09:00:00", "09:04:00")], **more,
    }  # fmt: skip


LINES: dict[str, Case] = {
    "nothing": ({}, {}, {}, []),
    "another image": ({f"{SERVER}.image": "x:2"}, {}, {}, [("image", "ash", "ghcr.io/ash-ai-org/ash:0.2.0", "x:2")]),
    "a container more": ({"containerDefinitions.+": {"name": "side"}}, {}, {}, [("container", "side added", "", "")]),
    "a container less": ({"containerDefinitions": []}, {}, {}, [("container", "ash removed", "", "")]),
    "a variable more": ({f"{SERVER}.environment.+": {"name": "X", "value": "secret"}}, {}, {}, [("environment", "X added", "", "")]),
    "a variable less": ({f"{SERVER}.environment": [{"name": "ASH_MODE", "value": "standalone"}]}, {}, {}, [("environment", "ASH_SANDBOX_MEMORY_MB removed", "", "")]),
    "another value": ({}, {}, {"revision_pair.changed_environment": ["X"]}, [("environment", "X has another value", "", "")]),
    "another secret": ({f"{SERVER}.secrets.0.valueFrom": "arn:other"}, {}, {}, [("secrets", "ANTHROPIC_API_KEY comes from elsewhere", "", "")]),
    "a limit": ({f"{SERVER}.memory": 512}, {}, {}, [("size", "memory of ash", "not set", "512")]),
    "a command": ({f"{SERVER}.command": ["x"]}, {}, {}, [("command", "of ash", "", "")]),
    "an entry point": ({f"{SERVER}.entryPoint": ["x"]}, {}, {}, [("command", "of ash", "", "")]),
    "ports": ({f"{SERVER}.portMappings": []}, {}, {}, [("ports", "ash", "4100", "none")]),
    "a health check": ({f"{SERVER}.healthCheck.interval": 31}, {}, {}, [("health check", "of ash", "", "")]),
    "logs": ({f"{SERVER}.logConfiguration.options.mode": "non-blocking"}, {}, {}, [("logs", "options of ash", "", "")]),
    "cpu": ({"cpu": "1024"}, {}, {}, [("size", "cpu", "512", "1024")]),
    "memory": ({"memory": "8192"}, {}, {}, [("size", "memory", "4096", "8192")]),
    "a disk": ({"ephemeralStorage": {"sizeInGiB": 50}}, {}, {}, [("size", "disk in GiB", "not set", "50")]),
    "a processor": ({"runtimePlatform": {"cpuArchitecture": "ARM64"}}, {}, {}, [("processor", "architecture", "X86_64", "ARM64")]),
    "roles": ({"executionRoleArn": "arn:e", "taskRoleArn": "arn:t"}, {}, {}, [
        ("roles", "execution role", "arn:aws:iam::111122223333:role/ash-cloud-execution", "arn:e"), ("roles", "task role", "arn:aws:iam::111122223333:role/ash-cloud-task", "arn:t")]),
    "volumes": ({"volumes": []}, {}, {}, [("volumes", "of the task", "data", "none")]),
    "the same tag, another image": ({}, {"containerImages.0.imageDigest": "sha256:b"}, {}, [("image", "ash: the tag is the same, the digest is not", "sha256:a", "sha256:b")]),
    "subnets in another order": ({}, {f"{NETWORK}.subnets": ["subnet-aaa", "subnet-bbb"]}, {}, []),
    "other subnets": ({}, {f"{NETWORK}.subnets": ["subnet-x"]}, {}, [("network", "subnets", "subnet-aaa, subnet-bbb", "subnet-x")]),
    "other groups": ({}, {f"{NETWORK}.securityGroups": []}, {}, [("network", "security groups", "sg-task", "none")]),
    "addresses": ({}, {f"{NETWORK}.assignPublicIp": "DISABLED"}, {}, [("network", "assignPublicIp", "ENABLED", "DISABLED")]),
    "a launch type": ({}, {"launchType": "EC2"}, {}, [("capacity", "launch type", "FARGATE", "EC2")]),
    "a platform": ({}, {"platformVersion": "1.5.0"}, {}, [("capacity", "platform", "1.4.0", "1.5.0")]),
    "providers": ({}, {"capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT"}]}, {}, [("capacity", "providers", "none", "FARGATE_SPOT")]),
    "a secret's value after the rollout that worked": (
        {}, {}, {"secrets.1.last_changed_at": "2026-11-22T09:04:01Z"}, [("secrets", "ASH_API_KEY was written at 2026-11-22 09:04 UTC", "", "")],
    ),
    "a secret's value at its end": ({}, {}, {"secrets.1.last_changed_at": "2026-11-22T09:04:00Z"}, []),
}  # fmt: skip


@each("case", LINES)
def test_one_difference_is_one_line(case: Case) -> None:
    task, around, more, lines = case
    named = {"secrets.1.variables": ["ASH_API_KEY"]}
    found = changed(one_check.snapshot("", {**world(task, around, {}), **named, **more}))
    assert found is not None
    assert [(each.what, each.name, each.before, each.after) for each in found.changes] == lines
    assert (found.worked, found.newest, found.has_worked) == (
        "ash-cloud-runtime:7",
        "ash-cloud-runtime:8",
        False,
    )
    assert f"{found.worked_at:%H:%M} {found.began:%H:%M}" == "09:04 11:20"


def test_where_no_other_revision_worked_nothing_is_compared() -> None:
    facts = world({}, {}, {})
    alone = {**facts, "service_deployments": facts["service_deployments"][:1]}
    assert changed(one_check.snapshot("", alone)) is None
    assert changed(one_check.snapshot("", {**facts, "revision_pair": None})) is None
