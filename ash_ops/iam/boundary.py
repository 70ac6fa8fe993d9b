"""The permissions boundary: the most that any role of a deployment can ever do.

Whoever deploys makes roles and writes their policies; without a boundary that is a way to
administrator: a role of one's own, any policy, a task that runs with it. The printed deploy policy
lets a role be made and given permissions only with this boundary on it (condition key
``iam:PermissionsBoundary``; IAM user guide, "Permissions boundaries for IAM entities"). An
administrator creates it once; nothing in the deploy policy can change or remove it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ash_ops.aws.operations import BOUNDARY as ARN
from ash_ops.aws.operations import arn
from ash_ops.iam.calls import Need

__all__ = ["ARN", "boundary_needs"]

# ``ARN`` is where the deploy policy expects it.

_IN_CLUSTER = (arn("ecs", "cluster/{prefix}"), arn("ecs", "container-instance/{prefix}/*"))


# A runner protects its task while it holds sessions, and reads from its tags whether it is to drain.
_KEEP_RUNNERS = Need(
    sid="KeepRunners",
    actions=("ecs:GetTaskProtection", "ecs:ListTagsForResource", "ecs:UpdateTaskProtection"),
    resources=(arn("ecs", "task/{prefix}/*"),),
)


def boundary_needs(options: Sequence[str] = ()) -> tuple[Need, ...]:
    """What the roles may do at most: their own policies narrow it further.

    Args:
        options: of the deployment: ``ec2``, ``managed``, ``efs``, ``multi-machine``.
    """
    return tuple(_needs(frozenset(options)))


def _needs(options: frozenset[str]) -> Iterator[Need]:
    yield Need(
        sid="PullTheImage",
        actions=(
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetAuthorizationToken",
            "ecr:GetDownloadUrlForLayer",
        ),
    )
    yield Need(
        sid="WriteTheLog",
        actions=("logs:CreateLogStream", "logs:PutLogEvents"),
        resources=(arn("logs", "log-group:/{prefix}/*"),),
    )
    yield Need(
        sid="ReadTheSecret",
        actions=("secretsmanager:GetSecretValue",),
        resources=(arn("secretsmanager", "secret:{prefix}/server-*"),),
    )
    yield Need(
        sid="Snapshots",
        actions=("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
        resources=(
            "arn:{partition}:s3:::*/{prefix}/*",
        ),  # below PREFIX/ in the bucket that is named
    )
    yield Need(
        sid="ListSnapshots", actions=("s3:ListBucket",), resources=("arn:{partition}:s3:::*",)
    )
    if options & {"efs", "managed", "multi-machine"}:
        yield Need(
            sid="Data",
            actions=(
                "elasticfilesystem:ClientMount",
                "elasticfilesystem:ClientRootAccess",
                "elasticfilesystem:ClientWrite",
            ),
            condition={"StringEquals": {"aws:ResourceTag/ash:deployment": "{prefix}"}},
        )
    if options & {"ec2", "managed", "multi-machine"}:
        yield from _of_the_agent()
    if options & {"ec2", "multi-machine"}:
        yield Need(
            sid="AttachTheDisk",
            actions=("ec2:AttachVolume",),
            resources=(arn("ec2", "instance/*"), arn("ec2", "volume/*")),
            condition={"StringEquals": {"aws:ResourceTag/ash:deployment": "{prefix}"}},
        )
    if "managed" in options:
        yield from _of_the_infrastructure()
    if "multi-machine" in options:
        yield _KEEP_RUNNERS


def _of_the_agent() -> Iterator[Need]:
    # In this cluster only: an instance that could join another would be given that one's tasks,
    # with their roles.
    yield Need(
        sid="JoinTheCluster",
        actions=(
            "ecs:DeregisterContainerInstance",
            "ecs:Poll",
            "ecs:PutSystemLogEvents",
            "ecs:RegisterContainerInstance",
            "ecs:StartTelemetrySession",
            "ecs:SubmitAttachmentStateChanges",
            "ecs:SubmitContainerStateChange",
            "ecs:SubmitTaskStateChange",
            "ecs:TagResource",
            "ecs:UpdateContainerInstancesState",
        ),
        resources=_IN_CLUSTER,
    )
    yield Need(sid="FindTheCluster", actions=("ecs:DiscoverPollEndpoint",))


_MADE_BY_ECS = tuple(
    arn("ec2", f"{kind}/*")
    for kind in ("fleet", "instance", "launch-template", "network-interface", "volume")
)
_TEMPLATES = (arn("ec2", "launch-template/*"),)
_PLACES = (
    arn("ec2", "security-group/*"),
    arn("ec2", "subnet/*"),
    "arn:{partition}:ec2:{region}::image/*",
)


def _of_the_infrastructure() -> Iterator[Need]:
    # As narrow as AWS's own AmazonECSInfrastructureRolePolicyForManagedInstances, version 9 (2026-02-12):
    # only what ECS tags as its own while it makes it.
    yield Need(
        sid="StartInstances",
        actions=("ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"),
        resources=_MADE_BY_ECS,
        condition={"StringEquals": {"aws:RequestTag/AmazonECSManaged": "true"}},
    )
    yield Need(
        sid="StartFromOwnTemplates",
        actions=("ec2:RunInstances",),
        resources=_TEMPLATES,
        condition={"StringEquals": {"ec2:ResourceTag/AmazonECSManaged": "true"}},
    )
    yield Need(
        sid="StartInSubnets", actions=("ec2:CreateFleet", "ec2:RunInstances"), resources=_PLACES
    )
    yield Need(
        sid="ChangeOwnTemplates",
        actions=("ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),
        resources=_TEMPLATES,
        condition={"StringEquals": {"ec2:ManagedResourceOperator": "ecs.amazonaws.com"}},
    )
    yield Need(
        sid="TagWhatIsMade",
        actions=("ec2:CreateTags",),
        resources=_MADE_BY_ECS,
        condition={
            "StringEquals": {
                "ec2:CreateAction": ("CreateFleet", "CreateLaunchTemplate", "RunInstances")
            }
        },
    )
    yield Need(sid="LookAtInstances", actions=("ec2:Describe*",))
    # Its own instances' role and no other: with another's it would be a way to that one's rights.
    yield Need(
        sid="GiveThemTheirRole",
        actions=("iam:PassRole",),
        resources=("arn:{partition}:iam::{account}:role/{prefix}-ManagedInstanceRole-*",),
        condition={"StringEquals": {"iam:PassedToService": ("ec2.amazonaws.com",)}},
    )
