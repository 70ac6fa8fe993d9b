"""Quotas that a message names, each with its code.

Source: Service Quotas, ``aws service-quotas list-service-quotas`` of ``ec2``, ``vpc``, ``elasticloadbalancing``,
``rds``, ``iam`` and ``s3``.
"""

from typing import Final

from ash_ops.causes.base import Rank, Signature, Step, says
from ash_ops.causes.catalogue.answers_by_code import FULL_BY_CODE


def _more(why: str, service: str, code: str, when: str) -> Step:
    """The step that asks for more of a quota."""
    command = f"aws service-quotas request-service-quota-increase --service-code {service} --quota-code {code} --desired-value <value>"
    return Step(f"{why}: quota {code} of {service}", command, f"~{when}", decides=True)


_ADDRESSES: Final = r"\baddresslimitexceeded\b|\bmaximum number of addresses\b"
_VPCS: Final = r"\bvpclimitexceeded\b|\bmaximum number of vpcs\b"

UNUSED_ADDRESSES: Final = (
    Step(
        "List the addresses that nothing uses",
        "aws ec2 describe-addresses --query 'Addresses[?AssociationId==null].[PublicIp,AllocationId]'",
        when=f"~{_ADDRESSES}",
    ),
    Step(
        "List the VPCs of the region",
        "aws ec2 describe-vpcs --query 'Vpcs[].[VpcId,IsDefault,Tags]'",
        when=f"~{_VPCS}",
    ),
)
"""What may be given back instead."""

