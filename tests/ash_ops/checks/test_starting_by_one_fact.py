"""The checks of a start, each asked of facts that differ in one thing: the fact that decides."""

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
    "a second more": (
        "task-phase", "", started(createdAt="11:58:29"), stuck("11:58:29"), "has been waiting for its network interface for 91 s; 90 s is usual at most.",
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

ROLE = "role-assume-failed of role/ash-cloud-execution"
MAY_NOT = "of role/ash-cloud-execution"
ALLOWED = {"action": "secretsmanager:GetSecretValue", "resource": SECRET, "decision": "allowed"}


def denied(
    action: str = "secretsmanager:GetSecretValue", decision: str = "implicitDeny", **more: Any
) -> dict[str, Any]:
    return {
        "execution_role.simulated": [{**ALLOWED, "action": action, "decision": decision, **more}]
    }


ROLES: dict[str, Row] = {
    "both may": ("roles", "", {}, "sound"),
    "no execution role, and secrets": (
        "roles", "", {"task_definition.executionRoleArn": GONE}, "warning role-assume-failed", "names no execution role", "value='not set'",
        "Deploy again: the bundled template makes the role.",
    ),
    "no execution role, and logs on Fargate": (
        "roles", "", {"task_definition.executionRoleArn": GONE, f"{SERVER}.secrets": []}, "warning role-assume-failed",
    ),
    "no execution role, and logs on EC2": (
        "roles", "", {"task_definition.executionRoleArn": GONE, f"{SERVER}.secrets": [], "task_definition.requiresCompatibilities": ["EC2"]}, "sound",
    ),
    "no execution role, and an image of ECR": (
        "roles", "", {"task_definition.executionRoleArn": GONE, f"{SERVER}.secrets": [], "task_definition.requiresCompatibilities": ["EC2"],
                      f"{SERVER}.image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ash:1"}, "warning role-assume-failed",
    ),
    "it is gone": (
        "roles", "", {"execution_role.exists": False}, f"warning {ROLE}", "ECS cannot assume role ash-cloud-execution: it does not exist.",
        "taskDefinition.executionRoleArn", "Put the role ash-cloud-execution back as the stack wants it: it is gone.",
    ),
    "the task's own is gone, and none runs": (
        "roles", "", {"task_role.exists": False, **NO_TASK}, "error role-assume-failed of role/ash-cloud-task", "taskDefinition.taskRoleArn",
    ),
    "it trusts another": (
        "roles", "", {"execution_role.trusted_services": ["ec2.amazonaws.com"]}, f"warning {ROLE}", "it trusts ec2.amazonaws.com but not ecs-tasks.amazonaws.com.",
        "it trusts ecs-tasks.amazonaws.com there",
    ),
    "it trusts another, and no stack made it": (
        "roles", "", {"execution_role.trusted_services": ["ec2.amazonaws.com"], "stack": None}, f"warning {ROLE}",
        "update-assume-role-policy --role-name ash-cloud-execution", '"Service": ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"]',
    ),
    "whom it trusts was not told": ("roles", "", {"execution_role.trusted_services": []}, "sound"),
    "it may not read the secret": (
        "roles", "", denied(), f"warning secret-access-denied {MAY_NOT}", f"Execution role ash-cloud-execution may not secretsmanager:GetSecretValue on {SECRET}.",
        f"implicitDeny on {SECRET}", "put-role-policy --role-name ash-cloud-execution", f'"Resource": ["{SECRET}"]', "Allow exactly that.",
    ),
    "it may not read the secret, and none runs": (
        "roles", "", {**denied(), **NO_TASK}, f"error secret-access-denied {MAY_NOT}",
    ),
    "it is forbidden to": (
        "roles", "", denied(decision="explicitDeny"), f"warning secret-access-denied {MAY_NOT}", "(an explicit deny).", "what was added to it and denies is taken away", "!put-role-policy",
    ),
    "it is forbidden to, and no stack made it": (
        "roles", "", {**denied(decision="explicitDeny"), "stack": None}, f"warning secret-access-denied {MAY_NOT}", "list-attached-role-policies --role-name ash-cloud-execution",
    ),
    "a parameter": ("roles", "", denied("ssm:GetParameters"), f"warning secret-access-denied {MAY_NOT}"),
    "a key": ("roles", "", denied("kms:Decrypt"), f"warning secret-access-denied {MAY_NOT}"),
    "its log": ("roles", "", denied("logs:CreateLogStream"), f"warning log-access-denied {MAY_NOT}"),
    "its image": ("roles", "", denied("ecr:BatchGetImage"), f"warning image-pull-denied {MAY_NOT}"),
    "its disk": ("roles", "", denied("elasticfilesystem:ClientMount"), f"warning efs-mount-failed {MAY_NOT}"),
    "what the server itself calls": ("roles", "", {**denied("bedrock:InvokeModel"), **NO_TASK}, f"warning role-call-denied {MAY_NOT}"),
    "of the task's own role": (
        "roles", "", {"task_role.simulated": [{**ALLOWED, "decision": "implicitDeny"}]}, "warning secret-access-denied of role/ash-cloud-task", "Task role ash-cloud-task may not",
    ),
    "two in one": (
        "roles", "", {"execution_role.simulated": [{**ALLOWED, "decision": "implicitDeny"}, {**ALLOWED, "action": "kms:Decrypt", "decision": "explicitDeny"}]},
        f"warning secret-access-denied {MAY_NOT}", "may not secretsmanager:GetSecretValue, kms:Decrypt on", "(an explicit deny)",
    ),
    "it depends": (
        "roles", "", denied(decision="inconclusive", missing_context=["aws:SourceVpce"]),
        "? IAM's simulation of secretsmanager:GetSecretValue for ash-cloud-execution depends on context it lacks: aws:SourceVpce",
    ),
    "it depends, nobody knows on what": (
        "roles", "", denied(decision="inconclusive"),
        "? IAM's simulation of secretsmanager:GetSecretValue for ash-cloud-execution depends on context it lacks: a permissions boundary or an organisation policy",
    ),
    "one role unread leaves the other told": (
        "roles", "", {"execution_role": None, "task_role.exists": False}, f"warning {ROLE}; warning role-assume-failed of role/ash-cloud-task",
    ),
}  # fmt: skip

ENDPOINT = {
    "VpcEndpointId": "vpce-1", "VpcEndpointType": "Interface", "VpcId": "vpc-1", "ServiceName": "com.amazonaws.us-east-1.secretsmanager",
    "State": "available", "PrivateDnsEnabled": True, "Groups": [{"GroupId": "sg-ep"}],
}  # fmt: skip
BLOCKS = "warning endpoint-security-group-blocks"


def rule(cidr: str = "", group: str = "", port: int = 443, **more: Any) -> dict[str, Any]:
    sides: dict[str, Any] = {"IpRanges": [{"CidrIp": cidr}]} if cidr else {}
    sides |= {"UserIdGroupPairs": [{"GroupId": group}]} if group else {}
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **sides, **more}


