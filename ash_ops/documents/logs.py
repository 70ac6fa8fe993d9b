"""A line of ``ash-ops logs --format json``."""

from __future__ import annotations

from typing import TypedDict


class LogEvent(TypedDict):
    """An event of CloudWatch Logs. Times have milliseconds.

    Attributes:
        timestamp: when it was written, by the clock of the task.
        ingested: when CloudWatch Logs took it in.
        task: the id of the task that wrote it.
        stream: the log stream.
        event_id: CloudWatch's own; no two events share one.
        message: redacted, and whole.
    """

    timestamp: str
    ingested: str | None
    task: str
    stream: str
    event_id: str | None
    message: str
