"""The server's secrets: given, generated, and kept in one place that ``ash-ops key`` can read.

The values live in one Secrets Manager secret, ``PREFIX/server``. CloudFormation is told its ARN
and a version id, never a value: so no value can appear in a template, a parameter, a change set
or an event. The secret is not a resource of the stack, because then the values would have to
travel through it, or the first task would start before they are there. It is created after the
user's consent and before the stack; a run that was interrupted finds it by its name and tag, and
``teardown`` deletes it last, so that it can be taken back for a month.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from ash_ops.aws.client.session import Aws
from ash_ops.aws.secrets import (
    StoredSecret,
    create_secret,
    delete_secret,
    find_secret,
    make_current,
    put_values,
    read_values,
    restore_secret,
)
from ash_ops.errors import OpsError, ReadFailed, UsageProblem
from ash_ops.names import Deployment
from ash_ops.redact.settings import is_placeholder, is_unfilled
from ash_ops.secret import Secret
from ash_ops.settings import Settings
from ash_ops.template_parameters import MULTI_MACHINE

GENERATED = ("ASH_API_KEY", "ASH_INTERNAL_SECRET", "ASH_CREDENTIAL_KEY")
GIVEN = ("ANTHROPIC_API_KEY", "ASH_DATABASE_URL")
DATABASE_PASSWORD = "ASH_DATABASE_PASSWORD"  # noqa: S105  # the name of a key, not its value
_BYTES = 32
RECOVERY_DAYS = 30
"""How long a deleted secret can be taken back: the default of Secrets Manager, and the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlan:
    """What is to become of the deployment's secret.

    Attributes:
        stored: the secret that is there, if one is.
        given: the values that were given; they replace the stored ones.
        values: what it shall hold. Of a secret that waits for its deletion the values can be read
            only when it was taken back; until then these are the given ones.
        changed: the names whose value is new or different; empty when nothing is to be done.
        overwritten: those of them that had another value before.
        generated: the names whose value is made where there is none.
    """

    stored: StoredSecret | None
    given: Mapping[str, Secret]
    values: Mapping[str, Secret]
    changed: tuple[str, ...]
    overwritten: tuple[str, ...]
    generated: tuple[str, ...]

    @property
    def has_database(self) -> bool:
        """Whether rows are kept in PostgreSQL."""
        return "ASH_DATABASE_URL" in self.values

    @property
    def restores(self) -> bool:
        """Whether a secret that waits for its deletion is to be taken back."""
        return self.stored is not None and self.stored.deleted_at is not None

    @property
    def pending(self) -> bool:
        """Whether the secret has to be written before the stack may start."""
        return bool(self.changed) or self.stored is None or self.restores


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The secret after it was written.

    Attributes:
        plan: the plan, with the values that it really holds.
        made: whether it is there only because of this: created, or taken back from its deletion.
    """

    stored: StoredSecret
    plan: KeyPlan
    made: bool

    @property
    def replaced(self) -> Replaced | None:
        """What was replaced that something runs with; ``None`` when nothing was there before."""
        before = self.plan.stored
        if self.made or before is None or not before.version or not self.stored.version:
            return None
        if before.version == self.stored.version:
            return None
        return Replaced(
            arn=self.stored.arn,
            names=self.plan.changed,
            before=before.version,
            after=self.stored.version,
        )


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


def put_back(aws: Aws, change: Replaced) -> None:
    """Make the old values the current ones again.

    Raises:
        ReadFailed: AWS refused; the new values stay.
    """
    make_current(aws, change.arn, change.before, change.after)


def plan_keys(
    aws: Aws, settings: Settings, stored: StoredSecret | None, mode: str = "standalone"
) -> KeyPlan:
    """Decide every value, writing nothing. Multi-machine mode has a database with a password too.

    A value that is given replaces the stored one; a stored one is kept; one that is in neither
    place is generated.

    Args:
        aws: where.
        settings: the variables.
        stored: the deployment's secret, which is ours, if one is there.
        mode: ``standalone`` or ``multi-machine``.

    Raises:
        UsageProblem: there is no Anthropic key anywhere, or a value is malformed.
        ReadFailed: the stored values could not be read.
    """
    refuse_placeholders(settings)
    given = {
        name: _checked(name, value, settings)
        for name in (*GIVEN, *GENERATED)
        if (value := settings.secret(name)) is not None
    }
    generated = (*GENERATED, *((DATABASE_PASSWORD,) if mode == MULTI_MACHINE else ()))
    plan = KeyPlan(
        stored=stored, given=given, values=given, changed=(), overwritten=(), generated=generated
    )
    if plan.restores:
        return replace(plan, changed=tuple(sorted(given)))
    return _filled(plan, read_values(aws, stored.arn) if stored else {})


def _filled(plan: KeyPlan, known: Mapping[str, Secret]) -> KeyPlan:
    """The plan for a secret that holds these values."""
    values = {**known, **plan.given}
    for name in plan.generated:
        values.setdefault(name, Secret(secrets.token_urlsafe(_BYTES)))
    if "ANTHROPIC_API_KEY" not in values:
        raise _no_anthropic_key()
    changed = tuple(sorted(name for name, value in values.items() if known.get(name) != value))
    overwritten = tuple(name for name in changed if name in known)
    return replace(plan, values=values, changed=changed, overwritten=overwritten)


def write_keys(
    aws: Aws, deployment: Deployment, plan: KeyPlan, agree: Callable[[KeyPlan], None]
) -> Written:
    """Bring the secret into the planned state. What this makes and cannot finish is taken back.

    Args:
        aws: where.
        deployment: its names.
        plan: what is wanted.
        agree: asked before values are replaced that could be read only now, in a secret that was
            taken back from its deletion; what it raises ends this, and nothing was replaced.

    Raises:
        UsageProblem: a secret that was taken back holds no Anthropic key, and none was given.
        ReadFailed: AWS refused; what was there before is unchanged.
    """
    if plan.stored is None:
        return Written(stored=_create(aws, deployment, plan), plan=plan, made=True)
    if not plan.restores:
        stored = put_values(aws, plan.stored.arn, plan.values) if plan.pending else plan.stored
        return Written(stored=stored, plan=plan, made=False)
    try:
        restore_secret(aws, plan.stored.arn)
        filled = _filled(plan, read_values(aws, plan.stored.arn))
        agree(filled)
        stored = put_values(aws, plan.stored.arn, filled.values) if filled.changed else plan.stored
    except BaseException:
        # An interruption may hide whether it was taken back: it is looked at.
        found = find_secret(aws, plan.stored.arn)
        if found is not None and found.deleted_at is None:
            schedule_deletion(aws, plan.stored.arn)
        raise
    return Written(stored=stored, plan=filled, made=True)


def _create(aws: Aws, deployment: Deployment, plan: KeyPlan) -> StoredSecret:
    """Create the secret; when an interruption hides the answer, the token tells whether it is there."""
    token = str(uuid4())
    try:
        return create_secret(aws, deployment.secret, plan.values, deployment.tag, token)
    except BaseException as error:
        if isinstance(error, ReadFailed) and error.code == "ResourceExistsException":
            raise _made_meanwhile(deployment) from error
        with suppress(ReadFailed):  # what ended the run matters more than a failure here
            found = find_secret(aws, deployment.secret)
            if found is not None and found.version == token:
                schedule_deletion(aws, found.arn)
        raise


def _made_meanwhile(deployment: Deployment) -> OpsError:
    return OpsError(
        "Not deployed: somebody else is deploying at the same time",
        f"the secret {deployment.secret} was not there when this run looked, and is there now",
        "Wait until the other run has ended, then run `ash-ops deploy` again: it goes on from there.",
    )


def schedule_deletion(aws: Aws, arn: str) -> datetime | None:
    """Delete the secret so that it can be taken back for a while; it is not billed meanwhile.

    Raises:
        ReadFailed: AWS refused.
    """
    return delete_secret(aws, arn, recovery_days=RECOVERY_DAYS)


_AWS_KEYS = "Put your own keys in {place}; or take the lines out and use AWS_PROFILE, `aws sso login` or a role."
_MADE = "Take the line out of {place}: deploy makes one, and keeps it."
_INSTEAD = {
    "ANTHROPIC_API_KEY": (
        "with it the server starts, but no agent can run",
        "Put your own key in {place}: console.anthropic.com makes one.",
    ),
    "ASH_API_KEY": ("who has read the guide could use the server with it", _MADE),
    "ASH_INTERNAL_SECRET": ("who has read the guide could act as a runner with it", _MADE),
    "ASH_CREDENTIAL_KEY": ("what the server encrypts with it, anyone could read", _MADE),
    "ASH_DATABASE_URL": ("no database is there", "Put your own in {place}, or take the line out."),
    "AWS_ACCESS_KEY_ID": ("AWS would accept nothing", _AWS_KEYS),
    "AWS_SECRET_ACCESS_KEY": ("AWS would accept nothing", _AWS_KEYS),
    "AWS_SESSION_TOKEN": ("AWS would accept nothing", _AWS_KEYS),
}
"""What a placeholder would do, and what belongs in its place."""


def refuse_placeholders(settings: Settings) -> None:
    """Refuse the values of a guide's example, before anybody is asked anything.

    Raises:
        UsageProblem: a key is such a value; what stands in its place is not repeated.
    """
    for name, (why, instead) in _INSTEAD.items():
        value = settings.secret(name)
        is_empty_form = is_placeholder if name == "ANTHROPIC_API_KEY" else is_unfilled
        if value is not None and is_empty_form(value.reveal()):
            place = settings.origin(name)
            what = f"{name} is the placeholder of a guide"
            raise UsageProblem(what, why, instead.format(place=place))


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
