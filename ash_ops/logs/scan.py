"""Reading one range of event time from its first page to its last, each event once."""

from __future__ import annotations

from array import array
from operator import le
from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ash_ops.aws.logs import Event, Page, Query

# Ids are kept in buckets of 2^13 ms (about 8 s) of event time, so that forgetting is cheap.
_BUCKET_BITS = 13
# As many ids are kept of a range that is read once, whatever its length: 30 MB.
_MOST_IDS = 300_000
# Pages without events, one after the other, after which a range without end has none any more.
ENDLESS = 2_000
# So often a scan starts over at its very beginning, which is right in whatever order pages come.
_FROM_THE_BEGINNING = 3
_ID_DIGITS = 56


def fingerprint(event: Event) -> int:
    """64 bits that tell an event from every other one.

    AWS's ``eventId`` is unique in a log group. An event without one is told apart by its content.
    """
    event_id = event.get("eventId")
    if event_id is None:
        event_id = (event.get("timestamp"), event.get("message"), event.get("ingestionTime"))
    return hash((event_id, event.get("logStreamName")))


class SeenIds:
    """The fingerprints of the events at or after ``floor``, an event time that never moves back."""

    def __init__(self, floor: int = 0) -> None:
        self.floor = floor
        self._buckets: dict[int, set[int] | array[int]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._buckets.values()))

    def fresh(self, events: Iterable[Event]) -> list[Event]:
        """The events not seen before, and remember them. Events before the floor are not fresh."""
        new: list[Event] = []
        floor, buckets = self.floor, self._buckets
        for event in events:
            at = event["timestamp"]
            if at < floor:
                continue
            bucket = buckets.get(at >> _BUCKET_BITS)
            if type(bucket) is not set:
                bucket = buckets[at >> _BUCKET_BITS] = set(bucket or ())
            event_id = event.get("eventId")
            # As ``fingerprint`` does, without a call for each event.
            key = (
                fingerprint(event)
                if event_id is None
                else hash((event_id, event.get("logStreamName")))
            )
            if key not in bucket:
                bucket.add(key)
                new.append(event)
        return new

    def forget_before(self, floor: int) -> None:
        """Raise the floor; ids of whole buckets below it are dropped."""
        if floor <= self.floor:
            return
        self.floor = floor
        self._drop_before(floor)

    def pack(self, reached: int) -> None:
        """Keep in little room what a range that was read in order will hardly be asked for again."""
        for number, bucket in self._buckets.items():
            if number < reached >> _BUCKET_BITS and type(bucket) is set:
                self._buckets[number] = array("q", bucket)

    def trim(self, reached: int) -> bool:
        """Bound the ids of a long range that was read in order up to an event time.

        The floor stays: an older event that comes after all was not printed yet.

        Returns:
            Whether ids were dropped.
        """
        if len(self) <= _MOST_IDS:
            return False
        self._drop_before(reached)
        return True

    def _drop_before(self, at: int) -> None:
        lowest = at >> _BUCKET_BITS
        for bucket in [number for number in self._buckets if number < lowest]:
            del self._buckets[bucket]


