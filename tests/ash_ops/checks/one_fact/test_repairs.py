"""Repairs: the fact of the deployment that decides which step is told."""

from __future__ import annotations

from typing import Any

from ash_ops.checks._findings import command_line, deploy_fix, other_name, version_fix
from ash_ops.checks._names import filled
from ash_ops.checks._repairs import repair
from ash_ops.checks._sizes import legal_size, more_memory, vcpus_to_ask_for
from tests.support import one_check, prose
from tests.support.each import each

Case = tuple[Any, ...]
"""A cause, a scenario, what is changed, the message; and parts of the steps, with ``!`` those that are not there."""
EC2, MANAGED = "ec2-as-it-should-be", "managed-as-it-should-be"
SERVER = "task_definition.containerDefinitions.0"
NO_TASK = {"tasks": [], "service.runningCount": 0, "target_health": []}
KEY = "arn:aws:kms:us-east-1:111122223333:key/k-1"
ALIAS = "arn:aws:kms:us-east-1:111122223333:alias/ash"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:ash-cloud-runtime-AbCdEf"
ROLE = "arn:aws:sts::111122223333:assumed-role/ash-cloud-execution/8f2c"
ECR = "999988887777.dkr.ecr.eu-west-1.amazonaws.com/team/ash:1"
LIMIT = f"{SERVER}.memory"


def died(*containers: dict[str, Any]) -> dict[str, Any]:
    return {
        "stopped_tasks": [
            {
                "taskArn": "x/d",
                "lastStatus": "STOPPED",
                "stoppedAt": "2026-11-22T11:58:00Z",
                "containers": list(containers),
            }
        ]
    }


DISKS: dict[str, Case] = {
    "the pull found no room on Fargate": ("image-unpack-failed", "", {}, "no space left on device", "it has 20 GiB", "SizeInGiB: 21 to 200", "template ash-template"),
    "a larger disk already": ("image-unpack-failed", "", {"task_definition.ephemeralStorage": {"sizeInGiB": 50}}, "disk full", "it has 50 GiB", "SizeInGiB: 51 to 200"),
    "the largest there is": ("image-unpack-failed", "", {"task_definition.ephemeralStorage": {"sizeInGiB": 200}}, "ENOSPC", "has the most there is, 200 GiB: use a smaller image."),
    "on EC2": ("image-unpack-failed", EC2, {}, "not enough space", "list-container-instances --cluster ash-cloud", "Or give the instance a larger disk", "!SizeInGiB"),
    "on the instance of the dead": (
        "image-unpack-failed", EC2, {"stopped_tasks": [{"taskArn": "x/d", "stoppedAt": "2026-11-22T11:58:00Z", "containerInstanceArn": "arn:h9"}]}, "no space left on device",
        "describe-container-instances --cluster ash-cloud --container-instances arn:h9",
    ),
    "on Managed Instances": ("image-unpack-failed", MANAGED, {}, "no space left on device", "storageConfiguration.storageSizeGiB", "!docker"),
    "another fault of the image": ("image-unpack-failed", "", {}, "unexpected EOF", "!SizeInGiB"),
    "data on EFS, on Fargate": ("disk-full", "", {}, "", "/data is on EFS (fs-1), which grows by itself", "A fresh task begins with an empty disk", "--force-new-deployment"),
    "data on the task's disk": ("disk-full", "", {"task_definition.volumes": []}, "", "End old sessions: their workspaces are in /data/sandboxes.", "SizeInGiB: 21", "!EFS"),
    "data on the instance's disk": ("disk-full", EC2, {"task_definition.volumes": []}, "", "/data/sandboxes, on the instance's disk.", "Or give the instance a larger disk"),
    "another folder on EFS": ("disk-full", "", {f"{SERVER}.mountPoints.0.containerPath": "/other"}, "", "End old sessions", "!grows by itself"),
    "on Managed Instances it filled": ("disk-full", MANAGED, {}, "", "which grows by itself", "storageSizeGiB", "!A fresh task"),
    "the name of the file system is not found": (
        "efs-mount-failed", "", {"vpcs.0.EnableDnsHostnames": False}, "Failed to resolve fs-1", "Switch DNS hostnames of vpc-1 on", "modify-vpc-attribute --vpc-id vpc-1",
    ),
    "the directory is not there": (
        "efs-mount-failed", "", {"task_definition.volumes.0.efsVolumeConfiguration.rootDirectory": "/ash"}, "reason given by server: No such file or directory",
        "/ash of fs-1: mount the file system's root",
    ),
    "the root is there": ("efs-mount-failed", "", {}, "reason given by server: No such file or directory", "Make the directory that the volume names, it:"),
    "nobody answered": ("efs-mount-failed", "", {}, "Connection timed out", "TCP 2049 (NFS) was not answered", "!Network ACL"),
    "nobody answered, and an ACL lets nothing out": (
        "efs-mount-failed", "", {"network_acls.0.Entries.0.RuleAction": "deny"}, "Connection timed out", "Network ACL acl-1 (subnet-aaa) lets none of it out",
    ),
    "nobody answered, and the ACLs were not read": ("efs-mount-failed", "", {"network_acls.0.Entries": []}, "Connection timed out", "No network ACL may stand between."),
}  # fmt: skip


