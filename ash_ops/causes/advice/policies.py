"""Policies that allow what was refused, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from ash_ops.patterns import regex

STATEMENTS: Final = 20
"""Statements of a policy that is shown: IAM's own limit of an inline policy is some 2,000 characters."""


UNNAMED: Final = "<resource>"
"""What stands in a policy for a resource that the text does not name."""


_CALLS_OF_ONE: Final = r"(?:perform:? ?|API: |permission to call )(?:iam:(?!List|CreateServiceLinked|GetAccount|Generate)|secretsmanager:(?!List|GetRandom)|kms:(?!List|CreateKey)|s3:(?!ListAll|CreateBucket)|ssm:(?:Get|Put)Parameter|(?:sqs|sns|dynamodb|lambda):(?!List))"
_OF_ONE_THING: Final = regex(_CALLS_OF_ONE)
"""Calls for one thing each: a right on all of them is more than was refused, also where the text does not name it."""
_ROLE: Final = regex(r"on resource: role ([\w+=,.@-]{1,64})(?=[\s.]|$)")
_OWN_ACCOUNT: Final = regex(r"User: arn:(aws[a-z-]{0,10}):(?:iam|sts)::(\d{12}):")


_STREAM: Final = regex(
    r"on resource: ?\"?(arn:aws[a-z-]{0,10}:logs:[\w-]{1,20}:\d{12}:log-group:[\w./#-]{1,300}:log-stream:)[\w/]"
)


def of_a_stream(text: str) -> str:
    """All streams of the log group that an action was refused on, or nothing: each run of a function has its own."""
    stream = _STREAM.search(text)
    return f"{stream.group(1)}*" if stream else ""


def of_no_arn(asked: str, around: str) -> str:
    """The resource of a call of which the text has no ARN: a role by its name, else one to fill in, or all.

    Args:
        asked: the text from the call on.
        around: the whole text, which names who called.
    """
    role, account = _ROLE.search(asked), _OWN_ACCOUNT.search(around)
    if role and account:
        return f"arn:{account.group(1)}:iam::{account.group(2)}:role/{role.group(1).rstrip('.')}"
    return UNNAMED if _OF_ONE_THING.match(asked) else "*"


def policy(refused: Iterable[tuple[str, str]]) -> str:
    """A policy that allows just what was refused."""
    statements = [
        {"Effect": "Allow", "Action": action, "Resource": resource}
        for action, resource in dict.fromkeys(refused)
    ]
    document = {"Version": "2012-10-17", "Statement": statements}
    return json.dumps(document, separators=(",", ":"))


def granting_both(names: Mapping[str, str], others: Mapping[str, str]) -> Mapping[str, str]:
    """Names whose policy also allows what others were refused, where it was the same who asked."""
    own, more = names.get("policy"), others.get("policy")
    if not own or not more or own == more or names.get("principal") != others.get("principal"):
        return names
    document = json.loads(own)
    statements = document["Statement"]
    statements.extend(s for s in json.loads(more)["Statement"] if s not in statements)
    document["Statement"] = statements[:STATEMENTS]
    return {**names, "policy": json.dumps(document, separators=(",", ":"))}
