"""Secrets Manager: the one secret in which a deployment keeps its values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from ash_ops.aws.calls import call
from ash_ops.aws.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.secret import Secret

SERVICE = "secretsmanager"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSecret:
    """A secret, without its value.

    Attributes:
        arn: the full ARN, with the suffix that AWS appends.
        version: the id of the version that is current.
        deleted_at: when it was scheduled for deletion; its name is taken until it is gone.
        primary_region: where the original is, if this is a replica of another region's secret.
    """

    arn: str
    version: str | None
    deleted_at: datetime | None = None
    changed_at: datetime | None = None
    primary_region: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


def find_secret(aws: Aws, name: str) -> StoredSecret | None:
    """The secret of a name or ARN; ``None`` when there is none.

    Raises:
        ReadFailed: the question could not be answered.
    """
    try:
        raw = call(aws, SERVICE, "describe_secret", SecretId=name)
    except ReadFailed as error:
        if error.kind == "missing":
            return None
        raise
    stages: Mapping[str, list[str]] = raw.get("VersionIdsToStages") or {}
    current = next((v for v, labels in stages.items() if "AWSCURRENT" in labels), None)
    return StoredSecret(
        arn=raw["ARN"],
        version=current,
        deleted_at=raw.get("DeletedDate"),
        changed_at=raw.get("LastChangedDate") or raw.get("CreatedDate"),
        primary_region=raw.get("PrimaryRegion"),
        tags={tag["Key"]: tag.get("Value", "") for tag in raw.get("Tags") or ()},
    )


def read_values(aws: Aws, arn: str) -> dict[str, Secret]:
    """The values of a secret, by key.

    Raises:
        ReadFailed: they could not be read, or are not a JSON object; no value is ever in the message.
    """
    raw = call(aws, SERVICE, "get_secret_value", SecretId=arn)
    try:
        values = json.loads(raw.get("SecretString") or "{}")
        return {str(key): Secret(str(value)) for key, value in values.items()}
    except (ValueError, AttributeError):
        message = "its value is not a JSON object of names and texts"
        raise ReadFailed(
            "secretsmanager:GetSecretValue", "failed", "UnreadableAnswer", message
        ) from None


def create_secret(
    aws: Aws, name: str, values: Mapping[str, Secret], tag: tuple[str, str], token: str
) -> StoredSecret:
    """Create a secret.

    Args:
        aws: where.
        name: its name.
        values: what it holds.
        tag: whose it is.
        token: becomes the id of its first version: who made the call can tell it by that.

    Raises:
        ReadFailed: AWS refused.
    """
    raw = call(
        aws,
        SERVICE,
        "create_secret",
        Name=name,
        Description=f"API keys of the Ash server {tag[1]}; written by ash-ops",
        SecretString=_document(values),
        ClientRequestToken=token,
        Tags=[{"Key": tag[0], "Value": tag[1]}],
    )
    return StoredSecret(arn=raw["ARN"], version=raw.get("VersionId"))


def put_values(aws: Aws, arn: str, values: Mapping[str, Secret]) -> StoredSecret:
    """Replace the values of a secret; the old ones stay as its previous version.

    Raises:
        ReadFailed: AWS refused.
    """
    raw = call(
        aws,
        SERVICE,
        "put_secret_value",
        SecretId=arn,
        SecretString=_document(values),
        ClientRequestToken=str(uuid4()),
    )
    return StoredSecret(arn=raw.get("ARN", arn), version=raw.get("VersionId"))


def make_current(aws: Aws, arn: str, version: str, instead_of: str) -> None:
    """Make an earlier version of a secret the current one again.

    Raises:
        ReadFailed: AWS refused, for instance because another version is current by now.
    """
    call(
        aws,
        SERVICE,
        "update_secret_version_stage",
        SecretId=arn,
        VersionStage="AWSCURRENT",
        MoveToVersionId=version,
        RemoveFromVersionId=instead_of,
    )


def restore_secret(aws: Aws, arn: str) -> None:
    """Take back a deletion that was scheduled.

    Raises:
        ReadFailed: AWS refused.
    """
    call(aws, SERVICE, "restore_secret", SecretId=arn)


def tag_secret(aws: Aws, arn: str, tag: tuple[str, str]) -> None:
    """Put a tag on a secret.

    Raises:
        ReadFailed: AWS refused.
    """
    call(aws, SERVICE, "tag_resource", SecretId=arn, Tags=[{"Key": tag[0], "Value": tag[1]}])


def delete_secret(aws: Aws, arn: str, *, recovery_days: int | None) -> datetime | None:
    """Delete a secret.

    Args:
        aws: where.
        arn: which.
        recovery_days: for how long ``restore_secret`` can take it back, 7 to 30; it is not billed
            meanwhile. ``None`` destroys it at once and for ever.

    Returns:
        When it will be gone.

    Raises:
        ReadFailed: AWS refused.
    """
    if recovery_days is None:
        raw = call(aws, SERVICE, "delete_secret", SecretId=arn, ForceDeleteWithoutRecovery=True)
    else:
        raw = call(aws, SERVICE, "delete_secret", SecretId=arn, RecoveryWindowInDays=recovery_days)
    return raw.get("DeletionDate")


def _document(values: Mapping[str, Secret]) -> str:
    return json.dumps({key: value.reveal() for key, value in values.items()}, sort_keys=True)
