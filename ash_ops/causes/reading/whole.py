"""Whether a name stands whole in what was pasted.

A terminal, a mail or a table breaks a name where its line ends, and a paste ends anywhere. A part of
a name is a name of something else: what touches such an edge is no name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ash_ops.causes.reading.widths import hard_joined
from ash_ops.causes.reading.wrappings import unwrapped
from ash_ops.patterns import regex

_MOST: Final = 50
"""Occurrences of a name that are looked at."""
_JOINED: Final = 40_000
"""Characters of a text whose broken lines are put together."""
_BORDERS: Final = "│┃║|>"
_CUT: Final = regex(
    rf"[.,:;/-]*(?:…|\.{{3}}|\\[nrt]|[ \t]*[{_BORDERS}]?[ \t]*(?:[\r\n]|\Z))|[\w+=@#-]|[.,][\w+=@-]"
)
"""What follows a name that goes on, or may: the end of a line, of a cell, of the text."""
_ENDED: Final = regex(
    r"[ \t]*\r?\n(?:[ \t]*\r?\n|An error occurred \(|Error when )|(?:\\n|\r?\n)(?:\\t|[ \t])*status code: \d"
    r"|[ \t]*\r?\n(?:Error response from daemon|Using default tag|Unable to find image|Trying to pull|docker: |Unable to locate |The config profile |Error loading SSO |[\w.-]{1,128}: Pulling from )"
    r"|[ \t]*\r?\n[ \t]{0,8}(?:at [\w.$<]{2,80} ?\(|\[Container\] \d)"
    r"|[ \t]*\r?\n[ \t]{0,20}(?:is not authorized to |on resource: |because no |with an explicit deny)"
    r"|[ \t]*\r?\n(?:[ \t]{2,20}[a-z][a-z-]{2,40}: |Waiting for (?:changeset|stack) )"
    r"|\.efs\.[a-z]{2}"
)
"""A line's end at which no name goes on: an empty line follows, or the answer of the command; a file system's address goes on with the service's name."""
_LAST_STOP: Final = regex(r"\.\s*\Z")
"""A full stop that ends a text ends its last sentence, and the name before it."""
_DOTTED: Final = ("image", "host", "repository", "registry", "file", "domain")
"""Names that hold full stops: one at the end of a text may stand within."""
_WHOLE_ENDS: Final = r"(?::latest|:v?\d{1,4}\.\d{1,4}\.\d{1,6}|@sha256:[0-9a-f]{64}|:secret:\S{1,200}-(?=[A-Za-z]{0,5}[A-Z0-9])[A-Za-z0-9]{6}|-[A-Z0-9]{12,13}|[0-9a-f]{32}|-[0-9a-f]{12}|-\d{4}-\d\d-\d\d)\Z"
_TELLS_ITS_END: Final = regex(_WHOLE_ENDS)
"""How names end whose length is known: CloudFormation's own, ids of tasks and stacks, days."""
_NOTHING_MORE: Final = regex(r"\.(?=\s)|\s*\Z")
_OPENED: Final = regex(rf"(?:^|[\r\n{_BORDERS}]|\\[nrt])[ \t]*\Z")
_GLUED: Final = regex(r"[\w.+=@-]\Z")
_SET: Final = regex(r"(?:(?<!\S)--[a-z-]{2,40}|\b[A-Z][A-Z_]{2,40})=[\"']?\Z")
"""What gives an option or a variable its value: a name begins behind it."""
_PERFORM: Final = regex(r"\bto perform:[ \t]{0,9}\r?\n[ \t]{0,80}\Z")
"""After a colon a line ends, not a name: the action stands whole on the next one."""
_IDENTITY: Final = regex(r"\b(?:role|user)/(?:[\w+=,.@-]{1,64}/){0,4}\Z")
"""What stands in an ARN before the name of a role or a user."""
_SELF_EVIDENT: Final = ("arn:", "sg-", "subnet-", "vpc-", "fs-", "ami-")
"""How names begin that need nothing in front of them."""
_WITHIN: Final = {
    "cluster": "/",
    "stack": "/",
    "role": "/",
    "session": "/",
    "host": "/:",
    "log-group": ":",
    "repository": ":@",
    "registry": "/:",
    "domain": "/:",
    "bucket": "/",
    "registry-id": ":",
}
"""What of an ARN or address may follow a name that is a part of it."""


