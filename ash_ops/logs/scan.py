"""Reading one range of event time from its first page to its last, each event once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ash_ops.aws.logs import Event, Page, Query


# Ids are kept in buckets of 2^13 ms (about 8 s) of event time, so that forgetting is cheap.
_BUCKET_BITS = 13
# As many ids are kept of a range that is read once, whatever its length: 30 MB.
_MOST_IDS = 300_000


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
        self._buckets: dict[int, set[int]] = {}

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
            if bucket is None:
                bucket = buckets[at >> _BUCKET_BITS] = set()
            key = fingerprint(event)
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


# Pages without events, one after the other, after which a range without end has none any more.
_ENDLESS = 2_000
# So often a scan starts over at its very beginning, which is right in whatever order pages come.
_FROM_THE_BEGINNING = 3


class Scan:
    """One range, page by page.

    A page token may expire. The scan then starts over at its beginning; when that happens again
    and again, where it had got to, if the pages came in order of time. Who reads the events drops
    those it has seen.

    Args:
        query: the range.
        most_empty: after so many empty pages on end there is no more to come.

    Attributes:
        pages: how many pages were read.
        done: whether the last page was read.
        in_order: whether every event was as late as the one before, so far.
        settled: set by who no longer knows all events seen, so that the beginning is not read again.
        reached: the event time read up to; the start of the range before the first event.
    """

    def __init__(self, query: Query, *, most_empty: int = _ENDLESS) -> None:
        self._range = query
        self._most_empty = most_empty
        self._fruitless: list[str | None] = []
        self._restarts = 0
        self.settled = False
        self._token: str | None = None
        self.pages = 0
        self.done = False
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

    def receive(self, page: Page) -> None:
        """Take note of a page."""
        self.pages += 1
        self._follow_order(page)
        self.done = page.token is None or self._is_stuck(page)
        self._token = page.token

    def start_over(self) -> None:
        """Forget the page token."""
        self._token = None
        self._restarts += 1
        if self.in_order and (self.settled or self._restarts > _FROM_THE_BEGINNING):
            self._range = replace(self._range, start=self.reached)

    def _is_stuck(self, page: Page) -> bool:
        """Whether going on would be an endless loop: tokens that bring nothing, and come again."""
        if page.events:
            self._fruitless.clear()
            return False
        self._fruitless.append(page.token)
        again = page.token == self._token or page.token in self._fruitless[:-1]
        return again or len(self._fruitless) > self._most_empty

    def _follow_order(self, page: Page) -> None:
        reached = self.reached
        for event in page.events:
            at = event["timestamp"]
            if at < reached:
                self.in_order = False
                return
            reached = at
        self.reached = reached
