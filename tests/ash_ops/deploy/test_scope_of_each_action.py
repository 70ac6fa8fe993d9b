"""On what each action of the longest policy is allowed: by a name that is ours, by our tag, or on everything."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from ash_ops.iam.policy import OPTIONS, policy_document
from ash_ops.names import Deployment

# Adopting makes a thing ours that was somebody's, and is in no policy but one that names it.
OTHERS = tuple(o for o in OPTIONS if o not in ("adopt", "fix"))
REGIONAL = "eu-west-1:111122223333"
ROLES = [f"arn:aws:iam::111122223333:role/ash-cloud-{n}-*" for n in ("ExecutionRole", "TaskRole", "*InstanceRole", "InfrastructureRole")]  # fmt: skip


@cache
def allowed(
    command: str, options: tuple[str, ...] = OTHERS
) -> dict[str, list[tuple[list[str], Any]]]:
    """Where each action is allowed, and under which condition."""
    text = policy_document(command, Deployment("ash-cloud"), partition="aws", region="eu-west-1", account="111122223333", options=options)  # fmt: skip
    found: dict[str, list[tuple[list[str], Any]]] = {}
    for statement in json.loads(text)["Statement"]:
        resources = statement["Resource"]
        where = (sorted([resources] if isinstance(resources, str) else resources), statement.get("Condition"))  # fmt: skip
        actions = statement["Action"]
        for action in [actions] if isinstance(actions, str) else actions:
            found.setdefault(action, []).append(where)
    return found


# Actions that are allowed there and nowhere else, by the name of what they are called on.
NAMED = {
    f"arn:aws:acm:{REGIONAL}:certificate/* arn:aws:route53:::hostedzone/*": "acm:AddTagsToCertificate acm:ListTagsForCertificate",
    f"arn:aws:autoscaling:{REGIONAL}:autoScalingGroup:*:autoScalingGroupName/ash-cloud-*": "autoscaling:CreateOrUpdateTags autoscaling:DeleteTags",
    "arn:aws:budgets::111122223333:budget/ash-cloud-*": "budgets:ListTagsForResource budgets:ModifyBudget budgets:TagResource budgets:UntagResource budgets:ViewBudget",
    f"arn:aws:cloudwatch:{REGIONAL}:alarm:ash-cloud-*": "cloudwatch:DeleteAlarms cloudwatch:DescribeAlarms cloudwatch:ListTagsForResource cloudwatch:PutMetricAlarm cloudwatch:TagResource cloudwatch:UntagResource",
    f"arn:aws:ecs:{REGIONAL}:service/ash-cloud/*": "ecs:DeleteService",
    f"arn:aws:events:{REGIONAL}:rule/ash-cloud-*": "events:DeleteRule events:DescribeRule events:ListTagsForResource events:ListTargetsByRule events:PutRule events:PutTargets events:RemoveTargets events:TagResource events:UntagResource",
    " ".join(["arn:aws:iam::111122223333:instance-profile/ash-cloud-*InstanceProfile-*", *ROLES]): "iam:AddRoleToInstanceProfile iam:CreateInstanceProfile iam:DeleteInstanceProfile iam:GetInstanceProfile iam:RemoveRoleFromInstanceProfile",
    " ".join(ROLES): "iam:DeleteRole iam:DeleteRolePolicy iam:DetachRolePolicy iam:ListRoleTags iam:TagRole iam:UntagRole iam:UpdateAssumeRolePolicy iam:UpdateRole iam:UpdateRoleDescription",
    f"arn:aws:logs:{REGIONAL}:log-group:/ash-cloud/*": "logs:CreateLogGroup logs:DeleteDataProtectionPolicy logs:DeleteLogGroup logs:DescribeIndexPolicies logs:FilterLogEvents logs:GetDataProtectionPolicy logs:GetLogEvents logs:PutRetentionPolicy logs:UntagResource",
    "arn:aws:route53:::hostedzone/* arn:aws:route53:::change/*": "route53:GetChange",
    f"arn:aws:sns:{REGIONAL}:ash-cloud-*": "sns:CreateTopic sns:DeleteTopic sns:GetDataProtectionPolicy sns:GetTopicAttributes sns:ListSubscriptionsByTopic sns:ListTagsForResource sns:SetTopicAttributes sns:Subscribe sns:TagResource sns:Unsubscribe sns:UntagResource",
    "arn:aws:ssm:eu-west-1::parameter/aws/service/ecs/optimized-ami/*": "ssm:Get*",
}  # fmt: skip
# On whatever bears our tag, and on nothing else.
TAGGED = """
autoscaling:DeleteAutoScalingGroup autoscaling:ResumeProcesses autoscaling:SuspendProcesses autoscaling:TerminateInstanceInAutoScalingGroup
ec2:CreateLaunchTemplateVersion ec2:DeleteLaunchTemplate ec2:DeleteTags ec2:DeleteVolume ec2:ModifyVolume elasticfilesystem:DeleteFileSystem elasticfilesystem:UntagResource
rds:DeleteDBInstance rds:ModifyDBInstance rds:RebootDBInstance acm:DeleteCertificate acm:RemoveTagsFromCertificate acm:UpdateCertificateOptions
"""
OURS = {"StringEquals": {"aws:ResourceTag/ash:deployment": ["ash-cloud"]}}
# Only with the boundary on the role, and of managed policies only those that the templates name.
BOUNDED = {"StringLike": {"iam:PermissionsBoundary": ["arn:aws:iam::111122223333:policy/ash-cloud-boundary"]}}  # fmt: skip
ATTACHED = [f"arn:aws:iam::aws:policy/{n}" for n in ("AmazonECS*RolePolicyForManagedInstances", "service-role/AmazonEC2ContainerServiceforEC2Role", "service-role/AmazonECSTaskExecutionRolePolicy")]  # fmt: skip
OWN_TASKS = {"ArnLikeIfExists": {"ecs:task-definition": [f"arn:aws:ecs:{REGIONAL}:task-definition/ash-cloud-run*:*"]}}  # fmt: skip
# What changes something and is allowed on everything: nothing of it can be named before it is there,
# or CloudFormation calls it on what it has just made.
EVERYTHING = """
acm:RequestCertificate autoscaling:CreateAutoScalingGroup ec2:AuthorizeSecurityGroupEgress ec2:AuthorizeSecurityGroupIngress ec2:CreateLaunchTemplate ec2:CreateNetworkInterface ec2:CreateSecurityGroup ec2:CreateVolume ec2:DeleteNetworkInterface ec2:DeleteSecurityGroup ec2:RevokeSecurityGroupEgress
ec2:RevokeSecurityGroupIngress ec2:RunInstances ec2:UpdateSecurityGroupRuleDescriptions* ecs:CreateCapacityProvider ecs:CreateCluster ecs:DeleteCapacityProvider ecs:DeleteCluster ecs:DeregisterTaskDefinition ecs:PutClusterCapacityProviders ecs:RegisterTaskDefinition ecs:StopServiceDeployment ecs:TagResource ecs:UntagResource
ecs:UpdateCapacityProvider ecs:UpdateCluster ecs:UpdateClusterSettings elasticfilesystem:CreateFileSystem elasticfilesystem:CreateMountTarget elasticfilesystem:DeleteMountTarget elasticfilesystem:ModifyMountTargetSecurityGroups elasticfilesystem:PutBackupPolicy elasticfilesystem:PutLifecycleConfiguration
elasticfilesystem:TagResource elasticfilesystem:UpdateFileSystem elasticfilesystem:UpdateFileSystemProtection elasticloadbalancing:AddTags elasticloadbalancing:CreateListener elasticloadbalancing:CreateLoadBalancer elasticloadbalancing:CreateTargetGroup elasticloadbalancing:DeleteListener
elasticloadbalancing:DeleteLoadBalancer elasticloadbalancing:DeleteTargetGroup elasticloadbalancing:ModifyListener elasticloadbalancing:ModifyListenerAttributes elasticloadbalancing:ModifyLoadBalancerAttributes elasticloadbalancing:ModifyTargetGroup elasticloadbalancing:ModifyTargetGroupAttributes
elasticloadbalancing:RemoveTags elasticloadbalancing:SetSecurityGroups elasticloadbalancing:SetSubnets logs:DeleteResourcePolicy logs:PutResourcePolicy rds:AddTagsToResource rds:CreateDBInstance rds:CreateDBSnapshot rds:CreateDBSubnetGroup rds:DeleteDBSubnetGroup rds:ModifyDBSubnetGroup rds:RemoveTagsFromResource route53:AssociateVPCWithHostedZone
route53:ChangeResourceRecordSets route53:CreateHostedZone route53:DeleteHostedZone servicediscovery:CreatePrivateDnsNamespace servicediscovery:CreateService servicediscovery:DeleteNamespace servicediscovery:DeleteService servicediscovery:TagResource servicediscovery:UntagResource
servicediscovery:UpdatePrivateDnsNamespace servicediscovery:UpdateService servicediscovery:UpdateServiceAttributes
"""
READS = ("Describe", "List", "Get", "Lookup", "BatchGet")


def test_what_has_a_name_of_ours_is_allowed_by_it_alone() -> None:
    for names, actions in NAMED.items():
        for action in actions.split():
            assert {(tuple(r), str(c)) for r, c in allowed("deploy")[action]} == {(tuple(sorted(names.split())), "None")}, action  # fmt: skip


def test_what_leads_to_somebody_else_s_is_allowed_under_a_condition() -> None:
    found = allowed("deploy")
    for action in TAGGED.split():
        assert [c for _, c in found[action]] == [OURS] * len(found[action]), action
    assert (["*"], OURS) in found["autoscaling:UpdateAutoScalingGroup"]
    making = {"StringLike": {"ec2:CreateAction": ["Create*", "RunInstances"]}}
    tags = [c for _, c in found["ec2:CreateTags"]]
    assert OURS in tags
    assert making in tags
    assert all(c in (OURS, making) for c in tags)
    for action in ("iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"):
        assert found[action] == [(sorted(ROLES), BOUNDED)], action
    assert found["iam:AttachRolePolicy"] == [(sorted(ROLES), {**BOUNDED, "ArnLike": {"iam:PolicyARN": ATTACHED}})]  # fmt: skip
    service = [f"arn:aws:ecs:{REGIONAL}:service/ash-cloud/*"]
    assert found["ecs:CreateService"] == [(service, OWN_TASKS)]
    assert (service, OWN_TASKS) in found["ecs:UpdateService"]


def test_what_changes_something_anywhere_is_only_what_cannot_be_named_before() -> None:
    wide = {action for action, where in allowed("deploy").items() if (["*"], None) in where}
    changing = {a for a in wide if not a.split(":")[1].startswith(READS)}
    assert changing == {*EVERYTHING.split()}


TAKEN_DOWN = """
ec2:DeleteNetworkInterface ec2:DeleteSecurityGroup ec2:RevokeSecurityGroupEgress ec2:RevokeSecurityGroupIngress ecs:DeleteCapacityProvider ecs:DeleteCluster ecs:DeregisterTaskDefinition ecs:PutClusterCapacityProviders
elasticfilesystem:DeleteMountTarget elasticloadbalancing:DeleteListener elasticloadbalancing:DeleteLoadBalancer elasticloadbalancing:DeleteTargetGroup elasticloadbalancing:RemoveTags logs:DeleteResourcePolicy
rds:AddTagsToResource rds:CreateDBSnapshot rds:DeleteDBSubnetGroup rds:RemoveTagsFromResource route53:ChangeResourceRecordSets route53:DeleteHostedZone servicediscovery:DeleteNamespace servicediscovery:DeleteService
"""


def test_teardown_makes_nothing_anywhere_but_the_last_copy_of_a_database() -> None:
    wide = {action for action, where in allowed("teardown").items() if (["*"], None) in where}
    changing = {a for a in wide if not a.split(":")[1].startswith(READS)}
    assert changing == {*TAKEN_DOWN.split()}


# The boundary of every role that deploy makes: what nothing that runs there can ever do more than.
OWN_TAG = {"StringEquals": {"aws:ResourceTag/ash:deployment": "ash-cloud"}}
EC2 = [f"arn:aws:ec2:{REGIONAL}:{kind}/*" for kind in ("fleet", "instance", "launch-template", "network-interface", "volume")]  # fmt: skip
WALLS: dict[str, list[tuple[list[str], Any]]] = {
    "logs:PutLogEvents logs:CreateLogStream": [([f"arn:aws:logs:{REGIONAL}:log-group:/ash-cloud/*"], None)],
    "secretsmanager:GetSecretValue": [([f"arn:aws:secretsmanager:{REGIONAL}:secret:ash-cloud/server-*"], None)],
    "s3:DeleteObject s3:GetObject s3:PutObject": [(["arn:aws:s3:::*/ash-cloud/*"], None)],
    "s3:ListBucket": [(["arn:aws:s3:::*"], None)],
    "elasticfilesystem:ClientMount elasticfilesystem:ClientRootAccess elasticfilesystem:ClientWrite": [(["*"], OWN_TAG)],
    "ecs:RegisterContainerInstance ecs:SubmitTaskStateChange ecs:Poll ecs:TagResource": [([f"arn:aws:ecs:{REGIONAL}:cluster/ash-cloud", f"arn:aws:ecs:{REGIONAL}:container-instance/ash-cloud/*"], None)],
    "ec2:AttachVolume": [([f"arn:aws:ec2:{REGIONAL}:instance/*", f"arn:aws:ec2:{REGIONAL}:volume/*"], OWN_TAG)],
    "ec2:CreateLaunchTemplate": [(EC2, {"StringEquals": {"aws:RequestTag/AmazonECSManaged": "true"}})],
    "ec2:CreateLaunchTemplateVersion ec2:ModifyLaunchTemplate": [([EC2[2]], {"StringEquals": {"ec2:ManagedResourceOperator": "ecs.amazonaws.com"}})],
    "ec2:CreateTags": [(EC2, {"StringEquals": {"ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "RunInstances"]}})],
    "iam:PassRole": [(["arn:aws:iam::111122223333:role/ash-cloud-ManagedInstanceRole-*"], {"StringEquals": {"iam:PassedToService": ["ec2.amazonaws.com"]}})],
    "ecs:GetTaskProtection ecs:ListTagsForResource ecs:UpdateTaskProtection": [([f"arn:aws:ecs:{REGIONAL}:task/ash-cloud/*"], None)],
}  # fmt: skip
FROM_ANYWHERE = {"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer", "ecs:DiscoverPollEndpoint", "ec2:Describe*"}  # fmt: skip


def test_the_boundary_holds_what_runs_to_what_is_ours() -> None:
    options = tuple(o for o in OTHERS if o not in ("alarms", "domain"))
    found = allowed("boundary", options)
    for actions, where in WALLS.items():
        for action in actions.split():
            assert found[action] == where, action
    assert {action for action, where in found.items() if (["*"], None) in where} == FROM_ANYWHERE


def test_a_repair_of_the_doctor_changes_nothing_without_our_name_our_tag_or_our_boundary() -> None:
    found = allowed("doctor", ("fix",))
    wide = {action for action, where in found.items() if (["*"], None) in where}
    assert {a for a in wide if not a.split(":")[1].startswith(READS)} == set()
    groups = [f"arn:aws:logs:{REGIONAL}:log-group:/ash-cloud/*", f"arn:aws:logs:{REGIONAL}:log-group:/aws/ecs/containerinsights/ash-cloud/*"]  # fmt: skip
    assert found["logs:ListTagsForResource"] == [(groups, None)]
    for action in ("ec2:AttachInternetGateway", "ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress", "ec2:CreateRoute", "ec2:ModifyVpcAttribute", "ec2:ReplaceRoute", "elasticloadbalancing:ModifyTargetGroup", "elasticloadbalancing:RegisterTargets"):  # fmt: skip
        assert found[action] == [(["*"], OWN_TAG)], action