def may_not(
    action: str, why: str = "because no identity-based policy allows it", on: str = KEY
) -> str:
    return f"User: {ROLE} is not authorized to perform: {action} on resource: {on} {why}"


KEYS: dict[str, Case] = {
    "a key that is denied": (
        "secret-access-denied", "", {}, f"Access to KMS is not allowed: {KEY}", "put-role-policy --role-name ash-cloud-execution --policy-name ash-decrypt", f'"Resource": "{KEY}"',
        f"get-key-policy --key-id {KEY}", "!Condition",
    ),
    "by its alias": (
        "secret-access-denied", "", {}, f"Access to KMS is not allowed: {ALIAS}", '"Resource": "arn:aws:kms:us-east-1:111122223333:key/*"', '"kms:ResourceAliases": "alias/ash"',
    ),
    "the role is granted it: the key's own policy denies": (
        "secret-access-denied", "", {"execution_role.simulated.+": {"action": "kms:Decrypt", "resource": "*", "decision": "allowed"}}, f"Access to KMS is not allowed: {KEY}",
        "!put-role-policy", "get-key-policy",
    ),
    "no key is named": ("secret-access-denied", "", {}, "Access to KMS is not allowed", "allow kms:Decrypt on that key to the execution role", "!put-role-policy"),
    "the secret's own key": (
        "secret-access-denied", "", {"secrets.0.kms_key_id": "k-1"}, "Access to KMS is not allowed", f"get-key-policy --key-id {KEY}",
    ),
    "no key at all": ("secret-access-denied", "", {}, "not allowed", "!kms:Decrypt on that key"),
    "the role of the task lacks an action": (
        "role-call-denied", "", {}, may_not("bedrock:InvokeModel").replace("ash-cloud-execution", "ash-cloud-task"), "Allow ash-cloud-task the action bedrock:InvokeModel",
        "list-role-policies --role-name ash-cloud-task",
    ),
    "a boundary decides": (
        "role-call-denied", "", {}, may_not("bedrock:InvokeModel", "because no permissions boundary allows the action").replace("ash-cloud-execution", "ash-cloud-task"),
        "get-role --role-name ash-cloud-task --query Role.PermissionsBoundary",
    ),
    "a key that is about to go": (
        "secret-access-denied", "", {}, f"{KEY} is pending deletion (KMSInvalidStateException)", "cancel-key-deletion --key-id", "enable-key --key-id",
    ),
    "a key that is disabled": ("secret-access-denied", "", {}, f"KMS: {KEY} is disabled", f"enable-key --key-id {KEY}", "!cancel-key-deletion"),
    "an alias enables nothing": ("secret-access-denied", "", {}, f"KMS: {ALIAS} is disabled", "(`aws kms enable-key`, with the key that encrypts it)", "!enable-key --key-id"),
    "an image of another account": (
        "image-pull-denied", "", {f"{SERVER}.image": ECR}, "", "The image is in account 999988887777, the task in 111122223333",
        "get-repository-policy --registry-id 999988887777 --repository-name team/ash --region eu-west-1",
    ),
    "an image of this account": ("image-pull-denied", "", {f"{SERVER}.image": ECR.replace("999988887777", "111122223333")}, "", "!get-repository-policy"),
    "a package that is private": ("image-pull-denied", "", {}, "", "Make the package public, or give the container repositoryCredentials"),
    "a role that trusts nobody": (
        "role-assume-failed", "", {"execution_role.trusted_services": ["ec2.amazonaws.com"], "stack": None}, "arn:aws:iam::111122223333:role/ash-cloud-execution",
        "update-assume-role-policy --role-name ash-cloud-execution", '["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"]',
    ),
    "a role that trusts ECS now": ("role-assume-failed", "", {}, "arn:aws:iam::111122223333:role/ash-cloud-execution", "wait a minute; ECS tries again by itself."),
    "a role that is gone": (
        "role-assume-failed", "", {"execution_role.exists": False, "stack": None}, "arn:aws:iam::111122223333:role/ash-cloud-execution", "There is no role ash-cloud-execution, and no stack here made it",
    ),
    "no role is named": ("role-assume-failed", "", {}, "ECS was unable to assume the role", "See which role the message names"),
}  # fmt: skip

