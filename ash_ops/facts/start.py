"""What a task needs to start: roles, secrets, an image, quota, a log group; and who is asking."""

from typing import Any

from msgspec import field

from ash_ops.facts.model import Camel, Instant, Model, Pascal
from ash_ops.facts.reading import Gap
from ash_ops.patterns import regex

# ECS's names of processors, and those of image manifests.
ARCHITECTURES = {"X86_64": "amd64", "ARM64": "arm64"}
_ASSUMED = regex(r"arn:([^:]+):sts::(\d+):assumed-role/([^/]+)/.+")


class Identity(Pascal):
    """Who is asking: the account and the identity whose credentials are in use."""

    account: str = ""
    arn: str = ""

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


class LiveRole(Model):
    """What a role may do, and who may be it.

    Attributes:
        exists: whether it is there at all.
        trust: its trust policy.
        inline: its own policies, by name.
        managed: the policies attached to it, by their ARNs; those for services of AWS were not read.
    """

    name: str
    exists: bool = True
    trust: dict[str, Any] = field(default_factory=dict)
    inline: dict[str, dict[str, Any]] = field(default_factory=dict)
    managed: dict[str, dict[str, Any]] = field(default_factory=dict)


class SimulatedAction(Model):
    """What IAM's policy simulator says about one action of a role.

    Attributes:
        decision: ``allowed``, ``explicitDeny``, ``implicitDeny``, or ``inconclusive`` when context
            that the simulation lacked could have changed the answer.
        denied_by: ``permissions boundary`` or ``service control policy`` where that alone denies.
    """

    action: str
    resource: str
    decision: str
    missing_context: tuple[str, ...] = ()
    denied_by: str = ""


class Role(Model):
    """A role of the task: who may assume it, and what it may do.

    Attributes:
        trusted_services: the service principals of its trust policy that may assume it.
        simulated: one row an action and resource that the task needs.
        simulation_gap: why the simulation, or a part of it, was not answered; the rows it would
            have given are there as ``inconclusive``.
    """

    arn: str
    name: str
    exists: bool = True
    created_at: Instant | None = None
    trusted_services: tuple[str, ...] = ()
    simulated: tuple[SimulatedAction, ...] = ()
    simulation_gap: Gap | None = None


class SecretState(Model):
    """A secret or parameter that the task definition refers to; never its value.

    Attributes:
        reference: the ``valueFrom`` as the task definition writes it.
        variables: the container's variables that it fills.
        json_key: the key of its JSON that the reference names.
        json_keys: the names of the keys in its JSON, if it could be read and is JSON.
        empty_keys: those of them whose value is empty; ``""`` stands for the whole value.
        is_json: whether its value is a JSON object; ``None`` if it was not read.
        is_empty: whether the value (of the JSON key referred to) is empty; ``None`` if not read.
        is_placeholder: whether it looks like an example's; ``None`` if not read.
        flaws: what is wrong with its form, as in ``LocalKey``.
        value_gap: why the value was not read; everything else is known all the same.
        version: the id of the version that is current; ``None`` if that was not told.
        whole_version: the id of the version before it, where that one holds what the current one
            lacks, and all else as the current one has it: so nothing is lost by going back to it.
    """

    reference: str
    arn: str | None = None
    exists: bool = True
    kind: str = "secret"
    region: str | None = None
    deleted_at: Instant | None = None
    last_changed_at: Instant | None = None
    has_current_version: bool | None = None
    is_json: bool | None = None
    json_keys: tuple[str, ...] = ()
    empty_keys: tuple[str, ...] = ()
    kms_key_id: str | None = None
    variables: tuple[str, ...] = ()
    json_key: str | None = None
    is_empty: bool | None = None
    is_placeholder: bool | None = None
    flaws: tuple[str, ...] = ()
    value_gap: Gap | None = None
    version: str | None = None
    whole_version: str | None = None

    @property
    def is_told_in_part(self) -> bool:
        """Whether of its value some things were told, and others were lost."""
        return (self.is_placeholder is None) is not (self.is_empty is None)

    @property
    def is_usable(self) -> bool:
        """Whether a task can start with it, for all that is known."""
        if not self.exists or self.deleted_at or self.has_current_version is False:
            return False
        if not self.json_key or self.is_json is None:
            return True
        return self.is_json and self.json_key in self.json_keys


class ImageState(Model):
    """What the registry says about the image.

    Attributes:
        exists: whether the tag or digest is there; ``None`` if the registry would not say.
        status: the HTTP status with which the registry answered the look-up.
        architectures: for instance ``("amd64", "arm64")``.
    """

    reference: str
    registry: str = ""
    repository: str = ""
    tag: str = ""
    exists: bool | None = None
    status: int | None = None
    repository_exists: bool | None = None
    architectures: tuple[str, ...] = ()
    digest: str | None = None

    def runs_on(self, architecture: str) -> bool | None:
        """Whether there is an image for ``X86_64`` or ``ARM64``; ``None`` when the registry did not tell."""
        wanted = ARCHITECTURES.get(architecture, architecture.lower())
        return wanted in self.architectures if self.architectures else None


class Quota(Model):
    """An account quota and how much of it is used, in the quota's own unit (vCPU)."""

    code: str
    name: str = ""
    value: float | None = None
    used: float | None = None


class LogGroup(Camel):
    """A log group."""

    log_group_name: str = ""
    retention_in_days: int | None = None
    stored_bytes: int | None = None


class LogLine(Model):
    """A line of a container's log, with secrets masked."""

    at: Instant
    stream: str = ""
    message: str = ""
