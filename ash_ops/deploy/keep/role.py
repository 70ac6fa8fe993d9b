"""The IAM role that AWS Backup works with."""

from __future__ import annotations

from ash_ops.aws.client.session import Aws
from ash_ops.aws.iam import caller, tagged_role
from ash_ops.errors import OpsError, ReadFailed

NAME = "AWSBackupDefaultServiceRole"
_PATH = "/service-role/"
_TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":'
    '{"Service":"backup.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
)
_POLICIES = ("AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForRestores")


def backup_role(aws: Aws, given: str | None) -> str:
    """The ARN of the role: the one that was named, else the one that AWS Backup's console makes.

    Raises:
        OpsError: there is no such role; the commands that make it are told.
        ReadFailed: the caller could not be read.
    """
    if given:
        return given
    who = caller(aws)
    try:
        there = tagged_role(aws, NAME) is not None
    except ReadFailed:
        there = True  # not to be read: AWS Backup will say if it is not there
    if there:
        return f"arn:{who.partition}:iam::{who.account}:role{_PATH}{NAME}"
    raise _no_role(who.partition)


def _no_role(partition: str) -> OpsError:
    make = f"aws iam create-role --path {_PATH} --role-name {NAME} --assume-role-policy-document"
    attach = (
        f"`aws iam attach-role-policy --role-name {NAME} --policy-arn "
        f"arn:{partition}:iam::aws:policy/service-role/{policy}`"
        for policy in _POLICIES
    )
    return OpsError(
        "AWS Backup has no role to work with",
        f"there is no IAM role {NAME}, which its console makes at the first use",
        f"Make it once for the account: `{make} '{_TRUST}'`, then {' and '.join(attach)}. "
        "Or name another with --role.",
    )
