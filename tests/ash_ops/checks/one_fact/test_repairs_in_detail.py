"""Repairs: both sides of each fact that decides which step is told, and what a step names."""

from __future__ import annotations

from typing import Any

from ash_ops.causes import CAUSES
from ash_ops.checks._findings import MAX_QUOTE, quote
from ash_ops.checks._names import named_in
from ash_ops.checks._repairs import repair
from ash_ops.checks._sizes import more_memory
from tests.ash_ops.checks.one_fact.test_repairs import (
    ALIAS,
    EC2,
    ECR,
    KEY,
    LIMIT,
    MANAGED,
    NO_TASK,
    ROLE,
    SECRET,
    SERVER,
    Case,
    died,
    told,
)
from tests.support import one_check
from tests.support.each import each
from tests.support.one_check import unread

GROUP = {"logical_id": "FileSystemSecurityGroup", "type": "AWS::EC2::SecurityGroup", "physical_id": "sg-efs"}  # fmt: skip
OWN = {"wanted": [GROUP]}
DENIED = "mount.nfs4: access denied by server while mounting 127.0.0.1:/"
WANTS = {"stack.Outputs": [{"OutputKey": "TaskDefinitionArn", "OutputValue": "arn:x:8"}]}
LOST = "Failed to resolve fs-1.efs.us-east-1.amazonaws.com"
SILENT = "Connection timed out"
CUT = "network_acls.0.Entries.0.RuleAction"
DISKS: dict[str, Case] = {
    "the stack's own file system refuses": (
        "efs-mount-failed", "", {**OWN, "stack.Outputs": []}, DENIED, "Read the file system's policy.", "efs describe-file-system-policy --file-system-id fs-1",
    ),
    "a revision behind the stack's back asks for another access point": (
        "efs-mount-failed", "", {**OWN, **WANTS}, DENIED, "Put back what the stack wants: this revision was registered behind its back", "ash-ops deploy", "!describe-file-system-policy",
    ),
    "somebody else's file system refuses": ("efs-mount-failed", "", {"wanted": []}, DENIED, "Add a mount target in each zone", "!describe-file-system-policy"),
    "a file system that holds no data refuses": ("efs-mount-failed", "", {**OWN, f"{SERVER}.mountPoints": []}, DENIED, "Add a mount target", "!describe-file-system-policy"),
    "the stack's own has lost its mount target": ("efs-mount-failed", "", OWN, LOST, "one that was deleted is made anew.", "ash-ops deploy"),
    "somebody else's has no name": ("efs-mount-failed", "", {"wanted": []}, LOST, "Add a mount target in each zone", "!is made anew"),
    "names that nobody told of": ("efs-mount-failed", "", {**OWN, "vpcs.0.EnableDnsHostnames": None}, LOST, "is made anew", "!modify-vpc-attribute"),
    "names are off, and none runs": ("efs-mount-failed", "", {**NO_TASK, "vpcs.0.EnableDnsHostnames": False}, LOST, '{"Value": true}', "--force-new-deployment"),
    "another directory is the root": (
        "efs-mount-failed", "", {"task_definition.volumes.0.efsVolumeConfiguration.rootDirectory": "/"}, "reason given by server: No such file or directory", "names, it:", "!of fs-1",
    ),
    "no directory, and none runs": ("efs-mount-failed", "", NO_TASK, "reason given by server: No such file or directory", "--force-new-deployment"),
    "another word": ("efs-mount-failed", "", {}, "exit status 32", "Add a mount target", "!TCP 2049"),
    "a timeout": ("efs-mount-failed", "", {}, "mount: timeout", "TCP 2049 (NFS) was not answered"),
    "both subnets' edges are shut": ("efs-mount-failed", "", {CUT: "deny"}, SILENT, "acl-1 (subnet-aaa) lets none of it out"),
    "no edge is known": ("efs-mount-failed", "", {"network_acls": []}, SILENT, "was not answered", "!Network ACL", "!No network ACL"),
    "the edges were not read": ("efs-mount-failed", "", {"network_acls": unread()}, SILENT, "No network ACL may stand between."),
    "no container": ("disk-full", "", {"task_definition.containerDefinitions": []}, "", "End old sessions", "!grows by itself"),
    "another volume is on EFS": ("disk-full", "", {f"{SERVER}.mountPoints.0.sourceVolume": "other"}, "", "End old sessions", "!grows by itself"),
    "a disk of no size": ("disk-full", "", {"task_definition.volumes": [], "task_definition.ephemeralStorage": {"sizeInGiB": None}}, "", "it has 20 GiB"),
    "one GiB less than the most": ("image-unpack-failed", "", {"task_definition.ephemeralStorage": {"sizeInGiB": 199}}, "disk full", "SizeInGiB: 200 to 200", "!smaller image"),
    "data on the instance's EFS": ("disk-full", EC2, {}, "", "grows by itself", "Or give the instance a larger disk", "!A fresh task"),
    "no room on the instance of an older one": (
        "image-unpack-failed", EC2, {"stopped_tasks": [
            {"taskArn": "x/d", "stoppedAt": "2026-11-22T11:58:00Z"}, {"taskArn": "x/e", "stoppedAt": "2026-11-22T11:57:00Z", "containerInstanceArn": "arn:h8"}]}, "disk full",
        "--container-instances arn:h8 --query 'containerInstances[].ec2InstanceId'",
    ),
    "no room, and the dead were not read": ("image-unpack-failed", EC2, {"stopped_tasks": unread()}, "disk full", "list-container-instances --cluster ash-cloud", "!--query"),
    "no room on Managed Instances, and none runs": ("image-unpack-failed", MANAGED, NO_TASK, "disk full", "storageSizeGiB", "--force-new-deployment"),
    "no room on EC2, and none runs": ("image-unpack-failed", EC2, NO_TASK, "disk full", "docker system df", "--force-new-deployment"),
}  # fmt: skip