SHAPES: dict[str, Case] = {
    "the container's own limit": ("container-oom", "", {LIMIT: 512}, "", "ash may use 512 MB of the task's 4096", "ash-ops deploy", "!--memory"),
    "a limit as large as the task": ("container-oom", "", {LIMIT: 4096}, "", "--memory 8192", "!The limit is"),
    "the limit of the one beside it": (
        "container-oom", "", {"task_definition.containerDefinitions.+": {"name": "side", "memory": 64}, **died({"name": "side", "reason": "OutOfMemoryError: killed"})}, "",
        "the container side beside the server: it may use 64 MB of the task's 4096", "say essential: false there",
    ),
    "of one that may fail": (
        "container-oom", "", {"task_definition.containerDefinitions.+": {"name": "side", "memory": 64, "essential": False}, **died({"name": "side", "reason": "OutOfMemoryError"})}, "",
        "the container side", "!essential: false there",
    ),
    "twice the memory": ("container-oom", "", {}, "", "deploy --memory 8192 --cpu 1024"),
    "no stack of ours": ("container-oom", "", {"stack": None}, "", "make the same change where it is defined", "!ash-ops deploy"),
    "on an instance": ("container-oom", EC2, {}, "", "choose an instance type that has it", "!ash-ops deploy --memory"),
    "native code that ended by a signal": ("app-crash", "", NO_TASK, "SIGBUS", "native code may have said why", "ash-ops rollback"),
    "an instruction that the processor lacks": ("app-crash", "", NO_TASK, "SIGILL", "Or build the image for the processor", "ash-ops rollback", "!native code"),
    "the version that worked runs again": ("app-crash", "", {}, "SIGILL", "The version that worked runs again", "!ash-ops rollback"),
    "an override of the program": ("entrypoint-missing", "", {f"{SERVER}.command": ["x"]}, "", "Take away what overrides the image's own program"),
    "the image's own program": ("entrypoint-missing", "", NO_TASK, "", "ash-ops rollback", "!Take away"),
    "a database that is silent": ("db-unreachable", "", {}, "connect ETIMEDOUT", "admit the task's security group (sg-task) on its port"),
    "a database that refuses": ("db-unreachable", "", {}, "ECONNREFUSED", "!packets are dropped"),
    "a target that hangs alone": ("elb-healthcheck-failed", "", {}, "Request timed out", "port 4100, path /health", "stop it alone, and ECS starts another"),
    "all hang": ("elb-healthcheck-failed", "", {"target_health": [], "probe": None}, "Request timed out", "the process hangs: start it anew", "--force-new-deployment"),
    "a check that asks elsewhere": ("elb-healthcheck-failed", "", {"target_groups.0.HealthCheckPath": "/"}, "", "!the process hangs"),
    "a check that asks another port": ("elb-healthcheck-failed", "", {"target_groups.0.HealthCheckPort": "80"}, "", "!the process hangs"),
    "the zones of both": (
        "target-az-not-enabled", "", {"load_balancers.0.AvailabilityZones": [{"ZoneName": "us-east-1a", "SubnetId": "subnet-aaa"}]}, "",
        "set-subnets --load-balancer-arn arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/ash-cloud-nlb/0123456789abcdef --subnets subnet-aaa subnet-bbb",
    ),
    "more vCPU, at least sixteen": ("fargate-quota", "", {}, "", "--quota-code L-3032A538 --desired-value 16", "Or stop other tasks"),
    "more vCPU, twice as many": ("fargate-quota", "", {"quota": {"code": "L-X", "value": 20.0}}, "", "--quota-code L-X --desired-value 40"),
    "more vCPU for large ones": ("fargate-quota", "", {"task_definition.cpu": "16384", "service.desiredCount": 2, "quota.value": 6.0}, "", "--desired-value 70"),
    "a secret that is to be deleted": ("cfn-secret-pending-deletion", "", {}, SECRET, f"restore-secret --secret-id {SECRET}"),
    "a secret that nobody named": ("cfn-secret-pending-deletion", "", {}, "", "restore-secret --secret-id ash-cloud/server"),
    "callers are hidden": ("ash-rate-limited", "", {}, "", "Ask less often.", "modify-target-group-attributes", '"Value": "true"'),
    "callers are hidden, and the task would shut them out": (
        "ash-rate-limited", "", {"security_groups.0.IpPermissions.0": {"IpProtocol": "tcp", "FromPort": 4100, "ToPort": 4100, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}}, "",
        "authorize-security-group-ingress --group-id sg-task", '"GroupId": "sg-nlb"', "modify-target-group-attributes",
    ),
    "a rollout that stops the old one first": (
        "sqlite-locked", "", {}, "", '"minimumHealthyPercent": 0, "maximumPercent": 100, "deploymentCircuitBreaker": {"enable": true, "rollback": true}',
    ),
    "a breaker that is off stays off": (
        "deployment-config-deadlock", "", {"service.deploymentConfiguration.deploymentCircuitBreaker": {"enable": False, "rollback": False}}, "", '{"enable": false, "rollback": false}',
    ),
    "no room on instances": ("wrong-launch-type", EC2, {}, "", "list-container-instances --cluster ash-cloud", "a task that fits"),
    "no cgroups on EC2": ("sandbox-cgroups-unavailable", EC2, {}, "", "Run the container privileged"),
    "no cgroups on Fargate": ("sandbox-cgroups-unavailable", "", {}, "", "--launch-type", "!Run the container privileged where"),
}  # fmt: skip


