"""Which policy denied a call: IAM says it in its message, and only that policy can allow it.

Source: IAM User Guide, "Troubleshoot access denied error messages", which lists the wording for each
kind of policy, for denials by a statement and for want of one.
"""

from __future__ import annotations

from typing import Final

from ash_ops.patterns import regex

CALLED: Final = (
    "acm",
    "application-autoscaling",
    "autoscaling",
    "backup",
    "backup-storage",
    "bedrock",
    "budgets",
    "ce",
    "cloudformation",
    "cloudtrail",
    "cloudwatch",
    "codebuild",
    "codeconnections",
    "codedeploy",
    "codepipeline",
    "codestar-connections",
    "ec2",
    "ec2messages",
    "ecr",
    "ecr-public",
    "ecs",
    "elasticfilesystem",
    "elasticloadbalancing",
    "events",
    "guardduty",
    "health",
    "iam",
    "kms",
    "lambda",
    "logs",
    "organizations",
    "pricing",
    "rds",
    "resource-groups",
    "route53",
    "s3",
    "savingsplans",
    "secretsmanager",
    "service-quotas",
    "servicediscovery",
    "servicequotas",
    "sns",
    "ssm",
    "ssmmessages",
    "sso",
    "states",
    "sts",
    "tag",
    "wafv2",
)
"""The prefixes of IAM actions that a deployment of Ash, what deploys it or what looks at it may call."""

# What the message says -> what to do; the first that occurs decides.
_DENIERS: Final = (
    (
        "awscompromisedkeyquarantine",
        (
            "The access key was found in public, and AWS attached that policy: make the key inactive, "
            "look in CloudTrail at what it did, make another, and then detach the policy."
        ),
    ),
    (
        "service control policy|service control policies|organizations policy",
        (
            "An organisation's service control policy denies it: no policy of the role can allow it. "
            "Ask the organisation's administrator, or use another account or region."
        ),
    ),
    (
        "resource control policy|resource control policies",
        (
            "An organisation's resource control policy denies it: no policy of the role can allow it. "
            "Ask the organisation's administrator."
        ),
    ),
    (
        "permissions boundary|permission boundary",
        (
            "The role's permissions boundary does not allow it, and no other policy of the role can: "
            "have the action added to the boundary, by whoever owns it."
        ),
    ),
    (
        "session policy|session policies",
        "The policy of the session does not allow it: whoever makes the session must allow it there.",
    ),
    (
        "vpc endpoint policy|endpoint policy",
        "The policy of the VPC endpoint does not allow it: allow the action there.",
    ),
    (
        "resource-based policy",
        (
            "The policy of the thing itself (the secret, the key, the repository) does not allow it: "
            "allow the role there."
        ),
    ),
    (
        # EC2 of an address or interface that its own services made: no policy of the caller counts.
        "permission to access the specified resource",
        (
            "A service of AWS holds it (a load balancer or a NAT gateway its address), and no right of yours helps: "
            "delete that first, wait until it is gone, and try again."
        ),
    ),
    (
        "explicit deny|explicitly denied",
        "A statement denies it, and no other can allow it: find it on the role or user, and lift it.",
    ),
)


_REFUSED: Final = regex(
    r"(?<=perform: )[a-z0-9-]{2,40}:[a-z*]{3,60}|(?<=api: )[a-z0-9-]{2,40}:[a-z*]{3,60}"
    r"|(?<=allows the )[a-z0-9-]{2,40}:[a-z*]{3,60}(?= action)|(?<=calling the )[a-z]{3,60}(?= operation)"
)
"""The name of the call that was refused."""


def without_call(folded: str) -> str:
    """A refusal (folded) without the name of its call, which tells what was wanted and not what is wrong."""
    refused = "not authorized to perform" in folded or "accessdenied" in folded
    return _REFUSED.sub("", folded) if refused else folded


def denier(text: str) -> str | None:
    """What to do about a denial that the role's own policies cannot lift; ``None`` for any other."""
    folded = " ".join(text.lower().split())
    if ":aws:transform/" in folded:  # a macro of AWS has no policy: the caller's own must allow it
        return None
    for words, advice in _DENIERS:
        if any(word in folded for word in words.split("|")):
            return advice
    return None


_WITHOUT_POLICY: Final = ("cloudformation", "ecs", "ec2", "elasticloadbalancing", "rds", "iam")
"""Services whose things have no policy of their own that admits other accounts."""
_TWO_ACCOUNTS: Final = regex(
    r"arn:aws[\w-]{0,10}:(?:iam|sts)::(\d{12}):\S{1,200} is not authorized to perform: [\w:-]{3,80} on resource: ?\"?arn:aws[\w-]{0,10}:[\w-]{2,30}:[\w-]{0,20}:(?!\1)\d{12}:"
)


def of_another_account(text: str) -> str:
    """What to do where the thing is of another account than who asked; nothing where it is of the same."""
    folded = " ".join(text.lower().split())
    if not _TWO_ACCOUNTS.search(folded):
        return ""
    if any(f"perform: {service}:" in folded for service in _WITHOUT_POLICY):
        return "It belongs to another account, and nothing there can admit a caller from outside: take a role of that account which trusts the caller, or call with a profile of that account"
    return "It belongs to another account: the policy of the thing itself, in that account, must admit the caller, too; a policy of the caller alone helps nobody"


_OF_THINGS: Final = (
    (
        " ecr:",
        "aws ecr get-repository-policy --registry-id <registry-id> --repository-name <repository>",
    ),
    (" secretsmanager:", "aws secretsmanager get-resource-policy --secret-id <secret>"),
    (" kms:", "aws kms get-key-policy --key-id <key> --policy-name default"),
    (" s3:", "aws s3api get-bucket-policy --bucket <bucket>"),
)
"""Which look-up shows a thing's own policy, by the call that it refused."""


def of_the_thing(text: str) -> str:
    """The look-up of the policy of the thing itself, where that is what denied a call; else nothing."""
    folded = " ".join(text.lower().split())
    if "resource-based policy" not in folded and not _TWO_ACCOUNTS.search(folded):
        return ""
    return next((command for call, command in _OF_THINGS if f"perform:{call}" in folded), "")
