"""Each command in the emulator: the calls it really makes against those its policy allows.

Both ways: no call outside the policy, and no action in the policy without a call, unless the table
below says when it is made.
"""

from __future__ import annotations

import io
import json
import socket
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest

from ash_ops.cli import main
from ash_ops.demo import Emulator
from ash_ops.iam.calls import REPAIRS, actions_of
from ash_ops.iam.options import WHOSE
from ash_ops.iam.policy import CHANGING, direct_actions, policy_document
from ash_ops.names import Deployment
from tests.support import policy_engine
from tests.support.as_iam_sees_it import ACCOUNT, REGION, asked_of

# The emulator names a REST call by its path.
PATHS = {
    "backup:/backup-vaults/": "backup:ListBackupVaults",
    "elasticfilesystem:/2015-02-01/file-systems": "elasticfilesystem:DescribeFileSystems",
}

# Allowed, and not called when all is well: each with the occasion on which it is.
OCCASIONS: dict[str, tuple[str, ...]] = {
    "a group starts machines from a launch template": ("ec2:DescribeLaunchTemplateVersions",),
    "IAM asks for it beside the call that creates with tags": (
        "cloudformation:TagResource",
        "secretsmanager:TagResource",
    ),
    "a stack is in a state that allows nothing, or a rollback is chosen": (
        "cloudformation:CancelUpdateStack",
        "cloudformation:ContinueUpdateRollback",
        "cloudformation:DeleteStack",
        "cloudformation:DescribeEvents",
        "cloudformation:DeleteChangeSet",
        "cloudformation:ListStacks",
    ),
    "a plan follows, for a tag that is not the running one": (
        "cloudformation:CreateChangeSet",
        "cloudformation:DescribeChangeSet",
        "cloudformation:DescribeStackEvents",
        "cloudformation:ExecuteChangeSet",
        "sts:GetCallerIdentity",
    ),
    "a task died, is not healthy, or a stack failed": ("cloudtrail:LookupEvents",),
    "a hook of the account refused a resource of the stack": ("cloudformation:GetHookResult",),
    "the tag is the running one": ("ecs:UpdateService",),
    "the image is in ECR": ("ecr:BatchGetImage", "ecr:DescribeImages"),
    "tasks run or have died": ("ecs:DescribeTasks", "ecs:ListTasks"),
    "logs --follow falls silent": ("ecs:DescribeServices", "ecs:DescribeTaskDefinition"),
    "the log group is not the usual one, or an earlier image is looked for": (
        "ecs:DescribeTaskDefinition",
    ),
    "there is no URL in the stack's outputs": (
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTargetGroups",
    ),
    "the service has targets": ("elasticloadbalancing:DescribeTargetHealth",),
    "a stored key changes, is put back, or was deleted": (
        "secretsmanager:PutSecretValue",
        "secretsmanager:RestoreSecret",
        "secretsmanager:UpdateSecretVersionStage",
    ),
    "the task definition names no secret of its own": ("secretsmanager:DescribeSecret",),
    "the key is in Systems Manager": ("ssm:GetParameters",),
    "the VPC has endpoints, or rules that name prefix lists": (
        "ec2:DescribePrefixLists",
        "ec2:DescribeVpcAttribute",
        "ec2:GetManagedPrefixListEntries",
    ),
    "a log group is looked for": ("logs:DescribeLogGroups",),
    "one task's log is read": (
        "logs:DescribeLogStreams",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
    ),
    "there is a load balancer in more than one stack": ("elasticloadbalancing:DescribeTags",),
    "on instances": (
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeScalingActivities",
        "ecs:DescribeCapacityProviders",
    ),
    "on EC2, in private subnets, with EFS or with a database": (
        "ec2:DescribeInstances",
        "ec2:DescribeNatGateways",
        "ec2:DescribeVolumes",
        "ecs:DescribeContainerInstances",
        "ecs:ListContainerInstances",
        "elasticfilesystem:DescribeFileSystems",
    ),
    "the stack that goes holds data": ("cloudformation:GetTemplate",),
    "a stack is a shell that a plan began": (
        "cloudformation:DescribeChangeSet",
        "cloudformation:ListChangeSets",
    ),
    "a tag of what has one of our names is looked at": ("logs:ListTagsForResource",),
    "a first deployment fails after the secret was made": ("secretsmanager:DeleteSecret",),
    "something is protected, started by others, kept or left behind": (
        "cloudformation:UpdateTerminationProtection",
        "ec2:DeleteVolume",
        "logs:TagResource",
        "rds:DeleteDBSnapshot",
        "servicediscovery:ListTagsForResource",
        "ecs:DeleteService",
        "ecs:StopTask",
        "elasticfilesystem:DeleteFileSystem",
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "logs:DeleteLogGroup",
    ),
    "--actual, and after consent": (
        "ce:GetCostAndUsage",
        "ce:ListCostAllocationTags",
        "sts:GetCallerIdentity",
    ),
    "a policy was attached to a role": ("iam:GetPolicy", "iam:GetPolicyVersion"),
    # tests/e2e/test_what_runs.py makes some of them, tests/ash_ops/drift says the others.
    "something was changed past the stack": (
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
        "elasticloadbalancing:ModifyListener",
        "elasticloadbalancing:ModifyListenerAttributes",
        "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        "elasticloadbalancing:SetSecurityGroups",
        "elasticloadbalancing:SetSubnets",
    ),
    "the listener speaks TLS, so the certificate's name is looked up": (
        "cloudformation:DescribeStacks",
    ),
    # tests/e2e/test_a_domain.py makes it.
    "a certificate was given, or a listener shows one": ("acm:DescribeCertificate",),
    "--drain keeps newcomers out": (
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:DescribeSecurityGroups",
        "ec2:RevokeSecurityGroupIngress",
    ),
    "it was stopped, or there are machines or a database to stop or start": (
        "ecs:UntagResource",
        "autoscaling:UpdateAutoScalingGroup",
        "rds:DescribeDBInstances",
        "rds:StartDBInstance",
        "rds:StopDBInstance",
    ),
    # tests/e2e/test_backup_and_restore.py makes those of file systems.
    "there is something to copy, to restore or to remove": (
        "backup-storage:MountCapsule",
        "backup:CreateBackupVault",
        "backup:DeleteBackupVault",
        "backup:DeleteRecoveryPoint",
        "backup:DescribeBackupJob",
        "backup:DescribeRestoreJob",
        "backup:ListBackupJobs",
        "backup:ListRecoveryPointsByBackupVault",
        "backup:ListRestoreJobs",
        "backup:ListTags",
        "backup:StartBackupJob",
        "backup:StartRestoreJob",
        "backup:TagResource",
        "ec2:CreateSnapshot",
        "ec2:CreateTags",
        "ec2:CreateVolume",
        "ec2:DeleteSnapshot",
        "ec2:DescribeSubnets",
        "elasticfilesystem:TagResource",
        "iam:GetRole",
        "iam:PassRole",
        "rds:AddTagsToResource",
        "rds:CreateDBSnapshot",
        "secretsmanager:GetSecretValue",
    ),
    "the price list is asked": ("pricing:GetProducts",),
    "a rollout of runners closes the old ones one by one": (
        "ecs:GetTaskProtection",
        "ecs:TagResource",
    ),
}