def told(case: Case) -> None:
    cause, base, changes, message, *parts = case
    steps = repair(one_check.snapshot(base, changes), cause, message)
    text = "\n".join(f"{step.why} {step.command or ''}" for step in steps)
    for step in steps:
        assert step.command != "", step.why
        assert step.why.endswith((".", ":")), step.why
        assert step.why[0].isupper() or not step.why.split()[0].isalpha(), step.why
        prose.documents_are_whole(step.command or "")
        assert "  " not in step.why
        assert "None" not in f"{step.why} {step.command or ''}"
    for part in parts:
        assert (part.lstrip("!") in text) is not part.startswith("!"), (part, text)


@each("case", DISKS)
def test_what_is_done_for_a_disk(case: Case) -> None:
    told(case)


@each("case", KEYS)
def test_what_is_done_for_keys_and_roles(case: Case) -> None:
    told(case)


@each("case", SHAPES)
def test_what_is_done_for_a_deployment_of_this_shape(case: Case) -> None:
    told(case)


SIZES = {
    "twice as much": ("512", "4096", "--memory 8192 --cpu 1024"),
    "room for a sandbox at least": ("256", "512", "--memory 4096 --cpu 512"),
    "the largest there is": ("16384", "122880", "--memory 122880 --cpu 16384"),
    "of no size": (None, None, "--memory 4096 --cpu 512"),
}


@each("size", SIZES)
def test_which_size_is_the_next(size: tuple[str | None, str | None, str]) -> None:
    cpu, memory, expected = size
    facts = one_check.snapshot("", {"task_definition.cpu": cpu, "task_definition.memory": memory})
    assert more_memory(facts) == expected


def test_which_size_is_sold_that_is_no_smaller() -> None:
    """Of 1 vCPU Fargate sells 2 to 8 GB in whole gigabytes: 9 GB need 2 vCPU."""
    facts = one_check.snapshot(
        "", {"task_definition.cpu": "1024", "task_definition.memory": "9000"}
    )
    assert legal_size(facts) == "--memory 9216 --cpu 2048"
    assert legal_size(one_check.snapshot()) == "--memory 4096 --cpu 512"
    assert [vcpus_to_ask_for(*each) for each in ((4, 5), (10, 5), (10, 30))] == [16, 20, 30]


NAMED = {
    "cluster": "ash-cloud", "service": "ash-cloud-runtime", "family": "ash-cloud-runtime", "stack": "ash-cloud", "log-group": "/ash-cloud/runtime", "region": "us-east-1",
    "name": "ash-cloud", "other-name": "ash-cloud-2", "balancer-security-group": "sg-nlb", "your-address": "203.0.113.7", "task-security-group": "sg-task", "security-group": "sg-task",
    "load-balancer": "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/ash-cloud-nlb/0123456789abcdef",
    "listener": "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/net/ash-cloud-nlb/0123456789abcdef/fedcba",
    "target-group": "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/ash-cloud-tg/0123456789abcdef",
    "subnet": "subnet-aaa", "subnets": "subnet-aaa,subnet-bbb", "task-security-groups": "sg-task", "vpc": "vpc-1", "route-table": "rtb-main", "network-acl": "acl-1",
    "internet-gateway": "igw-1", "image": "ghcr.io/ash-ai-org/ash:0.2.0", "role": "ash-cloud-execution", "secret": SECRET, "endpoint-security-group": "sg-ep", "tag": "<TAG>",
    "unheard-of": "<unheard-of>",
}  # fmt: skip
ENDPOINT = {
    "vpc_endpoints": [
        {"VpcEndpointId": "vpce-1", "ServiceName": "x", "Groups": [{"GroupId": "sg-ep"}]}
    ]
}


