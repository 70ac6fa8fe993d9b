"""EFS: file systems, whose they are, and where they can be mounted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call, pages
from ash_ops.aws.session import Aws
from ash_ops.errors import ReadFailed

_GOING = ("deleting", "deleted")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSystem:
    """A file system.

    Attributes:
        zone: the zone of one that lives in a single one (EFS One Zone); ``None`` for a regional one.
    """

    id: str
    state: str
    zone: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MountTarget:
    """Where a file system can be mounted: at most once a zone, and in one VPC only."""

    id: str
    subnet: str
    vpc: str
    zone: str


def file_systems(aws: Aws) -> Iterator[FileSystem]:
    """Every file system of the region that is not on its way out.

    Raises:
        ReadFailed: they could not be read.
    """
    for page in pages(aws, op.DESCRIBE_FILE_SYSTEMS):
        for raw in page.get("FileSystems") or ():
            if raw.get("LifeCycleState") not in _GOING:
                yield _file_system(raw)


def find_file_system(aws: Aws, id_: str) -> FileSystem | None:
    """The file system of an id; ``None`` when there is none, or it is being deleted.

    Raises:
        ReadFailed: the question could not be answered.
    """
    try:
        found = call(aws, op.DESCRIBE_FILE_SYSTEMS, FileSystemId=id_)
    except ReadFailed as error:
        if error.kind == "missing":
            return None
        raise
    for raw in found.get("FileSystems") or ():
        if raw.get("FileSystemId") == id_ and raw.get("LifeCycleState") not in _GOING:
            return _file_system(raw)
    return None


def _file_system(raw: Mapping[str, Any]) -> FileSystem:
    return FileSystem(
        id=raw["FileSystemId"],
        state=raw.get("LifeCycleState", ""),
        zone=raw.get("AvailabilityZoneName"),
        tags={tag["Key"]: tag.get("Value", "") for tag in raw.get("Tags") or ()},
    )


def mount_targets(aws: Aws, id_: str) -> tuple[MountTarget, ...]:
    """The mount targets of a file system.

    Raises:
        ReadFailed: they could not be read.
    """
    found = pages(aws, op.DESCRIBE_MOUNT_TARGETS, FileSystemId=id_)
    return tuple(
        MountTarget(
            id=raw["MountTargetId"],
            subnet=raw.get("SubnetId", ""),
            vpc=raw.get("VpcId", ""),
            zone=raw.get("AvailabilityZoneName", ""),
        )
        for page in found
        for raw in page.get("MountTargets") or ()
        if raw.get("LifeCycleState") not in _GOING
    )


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
