"""Whose service-linked role a text speaks of: each service of AWS has its own, and makes it under its own name.

Sources: the IAM user guide, "AWS services that work with IAM", and the page on service-linked roles of each service.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ash_ops.patterns import regex

_SPOKEN_OF: Final = ("service-linked", "service linked", "erviceLinked", "ServiceRoleFor")
"""How a text speaks of such a role: without one of these nothing is looked for."""
_PRINCIPAL: Final = regex(
    r"\b(?:role/aws-service-role/|--aws-service-name[= ]['\"]?|AWSServiceName['\"]?: ?\[?['\"])([a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,40})?\.amazonaws\.com)\b"
)
"""The service's own name, where the text has it: in the role's path, in a condition, on a command line."""
_ROLE: Final = regex(r"\b(AWSServiceRoleFor[A-Za-z0-9]{2,60}(?:_[A-Za-z0-9]{2,60})?)(?![\w-])")

# What the text says -> the service's name, the role's name. The first that is found counts.
SERVICES: Final = (
    (r"AWSServiceRoleForECS(?![A-Za-z0-9])", "ecs.amazonaws.com", "AWSServiceRoleForECS"),
    (
        r"AWSServiceRoleForElasticLoadBalancing|\bElasticLoadBalancing(?:V2)?\b|\bElastic Load Balancing\b",
        "elasticloadbalancing.amazonaws.com",
        "AWSServiceRoleForElasticLoadBalancing",
    ),
    (
        r"AWSServiceRoleForApplicationAutoScaling_ECSService|\b(?:AWS)?ApplicationAutoScaling\b|\bApplication Auto ?Scaling\b",
        "ecs.application-autoscaling.amazonaws.com",
        "AWSServiceRoleForApplicationAutoScaling_ECSService",
    ),
    (
        r"AWSServiceRoleForAutoScaling|\b(?:Amazon)?AutoScaling\b|\bAuto Scaling\b",
        "autoscaling.amazonaws.com",
        "AWSServiceRoleForAutoScaling",
    ),
    (
        r"AWSServiceRoleForEC2SpotFleet|(?i:\bspot ?fleet\b)",
        "spotfleet.amazonaws.com",
        "AWSServiceRoleForEC2SpotFleet",
    ),
    (
        r"AWSServiceRoleForEC2Spot\b|(?i:\bspot instances?\b)",
        "spot.amazonaws.com",
        "AWSServiceRoleForEC2Spot",
    ),
    (
        r"AWSServiceRoleForRDS|\b(?:Amazon)?RDS\b|\bAWS::RDS::",
        "rds.amazonaws.com",
        "AWSServiceRoleForRDS",
    ),
    (
        r"AWSServiceRoleForElastiCache|\b(?:Amazon)?ElastiCache\b",
        "elasticache.amazonaws.com",
        "AWSServiceRoleForElastiCache",
    ),
    (
        r"AWSServiceRoleForAmazonElasticFileSystem|\b(?:Amazon)?ElasticFileSystem\b|\b(?:Amazon )?EFS\b",
        "elasticfilesystem.amazonaws.com",
        "AWSServiceRoleForAmazonElasticFileSystem",
    ),
    (
        r"AWSServiceRoleForAmazonOpenSearchService|(?i:\bopensearch)",
        "opensearchservice.amazonaws.com",
        "AWSServiceRoleForAmazonOpenSearchService",
    ),
    (
        r"AWSServiceRoleForAmazonElasticsearchService|(?i:\belasticsearch|\bamazon es\b)",
        "es.amazonaws.com",
        "AWSServiceRoleForAmazonElasticsearchService",
    ),
    (
        r"AWSServiceRoleForAmazonEKSNodegroup|\bAWS::EKS::Nodegroup\b|(?i:\beks node ?groups?\b)",
        "eks-nodegroup.amazonaws.com",
        "AWSServiceRoleForAmazonEKSNodegroup",
    ),
    (
        r"AWSServiceRoleForAmazonEKS(?![A-Za-z])|\b(?:Amazon)?EKS\b",
        "eks.amazonaws.com",
        "AWSServiceRoleForAmazonEKS",
    ),
    (
        r"AWSServiceRoleForAPIGateway|\b(?:Amazon)?Api ?Gateway\b",
        "ops.apigateway.amazonaws.com",
        "AWSServiceRoleForAPIGateway",
    ),
    (r"AWSServiceRoleForBatch|\bAWS Batch\b|\bAWSBatch\b", "batch.amazonaws.com", "AWSServiceRoleForBatch"),
    (
        r"AWSServiceRoleForWAFV2Logging|\bWAFV2\b",
        "wafv2.amazonaws.com",
        "AWSServiceRoleForWAFV2Logging",
    ),
    (
        r"AWSServiceRoleForLambdaReplicator|\bLambda@Edge\b",
        "replicator.lambda.amazonaws.com",
        "AWSServiceRoleForLambdaReplicator",
    ),
    (r"\bECS\b|\bAmazonECS\b|\bFargate\b", "ecs.amazonaws.com", "AWSServiceRoleForECS"),
)  # fmt: skip
_COMPILED: Final = tuple((regex(said), service, role) for said, service, role in SERVICES)
_BEGINNING: Final = 4_000
"""Characters of a text in which the service is looked for."""


def linked_roles(text: str) -> Iterator[tuple[str, str]]:
    """The service whose role a text speaks of, and that role, each with its placeholder.

    Args:
        text: a message, or all that was pasted.
    """
    seen = text[:_BEGINNING]
    if not any(words in seen for words in _SPOKEN_OF):
        return
    principal, role = _PRINCIPAL.search(seen), _ROLE.search(seen)
    for said, service, its_role in _COMPILED:
        if principal is None and role is None and not said.search(seen):
            continue
        if principal is not None and principal.group(1) != service:
            continue
        if principal is None and role is not None and role.group(1) != its_role:
            continue
        yield "linked-service", service
        yield "linked-role", its_role
        return
    if principal is not None:
        yield "linked-service", principal.group(1)
    if role is not None:
        yield "linked-role", role.group(1)
