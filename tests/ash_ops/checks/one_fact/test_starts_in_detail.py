"""A start: the other side of what decides, and of what each finding names so that it is told apart."""

from __future__ import annotations

from typing import Any

from tests.ash_ops.checks.one_fact.test_hosts import EC2
from tests.ash_ops.checks.one_fact.test_restarts import KEPT, LOSING, lines, sidecar
from tests.ash_ops.checks.one_fact.test_roles_and_ways import (
    ALLOWED,
    BLOCKS,
    ENDPOINT,
    MAY_NOT,
    MISSING,
    NO_TASK,
    PRIVATE,
    STARTS,
    behind,
    denied,
    routed,
    rule,
)
from tests.ash_ops.checks.one_fact.test_starts import (
    BAD,
    FREE,
    FULL_A,
    LOGIN,
    PARAMETER,
    SERVER,
    all_states,
    limit,
    normal,
    started,
    state,
    stuck,
)
from tests.support.each import each
from tests.support.one_check import GONE, Row, found, holds, unread

NO_ROOM = {f"subnets.0.{FREE}": 0}
PLACE = "service.networkConfiguration.awsvpcConfiguration"
NOWHERE = "cfn-resource-missing of subnet/subnet-zzz"
DIED = {"taskArn": "x/d", "lastStatus": "STOPPED", "createdAt": "2026-11-22T11:57:00Z", "stoppedAt": "2026-11-22T11:58:00Z"}  # fmt: skip
IN_A = {"attachments": [{"details": [{"name": "subnetId", "value": "subnet-aaa"}]}]}
TIMEOUT = "CannotPullContainerError: failed to resolve ref ghcr.io/a/b:1: dial tcp 140.82.121.34:443: i/o timeout"
NFS = {"security_groups.0.IpPermissionsEgress": [
    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}  # fmt: skip

ROOM: dict[str, Row] = {
    "a task that waits for its address": ("subnet-addresses", "", {**NO_ROOM, **started(createdAt="11:58:29")}, FULL_A.replace("warning", "error")),
    "one that has not waited for long": ("subnet-addresses", "", {**NO_ROOM, **started(createdAt="11:58:30")}, FULL_A),
    "one that has it": ("subnet-addresses", "", {**NO_ROOM, **started(createdAt="11:50:00", connectivityAt="11:50:10")}, FULL_A),
    "one that waits elsewhere": ("subnet-addresses", "", {f"subnets.1.{FREE}": 0, **started(createdAt="11:50:00")}, "warning subnet-no-ips of subnet/subnet-bbb"),
    "a subnet that is gone": (
        "places", "", {f"{PLACE}.subnets.+": "subnet-zzz"}, f"warning {NOWHERE}",
        "puts its tasks into subnet subnet-zzz, which does not exist: a task that is put there never starts.", "Leave subnet-zzz out: the other subnets are there.",
        '"subnets": ["subnet-aaa", "subnet-bbb"], "securityGroups": ["sg-task"], "assignPublicIp": "ENABLED"', "field='Subnets[subnet-zzz]', value='not found'", "subnet-aaa, subnet-bbb, subnet-zzz, sg-task",
    ),
    "a subnet that is gone, of tasks without public addresses": ("places", "", {f"{PLACE}.subnets.+": "subnet-zzz", **PRIVATE}, f"warning {NOWHERE}", '"assignPublicIp": "DISABLED"'),
    "all are gone": (
        "places", "", {f"{PLACE}.subnets": ["subnet-zzz"]}, "warning cfn-resource-missing", "which does not exist: no task can start.", "Let the service name a subnet that exists.",
        "ash-ops deploy",
    ),
    "a group that is gone, and none runs": (
        "places", "", {f"{PLACE}.securityGroups.+": "sg-zzz", **NO_TASK}, "error cfn-resource-missing", "into security group sg-zzz, which does not exist: no task can start.",
        "Let the service name a security group that exists.", "field='SecurityGroups[sg-zzz]'",
    ),
    "a group that is gone, and one runs: it cannot be": ("places", "", {f"{PLACE}.securityGroups.+": "sg-zzz"}, "sound"),
    "the groups of another network": (
        "places", "", {"security_groups.0.VpcId": "vpc-9", "security_groups.1.VpcId": "vpc-9", **NO_TASK}, "? the security groups of the tasks' network were not read",
    ),
    "a subnet that was not read, with a task in it": ("places", "", {"subnets": [], "tasks.0.attachments.0.details.0.value": "subnet-aaa", f"{PLACE}.subnets": ["subnet-aaa"]}, "sound"),
    "a task of no size": ("fargate-quota", "", {**limit(0, 0), "task_definition.cpu": GONE}, "sound"),
    "the most is asked for": ("fargate-quota", "", limit(20, 20), "warning fargate-quota", "--desired-value 40", "20 of the account's 20 are in use."),
    "what is used and twice the need": ("fargate-quota", "", {**limit(6, 40), **NO_TASK}, "error fargate-quota", "--desired-value 42"),
    "nobody asks for a number": ("fargate-quota", "", {**limit(4, 4), "service.desiredCount": None}, "warning fargate-quota", "needs 1 vCPU more"),
    "no number runs, and what is used was not told": ("fargate-quota", "", {**limit(0.5, None), "service.runningCount": None}, "warning maybe fargate-quota", "0 of the account's 0.5"),
    "for Managed Instances another size counts": (
        "fargate-quota", "", {**limit(1, 4), "service.launchType": GONE, "service.capacityProviderStrategy": [{"capacityProvider": "mine"}]}, "none of its business",
    ),
}  # fmt: skip

PHASES: dict[str, Row] = {
    "late, and its age was not told": ("task-phase", "", {**started(connectivityAt="11:50:00"), "tasks.0.createdAt": GONE}, stuck("11:50"), "!createdAt"),
    "late in a phase, and three minutes old": ("task-phase", "", started(createdAt="11:57:00", connectivityAt="11:58:00"), stuck("11:58")),
    "late in a phase, and a second younger": ("task-phase", "", started(createdAt="11:57:01", connectivityAt="11:58:00"), normal("11:58")),
}  # fmt: skip

SECRETS: dict[str, Row] = {
    "the version of now was not told": ("secrets", "", state(1, json_keys=[], whole_version="v1", version=None), BAD, "that completes the secret", "!update-secret-version-stage"),
    "no JSON, and none runs": ("secrets", "", {**all_states(is_json=False, json_keys=[]), **NO_TASK}, BAD.replace("warning", "error"), "--force-new-deployment"),
    "a login that is marked for deletion": (
        "secrets", "", {**state(1, reference=LOGIN, arn=LOGIN, deleted_at="2026-11-21T08:00:00Z"), f"{SERVER}.repositoryCredentials": {"credentialsParameter": LOGIN}},
        f"warning secret-not-found of secret/{LOGIN}", f"Take it back. aws secretsmanager restore-secret --secret-id {LOGIN}",
    ),
    "a login without a value": (
        "secrets", "", {**state(1, reference=LOGIN, arn=LOGIN, has_current_version=False), f"{SERVER}.repositoryCredentials": {"credentialsParameter": LOGIN}},
        f"warning secret-not-found of secret/{LOGIN}", "Give it a value again.", "!ash-ops deploy",
    ),
    "a parameter by its name": (
        "secrets", "", {**state(1, reference="mine", arn=None, kind="parameter", exists=False), f"{SERVER}.secrets.1.valueFrom": "mine"}, "warning secret-not-found of secret/mine",
        "Make the parameter of ASH_API_KEY again", "put-parameter --name mine --type",
    ),
    "a parameter of no hierarchy": (
        "secrets", "", {**state(1, reference=PARAMETER.replace("ash/key", "key"), arn=None, kind="parameter", exists=False)},
        f"warning secret-not-found of secret/{PARAMETER.replace('ash/key', 'key')}", "a variable comes from", "put-parameter --name key --type",
    ),
    "a secret that nobody asks for": ("secrets", "", state(1, reference=LOGIN, arn=None, exists=False), f"warning secret-not-found of secret/{LOGIN}", "a variable comes from"),
    "one secret without JSON, and one that is gone": (
        "secrets", "", {**state(0, is_json=False, json_keys=[]), **state(1, is_json=False), **state(3, reference=LOGIN, arn=LOGIN, exists=False)},
        f"{BAD}; warning secret-not-found of secret/{LOGIN}",
    ),
    "whether it is JSON was not told": ("secrets", "", all_states(is_json=None, json_keys=[]), "sound"),
}  # fmt: skip

ROLES: dict[str, Row] = {
    "a boundary denies it, by the simulation": (
        "roles", "", denied(denied_by="permissions boundary"), f"warning secret-access-denied {MAY_NOT}", "boundary", "!put-role-policy", "!Find the policy",
    ),
    "ECS says it of one of two": (
        "roles", "", {"execution_role.simulated": [{**ALLOWED, "decision": "implicitDeny"}, {**ALLOWED, "action": "kms:Decrypt", "decision": "implicitDeny"}],
            "stopped_tasks": [{"taskArn": "x/e", "lastStatus": "STOPPED", "stoppedReason": "is not authorized to perform: kms:Decrypt because no permissions boundary allows the action"}]},
        f"warning secret-access-denied {MAY_NOT}", "boundary", "!put-role-policy",
    ),
    "the organisation does": ("roles", "", denied(denied_by="service control policy"), f"warning secret-access-denied {MAY_NOT}", "!put-role-policy", "!Find the policy"),
    "what the dead say of another action": (
        "roles", "", {**denied(), "stopped_tasks": [{**DIED, "stoppedReason": "is not authorized to perform: kms:Decrypt because no permissions boundary allows the action"}]},
        f"warning secret-access-denied {MAY_NOT}", "put-role-policy",
    ),
    "it depends, and another is denied": (
        "roles", "", {"execution_role.simulated": [*denied(decision="inconclusive")["execution_role.simulated"], *denied("kms:Decrypt")["execution_role.simulated"]]},
        f"warning secret-access-denied {MAY_NOT}", "may not kms:Decrypt",
    ),
    "two of two kinds": (
        "roles", "", {"execution_role.simulated": [*denied("logs:PutLogEvents")["execution_role.simulated"], *denied("kms:Decrypt")["execution_role.simulated"]], **NO_TASK},
        f"error log-access-denied {MAY_NOT}; error secret-access-denied {MAY_NOT}",
    ),
    "the server's own call, and one runs": ("roles", "", denied("bedrock:InvokeModel"), f"warning role-call-denied {MAY_NOT}", "put-role-policy"),
    "no role of its own": ("roles", "", {"task_definition.taskRoleArn": None, "task_role.exists": False}, "sound"),
    "it was not looked up": ("roles", "", {"execution_role": unread("iam:GetRole"), "task_role": unread("iam:GetRole")}, "? iam:GetRole could not be read (denied): AccessDenied"),
    "it may not, and none runs": ("roles", "", {**denied(), **NO_TASK}, f"error secret-access-denied {MAY_NOT}", "--force-new-deployment"),
    "no execution role, and another driver": (
        "roles", "", {"task_definition.executionRoleArn": GONE, f"{SERVER}.secrets": [], f"{SERVER}.logConfiguration.logDriver": "json-file"}, "sound",
    ),
}  # fmt: skip

WAYS: dict[str, Row] = {
    "the newest died of something else, and one serves": ("egress-path", "", {**routed(), "stopped_tasks": [DIED]}, MISSING, STARTS),
    "the newest died there of it, though one serves": (
        "egress-path", "", {**routed(), "stopped_tasks": [{**DIED, **IN_A, "stoppedReason": TIMEOUT, "stopCode": "TaskFailedToStart"}]}, "error image-pull-network",
    ),
    "it died elsewhere of it": ("egress-path", "", {**routed(), "stopped_tasks": [{**DIED, "stoppedReason": TIMEOUT, "stopCode": "TaskFailedToStart"}]}, "warning image-pull-network"),
    "one has waited there for more than four minutes": ("egress-path", "", {**routed(), **started(createdAt="11:55:59")}, MISSING.replace("warning", "error")),
    "the tasks were not read": ("egress-path", "", {**routed(), "tasks": unread(), "service.runningCount": None}, MISSING.replace("warning", "error")),
    "no image is known": ("egress-path", "", {**routed(), **NO_TASK, f"{SERVER}.image": ""}, MISSING.replace("warning", "error"), "A task put there cannot pull its image."),
    "on an instance no task has an address of its own": ("egress-path", EC2, PRIVATE, "sound"),
    "an endpoint that admits a task in no group": (
        "vpc-endpoints", "", {**behind(rule("10.0.9.0/24")), f"{PLACE}.securityGroups": []}, BLOCKS, '"IpRanges": [{"CidrIp": "10.0.1.0/24"}, {"CidrIp": "10.0.2.0/24"}]',
    ),
    "of two endpoints one": (
        "vpc-endpoints", "", {**behind(rule(group="sg-x")), "vpc_endpoints.+": {**ENDPOINT, "VpcEndpointId": "vpce-2", "ServiceName": "com.amazonaws.us-east-1.logs"}}, f"{BLOCKS}; {BLOCKS}",
        "Endpoint vpce-2 answers for logs",
    ),
    "out of the group to nothing": (
        "way-to-data", "", NFS, "warning egress-blocked", "Security group sg-task of the task does not let TCP 2049 out to file system fs-1.",
        "authorize-security-group-egress --group-id sg-task", '"FromPort": 2049, "ToPort": 2049, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]',
    ),
    "and none runs": ("way-to-data", "", {**NFS, **NO_TASK}, "error egress-blocked", "--force-new-deployment"),
    "on EC2 the instance mounts it": ("way-to-data", EC2, NFS, "none of its business"),
    "no file system": ("way-to-data", "", {**NFS, "task_definition.volumes": []}, "none of its business"),
    "names are switched off": (
        "way-to-data", "", {"vpcs.0.EnableDnsHostnames": False}, "warning dns-disabled", "by which a task mounts it.", "Vpcs[vpc-1].EnableDnsHostnames", "modify-vpc-attribute --vpc-id vpc-1",
        '{"Value": true}',
    ),
    "names of another network": ("way-to-data", "", {"vpcs.+": {"VpcId": "vpc-9", "CidrBlock": "10.9.0.0/16", "EnableDnsHostnames": False}}, "sound"),
    "whether names are on was not told": ("way-to-data", "", {"vpcs.0.EnableDnsHostnames": None}, "sound"),
    "names are switched off, and no file system": ("way-to-data", "", {"vpcs.0.EnableDnsHostnames": False, "task_definition.volumes": []}, "none of its business"),
}  # fmt: skip


@each("case", ROOM | PHASES | {f"secret: {k}": v for k, v in SECRETS.items()})
def test_what_a_start_needs_is_told_from_what_it_can_do_without(case: Row) -> None:
    holds(case)


@each("case", ROLES | {f"way: {k}": v for k, v in WAYS.items()})
def test_what_a_start_may_do_and_which_way_it_has(case: Row) -> None:
    holds(case)


# What is told apart, by check: each of several things of one kind has a finding of its own.
IDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "subnet-no-ips:subnet-aaa": ("subnet-addresses", "", NO_ROOM),
    "cfn-resource-missing:subnet-zzz": ("places", "", {f"{PLACE}.subnets.+": "subnet-zzz"}),
    "secret-not-found:ANTHROPIC_API_KEY": ("secrets", "", all_states(exists=False)),
    "secret-bad-format:ASH_API_KEY": ("secrets", "", state(1, json_keys=[])),
    "deployment-in-progress:8f2c1d0e": ("task-phase", "", started(createdAt="11:59:00")),
    "task-stuck": ("task-phase", "", started(createdAt="11:50:00")),
    "egress-blocked:own": ("way-to-data", "", NFS),
    "dns-disabled:hostnames": ("way-to-data", "", {"vpcs.0.EnableDnsHostnames": False}),
    "endpoint-security-group-blocks:secretsmanager": ("vpc-endpoints", "", behind(rule(group="x"))),
    "route-missing:internet": ("egress-path", "", routed()),
    "role-assume-failed:executionRoleArn": ("roles", "", {"execution_role.exists": False}),
    "role-assume-failed:executionRoleArn of none": ("roles", "", {"task_definition.executionRoleArn": GONE}),
    "role-assume-failed:taskRoleArn": ("roles", "", {"task_role.exists": False}),
    "agent-disconnected:8f2c1d0e": ("container-health", "", {"tasks.0.connectivity": "DISCONNECTED"}),
    "sidecar-unhealthy:log-router-8f2c1d0e": ("container-health", "", sidecar()),
    "sidecar-unhealthy:log-router-8f2c1d0e ended": (
        "container-health", "", sidecar(lastStatus="STOPPED", healthStatus="UNKNOWN", exitCode=2)),
    "container-healthcheck-failed:unanswered": ("container-health-check", "", {"tasks.0.healthStatus": "UNHEALTHY"}),
    "restarts-in-place:8f2c1d0e": ("restart-policy", "", {**KEPT, **lines("11:50:00", "11:55:00")}),
    "log-lines-lost:ash": ("log-loss", "", LOSING),
}  # fmt: skip


@each("case", IDS.items())
def test_what_is_found_of_one_of_several_has_an_id_of_its_own(
    case: tuple[str, tuple[str, str, dict[str, Any]]],
) -> None:
    """A person ignores a finding by its id, and others are linked to it by that."""
    name, (check, base, changes) = case
    assert [item.id for item in found(check, base, changes)] == [name.split()[0]]
