"""RDS: the snapshots that a database leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call, pages
from ash_ops.aws.session import Aws


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSnapshot:
    """A snapshot, and the database that it is of, which may be gone."""

    id: str
    database: str
    tags: Mapping[str, str] = field(default_factory=dict)


def database_snapshots(aws: Aws) -> Iterator[DatabaseSnapshot]:
    """Every snapshot of the region that does not go by itself; a final one is such a one.

    Raises:
        ReadFailed: they could not be read.
    """
    for page in pages(aws, op.DESCRIBE_DB_SNAPSHOTS, SnapshotType="manual"):
        for raw in page.get("DBSnapshots") or ():
            yield DatabaseSnapshot(
                id=raw["DBSnapshotIdentifier"],
                database=raw.get("DBInstanceIdentifier", ""),
                tags={tag["Key"]: tag.get("Value", "") for tag in raw.get("TagList") or ()},
            )


def delete_database_snapshot(aws: Aws, id_: str) -> None:
    """Delete a snapshot with all that is in it.

    Raises:
        ReadFailed: AWS refused.
    """
    call(aws, op.DELETE_DB_SNAPSHOT, DBSnapshotIdentifier=id_)
