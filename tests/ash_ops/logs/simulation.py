"""Runs a reading against a ``World`` in simulated time: minutes pass in milliseconds."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ash_ops.aws.json_api import _kind
from ash_ops.aws.logs import Event, Page, Query
from ash_ops.errors import ReadFailed
from ash_ops.logs.pace import Pace
from ash_ops.logs.patience import Patience
from ash_ops.logs.run import run
from ash_ops.logs.server_clock import ServerClock
from ash_ops.logs.steps import Reading
from ash_ops.logs.tail import Tail
from tests.bench.logs_world import Refusal, World

EPOCH = 1_790_000_000.0


@dataclass
class Simulation:
    """Simulated time, a reader of the world, and what was printed when.

    Args:
        world: what is read.
        clock_skew: how far this machine's clock is ahead, in seconds.
        latency: of each call, in seconds.
    """

    world: World
    clock_skew: float = 0.0
    latency: float = 0.03
    start: float = 0.0
    now: float = 0.0
    printed: list[tuple[float, Event]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)
    renewals: int = 0
    most_ids: int = 0

    def __post_init__(self) -> None:
        self.now = self.start

    def monotonic(self) -> float:
        return self.now + 1000.0

    def wall(self) -> float:
        return EPOCH + self.now + self.clock_skew

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += max(seconds, 1e-6)

    def read(self, query: Query) -> Page:
        self.queries.append(query)
        self.now += self.latency
        body: dict[str, Any] = {"startTime": query.start}
        body |= {"endTime": query.end} if query.end is not None else {}
        body |= {"nextToken": query.token} if query.token else {}
        body |= {"limit": query.limit} if query.limit else {}
        body |= {"startFromHead": False} if query.newest_first else {}
        try:
            answer = self.world.filter_log_events(body, self.now)
        except Refusal as refusal:
            kind = "unreachable" if refusal.code == "drop" else _kind(refusal.code, refusal.status)
            raise ReadFailed("logs:FilterLogEvents", kind, refusal.code, refusal.message) from None
        date = self.world.date(self.now)
        return Page(
            events=answer["events"],
            token=answer.get("nextToken"),
            server_time=None if date is None else date * 1000,
        )

    def renew(self) -> None:
        self.renewals += 1

    def emit(self, events: list[Event]) -> None:
        self.printed += [(self.now, event) for event in events]

    def patience(self, *, follow: bool) -> Patience:
        return Patience(
            Pace(self.monotonic, random.Random(7).random), self.monotonic, follow=follow
        )

    def tail(self, **options: Any) -> Tail:
        given: dict[str, Any] = {
            "since": None,
            "count": 100,
            "late_window": 120_000,
            "wanted": lambda _: True,
        }
        return Tail(
            **(given | options),
            patience=self.patience(follow=True),
            server_clock=ServerClock(self.wall, self.monotonic),
            clock=self.monotonic,
        )

    def run(self, reading: Reading, until: float = 1e9) -> None:
        """Run to the reading's end, or to a time."""

        def ended() -> bool:
            if isinstance(reading, Tail):
                self.most_ids = max(self.most_ids, reading.remembered())
            return self.now >= until

        run(
            reading,
            self,
            sleep=self.sleep,
            emit=self.emit,
            notice=self.notices.append,
            ended=ended,
        )

    # What came of it.

    def numbers(self) -> list[int]:
        return [int(event["eventId"]) for _, event in self.printed]

    def doubled(self) -> list[int]:
        return [number for number, times in Counter(self.numbers()).items() if times > 1]

    def lost(self, *, visible_until: float) -> list[int]:
        """The lines that became visible between the start and then, and were not printed."""
        printed = set(self.numbers())
        return [
            one.number
            for one in self.world.happenings
            if self.start <= one.visible <= visible_until and one.number not in printed
        ]

    def latencies(self) -> list[float]:
        """Visible to printed, sorted, of the lines that became visible after the start."""
        visible = {one.number: one.visible for one in self.world.happenings}
        pairs = [(at, visible[int(event["eventId"])]) for at, event in self.printed]
        return sorted(at - seen for at, seen in pairs if seen >= self.start)

    def quantile(self, share: float) -> float:
        values = self.latencies()
        return values[min(len(values) - 1, int(share * len(values)))]