class Pasted:
    """What was pasted, asked for the names that stand whole in it."""

    def __init__(self, *texts: str) -> None:
        self._texts = [*texts, *(hard_joined(list(unwrapped(t[:_JOINED]))) for t in texts)]

    def holds(self, placeholder: str, value: str) -> bool:
        """Whether a name stands somewhere with its end before and behind it."""
        allowed = _WITHIN.get(placeholder, "")
        if placeholder == "action" and value in _KNOWN_ACTIONS:
            return True
        return any(
            value
            and _begins(text, at, placeholder, value)
            and (_ends(text, at + len(value), allowed) or _closes(text, at, placeholder, value))
            for text in self._texts
            for at in _places(text, value)
        )


def _places(text: str, value: str) -> Iterator[int]:
    at = text.find(value)
    for _ in range(_MOST):
        if at < 0:
            return
        yield at
        at = text.find(value, at + 1)


def _begins(text: str, at: int, placeholder: str, value: str) -> bool:
    before = text[max(0, at - 300) : at]
    if placeholder in ("role", "user") and before[-1:] in ("/", ":"):
        return _IDENTITY.search(before) is not None
    if value.startswith(_SELF_EVIDENT):
        return True
    if _SET.search(before) or (placeholder == "action" and _PERFORM.search(before)):
        return True
    return not _GLUED.search(before) and not _OPENED.search(before)


def _closes(text: str, at: int, placeholder: str, value: str) -> bool:
    """Whether a name that ends the text is whole all the same."""
    end = at + len(value)
    if _TELLS_ITS_END.search(value) and _NOTHING_MORE.match(text, end):
        return True
    return placeholder not in _DOTTED and _LAST_STOP.match(text, end) is not None


_KNOWN_ACTIONS: Final = frozenset(
    [
        "cloudformation:CreateChangeSet",
        "cloudformation:CreateStack",
        "cloudformation:DeleteStack",
        "cloudformation:DescribeStacks",
        "cloudformation:UpdateStack",
        "ec2:CreateNetworkInterface",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
        "ec2:RunInstances",
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecs:CreateCluster",
        "ecs:CreateService",
        "ecs:DeleteService",
        "ecs:DescribeClusters",
        "ecs:DescribeServices",
        "ecs:DescribeTaskDefinition",
        "ecs:DescribeTasks",
        "ecs:ExecuteCommand",
        "ecs:ListClusters",
        "ecs:ListServices",
        "ecs:ListTasks",
        "ecs:RegisterTaskDefinition",
        "ecs:RunTask",
        "ecs:StopTask",
        "ecs:TagResource",
        "ecs:UpdateService",
        "iam:CreateRole",
        "iam:CreateServiceLinkedRole",
        "iam:GetRole",
        "iam:PassRole",
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogGroups",
        "logs:PutLogEvents",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:GetParametersByPath",
        "sts:AssumeRole",
        "sts:AssumeRoleWithWebIdentity",
    ]
)
"""Actions that are whole where a line, or the text, ends behind them: none is begun by what is left of a longer one that somebody would have cut just so."""


def _ends(text: str, end: int, allowed: str) -> bool:
    if _ENDED.match(text, end):
        return True
    if _CUT.match(text, end):
        return False
    mark, after = text[end : end + 1], text[end + 1 : end + 2]
    return mark not in "/:" or mark in allowed or not (after.isalnum() or after == "_")
