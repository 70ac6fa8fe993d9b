"""What single messages of AWS ask for, which the general steps of their causes do not meet."""

from typing import Final

from ash_ops.causes.base import Step

EXPANDS: Final = (
    Step(
        "The template has a macro (Transform) or nested stacks with one: say that you take what they make of it, beside the roles that the stack makes",
        "aws cloudformation deploy --stack-name <stack> --template-file <template> --capabilities CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND",
        when="capability_auto_expand",
        decides=True,
    ),
)
"""The capability which that of IAM does not hold."""

_ACCOUNTS: Final = "aws sts get-caller-identity"
_ANOTHER_ACCOUNT: Final = (
    r"~\bcross-account pass ?role\b|\bcannot pass roles? (?:across|of other) accounts?\b"
)
_LINKED: Final = "has been taken in this account"
_NAMED_ROLE: Final = (
    r"~\b(?:entityalreadyexists|role with name)\b(?!.{0,80}\bash[-_])(?=.{0,200}\brole\b)"
)

ACCOUNT_OF_THE_CALLER: Final = (
    Step(
        "See of which account the credentials are, and compare it with the one in the role's ARN",
        _ACCOUNTS,
        when=_ANOTHER_ACCOUNT,
        decides=True,
    ),
)

OF_ANOTHER_ACCOUNT: Final = (
    Step(
        "No policy allows it: a role is handed over within its own account only. Name a role of the account that is called (the ARN that is configured holds another account's number), or call with the credentials of the role's account (profile, secrets of the workflow)",
        _ACCOUNTS,
        when=_ANOTHER_ACCOUNT,
        decides=True,
    ),
)
"""A role that was named by the ARN of another account."""

LOOK_FOR_THE_ROLE: Final = (
    Step(
        "Ask for the role: IAM has it since some service or stack made it, and tells of no owner",
        "aws iam get-role --role-name <role> --query 'Role.[Arn,CreateDate,Description,Tags]'",
        when=f"{_NAMED_ROLE}|{_LINKED}",
        decides=True,
    ),
)

ROLES_TAKEN: Final = (
    Step(
        "The service's own role is there already, once for the account: take it out of the template or the files, or import it into the state; nothing is to be deleted",
        "aws iam get-role --role-name <role>",
        when=_LINKED,
        decides=True,
    ),
    Step(
        "IAM has a role of that name: let the tool use it (most have an option for an existing role), import it, or give the new one another name; delete it only once nobody needs it",
        "aws iam get-role --role-name <role>",
        when=_NAMED_ROLE,
        decides=True,
    ),
)
"""Roles whose names are taken."""

OF_IAMS_CERTIFICATES: Final = (
    Step(
        "It is a certificate that was uploaded to IAM: list those, of this account and partition",
        "aws iam list-server-certificates --query 'ServerCertificateMetadataList[].[Arn,Expiration]'",
        when=":server-certificate/",
        decides=True,
    ),
)

UPLOADED_CERTIFICATES: Final = (
    Step(
        "Name one that is there: the ARN holds the account and the path under which it was uploaded, and a new one needs some seconds until the balancer sees it; or take one of ACM",
        "aws iam list-server-certificates --query 'ServerCertificateMetadataList[].[Arn,Expiration]'",
        when=":server-certificate/",
        decides=True,
    ),
)
"""Certificates that ACM does not list."""

BEHIND_ANOTHER: Final = (
    Step(
        "A load balancer is a target only once it has a listener on the group's port: make that listener first, and let the registration wait for it (DependsOn, depends_on)",
        "aws elbv2 describe-listeners --load-balancer-arn <load-balancer> --query 'Listeners[].[Protocol,Port]'",
        when="if the target type is alb",
        decides=True,
    ),
    Step(
        "AWS gave no reason with it: CloudTrail has the whole answer of that call, some minutes later",
        "aws cloudtrail lookup-events --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --query \"Events[?contains(CloudTrailEvent,'errorCode')].[EventTime,EventName,CloudTrailEvent]\"",
        when=r"~\b(?:invalidparameter|client|validation)(?:error|exception): {1,2}[\"'][\w.-]{1,120}[\"']\W{0,4}$",
        decides=True,
    ),
    Step(
        "Subnets and zones are both given, and do not fit: leave AvailabilityZones out of the group (its subnets tell the zones), or name the zones that the subnets are in",
        "aws ec2 describe-subnets --query 'Subnets[].[SubnetId,AvailabilityZone]'",
        when=r"~\bavailability zones of the specified subnets and the auto ?scaling ?group do not match\b",
        decides=True,
    ),
)
"""Balancers, services and groups whose message has the whole reason, or none."""