class Scan:
    """One range, page by page.

    A page token may expire. The scan then starts over where it had got to, if pages are known to
    come in order of time; else at its beginning. Who reads the events drops those it has seen.

    Args:
        query: the range.
        most_empty: after so many empty pages on end there is no more to come.
        is_interleaved: whether the service is known to go through time.

    Attributes:
        pages: how many pages were read.
        events: how many events they held.
        done: whether there is nothing more to read.
        gave_up: whether that is only a guess: AWS named a next page.
        barren: how many empty pages were read since the last event.
        most_barren: the longest run of empty pages that had events behind it.
        in_order: whether every event was as late as the one before, so far.
        is_interleaved: whether one stream was read, then another, then the first again: AWS goes
            through time, not through one stream after the other.
        settled: set by who no longer knows all events seen, so that the beginning is not read again.
        reached: the event time read up to; the start of the range before the first event.
    """

    def __init__(
        self, query: Query, *, most_empty: int = ENDLESS, is_interleaved: bool = False
    ) -> None:
        self._range = query
        self._most_empty = most_empty
        self.barren = 0
        self._fruitless: set[str | None] = set()
        self._restarts = 0
        self._token: str | None = None
        self._stream: str | None = None
        self._left: set[str | None] = set()
        self.is_interleaved = is_interleaved
        self.settled = False
        self.pages = 0
        self.events = 0
        self.done = False
        self.gave_up = False
        self.most_barren = 0
        self.in_order = True
        self.reached = query.start

    @property
    def query(self) -> Query:
        """The call to make next."""
        return replace(self._range, token=self._token)

    @property
    def uses_token(self) -> bool:
        """Whether the next call depends on a page token."""
        return self._token is not None

    def receive(self, page: Page, fresh: int) -> None:
        """Take note of a page, of whose events so many were not known before."""
        self.pages += 1
        self.events += len(page.events)
        self._follow_order(page.events)
        self._count_barren(page)
        if page.token is not None and self._is_loop(page.token, fresh):
            self._leave_loop(page)
            return
        self.gave_up = page.token is not None and self.barren > self._most_empty
        self.done = page.token is None or self.gave_up
        self._token = page.token

    def start_over(self) -> None:
        """Forget the page token."""
        self._token = None
        self._restarts += 1
        known = self.is_interleaved or self.settled or self._restarts > _FROM_THE_BEGINNING
        if self.in_order and known:
            self._go_on_from_reached()

    def _go_on_from_reached(self) -> None:
        self._range = replace(self._range, start=self.reached)

    def _count_barren(self, page: Page) -> None:
        if not page.events:
            self.barren += 1
            return
        self.most_barren = max(self.most_barren, self.barren)
        self.barren = 0

    def _is_loop(self, token: str, fresh: int) -> bool:
        """Whether the tokens have come before, with nothing new since then."""
        if fresh:
            self._fruitless.clear()
            return False
        looped = token == self._token or token in self._fruitless
        self._fruitless.add(token)
        return looped

    def _leave_loop(self, page: Page) -> None:
        """A page that leads nowhere ends the range, unless what it reached can be gone on from."""
        self._token = None
        self._fruitless.clear()
        if page.events and self.in_order and self.reached > self._range.start:
            self._go_on_from_reached()
        else:
            self.done = True

    def _follow_order(self, events: list[Event]) -> None:
        if not events or not self.in_order:
            return
        self.in_order = self.reached <= events[0]["timestamp"] and is_in_time_order(events)
        if not self.in_order:
            return
        self.reached = events[-1]["timestamp"]
        if not self.is_interleaved:
            self._follow_streams(events)

    def _follow_streams(self, events: list[Event]) -> None:
        """A stream that was left and comes again: the pages go through time, not stream by stream."""
        for event in events:
            stream = event.get("logStreamName")
            if stream != self._stream:
                self._left.add(self._stream)
                self._stream = stream
                self.is_interleaved = stream in self._left
                if self.is_interleaved:
                    return


def is_in_time_order(events: list[Event]) -> bool:
    """Whether each event is as late as the one before, or later."""
    stamps = [event["timestamp"] for event in events]
    return all(map(le, stamps, stamps[1:]))


def in_time_order(events: list[Event]) -> list[Event]:
    """Events by time; equal times in the order in which AWS gave them, if that went through time.

    AWS orders by time stamp, ingestion time and the order of delivery (FilterLogEvents, API
    reference). Of a service that goes through no order the same is restored as far as it can be
    told.
    """
    return events if is_in_time_order(events) else sorted(events, key=_position)


def _position(event: Event) -> tuple[int, int, str]:
    """Where an event stands among all others.

    The ids that AWS gives within a delivery count upwards, in 56 digits; others tell no order.
    """
    event_id = str(event.get("eventId") or "")
    counts = len(event_id) == _ID_DIGITS and event_id.isdecimal()
    arrived = event.get("ingestionTime") or 0
    return event["timestamp"], arrived, event_id if counts else ""