QUOTAS: Final = (
    Step(
        "No request raises that bound: take tags off the resource (of a tool those which it adds by itself, too)",
        when=r"~\btoomanytags|\bno more than 50 tags\b",
        decides=True,
    ),
    Step(
        "The service has a deployment group already: name that one in the deployment, or delete it first",
        "aws deploy list-applications",
        when="ecsservicemappinglimitexceeded",
        decides=True,
    ),
    Step(
        "It is AWS that has no room there at the moment, and no quota: try again later, ask for less, or let it be made in other zones (of a database by its subnet group)",
        when=r"~\binsufficient(?:storagecluster|throughput)\w{0,3}capacity\b",
        decides=True,
    ),
    Step(
        "A parameter keeps 100 versions, and the oldest one has a label, so it is not dropped: move that label to a newer version, then put the value again",
        "aws ssm get-parameter-history --name <parameter> --query 'Parameters[?Labels].[Version,Labels]'",
        when="parametermaxversionlimitexceeded",
        decides=True,
    ),
    Step(
        "CodeBuild runs and queues only so many builds for this account: wait until the others have ended, or ask for more builds at once (Concurrently running builds)",
        "aws service-quotas list-service-quotas --service-code codebuild --query 'Quotas[].[QuotaName,QuotaCode,Value]'",
        when=r"~\bbuilds in queue for the account\b",
        decides=True,
    ),
    Step(
        "Delete parameters that nobody reads (10,000 of the standard tier in an account and region), or let new ones be of the advanced tier, which costs",
        "aws ssm describe-parameters --query 'Parameters[].[Name,Tier,LastModifiedDate]'",
        when="parameterlimitexceeded",
        decides=True,
    ),
    Step(
        "The repository is full: let a lifecycle policy expire old images, or delete those that nothing runs; untagged ones first",
        "aws ecr describe-images --repository-name <repository> --query 'sort_by(imageDetails,&imagePushedAt)[:20].[imageTags,imagePushedAt]'",
        when="maximum allowed number of images",
        decides=True,
    ),
    Step(
        "CloudWatch Logs admits ten resource policies a region, which no request raises: list them, and let one policy cover several groups (API Gateway, OpenSearch and Route 53 each like to make one)",
        "aws logs describe-resource-policies --query 'resourcePolicies[].policyName'",
        when=r"~^(?=.*\bresource limit exceeded\b).*(?:\bservice: (?:amazon)?cloudwatchlogs\b|\bservice: awslogs\b)",
        decides=True,
    ),
    Step(
        "Ask for more by its code, which is in this list (of IAM in us-east-1), or delete what nobody uses",
        'aws service-quotas list-service-quotas --service-code iam --region us-east-1 --query "Quotas[].[QuotaName,QuotaCode,Value,Adjustable]"',
        when=r"~\b(?:instanceprofiles|groups|users|policies|servercertificates)peraccount\b|\battachedpoliciesper\w{4,6}\b",
        decides=True,
    ),
    Step(
        "Delete rules that nobody needs, put them on another event bus, or ask for more by the code in this list",
        'aws service-quotas list-service-quotas --service-code events --query "Quotas[].[QuotaName,QuotaCode,Value,Adjustable]"',
        when=r"~\bcloudwatch event rule\b.{0,40}\blimitexceeded|\beventbridge rule\b.{0,80}\blimitexceeded",
        decides=True,
    ),
    Step(
        "That many requests for more are open already, which is a quota, too: see them, wait until they are answered, then run it again",
        "aws service-quotas list-requested-service-quota-change-history --query 'RequestedQuotas[].[ServiceCode,QuotaCode,Status,DesiredValue]'",
        when=r"~\bincreasing service quota\b.{0,200}\bquotaexceeded",
        decides=True,
    ),
    Step(
        "Take target groups that nothing uses off the balancer, use another balancer, or ask for more",
        "aws service-quotas list-service-quotas --service-code elasticloadbalancing",
        when=r"~\btoomany(?:unique)?targetgroups",
    ),
    Step(
        "IAM takes no longer policy: move statements into managed policies of their own, or say them shorter",
        when="maximum policy size|policysize|aclsizeperrole",
    ),
    _more(
        "Release an address that nobody needs, or ask for more (EC2-VPC Elastic IPs, 5 a region)",
        "ec2",
        "L-0263D0A3",
        _ADDRESSES,
    ),
    _more(
        "Use a VPC that is there, delete one that nobody needs, or ask for more (5 a region)",
        "vpc",
        "L-F678F1CE",
        _VPCS,
    ),
    _more(
        "Delete network interfaces that nothing uses, or ask for more of them in the region",
        "vpc",
        "L-DF5E4CA3",
        r"\bnetworkinterfacelimitexceeded\b",
    ),
    _more(
        "Take rules out, let one rule name a security group or a prefix list in place of many addresses, or ask for more (60 a group and direction)",
        "vpc",
        "L-0EA8095F",
        r"\brulespersecuritygrouplimitexceeded\b|\bmaximum number of rules per security group\b",
    ),
    _more(
        "Delete NAT gateways that nobody needs, share one, or ask for more (5 a zone)",
        "vpc",
        "L-FE5A380F",
        r"\bnatgatewaylimitexceeded\b|\bnumber of nat gateways\b|\blimit of \d{1,4} nat gateways\b",
    ),
    _more(
        "Delete internet gateways that nobody needs, or ask for more (5 a region; it grows with that of VPCs)",
        "vpc",
        "L-A4707A72",
        r"\binternetgatewaylimitexceeded\b|\bmaximum number of internet gateways\b",
    ),
    _more(
        "Delete security groups that nobody needs, or ask for more of them in the region",
        "vpc",
        "L-E79EC296",
        r"(?<!rulesper)\bsecuritygrouplimitexceeded\b|\bmaximum number of security groups\b",
    ),
    _more(
        "Delete subnets that nobody needs, or ask for more of them in a VPC",
        "vpc",
        "L-407747CB",
        r"\bsubnetlimitexceeded\b|\bmaximum number of subnets\b",
    ),
    _more(
        "Delete load balancers that nobody needs, or ask for more (of Application Load Balancers L-53DA6B97, of Network Load Balancers the one named here)",
        "elasticloadbalancing",
        "L-69A177A2",
        r"\btoomanyloadbalancers\b|\bmaximum number of load balancers\b",
    ),
    _more(
        "Delete databases that nobody needs, or ask for more of them in the region",
        "rds",
        "L-7B6409FD",
        r"\binstancequotaexceeded|\bdb ?instance ?quota\b",
    ),
    _more(
        "Delete roles that nobody needs, or ask for more of them in the account (IAM's quotas are those of us-east-1)",
        "iam",
        "L-FE177D64",
        r"\brolesperaccount\b",
    ),
    _more(
        "Delete buckets that nobody needs, or ask for more of them in the account",
        "s3",
        "L-DC2B2D3D",
        r"\btoomanybuckets\b|\bmore buckets than allowed\b",
    ),
)
"""What to give up, or how to ask for more."""

_SOME_QUOTA: Final = r"~\b(?:\w{2,30}limitsexceeded(?:exception)?|exceeding resource limits|limitexceededexception)\b"

SOME_QUOTA: Final = (
    Step(
        "A quota of that service is reached: see what of its kind is there and unused, or ask for more by the code in the list (ServiceCode: aws service-quotas list-services)",
        "aws service-quotas list-service-quotas --service-code <service-code> --query 'Quotas[].[QuotaName,QuotaCode,Value,Adjustable]'",
        when=_SOME_QUOTA,
        decides=True,
    ),
)

NO_ROOM: Final[tuple[Signature, ...]] = (
    says("attempted to create more buckets than allowed", rank=Rank.PRECISE),
    *FULL_BY_CODE,
)
"""What AWS says where there is no room, in words and codes of single services."""
