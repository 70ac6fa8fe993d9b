"""Who is calling, and what that identity may do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ash_ops.aws.calls import call, pages
from ash_ops.aws.session import Aws

_ASSUMED = re.compile(r"arn:([^:]+):sts::(\d+):assumed-role/([^/]+)/.+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The account and the identity whose credentials are in use."""

    account: str
    arn: str

    @property
    def partition(self) -> str:
        """``aws``, ``aws-cn`` or ``aws-us-gov``."""
        return self.arn.split(":")[1] if self.arn.count(":") > 1 else "aws"

    @property
    def is_root(self) -> bool:
        """Whether it is the account's root user, whose permissions cannot be simulated."""
        return self.arn.endswith(":root")

    @property
    def policy_source(self) -> str:
        """The ARN that IAM simulates: the role itself, not a session of it.

        A role with a path loses it in the session's ARN, so this may name a role that is not there.
        """
        match = _ASSUMED.fullmatch(self.arn)
        return f"arn:{match[1]}:iam::{match[2]}:role/{match[3]}" if match else self.arn


def caller(aws: Aws) -> Identity:
    """The identity in use.

    Raises:
        ReadFailed: the credentials are not accepted, or AWS did not answer.
    """
    raw = call(aws, "sts", "get_caller_identity")
    return Identity(account=str(raw.get("Account", "")), arn=str(raw.get("Arn", "")))


def not_allowed(aws: Aws, source: str, actions: Sequence[str]) -> tuple[str, ...]:
    """Those of the actions that IAM's simulation does not allow on any resource.

    A simulation on ``*`` can refuse what a policy allows on named resources only, so its answer
    is a warning and never proof.

    Raises:
        ReadFailed: IAM did not simulate them.
    """
    refused: list[str] = []
    for page in pages(
        aws, "iam", "simulate_principal_policy", PolicySourceArn=source, ActionNames=list(actions)
    ):
        refused += [
            result["EvalActionName"]
            for result in page.get("EvaluationResults") or ()
            if result.get("EvalDecision") != "allowed"
        ]
    return tuple(refused)
