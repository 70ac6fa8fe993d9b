"""Secrets Manager and Parameter Store: a deployment's own secret, and what its tasks refer to.

A value is handed on as a ``Secret`` and never kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from msgspec import Struct, field
from msgspec.structs import replace

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, fact, if_there, tags_of
from ash_ops.aws.client.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.facts.start import SecretState
from ash_ops.secret import Secret


class StoredSecret(Struct, frozen=True, kw_only=True):
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
    raw = if_there(lambda: call(aws, op.DESCRIBE_SECRET, SecretId=name))
    if raw is None:
        return None
    return StoredSecret(
        arn=raw["ARN"],
        version=_current_version(raw),
        deleted_at=raw.get("DeletedDate"),
        changed_at=raw.get("LastChangedDate") or raw.get("CreatedDate"),
        primary_region=raw.get("PrimaryRegion"),
        tags=tags_of(raw.get("Tags")),
    )


def _current_version(raw: Answer) -> str | None:
    stages: Mapping[str, list[str]] = raw.get("VersionIdsToStages") or {}
    return next((v for v, labels in stages.items() if "AWSCURRENT" in labels), None)


def read_values(aws: Aws, arn: str) -> dict[str, Secret]:
    """The values of a secret, by key.

    Raises:
        ReadFailed: they could not be read, or are not a JSON object; no value is ever in the message.
    """
    raw = call(aws, op.GET_SECRET_VALUE, SecretId=arn)
    try:
        values = json.loads(raw.get("SecretString") or "{}")
        return {str(key): Secret(str(value)) for key, value in values.items()}
    except (ValueError, AttributeError):
        message = "its value is not a JSON object of names and texts"
        name = op.GET_SECRET_VALUE.action
        raise ReadFailed(name, "failed", "UnreadableAnswer", message) from None


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
        op.CREATE_SECRET,
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
        op.PUT_SECRET_VALUE,
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
        op.UPDATE_SECRET_VERSION_STAGE,
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
    call(aws, op.RESTORE_SECRET, SecretId=arn)


def tag_secret(aws: Aws, arn: str, tag: tuple[str, str]) -> None:
    """Put a tag on a secret.

    Raises:
        ReadFailed: AWS refused.
    """
    call(aws, op.SECRETS_TAG_RESOURCE, SecretId=arn, Tags=[{"Key": tag[0], "Value": tag[1]}])


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
        raw = call(aws, op.DELETE_SECRET, SecretId=arn, ForceDeleteWithoutRecovery=True)
    else:
        raw = call(aws, op.DELETE_SECRET, SecretId=arn, RecoveryWindowInDays=recovery_days)
    return raw.get("DeletionDate")


def _document(values: Mapping[str, Secret]) -> str:
    return json.dumps({key: value.reveal() for key, value in values.items()}, sort_keys=True)


class Reference(Struct, frozen=True):
    """A ``valueFrom`` taken apart.

    Attributes:
        name: the ARN or name without JSON key, stage and version.
        kind: ``secret`` or ``parameter``.
        region: the region of its ARN; ``None`` for a bare name, which means the task's own.
        json_key: the key within the secret's JSON; ``None`` for the whole value.
    """

    text: str
    name: str
    kind: str
    region: str | None = None
    json_key: str | None = None
    stage: str | None = None
    version: str | None = None


def parse_reference(text: str) -> Reference:
    """Take a ``valueFrom`` apart: ``ARN[:json-key[:stage[:version]]]``, or a parameter's name.

    Source: Amazon ECS developer guide, "Pass Secrets Manager secrets through environment
    variables": the colons stay where a part is left out.
    """
    parts = text.strip().split(":")
    if len(parts) < 6 or parts[0] != "arn":
        return Reference(text, text.strip(), "parameter")
    service, region = parts[2], parts[3] or None
    if service != "secretsmanager":
        return Reference(text, text.strip(), "parameter", region)
    key, stage, version = ([*parts[7:], "", "", ""])[:3]
    name = ":".join(parts[:7])
    return Reference(text, name, "secret", region, key or None, stage or None, version or None)


def state_of(reference: Reference, **told: Any) -> SecretState:
    """The state of what a reference names.

    Raises:
        ReadFailed: what AWS told is not what it documents.
    """
    named = {"reference": reference.text, "kind": reference.kind, "region": reference.region}
    return fact(op.DESCRIBE_SECRET, SecretState, {**named, "json_key": reference.json_key, **told})


def secret_state(aws: Aws, reference: Reference) -> SecretState | None:
    """The secret without its value, or ``None`` if it does not exist."""
    asked = {"region": reference.region, "SecretId": reference.name}
    found = if_there(lambda: call(aws, op.DESCRIBE_SECRET, **asked))
    if found is None:
        return None
    version = _current_version(found)
    return state_of(
        reference,
        arn=found.get("ARN"),
        deleted_at=found.get("DeletedDate"),
        last_changed_at=found.get("LastChangedDate") or found.get("CreatedDate"),
        has_current_version=bool(version) if found.get("VersionIdsToStages") else None,
        version=version,
        kms_key_id=found.get("KmsKeyId"),
    )


def parameter_state(aws: Aws, reference: Reference) -> SecretState | None:
    """The parameter without its value, or ``None`` if it does not exist."""
    found = parameter(aws, reference)
    if found is None:
        return None
    return state_of(reference, arn=found.get("ARN"), last_changed_at=found.get("LastModifiedDate"))


class Version(Struct, frozen=True):
    """One version of a secret's value.

    Attributes:
        id: its id; ``None`` if that was not told.
    """

    text: Secret
    id: str | None = None


def secret_value(aws: Aws, reference: Reference) -> Version | None:
    """The secret's text; ``None`` if it has no such version or is binary."""
    chosen = {"VersionStage": reference.stage, "VersionId": reference.version}
    given = {key: value for key, value in chosen.items() if value}
    asked = {"region": reference.region, "SecretId": reference.name, **given}
    answer = if_there(lambda: call(aws, op.GET_SECRET_VALUE, **asked)) or {}
    text = answer.get("SecretString")
    return Version(Secret(text), answer.get("VersionId")) if isinstance(text, str) else None