def behind(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "vpc_endpoints": [{**ENDPOINT, **more}],
        "security_groups.+": {"GroupId": "sg-ep", "VpcId": "vpc-1", "IpPermissions": list(rules)},
    }


ENDPOINTS: dict[str, Row] = {
    "none": ("vpc-endpoints", "", {}, "none of its business"),
    "it admits the tasks' group": ("vpc-endpoints", "", behind(rule(group="sg-task")), "sound"),
    "on another port": (
        "vpc-endpoints", "", behind(rule(group="sg-task", port=444)), BLOCKS,
        "Endpoint vpce-1 answers for secretsmanager in the whole VPC, but its security group sg-ep does not admit the tasks on TCP 443.",
        "authorize-security-group-ingress --group-id sg-ep", '"GroupId": "sg-task"', "VpcEndpoints[vpce-1].PrivateDnsEnabled", "no rule for TCP 443 from the tasks",
    ),
    "it admits both subnets": ("vpc-endpoints", "", behind(rule("10.0.1.0/24"), rule("10.0.2.0/24")), "sound"),
    "it admits one": ("vpc-endpoints", "", behind(rule("10.0.1.0/24")), BLOCKS),
    "it admits one, and none runs": ("vpc-endpoints", "", {**behind(rule("10.0.1.0/24")), **NO_TASK}, BLOCKS.replace("warning", "error")),
    "it stands for nothing that is needed": ("vpc-endpoints", "", behind(ServiceName="com.amazonaws.us-east-1.ssm"), "none of its business"),
    "its name is its own": ("vpc-endpoints", "", behind(PrivateDnsEnabled=False), "none of its business"),
    "a gateway has no group": ("vpc-endpoints", "", behind(VpcEndpointType="Gateway"), "none of its business"),
    "its group was not told": ("vpc-endpoints", "", behind(Groups=[]), "? endpoint vpce-1 names no security group"),
    "its group was not read": ("vpc-endpoints", "", {"vpc_endpoints": [ENDPOINT]}, "? security group sg-ep was not found"),
    "a list was not read": (
        "vpc-endpoints", "", behind(rule(PrefixListIds=[{"PrefixListId": "pl-1"}])), "? prefix list pl-1, which a rule admits, was not read",
    ),
    "a list that admits both": (
        "vpc-endpoints", "", {**behind(rule(PrefixListIds=[{"PrefixListId": "pl-1"}])), "prefix_lists": [{"PrefixListId": "pl-1", "Cidrs": ["10.0.0.0/16"]}]},
        "sound",
    ),
}  # fmt: skip

LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}


def via(target: str, state_: str = "active") -> dict[str, Any]:
    kind = (
        "NatGatewayId"
        if target.startswith("nat")
        else "TransitGatewayId"
        if target.startswith("tgw")
        else "GatewayId"
    )
    return {"DestinationCidrBlock": "0.0.0.0/0", kind: target, "State": state_}


def routed(*routes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"route_tables.0.Routes": [LOCAL, *routes], **more}


PRIVATE = {"service.networkConfiguration.awsvpcConfiguration.assignPublicIp": "DISABLED"}
NAT = {
    "NatGatewayId": "nat-1",
    "State": "available",
    "SubnetId": "subnet-nat",
    "VpcId": "vpc-1",
    "ConnectivityType": "public",
}
HOME = {"subnets.+": {"SubnetId": "subnet-nat", "VpcId": "vpc-1", "CidrBlock": "10.0.9.0/24"},
        "route_tables.+": {"RouteTableId": "rtb-nat", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-nat"}],
                           "Routes": [LOCAL, via("igw-1")]}}  # fmt: skip
EGRESS = "security_groups.0.IpPermissionsEgress"
ENTRIES = "network_acls.0.Entries"
STARTS = "The tasks that run now would not start again."
MISSING, HOLE = "warning route-missing", "warning route-blackhole"


def entry(
    number: int,
    action: str = "allow",
    *,
    out: bool = False,
    ports: tuple[int, int] | None = None,
    cidr: str = "0.0.0.0/0",
) -> dict[str, Any]:
    span = {"PortRange": {"From": ports[0], "To": ports[1]}} if ports else {}
    return {
        "RuleNumber": number,
        "RuleAction": action,
        "Egress": out,
        "Protocol": "6" if ports else "-1",
        "CidrBlock": cidr,
        **span,
    }