@each("name", NAMED.items())
def test_a_placeholder_is_filled_with_what_was_read(name: tuple[str, str]) -> None:
    placeholder, value = name
    assert filled(one_check.snapshot("", ENDPOINT), f"see <{placeholder}>.") == f"see {value}."


# The reading that names what stands in the place of a placeholder: without it, it is left to a person.
READ = {
    "route-table": "route_tables", "network-acl": "network_acls", "internet-gateway": "internet_gateways", "vpc": "vpcs", "listener": "listeners", "load-balancer": "load_balancers",
    "balancer-security-group": "load_balancers", "target-group": "target_groups", "your-address": "probe", "image": "task_definition", "role": "task_definition", "secret": "secrets",
    "subnet": "service", "subnets": "service", "task-security-group": "service", "task-security-groups": "service", "endpoint-security-group": "vpc_endpoints", "nat-gateway": "nat_gateways",
}  # fmt: skip


@each("name", READ.items())
def test_a_placeholder_whose_reading_is_not_there_is_left_to_a_person(
    name: tuple[str, str],
) -> None:
    placeholder, reading = name
    assert (
        filled(one_check.snapshot("", {**ENDPOINT, reading: None}), f"see <{placeholder}>.")
        == f"see <{placeholder}>."
    )


def test_a_message_names_more_exactly_than_the_deployment() -> None:
    facts = one_check.snapshot()
    message = "arn:aws:iam::111122223333:role/path/other cannot read arn:aws:secretsmanager:us-east-1:111122223333:secret:x-AbCdEf:KEY::"
    assert filled(facts, "<role>", message) == "other"
    assert (
        filled(facts, "<secret>", message)
        == "arn:aws:secretsmanager:us-east-1:111122223333:secret:x-AbCdEf"
    )
    two = {"route_tables.+": {"RouteTableId": "rtb-2"}, "deployment.stack": None}
    assert filled(one_check.snapshot("", two), "<route-table> <stack>") == "<route-table> ash-cloud"


def test_a_call_is_spelled_as_the_command_line_has_it() -> None:
    asked = {
        "GroupId": "sg-1",
        "forceNewDeployment": True,
        "enable": False,
        "IpPermissions": [{"a": 1}],
        "desiredCount": 2,
    }
    assert command_line("ec2 x", asked) == (
        "ec2 x --group-id sg-1 --force-new-deployment --no-enable --ip-permissions '[{\"a\": 1}]' --desired-count 2"
    )


def test_another_name_is_no_longer_than_a_name_may_be() -> None:
    assert other_name(one_check.snapshot()) == "ash-cloud-2"
    long = one_check.snapshot("", {"deployment.name": "a" * 25 + "-" + "b" * 2})
    assert other_name(long) == "a" * 25 + "-2"
    assert len(other_name(one_check.snapshot("", {"deployment.name": "c" * 28}))) == 28


DEPLOYS: dict[str, Case] = {
    "ours": ("", {}, "--efs", "ash-ops deploy --efs"),
    "of no stack": ("", {"stack": None}, "", None),
    "of a stack that was not read": ("", {"stack": "unread"}, "", "ash-ops deploy"),
    "no service yet": ("", {"stack": None, "service": None}, "", "ash-ops deploy"),
    "another launch type": (
        "",
        {},
        "--launch-type ec2",
        "ash-ops deploy --launch-type ec2 --name ash-cloud-2",
    ),
    "another processor on EC2": (EC2, {}, "--architecture arm64", None),
    "more memory on EC2": (EC2, {}, "--memory 8192", None),
    "more memory on Managed Instances": (
        MANAGED,
        {},
        "--memory 8192",
        "ash-ops deploy --memory 8192",
    ),
    "another option on EC2": (EC2, {}, "--efs", "ash-ops deploy --efs"),
}


@each("case", DEPLOYS)
def test_whether_deploying_again_is_the_step(case: Case) -> None:
    base, changes, options, command = case
    unread = changes.get("stack") == "unread"
    document = one_check.facts(base, {} if unread else changes)
    if unread:
        document["stack"] = {
            **{k: v for k, v in document["stack"].items() if k != "value"},
            **one_check.unread(),
        }
    facts = one_check.of(document)
    assert deploy_fix(facts, "Do it.", options).command == command
    if not options:
        assert (
            version_fix(facts, "Do it.", "rollback").command == "ash-ops rollback"
        ) is unread or "service" in changes