def version_before(aws: Aws, reference: Reference, current: Secret) -> Version | None:
    """The version before the current one, where it is the same with what that one lacks.

    What a container refers to without stage and version is the current one, so only such a
    reference can be helped by going back.

    Returns:
        ``None`` if nothing is lacking, or going back would lose something.

    Raises:
        ReadFailed: the older version could not be read.
    """
    if reference.stage or reference.version or not reference.json_key:
        return None
    if (chosen(current.reveal(), reference.json_key) or "").strip():
        return None
    before = secret_value(aws, replace(reference, stage="AWSPREVIOUS"))
    return before if before and _completes(before.text, current, reference.json_key) else None


def _completes(before: Secret, current: Secret, json_key: str) -> bool:
    """Whether a version has a value for a key, and what the current one has but for empty ones."""
    if not (chosen(before.reveal(), json_key) or "").strip():
        return False
    kept = {key: value for key, value in _keys(current).items() if value}
    return kept.items() <= _keys(before).items()


def _keys(text: Secret) -> dict[str, str]:
    """The keys of a secret's JSON with their values as texts; none for what is no JSON object."""
    try:
        found = json.loads(text.reveal())
    except ValueError:
        return {}
    return (
        {k: json.dumps(v) if v else "" for k, v in found.items()} if isinstance(found, dict) else {}
    )


def parameter(aws: Aws, reference: Reference, *, decrypted: bool = False) -> Answer | None:
    """The parameter, or ``None`` if it does not exist; a secure one with its value if decrypted."""
    answer = call(
        aws,
        op.GET_PARAMETERS,
        region=reference.region,
        Names=[parameter_name(reference.name)],
        WithDecryption=decrypted,
    )
    return next(iter(answer.get("Parameters") or []), None)


def parameter_name(reference: str) -> str:
    """A parameter's name from its ARN: ``arn:...:parameter/a/b`` is ``/a/b``, ``.../a`` is ``a``."""
    if not reference.startswith("arn:"):
        return reference
    name = reference.partition(":parameter/")[2]
    return f"/{name}" if "/" in name else name


def referenced_value(aws: Aws, reference: Reference) -> Secret | None:
    """What ECS gives a container for a ``valueFrom``; ``None`` if there is no such value.

    Raises:
        ReadFailed: it could not be read.
    """
    if reference.kind == "parameter":
        text = (parameter(aws, reference, decrypted=True) or {}).get("Value")
        return Secret(str(text)) if text is not None else None
    found = secret_value(aws, reference)
    given = chosen(found.text.reveal(), reference.json_key) if found else None
    return None if given is None else Secret(given)


def chosen(text: str, json_key: str | None) -> str | None:
    """The whole text of a secret, or the value of one key of its JSON."""
    if json_key is None:
        return text
    try:
        found = json.loads(text)[json_key]
    except (ValueError, KeyError, TypeError, IndexError):
        return None
    return found if isinstance(found, str) else json.dumps(found)
