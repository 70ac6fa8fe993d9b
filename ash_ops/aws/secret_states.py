"""What Secrets Manager and Parameter Store say about the secrets of a task definition.

A value is read only where a question cannot be answered without it (is the JSON key there, is it
the key this machine uses); it is handed on as a ``Secret`` and never kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from ash_ops.aws.calls import Answer, call_in
from ash_ops.aws.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.secret import Secret


@dataclass(frozen=True, slots=True)
class Reference:
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


def secret(aws: Aws, reference: Reference) -> Answer | None:
    """The secret's description, or ``None`` if it does not exist."""
    try:
        return call_in(
            aws, reference.region, "secretsmanager", "describe_secret", SecretId=reference.name
        )
    except ReadFailed as failure:
        if failure.kind == "missing":
            return None
        raise


def secret_value(aws: Aws, reference: Reference) -> Secret | None:
    """The secret's text; ``None`` if it has no such version or is binary."""
    chosen = {"VersionStage": reference.stage, "VersionId": reference.version}
    given = {key: value for key, value in chosen.items() if value}
    try:
        answer = call_in(
            aws,
            reference.region,
            "secretsmanager",
            "get_secret_value",
            SecretId=reference.name,
            **given,
        )
    except ReadFailed as failure:
        if failure.kind == "missing":
            return None
        raise
    text = answer.get("SecretString")
    return Secret(text) if isinstance(text, str) else None


def parameter(aws: Aws, reference: Reference) -> Answer | None:
    """The parameter without its decrypted value, or ``None`` if it does not exist."""
    answer = call_in(
        aws,
        reference.region,
        "ssm",
        "get_parameters",
        Names=[parameter_name(reference.name)],
        WithDecryption=False,
    )
    found = answer.get("Parameters") or []
    return next(iter(found), None)


def parameter_name(reference: str) -> str:
    """A parameter's name from its ARN: ``arn:...:parameter/a/b`` is ``/a/b``, ``.../a`` is ``a``."""
    if not reference.startswith("arn:"):
        return reference
    name = reference.partition(":parameter/")[2]
    return f"/{name}" if "/" in name else name
