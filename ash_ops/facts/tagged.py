"""What is looked up to learn whose it is, or to look whether it is still there."""

from datetime import datetime

from msgspec import field

from ash_ops.facts.model import Model

GONE = frozenset({"deleted", "deleting", "shutting-down", "terminated"})
"""The states, in EC2's, EFS's and RDS's words, of what is gone or on its way out."""


class Tagged(Model):
    """Something by its id, name or ARN, with its tags."""

    id: str
    tags: dict[str, str] = field(default_factory=dict)


class NetworkInterface(Tagged):
    """A network interface, and what AWS says that it is for."""

    description: str = ""


class Disk(Tagged):
    """An EBS volume; it can be attached to instances of its own zone only."""

    zone: str = ""
    state: str = ""
    size_gb: int = 0


class FileSystem(Tagged):
    """An EFS file system.

    Attributes:
        zone: the zone of one that lives in a single one (EFS One Zone); ``None`` for a regional one.
    """

    state: str = ""
    zone: str | None = None


class MountTarget(Model):
    """Where a file system can be mounted: at most once a zone, and in one VPC only."""

    id: str
    subnet: str = ""
    vpc: str = ""
    zone: str = ""


class DatabaseSnapshot(Tagged):
    """A snapshot, and the database that it is of, which may be gone."""

    database: str = ""


class OwnLogGroup(Tagged):
    """A log group by its name, with its tags.

    Attributes:
        created: milliseconds since the epoch; two groups of one name are told apart by it, for a
            log group's ARN is made of its name alone.
    """

    arn: str = ""
    created: int = 0


class RecoveryPoint(Tagged, kw_only=True):
    """A copy of what a deployment keeps, made by AWS's own means.

    Attributes:
        id: its ARN (AWS Backup), or its id (EC2, RDS).
        kind: ``file system``, ``disk`` or ``database``.
        of: what it is a copy of: a file system, a volume, a database instance.
        vault: the vault it lies in; empty for the snapshots of EC2 and RDS.
        state: ``completed`` or ``available`` when it can be restored; else what AWS says.
        made: when.
        gb: how much it holds, for all that is told; a copy of a disk tells the disk's own size.
        expires: when AWS deletes it by itself; ``None`` for never.
    """

    kind: str
    of: str = ""
    vault: str = ""
    state: str = ""
    made: datetime | None = None
    gb: float | None = None
    expires: datetime | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it can be restored."""
        return self.state.lower() in ("completed", "available")


class BackupJob(Model):
    """A job of AWS Backup.

    Attributes:
        state: for instance ``RUNNING``, ``COMPLETED`` or ``FAILED``.
        message: why it failed.
        made: the ARN of what it made, once it did.
    """

    state: str = ""
    message: str = ""
    percent: str = ""
    made: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it ended, well or not."""
        return self.state in ("COMPLETED", "ABORTED", "FAILED", "EXPIRED", "PARTIAL")
