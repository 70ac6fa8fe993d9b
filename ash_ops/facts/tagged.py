"""What is looked up to learn whose it is, or to look whether it is still there."""

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
