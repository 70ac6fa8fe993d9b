"""The server's secrets: given, generated, and kept in one place that ``ash-ops key`` can read.

The values live in one Secrets Manager secret, ``PREFIX/server``. CloudFormation is told its ARN
and a version id, never a value: so no value can appear in a template, a parameter, a change set
or an event. The secret is not a resource of the stack, because then the values would have to
travel through it, or the first task would start before they are there. It is created after the
user's consent and before the stack; a run that was interrupted finds it by its name, and
``teardown`` deletes it last.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from ash_ops.aws.secrets import (
    StoredSecret,
    create_secret,
    find_secret,
    make_current,
    put_values,
    read_values,
    restore_secret,
)
from ash_ops.aws.session import Aws
from ash_ops.deploy.request import MULTI_MACHINE
from ash_ops.deployment import Deployment
from ash_ops.errors import UsageProblem
from ash_ops.secret import Secret
from ash_ops.settings import Settings

GENERATED = ("ASH_API_KEY", "ASH_INTERNAL_SECRET", "ASH_CREDENTIAL_KEY")
GIVEN = ("ANTHROPIC_API_KEY", "ASH_DATABASE_URL")
DATABASE_PASSWORD = "ASH_DATABASE_PASSWORD"  # noqa: S105  # the name of a key, not its value
_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlan:
    """What is to become of the deployment's secret.

    Attributes:
        stored: the secret that is there, if one is.
        values: what it shall hold.
        changed: the names whose value is new or different; empty when nothing is to be done.
    """

    stored: StoredSecret | None
    values: Mapping[str, Secret]
    changed: tuple[str, ...]

    @property
    def has_database(self) -> bool:
        """Whether rows are kept in PostgreSQL."""
        return "ASH_DATABASE_URL" in self.values

    @property
    def pending(self) -> bool:
        """Whether the secret has to be written before the stack may start."""
        return bool(self.changed) or self.stored is None or self.stored.deleted_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """Values that were replaced in a secret which something runs with.

    Attributes:
        names: whose values are other ones now.
        before: the id of the version with the old values.
        after: the id of the version with the new ones.
    """

    arn: str
    names: tuple[str, ...]
    before: str
    after: str


def replaced(plan: KeyPlan, written: StoredSecret) -> Replaced | None:
    """What writing the keys replaced; ``None`` when nothing was there before."""
    stored = plan.stored
    if stored is None or stored.deleted_at or not stored.version or not written.version:
        return None
    if stored.version == written.version:
        return None
    return Replaced(
        arn=written.arn, names=plan.changed, before=stored.version, after=written.version
    )


def put_back(aws: Aws, change: Replaced) -> None:
    """Make the old values the current ones again.

    Raises:
        ReadFailed: AWS refused; the new values stay.
    """
    make_current(aws, change.arn, change.before, change.after)


def plan_keys(aws: Aws, settings: Settings, mode: str = "standalone") -> KeyPlan:
    """Decide every value, writing nothing. Multi-machine mode has a database with a password too.

    A value that is given replaces the stored one; a stored one is kept; one that is in neither
    place is generated.

    Raises:
        UsageProblem: there is no Anthropic key anywhere, or a value is malformed.
        ReadFailed: the stored values could not be read.
    """
    stored = find_secret(aws, settings.deployment.secret)
    known = _stored_values(aws, stored)
    values = dict(known)
    generated = (*GENERATED, *((DATABASE_PASSWORD,) if mode == MULTI_MACHINE else ()))
    for name in (*GIVEN, *GENERATED):
        given = settings.secret(name)
        if given is not None:
            values[name] = _checked(name, given, settings)
    for name in generated:
        values.setdefault(name, Secret(secrets.token_urlsafe(_BYTES)))
    if "ANTHROPIC_API_KEY" not in values:
        raise _no_anthropic_key()
    changed = tuple(sorted(name for name, value in values.items() if known.get(name) != value))
    return KeyPlan(stored=stored, values=values, changed=changed)


def _stored_values(aws: Aws, stored: StoredSecret | None) -> dict[str, Secret]:
    if stored is None or stored.deleted_at is not None:
        return {}
    return read_values(aws, stored.arn)


def write_keys(aws: Aws, deployment: Deployment, plan: KeyPlan) -> StoredSecret:
    """Bring the secret into the planned state.

    Raises:
        ReadFailed: AWS refused; what was there before is unchanged.
    """
    if plan.stored is None:
        return create_secret(aws, deployment.secret, plan.values, deployment.tag)
    if plan.stored.deleted_at is not None:
        restore_secret(aws, plan.stored.arn)
    if not plan.pending:
        return plan.stored
    return put_values(aws, plan.stored.arn, plan.values)


def _checked(name: str, value: Secret, settings: Settings) -> Secret:
    """Refuse what can never work; the value itself is not shown."""
    text = value.reveal()
    if text != text.strip() or any(ord(char) < 32 for char in text):
        why = "it holds spaces or control characters at an end or inside"
        raise UsageProblem(f"{name} cannot be used", why, f"Correct it in {settings.origin(name)}.")
    if name == "ASH_DATABASE_URL" and not text.startswith(("postgres://", "postgresql://")):
        raise UsageProblem(
            "ASH_DATABASE_URL cannot be used",
            "the server takes PostgreSQL: postgresql://USER:PASSWORD@HOST:5432/NAME",
            f"Correct it in {settings.origin(name)}. For RDS append ?sslmode=no-verify: "
            "the image does not hold Amazon's certificate authority.",
        )
    return value


def _no_anthropic_key() -> UsageProblem:
    return UsageProblem(
        "ANTHROPIC_API_KEY is not set",
        "without it the server starts, but no agent can run",
        "Put ANTHROPIC_API_KEY=sk-ant-... into .env, or set it in the environment.",
    )
