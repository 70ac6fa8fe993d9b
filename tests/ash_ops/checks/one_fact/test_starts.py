"""A start: its secrets, its phases, its room, its image, its log."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.one_check import GONE, Row, holds

SERVER = "task_definition.containerDefinitions.0"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:ash-cloud-runtime-AbCdEf"
KEYS = ["ANTHROPIC_API_KEY", "ASH_API_KEY", "ASH_INTERNAL_SECRET", "ASH_CREDENTIAL_KEY"]
NO_TASK = {"tasks": [], "service.runningCount": 0, "target_health": []}
MINE = "task/8f2c1d0e9b7a4c5d8e6f1a2b3c4d5e6f"


def state(number: int, **more: Any) -> dict[str, Any]:
    return {f"secrets.{number}.{name}": value for name, value in more.items()}


def all_states(**more: Any) -> dict[str, Any]:
    return {path: value for number in range(4) for path, value in state(number, **more).items()}


LOST, BAD = (
    f"warning secret-not-found of secret/{SECRET}",
    f"warning secret-bad-format of secret/{SECRET}",
)
LOGIN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:registry-AbCdEf"
PARAMETER = "arn:aws:ssm:us-east-1:111122223333:parameter/ash/key"
SECRETS: dict[str, Row] = {
    "all are there": ("secrets", "", {}, "sound"),
    "the secret is gone: told once": (
        "secrets", "", all_states(exists=False), LOST, f"The task cannot start: ANTHROPIC_API_KEY comes from {SECRET}, but there is none of that name in this region.",
        "secrets[ANTHROPIC_API_KEY].valueFrom", "ash-ops deploy", "!update-service",
    ),
    "the secret is gone, and no task runs": (
        "secrets", "", {**all_states(exists=False), **NO_TASK}, LOST.replace("warning", "error"), "ash-ops deploy",
    ),
    "marked for deletion": (
        "secrets", "", all_states(deleted_at="2026-11-21T08:00:00Z"), LOST, "it is marked for deletion since 2026-11-21.",
        f"restore-secret --secret-id {SECRET}",
    ),
    "no value": ("secrets", "", all_states(has_current_version=False), LOST, "it has no current value.", "Give it a value (it is asked for"),
    "whether it has one was not told": ("secrets", "", all_states(has_current_version=None), "sound"),
    "a second secret has a finding of its own": (
        "secrets", "", {**all_states(exists=False), **state(3, reference=LOGIN, arn=LOGIN)}, f"{LOST}; warning secret-not-found of secret/{LOGIN}",
    ),
    "no JSON: told once": ("secrets", "", all_states(is_json=False, json_keys=[]), BAD, "its value is not JSON, so it has no key 'ANTHROPIC_API_KEY'.",
                           "secrets[ANTHROPIC_API_KEY].keys", "value='none'", "Put a JSON object of the keys"),
    "one key lacks": (
        "secrets", "", state(1, json_keys=KEYS[:1]), BAD, "The task cannot start: ASH_API_KEY comes from", "its JSON has no key 'ASH_API_KEY'.",
        "value='ANTHROPIC_API_KEY'", "Deploy again: that completes the secret.",
    ),
    "one key lacks, and the version before has it": (
        "secrets", "", state(1, json_keys=KEYS[:1], whole_version="v1", version="v2"), BAD,
        f"update-secret-version-stage --secret-id {SECRET} --version-stage AWSCURRENT --move-to-version-id v1 --remove-from-version-id v2",
    ),
    "two keys lack": ("secrets", "", {**state(1, json_keys=[]), **state(2, json_keys=[])}, f"{BAD}; {BAD}"),
    "no key is asked for": ("secrets", "", state(1, reference=SECRET, is_json=False), "sound"),
    "a parameter that is gone": (
        "secrets", "", {**state(1, reference=PARAMETER, arn=None, kind="parameter", exists=False), f"{SERVER}.secrets.1.valueFrom": PARAMETER},
        f"warning secret-not-found of secret/{PARAMETER}", "put-parameter --name /ash/key --type SecureString --value file://<FILE>",
    ),
    "the login to a registry": (
        "secrets", "", {**state(1, reference=LOGIN, arn=LOGIN, exists=False), f"{SERVER}.repositoryCredentials": {"credentialsParameter": LOGIN}},
        f"warning secret-not-found of secret/{LOGIN}", "the login to the image's registry comes from", "repositoryCredentials name it", "!ash-ops deploy",
    ),
    "not read": ("secrets", "", {"secrets": None}, "sound"),
}  # fmt: skip


def started(**more: Any) -> dict[str, Any]:
    """The task on its way: of the times that ECS notes, those that are given."""
    gone: dict[str, Any] = {
        f"tasks.0.{name}": GONE
        for name in ("connectivityAt", "pullStartedAt", "pullStoppedAt", "startedAt")
    }
    set_ = {f"tasks.0.{name}": f"2026-11-22T{value}Z" for name, value in more.items()}
    return {
        **{k: v for k, v in gone.items() if k not in set_},
        "tasks.0.lastStatus": "PENDING",
        **set_,
    }


def stuck(since: str) -> str:
    return f"error task-stuck of {MINE} since {since}"


def normal(since: str) -> str:
    return f"info deployment-in-progress of {MINE} since {since}"


PHASES: dict[str, Row] = {
    "it runs": ("task-phase", "", {}, "sound"),
    "90 s for its interface": (
        "task-phase", "", started(createdAt="11:58:30"), normal("11:58:30"), "Task 8f2c1d0e is waiting for its network interface, since 90 s: normal so far.", "ash-ops status",
    ),
    "three minutes but a second: too early for an alarm": ("task-phase", "", started(createdAt="11:57:01"), normal("11:57:01")),
    "three minutes": (
        "task-phase", "", started(createdAt="11:57:00"), stuck("11:57"), "has been waiting for its network interface for 3 min; 90 s is usual at most.",
        "Look at free addresses in the subnets", f"describe-tasks --cluster ash-cloud --tasks {MINE[5:]}", "value='PENDING'",
    ),
    "a minute for its secrets": ("task-phase", "", started(createdAt="11:50:00", connectivityAt="11:59:00"), normal("11:59"), "is fetching its secrets and preparing its log stream"),
    "a second more for its secrets": (
        "task-phase", "", started(createdAt="11:50:00", connectivityAt="11:58:59"), stuck("11:58:59"), "60 s is usual at most", "the execution role",
    ),
    "four minutes for its image": (
        "task-phase", "", started(createdAt="11:50:00", connectivityAt="11:50:10", pullStartedAt="11:56:00"), normal("11:56"), "is pulling its image, since 4 min",
    ),
    "a second more for its image": (
        "task-phase", "", started(createdAt="11:50:00", connectivityAt="11:50:10", pullStartedAt="11:55:59"), stuck("11:55:59"), "the image's size",
    ),
    "a minute to start": (
        "task-phase", "", started(createdAt="11:50:00", connectivityAt="11:50:10", pullStartedAt="11:51:00", pullStoppedAt="11:59:00"), normal("11:59"), "is starting its container",
    ),
    "a second more to start": (
        "task-phase", "", started(createdAt="11:50:00", connectivityAt="11:50:10", pullStartedAt="11:51:00", pullStoppedAt="11:58:59"), stuck("11:58:59"),
        "the container's command, its dependencies",
    ),
    "since nobody knows when": ("task-phase", "", {**started(), "tasks.0.createdAt": GONE}, f"info deployment-in-progress of {MINE}"),
    "no service": ("task-phase", "", {"service": None}, "none of its business"),
}  # fmt: skip
FREE = "AvailableIpAddressCount"
FULL_A = "warning subnet-no-ips of subnet/subnet-aaa"
LIMIT = {"code": "L-3032A538", "value": 6.0, "used": 4.0}


def limit(value: float | None, used: float | None, **more: Any) -> dict[str, Any]:
    return {
        "quota": {**LIMIT, "value": value, "used": used},
        "task_definition.cpu": "1024",
        "service.deploymentConfiguration.maximumPercent": 200,
        **more,
    }


CAPACITY: dict[str, Row] = {
    "addresses are free": ("subnet-addresses", "", {f"subnets.0.{FREE}": 1}, "sound"),
    "one subnet is full": (
        "subnet-addresses", "", {f"subnets.0.{FREE}": 0}, FULL_A, "Subnet subnet-aaa (10.0.1.0/24) has no free address",
        "describe-network-interfaces --filters Name=subnet-id,Values=subnet-aaa",
    ),
    "one subnet is full, and none runs": ("subnet-addresses", "", {f"subnets.0.{FREE}": 0, **NO_TASK}, FULL_A),
    "both are": ("subnet-addresses", "", {f"subnets.0.{FREE}": 0, f"subnets.1.{FREE}": 0}, "warning subnet-no-ips; warning subnet-no-ips"),
    "both are, and none runs": (
        "subnet-addresses", "", {f"subnets.0.{FREE}": 0, f"subnets.1.{FREE}": 0, **NO_TASK}, "error subnet-no-ips; error subnet-no-ips",
    ),
    "another's subnet is": ("subnet-addresses", "", {"subnets.+": {"SubnetId": "subnet-x", "VpcId": "vpc-1", "CidrBlock": "10.0.3.0/24", FREE: 0}}, "sound"),
    "how many are free was not told": ("subnet-addresses", "", {f"subnets.0.{FREE}": GONE}, "sound"),
    "just room for a second task": ("fargate-quota", "", limit(5, 4), "sound"),
    "a quarter short of it": (
        "fargate-quota", "", limit(4.75, 4), "warning fargate-quota", "A rollout needs 1 vCPU more; 4 of the account's 4.75 are in use.",
        "request-service-quota-increase --service-code fargate --quota-code L-3032A538", "4.75 vCPU, 4 in use",
    ),
    "a rollout that stops the old one first needs none": (
        "fargate-quota", "", {**limit(4, 4), "service.deploymentConfiguration.maximumPercent": 100}, "sound",
    ),
    "by default twice as many may run": (
        "fargate-quota", "", {**limit(4, 4), "service.deploymentConfiguration": GONE}, "warning fargate-quota",
    ),
    "half as many more": ("fargate-quota", "", {**limit(4.5, 4), "service.deploymentConfiguration.maximumPercent": 150}, "sound"),
    "the start itself": ("fargate-quota", "", {**limit(4.75, 4), **NO_TASK}, "error fargate-quota", "The start needs 1 vCPU more"),
    "the start of three": ("fargate-quota", "", {**limit(6.75, 4), **NO_TASK, "service.desiredCount": 3}, "error fargate-quota", "needs 3 vCPU more"),
    "what is used was not told": ("fargate-quota", "", limit(1.5, None), "warning maybe fargate-quota", "1 of the account's 1.5 are in use"),
    "the limit was not told": ("fargate-quota", "", limit(None, 4), "sound"),
    "on Spot another quota counts": (
        "fargate-quota", "", {**limit(1, 4), "service.launchType": GONE, "service.capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT"}]}, "none of its business",
    ),
    "on both it counts": (
        "fargate-quota", "", {**limit(1, 4), "service.launchType": GONE, "service.capacityProviderStrategy": [
            {"capacityProvider": "FARGATE_SPOT"}, {"capacityProvider": "FARGATE"}]}, "warning fargate-quota",
    ),
    "on EC2 none": ("fargate-quota", "ec2-as-it-should-be", limit(1, 4), "none of its business"),
    "a size that Fargate sells": ("task-size", "", {"task_definition.cpu": "1024", "task_definition.memory": "8192"}, "sound"),
    "a size that it does not": (
        "task-size", "", {"task_definition.cpu": "1024", "task_definition.memory": "9216"}, "warning cfn-fargate-cpu-mem",
        "Fargate sells no task of 1024 CPU units and 9216 MB", "1024 / 9216",
    ),
    "of no size at all": ("task-size", "", {"task_definition.cpu": GONE}, "none of its business"),
    "not for Fargate": ("task-size", "", {"task_definition.memory": "9999", "task_definition.requiresCompatibilities": ["EC2"]}, "none of its business"),
}  # fmt: skip
OPTIONS = f"{SERVER}.logConfiguration.options"
LOGS: dict[str, Row] = {
    "the group is there": ("log-group", "", {}, "sound"),
    "it is gone": (
        "log-group", "", {"log_group": None}, "warning log-group-missing", "Log group /ash-cloud/runtime does not exist in us-east-1, so no task can start.",
        "create-log-group --log-group-name /ash-cloud/runtime --region us-east-1", "value='not found'", "!update-service",
    ),
    "it is gone, and none runs": ("log-group", "", {"log_group": None, **NO_TASK}, "error log-group-missing"),
    "the driver makes it": ("log-group", "", {"log_group": None, f"{OPTIONS}.awslogs-create-group": "True"}, "sound"),
    "the driver writes elsewhere": (
        "log-group", "", {"log_group": None, f"{OPTIONS}.awslogs-region": "eu-west-1"}, "warning log-group-missing",
        "does not exist in eu-west-1, where the log driver is told to write, so no task can start.", "create-log-group --log-group-name /ash-cloud/runtime --region eu-west-1",
    ),
    "no group is named": ("log-group", "", {f"{OPTIONS}.awslogs-group": GONE}, "warning log-driver-config", "lacks the option awslogs-group.", "no awslogs-group"),
    "no region is named": ("log-group", "", {f"{OPTIONS}.awslogs-region": GONE}, "warning log-driver-config", "lacks the option awslogs-region."),
    "another driver": ("log-group", "", {f"{SERVER}.logConfiguration.logDriver": "json-file"}, "none of its business"),
    "no driver": ("log-group", "", {f"{SERVER}.logConfiguration": GONE}, "none of its business"),
}  # fmt: skip
IMAGES: dict[str, Row] = {
    "it is there": ("image", "", {}, "sound"),
    "its tag is not": (
        "image", "", {"image.exists": False, "image.status": 404}, "warning image-not-found", "The registry has no tag ghcr.io/ash-ai-org/ash:0.2.0.", "HTTP 404",
        "ash-ops rollout <TAG>",
    ),
    "it is not": ("image", "", {"image.exists": False, "image.repository_exists": False, "image.status": None, **NO_TASK}, "error image-not-found", "no image ghcr.io", "HTTP 404"),
    "the registry would not say": (
        "image", "", {"image.exists": None, "image.status": 429}, "? ghcr.io would not say whether ghcr.io/ash-ai-org/ash:0.2.0 exists (HTTP 429)",
    ),
    "the registry said nothing": (
        "image", "", {"image.exists": None, "image.status": None, "image.registry": ""}, "? the registry would not say whether ghcr.io/ash-ai-org/ash:0.2.0 exists",
    ),
    "the task has a login that this machine lacks": (
        "image", "", {"image.exists": False, f"{SERVER}.repositoryCredentials": {"credentialsParameter": LOGIN}},
        "? ghcr.io was asked for ghcr.io/ash-ai-org/ash:0.2.0 without the login that the task has",
    ),
    "for another processor": (
        "image", "", {"image.architectures": ["arm64"]}, "warning image-arch-mismatch", "exists for arm64, but the task wants amd64.", "--architecture arm64", "value='X86_64'",
    ),
    "for the other processor": (
        "image", "", {"image.architectures": ["amd64"], "task_definition.runtimePlatform.cpuArchitecture": "ARM64"}, "warning image-arch-mismatch",
        "exists for amd64, but the task wants arm64.", "--architecture x86_64",
    ),
    "by default": ("image", "", {"image.architectures": ["arm64"], "task_definition.runtimePlatform": GONE}, "warning image-arch-mismatch"),
    "on EC2 nobody names the processor": (
        "image", "", {"image.architectures": ["arm64"], "task_definition.runtimePlatform": GONE, "task_definition.requiresCompatibilities": ["EC2"]}, "sound",
    ),
    "for which it is was not told": ("image", "", {"image.architectures": []}, "sound"),
}  # fmt: skip


@each("case", SECRETS)
def test_what_a_start_reads_of_secrets(case: Row) -> None:
    holds(case)


@each("case", PHASES)
def test_how_long_a_phase_of_a_start_may_last(case: Row) -> None:
    holds(case)


@each(
    "case",
    CAPACITY
    | {f"log: {k}": v for k, v in LOGS.items()}
    | {f"image: {k}": v for k, v in IMAGES.items()},
)
def test_what_a_start_finds_room_and_images_and_logs_for(case: Row) -> None:
    holds(case)
