"""Each right that a role needs at runtime is within the boundary of what is deployed, and only there.

What is needed is AWS's word: the ECS developer guide ("Amazon ECS task execution IAM role", "Amazon ECS
container instance IAM role"), the EFS user guide ("Using IAM to control file system data access"), and
the policy AmazonECSInfrastructureRolePolicyForManagedInstances.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from ash_ops.iam import policy as iam_policy
from ash_ops.names import Deployment
from tests.support import policy_engine

ACCOUNT, REGION = "123456789012", "eu-west-1"
OPTIONS = ("ec2", "managed", "efs", "multi-machine")
EVERY = ("", *OPTIONS)
INSTANCES, DISKS = ("ec2", "managed", "multi-machine"), ("ec2", "multi-machine")
FILES = ("efs", "managed", "multi-machine")
OURS = {"aws:ResourceTag/ash:deployment": "web"}
THEIRS = {"aws:ResourceTag/ash:deployment": "web-2"}
MADE = {"aws:RequestTag/AmazonECSManaged": "true"}
TEMPLATE = {"ec2:ResourceTag/AmazonECSManaged": "true"}
OPERATED = {"ec2:ManagedResourceOperator": "ecs.amazonaws.com"}


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def ecs(rest: str) -> str:
    return arn("ecs", rest)


CLUSTER, MACHINE = ecs("cluster/web"), ecs("container-instance/web/1")
TASK = ecs("task/web/1")
OTHER_TASK = ecs("task/web-2/1")
LOGS, SECRET = arn("logs", "log-group:/web/runtime:*"), arn("secretsmanager", "secret:web/server-A")
IMAGE = f"arn:aws:ec2:{REGION}::image/ami-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/web-ManagedInstanceRole-1"
PASSED = {"iam:PassedToService": "ec2.amazonaws.com"}
Context = dict[str, str]
# Action, on what, in which circumstances; for which options; and what is next to it and not allowed.
Need = tuple[str, str, Context, tuple[str, ...], list[tuple[str, Context]]]
NEEDS: list[Need] = [
    ("ecr:GetAuthorizationToken", "*", {}, EVERY, []),
    ("ecr:BatchGetImage", arn("ecr", "repository/mine"), {}, EVERY, []),
    ("ecr:GetDownloadUrlForLayer", arn("ecr", "repository/mine"), {}, EVERY, []),
    ("ecr:BatchCheckLayerAvailability", arn("ecr", "repository/mine"), {}, EVERY, []),
    ("logs:CreateLogStream", LOGS, {}, EVERY, [(arn("logs", "log-group:/web-2/runtime"), {})]),
    ("logs:PutLogEvents", LOGS, {}, EVERY, [(arn("logs", "log-group:/x"), {})]),
    (
        "secretsmanager:GetSecretValue",
        SECRET,
        {},
        EVERY,
        [(arn("secretsmanager", "secret:web-2/server-A"), {})],
    ),
    *(
        (f"s3:{verb}Object", "arn:aws:s3:::b/web/x", {}, EVERY, [("arn:aws:s3:::b/web-2/x", {})])
        for verb in ("Get", "Put", "Delete")
    ),
    ("s3:ListBucket", "arn:aws:s3:::b", {}, EVERY, []),
    *(
        (
            f"elasticfilesystem:Client{verb}",
            arn("elasticfilesystem", "file-system/fs-1"),
            OURS,
            FILES,
            [(arn("elasticfilesystem", "file-system/fs-1"), THEIRS)],
        )
        for verb in ("Mount", "Write", "RootAccess")
    ),
    *(
        (f"ecs:{verb}", where, {}, INSTANCES, [(where.replace("/web", "/web-2"), {})])
        for verb, where in {
            "RegisterContainerInstance": CLUSTER,
            "DeregisterContainerInstance": CLUSTER,
            "Poll": MACHINE,
            "StartTelemetrySession": MACHINE,
            "UpdateContainerInstancesState": MACHINE,
            "SubmitTaskStateChange": CLUSTER,
            "SubmitContainerStateChange": CLUSTER,
            "SubmitAttachmentStateChanges": CLUSTER,
            "PutSystemLogEvents": MACHINE,
            "TagResource": MACHINE,
        }.items()
    ),
    ("ecs:DiscoverPollEndpoint", "*", {}, INSTANCES, []),
    *(
        (
            "ec2:AttachVolume",
            arn("ec2", f"{kind}/1"),
            OURS,
            DISKS,
            [(arn("ec2", f"{kind}/1"), THEIRS)],
        )
        for kind in ("instance", "volume")
    ),
    *(
        (f"ecs:{verb}", TASK, {}, ("multi-machine",), [(OTHER_TASK, {})])
        for verb in ("GetTaskProtection", "UpdateTaskProtection", "ListTagsForResource")
    ),
    *(
        (f"ec2:{verb}", arn("ec2", f"{kind}/1"), MADE, ("managed",), [])
        for verb in ("RunInstances", "CreateFleet", "CreateLaunchTemplate")
        for kind in ("fleet", "instance", "launch-template", "network-interface", "volume")
    ),
    *(
        ("ec2:CreateLaunchTemplate", arn("ec2", "launch-template/1"), MADE, ("managed",), [(where, {})])
        for where in (arn("ec2", "launch-template/1"), arn("ec2", "instance/1"))
    ),
    (
        "ec2:RunInstances",
        arn("ec2", "launch-template/1"),
        TEMPLATE,
        ("managed",),
        [(arn("ec2", "launch-template/1"), {})],
    ),
    *(
        (f"ec2:{verb}", where, {}, ("managed",), [])
        for verb in ("RunInstances", "CreateFleet")
        for where in (arn("ec2", "subnet/1"), arn("ec2", "security-group/1"), IMAGE)
    ),
    *(
        (
            f"ec2:{verb}",
            arn("ec2", "launch-template/1"),
            OPERATED,
            ("managed",),
            [(arn("ec2", "launch-template/1"), {})],
        )
        for verb in ("CreateLaunchTemplateVersion", "ModifyLaunchTemplate")
    ),
    *(
        (
            "ec2:CreateTags",
            arn("ec2", "instance/1"),
            {"ec2:CreateAction": how},
            ("managed",),
            [(arn("ec2", "instance/1"), {"ec2:CreateAction": "CreateVolume"})],
        )
        for how in ("RunInstances", "CreateFleet", "CreateLaunchTemplate")
    ),
    ("ec2:DescribeInstances", "*", {}, ("managed",), []),
    (
        "iam:PassRole",
        ROLE,
        PASSED,
        ("managed",),
        [
            (ROLE, {"iam:PassedToService": "ecs-tasks.amazonaws.com"}),
            (f"arn:aws:iam::{ACCOUNT}:role/web-2-ManagedInstanceRole-1", PASSED),
        ],
    ),
]  # fmt: skip


@cache
def boundary(option: str) -> dict[str, Any]:
    document = iam_policy.policy_document(
        "boundary",
        Deployment("web"),
        partition="aws",
        region=REGION,
        account=ACCOUNT,
        options=(option,) if option else (),
    )
    found: dict[str, Any] = json.loads(document)
    return found


def allowed(option: str, action: str, resource: str, context: Context) -> bool:
    return policy_engine.allows([boundary(option)], action, resource, context)


def test_what_a_role_needs_is_within_the_boundary_of_its_options_and_of_no_other() -> None:
    for action, resource, context, options, _ in NEEDS:
        for option in EVERY:
            wanted = option in options
            assert allowed(option, action, resource, context) == wanted, (action, resource, option)


def test_what_is_next_to_it_and_anothers_is_outside() -> None:
    for action, _, _, options, others in NEEDS:
        for resource, context in others:
            for option in options:
                assert not allowed(option, action, resource, context), (action, resource, option)


def test_the_boundary_names_no_action_that_no_role_needs() -> None:
    needed = {action for action, *_ in NEEDS}
    for option in EVERY:
        for statement in boundary(option)["Statement"]:
            actions = statement["Action"]
            listed = [actions] if isinstance(actions, str) else actions
            assert [a for a in listed if a not in needed and a != "ec2:Describe*"] == []