LAST = [entry(32767, "deny"), entry(32767, "deny", out=True)]
LATER = " stops next start"
WAYS: dict[str, Row] = {
    "open": ("egress-path", "", {}, "sound"),
    "no route": (
        "egress-path", "", routed(), MISSING, "Subnet subnet-aaa has no route to the internet: route table rtb-main has no default route.", STARTS,
        "create-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --gateway-id igw-1", "10.0.0.0/16 -> local",
    ),
    "no route, and none runs": (
        "egress-path", "", {**routed(), **NO_TASK}, MISSING.replace("warning", "error"), "A task put there cannot pull ghcr.io/ash-ai-org/ash:0.2.0.",
    ),
    "no route for tasks without public addresses, and no NAT gateway": (
        "egress-path", "", {**routed(), **PRIVATE}, MISSING, "Make a NAT gateway in a public subnet (the VPC has none that works)", "--nat-gateway-id <NAT-GATEWAY-ID>",
    ),
    "with a NAT gateway": (
        "egress-path", "", {**routed(), **PRIVATE, **HOME, "nat_gateways": [NAT]}, MISSING, "create-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --nat-gateway-id nat-1",
    ),
    "with two": (
        "egress-path", "", {**routed(), **PRIVATE, **HOME, "nat_gateways": [NAT, {**NAT, "NatGatewayId": "nat-2"}]}, MISSING,
        "which, is your decision: nat-1 or nat-2.", "<NAT-GATEWAY-ID>",
    ),
    "with one that is private": (
        "egress-path", "", {**routed(), **PRIVATE, **HOME, "nat_gateways": [{**NAT, "ConnectivityType": "private"}]}, MISSING, "the VPC has none that works",
    ),
    "with one that failed": ("egress-path", "", {**routed(), **PRIVATE, **HOME, "nat_gateways": [{**NAT, "State": "failed"}]}, MISSING, "the VPC has none that works"),
    "through a NAT gateway": ("egress-path", "", {**routed(via("nat-1")), **PRIVATE, **HOME, "nat_gateways": [NAT]}, "sound"),
    "through one that is gone": (
        "egress-path", "", {**routed(via("nat-1")), **PRIVATE}, HOLE, "The default route of rtb-main leads to nat-1, which is not found.", "NatGateways[nat-1].State",
    ),
    "through one that is gone, and another stands": (
        "egress-path", "", {**routed(via("nat-9")), **PRIVATE, **HOME, "nat_gateways": [NAT]}, HOLE,
        "replace-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --nat-gateway-id nat-1",
    ),
    "through one that is gone, and tasks are public": (
        "egress-path", "", routed(via("nat-9")), HOLE, "replace-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --gateway-id igw-1",
    ),
    "through one whose subnet leads nowhere": (
        "egress-path", "", {**routed(via("nat-1")), **PRIVATE, **HOME, "nat_gateways": [NAT], "route_tables.1.Routes": [LOCAL]},
        "warning route-missing", "nat-1 stands in subnet-nat, which itself has no route to an internet gateway.",
    ),
    "through one that is private": (
        "egress-path", "", {**routed(via("nat-1")), **PRIVATE, **HOME, "nat_gateways": [{**NAT, "ConnectivityType": "private"}]},
        "? nat-1 is a private NAT gateway: where it leads cannot be read from here",
    ),
    "through one that stands elsewhere": ("egress-path", "", {**routed(via("nat-1")), **PRIVATE, "nat_gateways": [NAT]}, "sound"),
    "into a black hole": (
        "egress-path", "", routed(via("igw-9", "blackhole")), HOLE, "leads to igw-9, which no longer exists (blackhole).", "Routes[0.0.0.0/0].State",
        "replace-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --gateway-id igw-1",
    ),
    "through a transit gateway": (
        "egress-path", "", routed(via("tgw-1")), "? the default route of rtb-main leads to tgw-1, whose far side cannot be read from here",
    ),
    "the gateway is detached": (
        "egress-path", "", {"internet_gateways.0.Attachments": [], "probe.rungs": [], "target_health": []}, HOLE,
        "Internet gateway igw-1 is not attached to VPC vpc-1.", "attach-internet-gateway --internet-gateway-id igw-1 --vpc-id vpc-1", "value='none'",
    ),
    "the gateway serves another VPC": (
        "egress-path", "", {"internet_gateways.0.Attachments": [{"VpcId": "vpc-9", "State": "available"}], "probe.rungs": [], "target_health": []}, HOLE,
        "igw-1 serves another VPC.", "!attach-internet-gateway",
    ),
    "the gateway does not exist": (
        "egress-path", "", {"internet_gateways": [], "probe.rungs": [], "target_health": []}, HOLE, "igw-1 does not exist.",
    ),
    "another gateway is attached": (
        "egress-path", "", {"internet_gateways.0.Attachments": [], "probe.rungs": [], "target_health": [],
                            "internet_gateways.+": {"InternetGatewayId": "igw-2", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]}}, HOLE,
        "replace-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --gateway-id igw-2",
    ),
    "no gateway was read, and yet it answers": (
        "egress-path", "", {"internet_gateways": []}, "? no internet gateway of the VPC was read, and yet it answers the internet",
    ),
    "private addresses behind it": (
        "egress-path", "", PRIVATE, "warning public-ip-missing", "get no public address, but its only way out is the internet gateway",
        '"assignPublicIp": "ENABLED"', '"subnets": ["subnet-aaa", "subnet-bbb"], "securityGroups": ["sg-task"]', "value='DISABLED'",
    ),
    "whether they are public was not told": (
        "egress-path", "", {"service.networkConfiguration.awsvpcConfiguration.assignPublicIp": GONE}, "? whether the tasks get public addresses was not told",
    ),
    "no table": ("egress-path", "", {"route_tables": []}, "? no route table was found for subnet subnet-aaa"),
    "names are not resolved": (
        "egress-path", "", {"vpcs.0.EnableDnsSupport": False}, "warning dns-disabled", "VPC vpc-1 resolves no names", "modify-vpc-attribute --vpc-id vpc-1", "value='false'",
    ),
    "the group lets nothing out": (
        "egress-path", "", {EGRESS: []}, f"warning egress-blocked{LATER}", "Security group sg-task does not let HTTPS (TCP 443) out to the internet.", "no rule at all",
        "authorize-security-group-egress --group-id sg-task",
    ),
    "the group lets another port out": ("egress-path", "", {EGRESS: [rule("0.0.0.0/0", port=80)]}, f"warning egress-blocked{LATER}", "tcp 80-80 to 0.0.0.0/0"),
    "the group lets it into the VPC": ("egress-path", "", {EGRESS: [rule("10.0.0.0/8")]}, f"warning egress-blocked{LATER}", "tcp 443-443 to 10.0.0.0/8"),
    "the group lets it to a list": (
        "egress-path", "", {EGRESS: [rule(PrefixListIds=[{"PrefixListId": "pl-1"}])]}, f"warning egress-blocked{LATER}", "(only to prefix list pl-1).", "tcp 443-443 to pl-1",
    ),
    "the group lets it to some": (
        "egress-path", "", {EGRESS: [rule("203.0.112.0/20")]},
        "? sg-task lets HTTPS out to some addresses only; whether the registry is among them cannot be told",
    ),
    "the service names none": (
        "egress-path", "", {"service.networkConfiguration.awsvpcConfiguration.securityGroups": []}, "? the service names no security group for its tasks",
    ),
    "the ACL lets no request out": (
        "egress-path", "", {ENTRIES: [entry(100), entry(100, "deny", out=True), *LAST]}, f"warning nacl-blocks{LATER}",
        "Network ACL acl-1 of subnet subnet-aaa does not let TCP 443 out.",
        "create-network-acl-entry --network-acl-id acl-1 --egress --rule-number 99 --protocol tcp --port-range From=443,To=443 --cidr-block 0.0.0.0/0 --rule-action allow",
    ),
    "the ACL lets no answer in": (
        "egress-path", "", {ENTRIES: [entry(100, out=True), entry(100, ports=(443, 443)), *LAST]}, f"warning nacl-blocks{LATER}",
        "does not let the answers in (TCP 32768-60999).", "--ingress --rule-number 99 --protocol tcp --port-range From=32768,To=60999",
    ),
    "number 1 denies: it moves one further": (
        "egress-path", "", {ENTRIES: [entry(100), entry(1, "deny", out=True), *LAST]}, f"warning nacl-blocks{LATER}",
        "Keep what rule 1 denies, one number further.", "create-network-acl-entry --network-acl-id acl-1 --egress --rule-number 2 --protocol -1", "--rule-action deny",
        "replace-network-acl-entry --network-acl-id acl-1 --egress --rule-number 1 --protocol tcp --port-range From=443,To=443",
    ),
    "numbers 1 and 2 are taken": (
        "egress-path", "", {ENTRIES: [entry(100), entry(1, "deny", out=True), entry(2, "deny", out=True), *LAST]}, f"warning nacl-blocks{LATER}",
        "No number before rule 1, which denies it, is free: renumber the rules of acl-1", "!create-network-acl-entry",
    ),
    "no rule was read": ("egress-path", "", {ENTRIES: []}, "? the rules of acl-1 were not read whole"),
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


@each("case", ROLES)
def test_what_a_start_is_allowed(case: Row) -> None:
    holds(case)


@each("case", WAYS | {f"endpoint: {k}": v for k, v in ENDPOINTS.items()})
def test_which_way_a_start_has_to_what_it_needs(case: Row) -> None:
    holds(case)
