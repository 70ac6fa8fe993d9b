"""CloudWatch Logs: one log group by its exact name, whose it is, and its removal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call, pages
from ash_ops.aws.session import Aws


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGroup:
    """A log group.

    Attributes:
        created: milliseconds since the epoch; two groups of one name are told apart by it, for a
            log group's ARN is made of its name alone.
    """

    name: str
    arn: str
    created: int
    tags: Mapping[str, str] = field(default_factory=dict)


def find_log_group(aws: Aws, name: str) -> LogGroup | None:
    """The log group of exactly this name, with its tags; ``None`` when there is none.

    Raises:
        ReadFailed: the group or its tags could not be read.
    """
    for page in pages(aws, op.DESCRIBE_LOG_GROUPS, logGroupNamePrefix=name):
        for raw in page.get("logGroups") or ():
            if raw.get("logGroupName") == name:
                # DescribeLogGroups gives the ARN with ":*", the tagging calls take it without.
                arn = str(raw.get("arn", "")).removesuffix(":*")
                tags = call(aws, op.LOGS_LIST_TAGS, resourceArn=arn).get("tags")
                return LogGroup(
                    name=name, arn=arn, created=int(raw.get("creationTime", 0)), tags=tags or {}
                )
    return None


def tag_log_group(aws: Aws, arn: str, tag: tuple[str, str]) -> None:
    """Put a tag on a log group.

    Raises:
        ReadFailed: AWS refused.
    """
    call(aws, op.LOGS_TAG_RESOURCE, resourceArn=arn, tags={tag[0]: tag[1]})


def delete_log_group(aws: Aws, name: str) -> None:
    """Delete a log group with all that is in it.

    Raises:
        ReadFailed: AWS refused.
    """
    call(aws, op.DELETE_LOG_GROUP, logGroupName=name)
