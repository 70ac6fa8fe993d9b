"""Runs a reading against a ``World`` in simulated time: minutes pass in milliseconds."""

from __future__ import annotations

import random
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from ash_ops.aws.client.json_api import _kind
from ash_ops.aws.logs import Event, Page, Query
from ash_ops.errors import ReadFailed
from ash_ops.logs.clock import ServerClock
from ash_ops.logs.reading import Answer, OneByOne, Read, Reading, drive
from ash_ops.logs.retry import Pace, RetryPolicy
from ash_ops.logs.tail import Tail
from tests.bench.logs_world import Refusal, World

EPOCH = 1_790_000_000.0


def everything(events: list[Event]) -> list[Event]:
    """All are wanted."""
    return events


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
    monotonic_behind: float = 0.0

    def __post_init__(self) -> None:
        self.now = self.start

    def monotonic(self) -> float:
        return self.now + 1000.0 - self.monotonic_behind

    def wall(self) -> float:
        return EPOCH + self.now + self.clock_skew

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += max(seconds, 1e-6)

    def read(self, query: Query) -> Page:
        self.now += self.latency
        return self.page(query, self.now)

    def page(self, query: Query, now: float) -> Page:
        self.queries.append(query)
        body: dict[str, Any] = {"startTime": query.start}
        body |= {"endTime": query.end} if query.end is not None else {}
        body |= {"nextToken": query.token} if query.token else {}
        body |= {"limit": query.limit} if query.limit else {}
        body |= {"startFromHead": False} if query.newest_first else {}
        try:
            answer = self.world.filter_log_events(body, now)
        except Refusal as refusal:
            kind = "unreachable" if refusal.code == "drop" else _kind(refusal.code, refusal.status)
            raise ReadFailed("logs:FilterLogEvents", kind, refusal.code, refusal.message) from None
        date = self.world.date(now)
        return Page(
            events=answer["events"],
            token=answer.get("nextToken"),
            server_time=None if date is None else date * 1000,
        )

    def renew(self) -> None:
        self.renewals += 1

    def emit(self, events: list[Event]) -> None:
        self.printed += [(self.now, event) for event in events]

    def retry(self, *, follow: bool) -> RetryPolicy:
        return RetryPolicy(
            Pace(self.monotonic, random.Random(7).random), self.monotonic, follow=follow
        )

    def tail(self, **options: Any) -> Tail:
        given: dict[str, Any] = {
            "since": None,
            "count": 100,
            "late_window": 120_000,
            "wanted": everything,
        }
        return Tail(
            **(given | options),
            retry=self.retry(follow=True),
            server_clock=ServerClock(self.wall, self.monotonic),
            clock=self.monotonic,
        )

    def run(self, reading: Reading[Event], until: float = 1e9, side_by_side: int = 1) -> None:
        """Run to the reading's end, or to a time."""

        def ended() -> bool:
            if isinstance(reading, Tail):
                self.most_ids = max(self.most_ids, reading.remembered())
            return self.now >= until

        drive(
            reading,
            OneByOne(self, self.sleep) if side_by_side == 1 else SimulatedCalls(self, side_by_side),
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


class SimulatedCalls:
    """Several calls at a time, each answered after the simulation's latency."""

    def __init__(self, simulation: Simulation, most: int) -> None:
        self._simulation = simulation
        self._most = most
        self._begun: deque[tuple[float, Read]] = deque()

    @property
    def is_full(self) -> bool:
        return len(self._begun) >= self._most

    def begin(self, read: Read) -> None:
        self._begun.append((self._simulation.now + self._simulation.latency, read))

    def answer(self, seconds: float) -> Answer | None:
        simulation = self._simulation
        if not self._begun or self._begun[0][0] > simulation.now + seconds:
            simulation.sleep(seconds)
            return None
        at, read = self._begun.popleft()
        simulation.now = max(simulation.now, at)
        try:
            return read, simulation.page(read.query, simulation.now)
        except ReadFailed as error:
            return read, error

    def renew(self) -> None:
        self._simulation.renew()
