"""What keeps data: EFS and RDS; S3 tells its sizes through CloudWatch alone, EBS is EC2's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, if_there, rows, tags_of
from ash_ops.aws.client.session import Aws
from ash_ops.facts.fleet import RunnerDatabase
from ash_ops.facts.tagged import GONE, DatabaseSnapshot, FileSystem, MountTarget, Tagged


def file_systems(aws: Aws) -> Iterator[FileSystem]:
    """Every file system of the region that is not on its way out.

    Raises:
        ReadFailed: they could not be read.
    """
    return _file_systems(rows(aws, op.DESCRIBE_FILE_SYSTEMS))


def find_file_system(aws: Aws, id_: str) -> FileSystem | None:
    """The file system of an id; ``None`` when there is none, or it is being deleted.

    Raises:
        ReadFailed: the question could not be answered.
    """
    found = if_there(lambda: list(rows(aws, op.DESCRIBE_FILE_SYSTEMS, FileSystemId=id_))) or ()
    return next((each for each in _file_systems(iter(found)) if each.id == id_), None)


def file_system_of_token(aws: Aws, token: str) -> FileSystem | None:
    """The file system that was made with a creation token, if it is there.

    Raises:
        ReadFailed: the question could not be answered.
    """
    return next(_file_systems(rows(aws, op.DESCRIBE_FILE_SYSTEMS, CreationToken=token)), None)


def _file_systems(found: Iterator[Mapping[str, Any]]) -> Iterator[FileSystem]:
    for raw in found:
        if raw.get("LifeCycleState") not in GONE:
            yield FileSystem(
                id=raw["FileSystemId"],
                state=raw.get("LifeCycleState", ""),
                zone=raw.get("AvailabilityZoneName"),
                tags=tags_of(raw.get("Tags")),
            )


def mount_targets(aws: Aws, id_: str) -> tuple[MountTarget, ...]:
    """The mount targets of a file system.

    Raises:
        ReadFailed: they could not be read.
    """
    return tuple(_mount_targets(rows(aws, op.DESCRIBE_MOUNT_TARGETS, FileSystemId=id_)))


def find_mount_target(aws: Aws, id_: str) -> MountTarget | None:
    """The mount target of an id; ``None`` when there is none, or it is being deleted.

    Raises:
        ReadFailed: the question could not be answered.
    """
    found = if_there(lambda: list(rows(aws, op.DESCRIBE_MOUNT_TARGETS, MountTargetId=id_))) or ()
    return next((each for each in _mount_targets(iter(found)) if each.id == id_), None)


def _mount_targets(found: Iterator[Mapping[str, Any]]) -> Iterator[MountTarget]:
    for raw in found:
        if raw.get("LifeCycleState") not in GONE:
            yield MountTarget(
                id=raw["MountTargetId"],
                subnet=raw.get("SubnetId", ""),
                vpc=raw.get("VpcId", ""),
                zone=raw.get("AvailabilityZoneName", ""),
            )


def file_system_bytes(aws: Aws, file_system: str) -> int:
    """How much a file system holds.

    Raises:
        ReadFailed: EFS did not answer.
    """
    answer = call(aws, op.DESCRIBE_FILE_SYSTEMS, FileSystemId=file_system)
    return int(answer["FileSystems"][0]["SizeInBytes"]["Value"])


def tag_file_system(aws: Aws, id_: str, tag: tuple[str, str]) -> None:
    """Put a tag on a file system.

    Raises:
        ReadFailed: AWS refused.
    """
    tags = [{"Key": tag[0], "Value": tag[1]}]
    call(aws, op.EFS_TAG_RESOURCE, ResourceId=id_, Tags=tags)


def delete_file_system(aws: Aws, id_: str) -> None:
    """Delete a file system with all that is on it.

    Raises:
        ReadFailed: AWS refused, for instance because it can still be mounted.
    """
    call(aws, op.DELETE_FILE_SYSTEM, FileSystemId=id_)


def databases(aws: Aws) -> list[Answer]:
    """Every database instance of the region, with its tags.

    Raises:
        ReadFailed: RDS did not answer.
    """
    return list(rows(aws, op.DESCRIBE_DB_INSTANCES))


def database_of(row: Answer) -> RunnerDatabase:
    """What RDS says of a database, as far as it matters to who connects to it."""
    endpoint, place = row.get("Endpoint") or {}, row.get("DBSubnetGroup") or {}
    return RunnerDatabase(
        id=str(row.get("DBInstanceIdentifier") or ""),
        status=str(row.get("DBInstanceStatus") or ""),
        groups=tuple(g["VpcSecurityGroupId"] for g in row.get("VpcSecurityGroups") or ()),
        host=str(endpoint.get("Address") or ""),
        port=int(endpoint.get("Port") or 5432),
        vpc=str(place.get("VpcId") or ""),
    )


def database_at(aws: Aws, host: str) -> RunnerDatabase | None:
    """The database instance of the region that has an address; ``None`` where none has.

    Raises:
        ReadFailed: RDS did not answer.
    """
    found = map(database_of, databases(aws))
    return next((each for each in found if each.host.lower() == host.lower()), None)


def tagged_databases(aws: Aws) -> Iterator[Tagged]:
    """Every database instance of the region that is not on its way out.

    Raises:
        ReadFailed: they could not be read.
    """
    for raw in rows(aws, op.DESCRIBE_DB_INSTANCES):
        if raw.get("DBInstanceStatus") not in GONE:
            yield Tagged(id=raw["DBInstanceIdentifier"], tags=tags_of(raw.get("TagList")))


def database_snapshots(aws: Aws) -> Iterator[DatabaseSnapshot]:
    """Every snapshot of the region that does not go by itself; a final one is such a one.

    Raises:
        ReadFailed: they could not be read.
    """
    for raw in rows(aws, op.DESCRIBE_DB_SNAPSHOTS, SnapshotType="manual"):
        yield DatabaseSnapshot(
            id=raw["DBSnapshotIdentifier"],
            database=raw.get("DBInstanceIdentifier", ""),
            tags=tags_of(raw.get("TagList")),
        )


def delete_database_snapshot(aws: Aws, id_: str) -> None:
    """Delete a snapshot with all that is in it.

    Raises:
        ReadFailed: AWS refused.
    """
    call(aws, op.DELETE_DB_SNAPSHOT, DBSnapshotIdentifier=id_)