INVALID = "KMSInvalidStateException"


def two_secrets(first: str = "k-1", second: str = "k-2") -> dict[str, Any]:
    return {
        "secrets": [
            {"reference": SECRET, "arn": SECRET, "kms_key_id": first},
            {"reference": "r", "arn": SECRET.replace("runtime", "other"), "kms_key_id": second},
        ]
    }


BOUNDARY = "because no permissions boundary allows the action"
NO_IDENTITY = "because no identity-based policy allows the action"


def may_not(action: str, on: str, why: str, role: str = "ash-cloud-task") -> str:
    who = ROLE.replace("ash-cloud-execution", role)
    return f"User: {who} is not authorized to perform: {action} on resource: {on} {why}"


KEYS: dict[str, Case] = {
    "in some state": ("secret-access-denied", "", {}, f"KMS: {KEY} {INVALID}", f"kms describe-key --key-id {KEY}", "!enable-key"),
    "an alias in some state": ("secret-access-denied", "", {}, f"KMS: {ALIAS} is in an incorrect state", f"kms describe-key --key-id {ALIAS}"),
    "of import": ("secret-access-denied", "", {}, f"KMS: {KEY} is pending import", "describe-key"),
    "of an instance's disk": ("scaling-group-cannot-launch", "", {}, "Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state", "(`aws kms describe-key`"),
    "a value that cannot be decrypted": ("secret-access-denied", "", {}, "DecryptionFailure: x", "(`aws kms describe-key`, with the key that encrypts it)"),
    "not enabled": ("secret-access-denied", "", {}, f"KMS: {KEY} not enabled", f"enable-key --key-id {KEY}", "!describe-key"),
    "a disabled key by its exception": ("secret-access-denied", "", {}, f"KMS DisabledException {KEY}", f"enable-key --key-id {KEY}"),
    "pending deletion in one word": ("secret-access-denied", "", {}, f"KMS {KEY} PendingDeletion", "keep it. aws kms cancel-key-deletion", "Then enable it, for it stays disabled. aws kms enable-key"),
    "disabled, and none runs": ("secret-access-denied", "", NO_TASK, f"KMS: {KEY} is disabled", "enable-key", "--force-new-deployment"),
    "disabled, and no key of it": ("secret-access-denied", "", {}, "the user is disabled", "!enable-key"),
    "a key by its id, of the secret that is named": (
        "secret-access-denied", "", two_secrets(), f"KMS is disabled for {SECRET}", f"enable-key --key-id {KEY}",
    ),
    "two secrets of two keys, and none is named": (
        "secret-access-denied", "", two_secrets(), "KMS is disabled", "(`aws kms enable-key`",
    ),
    "two secrets of one key": (
        "secret-access-denied", "", two_secrets(second=KEY), "KMS is disabled", f"enable-key --key-id {KEY}",
    ),
    "a secret's key by its alias": ("secret-access-denied", "", {"secrets.0.kms_key_id": "alias/ash", "secrets.0.arn": SECRET}, "Access to KMS is not allowed",
                                    '"kms:ResourceAliases": "alias/ash"', f"get-key-policy --key-id {ALIAS}"),
    "a key that is denied, and none runs": ("secret-access-denied", "", NO_TASK, f"Access to KMS is not allowed: {KEY}", "--policy-name default --output text", "--force-new-deployment"),
    "no key is named, and none runs": ("secret-access-denied", "", {**NO_TASK, "secrets": []}, "Access to KMS is not allowed", "customer key: allow kms:Decrypt", "--force-new-deployment"),
    "another action is granted": (
        "secret-access-denied", "", {"execution_role.simulated.+": {"action": "kms:Encrypt", "resource": "*", "decision": "allowed"}}, f"Access to KMS is not allowed: {KEY}",
        "put-role-policy", '"Action": ["kms:Decrypt"]',
    ),
    "it is denied by the simulation": (
        "secret-access-denied", "", {"execution_role.simulated": [{"action": "kms:Decrypt", "resource": "*", "decision": "implicitDeny"}]}, f"Access to KMS is not allowed: {KEY}",
        "put-role-policy",
    ),
    "of another role than was asked about": (
        "secret-access-denied", "", {"execution_role.name": "other", "execution_role.simulated": [{"action": "kms:Decrypt", "resource": "*", "decision": "allowed"}]},
        f"Access to KMS is not allowed: {KEY}", "put-role-policy --role-name ash-cloud-execution",
    ),
    "the role that the message names": ("secret-access-denied", "", {}, f"{ROLE.replace('execution', 'mine')} Access to KMS is not allowed: {KEY}", "--role-name ash-cloud-mine"),
    "a key's own policy decides": (
        "role-call-denied", "", {}, may_not("kms:Decrypt", KEY, "because no resource-based policy allows the kms:Decrypt action"), f"get-key-policy --key-id {KEY} --policy-name default",
    ),
    "a secret's own policy decides": (
        "role-call-denied", "", {}, may_not("secretsmanager:GetSecretValue", SECRET, "with an explicit deny in a resource-based policy"), f"get-resource-policy --secret-id {SECRET}",
    ),
    "a repository's own policy decides": (
        "role-call-denied", "", {}, may_not("ecr:BatchGetImage", "arn:aws:ecr:us-east-1:999988887777:repository/team/ash", "because no resource-based policy allows the action"),
        "get-repository-policy --registry-id 999988887777 --repository-name team/ash --region us-east-1",
    ),
    "a bucket's own policy decides, which is nowhere here": (
        "role-call-denied", "", {}, may_not("s3:PutObject", "arn:aws:s3:::b/x", "because no resource-based policy allows the action"), "!get-resource-policy", "!get-key-policy", "!list-role-policies",
    ),
    "another role was denied": ("role-call-denied", "", {}, may_not("s3:PutObject", "arn:aws:s3:::b/x", NO_IDENTITY, "other"), "!Allow other the action"),
    "the task's role was not told": (
        "role-call-denied", "", {"task_definition.taskRoleArn": None}, may_not("s3:PutObject", "arn:aws:s3:::b/x", NO_IDENTITY, "other"), "Allow other the action s3:PutObject",
        "list-role-policies --role-name other",
    ),
    "nobody was denied": ("role-call-denied", "", {}, "AccessDenied", "!list-role-policies --role-name ash-cloud-task --region"),
    "a grant is no repair where a boundary decides": (
        "secret-access-denied", "", {}, may_not("secretsmanager:GetSecretValue", SECRET, BOUNDARY, "ash-cloud-execution"), "get-role --role-name ash-cloud-execution", "!put-role-policy",
    ),
    "a grant is one where the role's policies lack it": (
        "secret-access-denied", "", {}, may_not("secretsmanager:GetSecretValue", SECRET, NO_IDENTITY, "ash-cloud-execution"), "put-role-policy --role-name ash-cloud-execution",
    ),
    "a role of the stack is gone": (
        "role-assume-failed", "", {"execution_role.exists": False, "execution_role.name": "ash-cloud-Exec-1"}, "arn:aws:iam::111122223333:role/ash-cloud-Exec-1",
        "Put the role ash-cloud-Exec-1 back as the stack wants it: it is gone.", "ash-ops deploy",
    ),
    "a role of the stack trusts another": (
        "role-assume-failed", "", {"execution_role.trusted_services": ["ec2.amazonaws.com"]}, "arn:aws:iam::111122223333:role/ash-cloud-execution",
        "back as the stack wants it: it trusts ecs-tasks.amazonaws.com there.", "!update-assume-role-policy",
    ),
    "a role that trusts all": (
        "role-assume-failed", "", {"execution_role.trusted_services": ["*"], "stack": None}, "arn:aws:iam::111122223333:role/ash-cloud-execution",
        '{"Service": "ecs-tasks.amazonaws.com"}', "!ec2.amazonaws.com",
    ),
    "a role that nobody looked at": (
        "role-assume-failed", "", {"stack": None, **NO_TASK}, "arn:aws:iam::111122223333:role/x", "update-assume-role-policy --role-name x", "--force-new-deployment",
    ),
    "the task's own role": (
        "role-assume-failed", "", {"stack": None, "task_role": {"arn": "arn:aws:iam::111122223333:role/mine", "name": "mine", "exists": False}}, "arn:aws:iam::111122223333:role/mine", "There is no role mine, and no stack here made it",
    ),
    "no image": ("image-pull-denied", "", {f"{SERVER}.image": ""}, "", "attach-role-policy --role-name ash-cloud-execution"),
    "an image by its digest": ("image-pull-denied", "", {f"{SERVER}.image": ECR.replace(":1", "@sha256:0")}, "", "--repository-name team/ash --region eu-west-1"),
    "an account that was not told": ("image-pull-denied", "", {f"{SERVER}.image": ECR, "task_definition.executionRoleArn": None}, "", "!get-repository-policy"),
}  # fmt: skip

