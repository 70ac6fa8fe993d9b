"""What keeps data: EFS and RDS; S3 tells its sizes through CloudWatch alone."""

from __future__ import annotations

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, rows
from ash_ops.aws.session import Aws


def file_system_bytes(aws: Aws, file_system: str) -> int:
    """How much an EFS file system holds.

    Raises:
        ReadFailed: EFS did not answer.
    """
    answer = call(aws, op.DESCRIBE_FILE_SYSTEMS, FileSystemId=file_system)
    return int(answer["FileSystems"][0]["SizeInBytes"]["Value"])


def databases(aws: Aws) -> list[Answer]:
    """Every database instance of the region, with its tags.

    Raises:
        ReadFailed: RDS did not answer.
    """
    return list(rows(aws, op.DESCRIBE_DB_INSTANCES))
