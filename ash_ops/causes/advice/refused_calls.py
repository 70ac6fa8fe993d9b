"""Which action was refused, where an SDK names the call and not the action of IAM."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ash_ops.patterns import regex

_REFUSED: Final = ("AccessDenied", "UnauthorizedOperation", "Access Denied", "not authorized")
_OF_GO: Final = regex(r"\boperation error ([A-Z][A-Za-z0-9 ]{1,40}): ([A-Z][A-Za-z]{3,60})(?=[,:])")
"""The SDK for Go, from its second version on: the service by its id, and the operation."""
_OF_A_ROLE: Final = regex(r"\bpermissions to call ([A-Z][A-Za-z]{3,60}) on (EC2)\b")
"""Lambda, of the role of a function."""
_PREFIXES: Final = {
    "ACM": "acm",
    "Application Auto Scaling": "application-autoscaling",
    "Auto Scaling": "autoscaling",
    "CloudFormation": "cloudformation",
    "CloudWatch": "cloudwatch",
    "CloudWatch Logs": "logs",
    "DynamoDB": "dynamodb",
    "EC2": "ec2",
    "ECR": "ecr",
    "ECS": "ecs",
    "EFS": "elasticfilesystem",
    "EKS": "eks",
    "Elastic Load Balancing": "elasticloadbalancing",
    "Elastic Load Balancing v2": "elasticloadbalancing",
    "IAM": "iam",
    "KMS": "kms",
    "Lambda": "lambda",
    "RDS": "rds",
    "Route 53": "route53",
    "SNS": "sns",
    "SQS": "sqs",
    "SSM": "ssm",
    "STS": "sts",
    "Secrets Manager": "secretsmanager",
    "ServiceDiscovery": "servicediscovery",
}
"""The prefix of IAM's actions by a service's id; of S3 the actions have other names than the calls."""


def refused_call(text: str) -> Iterator[tuple[str, str]]:
    """The action that an SDK's error speaks of, with its placeholders; nothing where none was refused."""
    if role := _OF_A_ROLE.search(text):
        yield "action", f"{role.group(2).lower()}:{role.group(1)}"
        yield "action-name", f"{role.group(2).lower()}-{role.group(1)}"
    if "operation error " not in text or not any(words in text for words in _REFUSED):
        return
    if (called := _OF_GO.search(text)) and (prefix := _PREFIXES.get(called.group(1))):
        yield "action", f"{prefix}:{called.group(2)}"
        yield "action-name", f"{prefix}-{called.group(2)}"
