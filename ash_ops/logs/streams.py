"""Streams whose lines a follower never sees, because their clock is further behind than it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_ops.aws.logs import Query
from ash_ops.errors import ReadFailed
from ash_ops.logs.render import short_id, task_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.aws.logs import Event, LogsReader
    from ash_ops.logs.clock import ServerClock
    from ash_ops.logs.tail import Tail

# Seconds until the first look, and between looks.
_FIRST = 10.0
_EVERY = 60.0
# Streams asked for at a look: each is a call of the quota that the follower needs.
_MOST = 3
_MINUTE = 60_000


class LateStreams:
    """Looks now and then for streams that are written to and never read.

    DescribeLogStreams tells when a stream was last written to, but not reliably what its newest
    time stamp is (that may be an hour old). So it only raises the suspicion; the stream's newest
    event proves it.

    Args:
        reader: reads the group, on a connection of its own.
        tail: what is followed.
        server_clock: what time it is at AWS.
        clock: monotonic seconds.
        notice: says something that is not data.
    """

    def __init__(
        self,
        reader: LogsReader,
        tail: Tail,
        server_clock: ServerClock,
        clock: Callable[[], float],
        notice: Callable[[str], None],
    ) -> None:
        self._reader = reader
        self._tail = tail
        self._time = server_clock
        self._clock = clock
        self._notice = notice
        self._due = clock() + _FIRST
        self._began: int | None = None
        self._told: set[str] = set()

    def look(self) -> None:
        """Look, if it is time to; a call that fails is made again the next time."""
        if self._began is None:
            self._began = self._time.now()
        if self._clock() < self._due:
            return
        self._due = self._clock() + _EVERY
        try:
            for stream in self._suspects(self._began)[:_MOST]:
                self._ask(stream, self._began)
        except ReadFailed:
            return

    def _suspects(self, began: int) -> list[str]:
        """The streams written to since then of which nothing was read."""
        known = self._told | self._tail.streams
        return [
            name
            for stream in self._reader.streams_by_recency()
            if (name := str(stream.get("logStreamName") or "")) not in known
            and (stream.get("lastIngestionTime") or began) >= began
        ]

    def _ask(self, stream: str, began: int) -> None:
        floor = self._tail.floor
        self._reader.streams = [stream]
        events = self._reader.read(Query(start=0, limit=1, newest_first=True)).events
        newest: Event | None = max(events, key=lambda event: event["timestamp"], default=None)
        if newest is None or (newest.get("ingestionTime") or 0) < began:
            return
        if newest["timestamp"] < floor:
            self._told.add(stream)
            behind = (newest["ingestionTime"] - newest["timestamp"]) // _MINUTE + 1
            self._notice(
                f"task {short_id(task_id(stream))} stamps its lines {behind} min in the past: they are "
                f"older than the late window and not printed; --late-window {behind + 1}m prints them"
            )
