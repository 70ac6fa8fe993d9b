"""Which events were seen already, over a bounded stretch of event time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ash_ops.aws.logs import Event

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
