"""The archive of ECS's events: which task died last, when ECS itself has forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ash_ops.aws.ecs import TaskState, task_state
from ash_ops.aws.logs import Query
from ash_ops.errors import ReadFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ash_ops.aws.logs import Event, LogsReader

# The archive keeps 30 days; deaths of more than a week ago are looked for in the streams alone.
REACH = 7 * 86_400_000
_MOST_PAGES = 50


def last_death(archive: LogsReader, names: set[str], now: int) -> TaskState | None:
    """The task whose death the archive tells of last; ``None`` if it tells of none or is not there.

    Args:
        archive: reads the log group that an EventBridge rule fills.
        names: the cluster's and the service's name.
        now: milliseconds since 1970.
    """
    # Only here: it brings pydantic with it, which the other ways of reading need not wait for.
    from ash_ops.snapshot.readings.service import archived_task

    last: dict[str, Any] | None = None
    try:
        for event in _events(archive, now - REACH):
            row = archived_task(event, names)
            if row is not None and (last is None or row["at"] >= last["at"]):
                last = row
    except ReadFailed:
        return None
    if last is None:
        return None
    return replace(task_state(last["task"]), stopped_at=last["at"].timestamp())


def _events(archive: LogsReader, start: int) -> Iterator[Event]:
    query = Query(start=start)
    for _ in range(_MOST_PAGES):
        page = archive.read(query)
        yield from page.events
        if page.token is None or page.token == query.token:
            return
        query = replace(query, token=page.token)