@cache
def _printed(command: str, options: tuple[str, ...]) -> dict[str, Any]:
    """The policy that the user is told to use: of its own calls, for a command that has parts."""
    document: dict[str, Any] = json.loads(
        policy_document(
            command,
            Deployment(),
            partition="aws",
            region=REGION,
            account=ACCOUNT,
            options=options,
            part="own" if command in CHANGING else "all",
        )
    )
    return document


SOMETIMES = {action for actions in OCCASIONS.values() for action in actions}


class Recorder:
    """Runs commands and keeps which AWS calls each of them made."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.made: dict[str, set[str]] = {}

    def run(self, *args: str, extra: Sequence[str] = ()) -> int:
        """One command; its calls must be in its policy or among ``extra``."""
        already = len(self.emulator.calls())
        code = self._code(args)
        calls = {PATHS.get(c, c) for c in self.emulator.calls()[already:]}
        self.made.setdefault(args[0], set()).update(calls)
        assert calls - direct_actions(args[0]) - set(extra) == set(), args
        if args[0] in ("deploy", "rollout", "rollback", "teardown", "doctor", "logs", "status"):
            self._judge(args, self.emulator.requests()[already:])
        return code

    def _judge(self, args: Sequence[str], requests: Sequence[dict[str, Any]]) -> None:
        """Exactly the printed policy, evaluated as IAM does, allows each call on what it names."""
        options = ("fix",) if "--fix" in args else ()
        policy = _printed(args[0], options)
        denied = {
            (action, resource)
            for request in requests
            for action in [PATHS.get(request["call"], request["call"])]
            for resource, context in asked_of(action, request["names"], "ash-cloud")
            if not policy_engine.allows([policy], action, resource, context)
        }
        assert denied == set(), args

    def _code(self, args: Sequence[str]) -> int:
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        before, sys.stdout = sys.stdout, out
        try:
            with redirect_stderr(io.StringIO()), pytest.raises(SystemExit) as stop:
                main(list(args))
        finally:
            sys.stdout = before
        return int(stop.value.code or 0)


@pytest.fixture
def recorder(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-emulated")
    return Recorder(emulator)


def test_every_command_calls_what_its_policy_allows_and_no_more(recorder: Recorder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
    run = recorder.run
    assert run("deploy", "--yes", "--listener-port", port) == 0
    for look in ("status", "key", "connect", "health", "doctor", "logs", "cost"):
        assert run(look) == 0, look
    Path("my-agent").mkdir()
    Path("my-agent", "CLAUDE.md").write_text("Be brief.", "utf-8")
    assert run("agent", "deploy", "my-agent", "--yes") == 0
    assert run("ask", "Hello") == 0
    run("logs", "--previous")  # nothing has died: says so
    run("cost", "--actual")  # not agreed to: refused
    run("cost", "--actual", "--yes")  # the emulator has no bills
    assert run("rollout", "0.2.0", "--yes") == 0
    assert run("logs", "--previous") == 0
    assert run("rollback", "--yes") == 0
    assert run("rollout", "latest", "--yes") == 0
    assert run("deploy", "--plan", "--cpu", "1024", "--memory", "2048") == 0
    assert run("backup", "--yes") == 1  # nothing is kept that could be copied
    assert run("backup", "--list") == 0
    assert run("restore", "second", "--yes") == 1
    assert run("stop", "--yes", "--drain=1") == 0
    assert run("start", "--yes") == 0
    _switch_off()
    run("doctor", "--fix", "--yes", extra=actions_of((*REPAIRS, *WHOSE)))
    assert recorder.made["doctor"] & set(actions_of(REPAIRS)), "nothing was repaired"
    assert run("teardown", "--yes") == 0

    for command, made in recorder.made.items():
        never = direct_actions(command) - made - SOMETIMES
        assert never == set(), f"{command}: allowed, and never called"


def _switch_off() -> None:
    """An error that ``doctor --fix`` repairs: the service is asked to run no task."""
    ecs = boto3.client("ecs")
    cluster = ecs.list_clusters()["clusterArns"][0]
    service = ecs.list_services(cluster=cluster)["serviceArns"][0]
    ecs.update_service(cluster=cluster, service=service, desiredCount=0)


def test_every_occasion_is_needed() -> None:
    """An action that no policy names any more leaves the table."""
    every = {
        a
        for command in (
            *("deploy", "rollout", "stop", "start", "backup", "restore", "teardown"),
            *("status", "key", "doctor", "logs", "cost"),
        )
        for a in direct_actions(command)
    }
    assert every >= SOMETIMES
