"""What CloudWatch Logs holds about a deployment: its groups, last lines and archived events."""

from __future__ import annotations

from datetime import datetime

from ash_ops.aws.calls import Answer, call_in, pages
from ash_ops.aws.session import Aws


def log_groups(aws: Aws, prefix: str, *, region: str | None = None) -> list[Answer]:
    """The log groups whose names start so; the first fifty."""
    answer = call_in(aws, region, "logs", "describe_log_groups", logGroupNamePrefix=prefix)
    return list(answer.get("logGroups") or [])


def last_lines(
    aws: Aws, group: str, stream: str, *, limit: int, region: str | None = None
) -> list[Answer]:
    """The last events of one stream, oldest first."""
    answer = call_in(
        aws,
        region,
        "logs",
        "get_log_events",
        logGroupName=group,
        logStreamName=stream,
        limit=limit,
        startFromHead=False,
    )
    return list(answer.get("events") or [])[-limit:]


def events_since(aws: Aws, group: str, since: datetime, *, limit: int) -> list[Answer]:
    """The events of a group from a moment on, of all its streams."""
    kept: list[Answer] = []
    start = int(since.timestamp() * 1000)
    for page in pages(aws, "logs", "filter_log_events", logGroupName=group, startTime=start):
        kept += page.get("events") or []
        if len(kept) >= limit:
            break
    return kept