RUNNERS = {"deployment.service": "ash-cloud-runners"}
COORDINATOR = {f"{SERVER}.environment": [{"name": "ASH_MODE", "value": "coordinator"}]}
COUNT = {"stack.Parameters": [{"ParameterKey": "RunnerCount", "ParameterValue": "3"}]}
PRIVATE = "service.networkConfiguration.awsvpcConfiguration.assignPublicIp"
SHAPES: dict[str, Case] = {
    "a check's codes are no silence": ("elb-healthcheck-failed", "", {}, "Health checks failed with these codes: [503]", "!the process hangs", "!that task hangs"),
    "a check of the very port": ("elb-healthcheck-failed", "", {"target_groups.0.HealthCheckPort": "4100"}, "timed out", "that task hangs"),
    "a check whose port and path were not told": (
        "elb-healthcheck-failed", "", {"target_groups.0.HealthCheckPort": None, "target_groups.0.HealthCheckPath": None}, "timed out", "that task hangs",
    ),
    "no target group": ("elb-healthcheck-failed", "", {"target_groups": []}, "timed out", "!that task hangs"),
    "native code by arithmetic": ("app-crash", "", NO_TASK, "SIGFPE", "native code may have said why"),
    "by a system call": ("app-crash", "", NO_TASK, "SIGSYS", "native code may have said why"),
    "by a trap": ("app-crash", "", NO_TASK, "SIGTRAP", "native code may have said why"),
    "a crash of its own": ("app-crash", "", NO_TASK, "exit code 1", "!native code may have said why"),
    "the rollout goes on: back": ("app-crash", "", {"service.deployments.0.rolloutState": "IN_PROGRESS"}, "SIGILL", "Go back to the version that worked.", "ash-ops rollback"),
    "none runs: back": ("app-crash", "", {"service.runningCount": 0}, "SIGILL", "ash-ops rollback"),
    "no rollout: back": ("app-crash", "", {"service.deployments": []}, "SIGILL", "ash-ops rollback"),
    "an entry point that overrides": ("entrypoint-missing", "", {f"{SERVER}.entryPoint": ["x"]}, "", "Take away what overrides the image's own program", "ash-ops deploy"),
    "a silent database, by any of its words": ("db-unreachable", "", {}, "Connection timeout expired", "The database is silent", "Or correct the host in ASH_DATABASE_URL"),
    "a silent database that timed out": ("db-unreachable", "", {}, "connect timed out", "The database is silent"),
    "of a task whose groups were not told": ("db-unreachable", "", {"service": None}, "ETIMEDOUT", "admit the task on its port"),
    "of a task in no group": ("db-unreachable", "", {"service.networkConfiguration.awsvpcConfiguration.securityGroups": []}, "ETIMEDOUT", "admit the task on its port"),
    "zones of no balancer": ("target-az-not-enabled", "", {"load_balancers": []}, "", "!--subnets subnet-aaa"),
    "zones that were not told": (
        "target-az-not-enabled", "", {"load_balancers.0.AvailabilityZones": [{"ZoneName": "us-east-1c", "SubnetId": None}]}, "", "--subnets subnet-aaa subnet-bbb",
    ),
    "a zone that the balancer has": (
        "target-az-not-enabled", "", {"load_balancers.0.AvailabilityZones": [{"ZoneName": "us-east-1a", "SubnetId": "subnet-ccc"}], "subnets": [
            {"SubnetId": "subnet-aaa", "AvailabilityZone": "us-east-1a"}, {"SubnetId": "subnet-bbb", "AvailabilityZone": "us-east-1b"}]}, "", "--subnets subnet-ccc subnet-bbb",
    ),
    "more vCPU, and no size": ("fargate-quota", "", {"task_definition": None, "service": None}, "", "--desired-value <vcpus>"),
    "more vCPU than were granted": ("fargate-quota", "", {"task_definition.cpu": "16384", "service.desiredCount": 0, "quota": {"code": "L-3032A538", "value": None}}, "", "--desired-value 32"),
    "callers are hidden, and nobody is known who would be shut out": (
        "session-limit", "", {"target_groups": []}, "", "Ask less often.", "Preserve client addresses: each then has its own count.", "!modify-target-group-attributes",
    ),
    "callers are hidden, and the groups were not read": (
        "ash-rate-limited", "", {"security_groups": unread()}, "", "First make sure that the task's group admits the callers:", "!modify-target-group-attributes",
    ),
    "a breaker that was not told is off": ("sqlite-locked", "", {"service.deploymentConfiguration.deploymentCircuitBreaker": None}, "", '{"enable": false, "rollback": false}'),
    "one that does not roll back": (
        "sqlite-locked", "", {"service.deploymentConfiguration.deploymentCircuitBreaker": {"enable": True, "rollback": False}}, "", '{"enable": true, "rollback": false}',
    ),
    "no service to change": ("sqlite-locked", "", {"service": None}, "", "maximumPercent=100,", '!"maximumPercent"'),
    "no room, on Fargate": ("wrong-launch-type", "", {}, "", "On EC2, give the cluster an instance with room", "!Then choose: a task that fits"),
    "no cgroups where a coordinator hands on": ("sandbox-cgroups-unavailable", "", COORDINATOR, "", "Run the container privileged", "!--launch-type"),
    "no cgroups in private subnets": (
        "sandbox-cgroups-unavailable", "", {PRIVATE: "DISABLED"}, "", "deploy --launch-type managed --vpc vpc-1 --task-subnets subnet-aaa,subnet-bbb --name ash-cloud-2",
        "Or run the server on an EC2 instance", "deploy --launch-type ec2 --name ash-cloud-2",
    ),
    "no cgroups in public ones": (
        "sandbox-cgroups-unavailable", "", {}, "", "It wants private subnets behind a NAT gateway", "In public subnets, as they are: run the server on an EC2 instance", "!--vpc vpc-1",
    ),
    "no cgroups in one private subnet": (
        "sandbox-cgroups-unavailable", "", {PRIVATE: "DISABLED", "service.networkConfiguration.awsvpcConfiguration.subnets": ["subnet-aaa"]}, "", "--task-subnets A,B", "!--vpc vpc-1",
    ),
    "no cgroups, and no service": ("sandbox-cgroups-unavailable", "", {"service": None}, "", "!--launch-type ec2 --name"),
    "a runner's own limit": ("container-oom", "", {**RUNNERS, LIMIT: 512}, "", "A runner may use 512 MB. Which size, is your decision: `ash-ops deploy --runner-memory MB`", "!takes memory out"),
    "a limit of one MB less": ("container-oom", "", {LIMIT: 4095}, "", "may use 4095 MB of the task's 4096", "Take memory out of its container definition"),
    "a limit where the task has none": ("container-oom", "", {LIMIT: 512, "task_definition.memory": None}, "", "may use 512 MB. Take memory"),
    "no container is known": ("container-oom", "", {"task_definition": None, "service": None}, "", "!The limit is"),
    "another end of the one beside it": (
        "container-oom", "", {LIMIT: 512, "task_definition.containerDefinitions.+": {"name": "side", "memory": 64}, **died({"name": "side", "reason": "Error"})}, "",
        "The limit is the container's own: ash may use 512 MB", "!beside the server",
    ),
    "a fleet whose runners nobody asked for": (
        "ash-no-runner", "", {**COORDINATOR, **COUNT, "runner_service": {"serviceName": "ash-cloud-runners", "status": "ACTIVE", "desiredCount": 0}}, "",
        "Ask ECS for the 3 runners", "update-service --cluster ash-cloud --service ash-cloud-runners --desired-count 3", "!ash-ops runners",
    ),
    "a fleet that lacks some": (
        "ash-runner-missing", "", {**COORDINATOR, **COUNT, "runner_service": {"serviceName": "ash-cloud-runners", "status": "ACTIVE", "desiredCount": 1}}, "",
        "--desired-count 3", "ash-ops runners", "describe-services --cluster ash-cloud --services ash-cloud-runners",
    ),
    "a fleet that wants none": (
        "ash-no-runner", "", {**COORDINATOR, "stack.Parameters": [{"ParameterKey": "RunnerCount", "ParameterValue": "0"}]}, "", "ash-ops runners", "!--desired-count",
    ),
    "a fleet whose service was deleted": (
        "ash-no-runner", "", {**COORDINATOR, "runner_service": {"serviceName": "x", "status": "INACTIVE"}}, "", "The service of the runners was deleted: make it anew.", "ash-ops deploy",
    ),
    "no fleet": ("ash-no-runner", "", COUNT, "", "!--desired-count 3"),
    "a rule of a group is another check's": ("sg-blocks", "", {}, "", "!authorize-security-group"),
    "a version that no stack of ours made": ("deployment-rolled-back", "", {"stack": None}, "", "!ash-ops rollback"),
}  # fmt: skip


