"""Words and steps that several causes of this package share."""

from typing import Final

from ash_ops.causes.base import Step
from ash_ops.causes.catalogue.access.plainly_said import ASK_OF_THE_BUCKET

MODEL_ACCESS: Final = "access to the model with the specified model id|model access is denied|access to the model is denied|account is not authorized to access this model|account is not authorized to invoke this api operation|operation: operation not allowed"
"""What Bedrock says of a model that the account was not given, whatever its policies allow."""

SEEN_IN_IDENTITY_CENTER: Final = (
    Step(
        "Identity Center keeps its roles under a path that a session does not tell: look for the whole ARN, and ask IAM for that one (aws iam simulate-principal-policy)",
        "aws iam list-roles --path-prefix /aws-reserved/sso.amazonaws.com/ --query 'Roles[].Arn'",
        when="assumed-role/awsreservedsso_",
        decides=True,
    ),
)

DENIAL_PROOF: Final = (
    *SEEN_IN_IDENTITY_CENTER,
    Step(
        "Ask IAM as the role or user that was refused (of a session, as its role)",
        "aws iam simulate-principal-policy --policy-source-arn <principal> --action-names <action>",
    ),
    Step(
        "Read whom the role trusts",
        "aws iam get-role --role-name <role> --query Role.AssumeRolePolicyDocument",
        when="assumerolewithwebidentity",
    ),
    Step(
        "See which models that region has",
        "aws bedrock list-foundation-models --query 'modelSummaries[].[modelId,modelLifecycle.status]'",
        when=MODEL_ACCESS,
    ),
    *ASK_OF_THE_BUCKET,
    Step(
        "EC2 hides action, resource and the statement that denies in that message: decode it, as somebody who may",
        "aws sts decode-authorization-message --encoded-message <encoded-message>",
        when="encoded authorization failure message",
    ),
)

NO_REGION: Final = r"\.(?:us|eu|ap|ca|sa|me|af|il|mx|cn)(?:-(?!(?:gov-|iso[a-z]?-)?(?:north|south|east|west|central|northeast|southeast|northwest|southwest)-\d\.)[a-z0-9_-]{0,24}|[_a-z][a-z0-9_-]{2,20}-?\d)\.amazonaws"
"""The address of a service in a region that is written as none is: ``ecs.ap-southeest-1.amazonaws.com``."""

OF_NO_REGION: Final = r"\b(?:s3|sts|iam|route53|cloudfront|organizations)\.amazonaws\.com\b(?!.*(?:no such host|resolv|resolution|getaddrinfo|enotfound|servname|service not known))"
"""A host that serves all regions, where its name resolved."""

LOG_BUCKET: Final = Step(
    "The load balancer may not write to the bucket of its logs: let the bucket's policy allow s3:PutObject under AWSLogs/ to logdelivery.elasticloadbalancing.amazonaws.com (for a network load balancer delivery.logs.amazonaws.com), and encrypt it with SSE-S3",
    "aws s3api get-bucket-policy --bucket <bucket>",
    when="access denied for bucket",
    decides=True,
)
"""Who makes the balancer may do so; it is the balancer itself that the bucket refuses."""

UNPAID: Final = Step(
    "The account has no payment method that AWS Marketplace takes, by which that model is sold: add or repair it in Billing (of the organisation: in the account that pays), then ask for access again",
    when="invalid_payment_instrument|valid payment instrument",
    decides=True,
)
"""Bedrock refuses a model, whatever the policies say."""

_NAMED: Final = "(?:perform:? ?|api: |permission to call )[a-z0-9-]{2,40}:[a-z]"
"""Where AWS names the action that it refused."""

ALLOW_ACTION: Final = (
    Step(
        "A policy denies it expressly, which no allow outweighs: find the Deny and take it out, or work as another role",
        "aws iam list-attached-role-policies --role-name <role>",
        when="~^(?!.*:user/).*explicit deny",
    ),
    Step(
        "A policy denies it expressly, which no allow outweighs: find the Deny and take it out, or work as another user",
        "aws iam list-attached-user-policies --user-name <user>",
        when="~^(?=.*:user/).*explicit deny",
    ),
    Step(
        "IAM Identity Center gives this role out: let its permission set allow <action> on <resource>.",
        when=f"~^(?=.*awsreservedsso_)(?!.*explicit deny).*{_NAMED}",
    ),
    Step(
        "Allow just this action to the user",
        "aws iam put-user-policy --user-name <user> --policy-name allow-<action-name> --policy-document '<policy>'",
        when=f"~^(?=.*:user/)(?!.*explicit deny).*{_NAMED}",
    ),
    Step(
        "Allow just this action to the role",
        "aws iam put-role-policy --role-name <role> --policy-name allow-<action-name> --policy-document '<policy>'",
        when=f"~^(?!.*(?:awsreservedsso_|:user/|explicit deny)).*{_NAMED}",
    ),
)
"""Steps for a message that names the action: a policy that holds it."""
