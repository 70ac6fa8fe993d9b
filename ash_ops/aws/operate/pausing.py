"""What stops and starts a deployment: its services, its machines, its database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, if_there, rows
from ash_ops.aws.client.session import Aws
from ash_ops.facts.services import STOPPED_TAG


def scale_service(aws: Aws, cluster_name: str, name: str, count: int) -> None:
    """Ask a service for so many tasks; with 0 ECS stops those that run.

    Raises:
        ReadFailed: ECS refused.
    """
    call(aws, op.UPDATE_SERVICE, cluster=cluster_name, service=name, desiredCount=count)


def mark_stopped(aws: Aws, arn: str, when: datetime) -> None:
    """Note on a service that it is stopped on purpose, and since when.

    Raises:
        ReadFailed: ECS refused.
    """
    tag = {"key": STOPPED_TAG, "value": f"{when:%Y-%m-%dT%H:%M:%SZ}"}
    call(aws, op.ECS_TAG_RESOURCE, resourceArn=arn, tags=[tag])


def unmark_stopped(aws: Aws, arn: str) -> None:
    """Take that note away.

    Raises:
        ReadFailed: ECS refused.
    """
    call(aws, op.ECS_UNTAG_RESOURCE, resourceArn=arn, tagKeys=[STOPPED_TAG])


def resize_group(aws: Aws, name: str, least: int, wanted: int) -> None:
    """Ask an Auto Scaling group for so many machines, and for never fewer than ``least``.

    Raises:
        ReadFailed: EC2 Auto Scaling refused.
    """
    asked: dict[str, Any] = {"MinSize": least, "DesiredCapacity": wanted}
    call(aws, op.UPDATE_AUTO_SCALING_GROUP, AutoScalingGroupName=name, **asked)


def find_database(aws: Aws, name: str) -> Answer | None:
    """The database instance of a name; ``None`` when there is none.

    Raises:
        ReadFailed: RDS did not answer.
    """
    found = if_there(lambda: list(rows(aws, op.DESCRIBE_DB_INSTANCES, DBInstanceIdentifier=name)))
    return next(iter(found or ()), None)


def stop_database(aws: Aws, name: str) -> None:
    """Stop a database instance; RDS starts it again by itself after seven days.

    Raises:
        ReadFailed: RDS refused.
    """
    call(aws, op.STOP_DB_INSTANCE, DBInstanceIdentifier=name)


def start_database(aws: Aws, name: str) -> None:
    """Start a database instance that was stopped.

    Raises:
        ReadFailed: RDS refused.
    """
    call(aws, op.START_DB_INSTANCE, DBInstanceIdentifier=name)