@each("case", DISKS)
def test_what_is_done_for_a_disk_and_a_file_system(case: Case) -> None:
    told(case)


@each("case", KEYS)
def test_who_must_allow_what_was_denied(case: Case) -> None:
    told(case)


@each("case", SHAPES)
def test_each_shape_of_a_deployment_has_its_own_step(case: Case) -> None:
    told(case)


# The checks of the groups know which rule is missing, and print that one.
RULES = {"caller-address-blocked", "egress-blocked", "endpoint-security-group-blocks", "open-to-world", "task-security-group-blocks"}  # fmt: skip


@each("cause", sorted(CAUSES))
def test_a_step_of_the_catalogue_can_be_run_here(cause: str) -> None:
    """In the deployment's region, once, and never the doctor's own command; none where all is well."""
    steps = repair(one_check.snapshot(), cause)
    nothing = CAUSES[cause].category == "healthy" or cause in RULES
    assert bool(steps) is not nothing
    for step in steps:
        command = step.command or "-"
        assert not command.startswith("aws ") or command.count("--region ") == 1, command
        assert "<balancer-security-group>" not in command
        assert "<endpoint-security-group>" not in command
        assert not command.startswith("ash-ops doctor")


def test_nothing_is_done_for_what_nobody_knows() -> None:
    assert repair(one_check.snapshot(), "unknown") == []


