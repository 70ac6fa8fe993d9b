"""On what, and under which condition, CloudFormation's calls are allowed by the printed policies."""

from __future__ import annotations

from dataclasses import dataclass

from ash_ops.aws.operations import BOUNDARY, ROLES, TASK_DEFINITIONS, arn
from ash_ops.iam.calls import ANY

_ZONES = ("arn:{partition}:route53:::hostedzone/*",)
# Types whose resources have names that can be foretold; everything else is created without one.
NAMED: dict[str, tuple[str, ...]] = {
    "AWS::Budgets::Budget": ("arn:{partition}:budgets::{account}:budget/{prefix}-*",),
    "AWS::CertificateManager::Certificate": (arn("acm", "certificate/*"), *_ZONES),
    "AWS::Route53::RecordSet": (*_ZONES, "arn:{partition}:route53:::change/*"),
    "AWS::CloudWatch::Alarm": (arn("cloudwatch", "alarm:{prefix}-*"),),
    "AWS::SNS::Topic": (arn("sns", "{prefix}-*"),),
    "AWS::SNS::TopicPolicy": (arn("sns", "{prefix}-*"),),
    "AWS::Events::Rule": (arn("events", "rule/{prefix}-*"),),
    "AWS::IAM::InstanceProfile": (
        "arn:{partition}:iam::{account}:instance-profile/{prefix}-*InstanceProfile-*",
        *ROLES,
    ),
    "AWS::IAM::Role": ROLES,
    "AWS::Logs::LogGroup": (arn("logs", "log-group:/{prefix}/*"),),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """On what an action is allowed, and under which condition: test, key, values."""

    resources: tuple[str, ...] = ANY
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    @property
    def as_condition(self) -> dict[str, dict[str, tuple[str, ...]]] | None:
        """The condition as a statement holds it."""
        return {test: {key: values} for test, key, values in self.conditions} or None


_BOUNDED = ("StringLike", "iam:PermissionsBoundary", (BOUNDARY,))
_OWN = (("StringEquals", "aws:ResourceTag/ash:deployment", ("{prefix}",)),)
_AWS_POLICY = "arn:{partition}:iam::aws:policy/"
# Actions that lead further than the deployment where they are not narrowed: to more permissions,
# or into what others run.
NARROWED: dict[str, tuple[Scope, ...]] = {
    # Roles are made and given permissions only with the boundary on them ...
    **dict.fromkeys(
        ("iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"),
        (Scope(ROLES, (_BOUNDED,)),),
    ),
    # ... and of managed policies only with those that the templates name.
    "iam:AttachRolePolicy": (
        Scope(
            ROLES,
            (
                _BOUNDED,
                (
                    "ArnLike",
                    "iam:PolicyARN",
                    (
                        f"{_AWS_POLICY}AmazonECS*RolePolicyForManagedInstances",
                        f"{_AWS_POLICY}service-role/AmazonEC2ContainerServiceforEC2Role",
                        f"{_AWS_POLICY}service-role/AmazonECSTaskExecutionRolePolicy",
                    ),
                ),
            ),
        ),
    ),
    # A service of another cluster, or with another's task definition, runs with another's role.
    **dict.fromkeys(
        ("ecs:CreateService", "ecs:UpdateService"),
        (
            Scope(
                (arn("ecs", "service/{prefix}/*"),),
                (
                    (
                        "ArnLikeIfExists",
                        "ecs:task-definition",
                        (TASK_DEFINITIONS,),
                    ),
                ),
            ),
        ),
    ),
    # The account's billing view, which is in no region and names no budget.
    "billing:GetBillingViewData": (Scope(),),
    # Read without the name of a group: IAM has no narrower resource for them.
    **dict.fromkeys(("logs:DescribeLogGroups", "logs:DescribeResourcePolicies"), (Scope(),)),
    "ecs:DeleteService": (Scope((arn("ecs", "service/{prefix}/*"),)),),
    # Another's launch template starts instances with another's role.
    **dict.fromkeys(
        (
            "autoscaling:DeleteAutoScalingGroup",
            "autoscaling:ResumeProcesses",
            "autoscaling:SuspendProcesses",
            "autoscaling:TerminateInstanceInAutoScalingGroup",
            "autoscaling:UpdateAutoScalingGroup",
            "ec2:CreateLaunchTemplateVersion",
            "ec2:DeleteLaunchTemplate",
            "ec2:DeleteVolume",
            "ec2:ModifyVolume",
        ),
        (Scope(ANY, _OWN),),
    ),
    # By its name: a tag that may be set on everything says nothing.
    **dict.fromkeys(
        ("autoscaling:CreateOrUpdateTags", "autoscaling:DeleteTags"),
        (Scope((arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/{prefix}-*"),)),),
    ),
    # Neither has a resource that IAM could name.
    **dict.fromkeys(("acm:RequestCertificate", "route53:ListHostedZones"), (Scope(),)),
    # Another's certificate is another's server.
    **dict.fromkeys(
        (
            "acm:DeleteCertificate",
            "acm:RemoveTagsFromCertificate",
            "acm:UpdateCertificateOptions",
        ),
        (Scope((arn("acm", "certificate/*"),), _OWN),),
    ),
    # Another's database would change its password or be gone, another's file system likewise.
    **dict.fromkeys(
        ("rds:DeleteDBInstance", "rds:ModifyDBInstance", "rds:RebootDBInstance"),
        (Scope(ANY, _OWN),),
    ),
    **dict.fromkeys(
        ("elasticfilesystem:DeleteFileSystem", "elasticfilesystem:UntagResource"),
        (Scope(ANY, _OWN),),
    ),
    # Tags decide whose a thing is: they are set on what is being made, and kept from the rest.
    "ec2:CreateTags": (
        Scope(ANY, (("StringLike", "ec2:CreateAction", ("Create*", "RunInstances")),)),
        Scope(ANY, _OWN),
    ),
    "ec2:DeleteTags": (Scope(ANY, _OWN),),
    "ssm:Get*": (
        Scope(("arn:{partition}:ssm:{region}::parameter/aws/service/ecs/optimized-ami/*",)),
    ),
}
