"""Copies of what is kept: AWS Backup's of file systems, EC2's of disks, RDS's of databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call, rows, tags_of
from ash_ops.aws.client.session import Aws
from ash_ops.facts.tagged import BackupJob, RecoveryPoint

GIGABYTE = 1024**3
FILES, DISK, DATABASE = "file system", "disk", "database"
AUTOMATIC_VAULT = "aws/efs/automatic-backup-vault"
"""Where EFS's automatic backups lie. Its own policy denies restoring and deleting (AWS re:Post,
"Insufficient privileges ... Amazon EFS restore using AWS Backup"), for everybody."""


def vaults(aws: Aws) -> tuple[str, ...]:
    """The names of the vaults that there are.

    Raises:
        ReadFailed: they could not be read.
    """
    return tuple(str(raw["BackupVaultName"]) for raw in rows(aws, op.LIST_BACKUP_VAULTS))


def file_backups(aws: Aws, vault: str) -> Iterator[RecoveryPoint]:
    """The recovery points of file systems in a vault, with their tags.

    Raises:
        ReadFailed: they could not be read.
    """
    asked: dict[str, Any] = {"BackupVaultName": vault, "ByResourceType": "EFS"}
    for raw in rows(aws, op.LIST_RECOVERY_POINTS, **asked):
        arn = raw["RecoveryPointArn"]
        size = raw.get("BackupSizeInBytes")
        yield RecoveryPoint(
            id=arn,
            kind=FILES,
            of=str(raw.get("ResourceArn", "")).rsplit("/", 1)[-1],
            vault=vault,
            state=raw.get("Status", ""),
            made=_moment(raw.get("CreationDate")),
            gb=None if size is None else int(size) / GIGABYTE,
            expires=_moment((raw.get("CalculatedLifecycle") or {}).get("DeleteAt")),
            tags=call(aws, op.BACKUP_LIST_TAGS, ResourceArn=arn).get("Tags") or {},
        )


def disk_backups(aws: Aws, tag: tuple[str, str]) -> Iterator[RecoveryPoint]:
    """The account's snapshots of disks that carry a tag.

    Raises:
        ReadFailed: they could not be read.
    """
    filters = [{"Name": f"tag:{tag[0]}", "Values": [tag[1]]}]
    for raw in rows(aws, op.DESCRIBE_SNAPSHOTS, OwnerIds=["self"], Filters=filters):
        yield RecoveryPoint(
            id=raw["SnapshotId"],
            kind=DISK,
            of=raw.get("VolumeId", ""),
            state=raw.get("State", ""),
            made=_moment(raw.get("StartTime")),
            gb=raw.get("VolumeSize"),
            tags=tags_of(raw.get("Tags")),
        )


def database_backups(aws: Aws) -> Iterator[RecoveryPoint]:
    """Every snapshot of a database that does not go by itself.

    Raises:
        ReadFailed: they could not be read.
    """
    for raw in rows(aws, op.DESCRIBE_DB_SNAPSHOTS, SnapshotType="manual"):
        tags = tags_of(raw.get("TagList"))
        yield RecoveryPoint(
            id=raw["DBSnapshotIdentifier"],
            kind=DATABASE,
            of=raw.get("DBInstanceIdentifier", ""),
            state=raw.get("Status", ""),
            made=_moment(raw.get("SnapshotCreateTime")),
            gb=raw.get("AllocatedStorage"),
            tags=tags,
        )


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def make_vault(aws: Aws, name: str, tag: tuple[str, str]) -> None:
    """Make a vault; one that is there already stays as it is.

    Raises:
        ReadFailed: AWS Backup refused.
    """
    asked: dict[str, Any] = {"BackupVaultName": name, "BackupVaultTags": dict([tag])}
    call(aws, op.CREATE_BACKUP_VAULT, **asked)


def delete_vault(aws: Aws, name: str) -> None:
    """Delete an empty vault.

    Raises:
        ReadFailed: AWS Backup refused, for instance because it is not empty.
    """
    call(aws, op.DELETE_BACKUP_VAULT, BackupVaultName=name)


def back_up_files(aws: Aws, vault: str, arn: str, role: str, tags: Mapping[str, str]) -> str:
    """Start the backup of a file system; answers with the id of the job.

    Raises:
        ReadFailed: AWS Backup refused.
    """
    asked: dict[str, Any] = {
        "BackupVaultName": vault,
        "ResourceArn": arn,
        "IamRoleArn": role,
        "RecoveryPointTags": dict(tags),
    }
    return str(call(aws, op.START_BACKUP_JOB, **asked)["BackupJobId"])


def backup_going_on(aws: Aws, vault: str, arn: str) -> str | None:
    """The job that copies a file system into a vault now, if there is one.

    Raises:
        ReadFailed: the jobs could not be read.
    """
    asked: dict[str, Any] = {"ByResourceArn": arn, "ByBackupVaultName": vault}
    going_on = ("CREATED", "PENDING", "RUNNING")
    jobs = (raw for raw in rows(aws, op.LIST_BACKUP_JOBS, **asked) if raw.get("State") in going_on)
    return next((str(raw["BackupJobId"]) for raw in jobs), None)


def backup_job(aws: Aws, id_: str) -> BackupJob:
    """How far a backup is.

    Raises:
        ReadFailed: it could not be read.
    """
    found = call(aws, op.DESCRIBE_BACKUP_JOB, BackupJobId=id_)
    return BackupJob(
        state=found.get("State") or "",
        message=found.get("StatusMessage") or "",
        percent=found.get("PercentDone") or "",
        made=found.get("RecoveryPointArn") or "",
    )


def restore_files(aws: Aws, point: RecoveryPoint, role: str, token: str, attempt: int) -> str:
    """Start the restore of a file system into a new one; answers with the id of the job.

    The keys of the metadata are those of AWS Backup's guide, "Restore an Amazon EFS file system".

    Args:
        aws: the session.
        point: what is restored.
        role: the role that AWS Backup works with.
        token: names the new file system.
        attempt: its number; asked twice with one, AWS Backup begins once.

    Raises:
        ReadFailed: AWS Backup refused.
    """
    metadata = {
        "file-system-id": point.of,
        "newFileSystem": "true",
        "CreationToken": token,
        "Encrypted": "true",
        "PerformanceMode": "generalPurpose",
    }
    asked: dict[str, Any] = {
        "RecoveryPointArn": point.id,
        "Metadata": metadata,
        "IamRoleArn": role,
        "IdempotencyToken": f"{token}-{attempt}",
        "ResourceType": "EFS",
    }
    return str(call(aws, op.START_RESTORE_JOB, **asked)["RestoreJobId"])


def restores_of(aws: Aws, point: RecoveryPoint) -> dict[str, BackupJob]:
    """The restores of a recovery point by their ids; AWS Backup forgets them after some weeks.

    Raises:
        ReadFailed: they could not be read.
    """
    jobs = rows(aws, op.LIST_RESTORE_JOBS)
    own = (raw for raw in jobs if raw.get("RecoveryPointArn") == point.id)
    return {str(raw["RestoreJobId"]): _restore_job(raw) for raw in own}


def restore_job(aws: Aws, id_: str) -> BackupJob:
    """How far a restore is; ``made`` is the ARN of the new file system.

    Raises:
        ReadFailed: it could not be read.
    """
    return _restore_job(call(aws, op.DESCRIBE_RESTORE_JOB, RestoreJobId=id_))


def _restore_job(found: Mapping[str, Any]) -> BackupJob:
    return BackupJob(
        state=found.get("Status") or "",
        message=found.get("StatusMessage") or "",
        percent=found.get("PercentDone") or "",
        made=found.get("CreatedResourceArn") or "",
    )


def back_up_disk(aws: Aws, volume: str, tags: Mapping[str, str]) -> str:
    """Make a snapshot of a disk; answers with its id.

    Raises:
        ReadFailed: EC2 refused.
    """
    asked: dict[str, Any] = {"VolumeId": volume, "TagSpecifications": [_tagged("snapshot", tags)]}
    return str(call(aws, op.CREATE_SNAPSHOT, **asked)["SnapshotId"])


def restore_disk(aws: Aws, snapshot: str, zone: str, tags: Mapping[str, str]) -> str:
    """Make a disk of a snapshot; answers with its id.

    Raises:
        ReadFailed: EC2 refused.
    """
    asked: dict[str, Any] = {
        "SnapshotId": snapshot,
        "AvailabilityZone": zone,
        "VolumeType": "gp3",
        "Encrypted": True,
        "TagSpecifications": [_tagged("volume", tags)],
    }
    return str(call(aws, op.CREATE_VOLUME, **asked)["VolumeId"])


def back_up_database(aws: Aws, database: str, name: str, tags: Mapping[str, str]) -> None:
    """Make a snapshot of a database under a name.

    Raises:
        ReadFailed: RDS refused.
    """
    asked: dict[str, Any] = {
        "DBInstanceIdentifier": database,
        "DBSnapshotIdentifier": name,
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
    }
    call(aws, op.CREATE_DB_SNAPSHOT, **asked)


def _tagged(kind: str, tags: Mapping[str, str]) -> dict[str, Any]:
    return {
        "ResourceType": kind,
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
    }


def delete_backup(aws: Aws, point: RecoveryPoint) -> None:
    """Delete a copy for good.

    Raises:
        ReadFailed: AWS refused.
    """
    if point.kind == FILES:
        call(aws, op.DELETE_RECOVERY_POINT, BackupVaultName=point.vault, RecoveryPointArn=point.id)
    elif point.kind == DISK:
        call(aws, op.DELETE_SNAPSHOT, SnapshotId=point.id)
    else:
        call(aws, op.DELETE_DB_SNAPSHOT, DBSnapshotIdentifier=point.id)