def test_a_quotation_is_short_and_of_the_moment_that_it_tells_of() -> None:
    facts = one_check.snapshot()
    whole, longer = "x" * MAX_QUOTE, "x" * MAX_QUOTE + "y"
    assert quote(facts.service, "f", whole).value == whole
    assert quote(facts.service, "f", longer).value == "x" * (MAX_QUOTE - 1) + "…"
    assert quote(facts.service, "f", 7).value == "7"
    assert quote(facts.service, "f", "").at == facts.service.at
    assert quote(facts.service, "f", "", facts.taken_at.min).at == facts.taken_at.min


NAMES: dict[str, tuple[str, dict[str, str]]] = {
    "a role by its path": ("arn:aws:iam::111122223333:role/a/b/c", {"role": "c"}),
    "a secret and its key": (f"{SECRET}:KEY::", {"secret": SECRET}),
    "no ARN": ("role x", {}),
}


@each("case", NAMES)
def test_what_a_message_names_by_an_arn(case: tuple[str, dict[str, str]]) -> None:
    text, expected = case
    assert {k: v for k, v in named_in(text).items() if k in expected or not expected} == expected


def test_a_size_of_which_nobody_knows_is_the_smallest_that_is_roomy() -> None:
    changes: dict[str, Any] = {"task_definition": None, "service": None}
    assert more_memory(one_check.snapshot("", changes)) == "--memory 4096 --cpu 512"
