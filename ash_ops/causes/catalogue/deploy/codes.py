"""What AWS says of a call in the code alone: the sentence beside it names no reason."""

from typing import Final

from ash_ops.causes.base import Rank, Step, says

SENT_BEFORE: Final = (
    r"~\bclient ?token\b.{0,60}\b(?:already in use with a different|was already used)\b|"
    r"\bidempotent request are inconsistent\b|\bidempotentparametermismatch\b"
)
"""The token of another request, sent again with this one."""

OF_CODE_DEPLOY: Final = (
    "with a code_deploy deployment controller|deployment controller is code_deploy"
)

CODES_OF_VALUES: Final = (
    # Load balancers, EFS, ACM, IAM and the Parameter Store, of a value that they do not take.
    says(
        "invalidscheme|unsupportedprotocol|incompatibleprotocols|availabilityzonesmismatch|invaliddomainvalidationoptions|policynotattachable|parameterpatternmismatch",
        rank=Rank.DECISIVE,
        kinds="api_error cfn_event log_line",
    ),
    says("malformedpolicydocument", "syntax error", rank=Rank.CLEAR),
    says("token|idempotent", SENT_BEFORE, rank=Rank.PRECISE),
    says(OF_CODE_DEPLOY, rank=Rank.PRECISE),
    says("is not within the vpc", "invalidtarget|ip address", rank=Rank.PRECISE),
    # ECS of a network configuration or a strategy that the call lacks, the Parameter Store of a long value.
    says(
        "network configuration must be provided|network configuration is not valid for|no cluster capacity providers match|standard tier parameters support|the policy is not in the valid json format",
        rank=Rank.PRECISE,
    ),
)
"""What is not valid, by AWS's own word for it."""

STEPS_BY_CODE: Final = (
    Step(
        "The token was used for another request before: take a new one (or none), or repeat the first request as it was",
        when=SENT_BEFORE,
        decides=True,
    ),
    Step(
        "The target's address must be of the target group's VPC: register it in a group of its own VPC, or correct the address",
        "aws elbv2 describe-target-groups --target-group-arns <target-group> --query 'TargetGroups[].VpcId'",
        when="is not within the vpc",
        decides=True,
    ),
    Step(
        "A task in network mode awsvpc wants subnets and security groups (awsvpcConfiguration); in another mode it takes none",
        "aws ecs describe-task-definition --task-definition <family> --query taskDefinition.networkMode",
        when="network configuration must be provided",
        decides=True,
    ),
    Step(
        "The cluster has no such capacity provider: let the strategy name those of the cluster, or add it to them",
        "aws ecs describe-clusters --clusters <cluster> --query 'clusters[].capacityProviders'",
        when="no cluster capacity providers match",
        decides=True,
    ),
    Step(
        "Standard parameters hold 4 KB: put it as an advanced one (8 KB, it costs), or into Secrets Manager",
        when="standard tier parameters support",
        decides=True,
    ),
    Step(
        "A file system of one zone (One Zone) takes one mount target, in a subnet of that zone: name a subnet there, or make a regional file system",
        "aws efs describe-file-systems --file-system-id <file-system> --query 'FileSystems[].AvailabilityZoneName'",
        when="availabilityzonesmismatch",
        decides=True,
    ),
)
"""What to do about it."""
