"""A CloudWatch Logs group in which everything happens that happens in reality, without a network.

The simulated tests read it in simulated time, ``logs_standin`` serves it over HTTP.
"""

from __future__ import annotations

import random
from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass, field
from typing import Any

TASKS = tuple(f"{digit * 4}{number:028x}" for number, digit in enumerate("1a2b3c4d", start=7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One log line: times in seconds since the world began."""

    visible: float
    stamped: float
    task: int = 0
    number: int
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How the service misbehaves. Shares are of calls; a quota of 0 is none.

    Attributes:
        by_task: the pages go through one task after the other, not through time.
        repeats: each page begins with the event that ended the one before.
        endless: every answer names a next page.
        barren: so many empty pages come before the events of each range.
        own_token: share of pages that name themselves as the next, for ever.
    """

    quota: int = 5
    page_size: int = 10_000
    throttled: float = 0.0
    server_error: float = 0.0
    dropped: float = 0.0
    empty_page: float = 0.0
    token_life: float = 86_400.0
    token_lost: float = 0.0
    expired_between: tuple[float, float] = (0.0, 0.0)
    outage_between: tuple[float, float] = (0.0, 0.0)
    date_skew: float = 0.0
    date_jumps: bool = False
    no_date: bool = False
    no_ingestion: bool = False
    unordered: bool = False
    by_task: bool = False
    repeats: bool = False
    endless: bool = False
    knows_newest_first: bool = True
    barren: int = 0
    own_token: float = 0.0


class Refusal(Exception):
    """The service answers with an error; ``code`` "drop" cuts the connection."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message


_ASKED = ("startTime", "endTime", "startFromHead", "limit")


@dataclass(frozen=True, slots=True)
class _Issued:
    """A page token: when it was issued, behind which event it goes on, and of which call it is.

    A token belongs to the parameters it was issued for; with others CloudWatch calls it invalid.
    """

    at: float
    position: tuple[int, int, int] | None
    asked: tuple[Any, ...]


@dataclass(slots=True)
class World:
    """One log group.

    Args:
        happenings: its lines.
        faults: how it misbehaves.
        epoch: when it began, in seconds since 1970.
        seed: of the faults' dice.
    """

    happenings: list[Happening]
    faults: Faults
    epoch: float
    seed: int = 1
    calls: int = 0
    throttles: int = 0
    served: int = 0
    _visible: list[tuple[int, int, int]] = field(default_factory=list)
    _waiting: deque[int] = field(default_factory=deque)
    _recent: deque[float] = field(default_factory=deque)
    _tokens: dict[str, _Issued] = field(default_factory=dict)
    _loops: set[str] = field(default_factory=set)
    _barren_tokens: dict[str, int] = field(default_factory=dict)
    _dice: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        order = sorted(range(len(self.happenings)), key=lambda i: self.happenings[i].visible)
        self._waiting = deque(order)
        self._dice = random.Random(self.seed)

    def filter_log_events(self, request: dict[str, Any], now: float) -> dict[str, Any]:
        """Answer one FilterLogEvents call made at ``now`` seconds after the beginning.

        Raises:
            Refusal: with an error instead.
        """
        self.calls += 1
        self._misbehave(now)
        self._reveal(now)
        start = int(request.get("startTime", 0))
        end = request.get("endTime")
        newest_first = request.get("startFromHead") is False and self.faults.knows_newest_first
        size = min(int(request.get("limit") or 10_000), self.faults.page_size)
        given = request.get("nextToken")
        asked = tuple(request.get(name) for name in _ASKED)
        if (barren := self._barren(given, asked, now)) is not None:
            return {"events": [], "nextToken": barren}
        keys = self._range(start, end, newest_first)
        keys = self._after_token(given, asked, keys, newest_first, now)
        if keys and self._dice.random() < self.faults.empty_page:
            size = 0
        page, rest = keys[:size], keys[size:]
        before = self._tokens[given].position if given else None
        self.served += len(page)
        repeated = [before] if before and self.faults.repeats else []
        events = [self._event(key) for key in [*repeated, *page]]
        if self.faults.unordered:
            self._dice.shuffle(events)
        answer: dict[str, Any] = {"events": events, "searchedLogStreams": []}
        if given in self._loops or (given and page and self._dice.random() < self.faults.own_token):
            self._loops.add(given)
            answer["nextToken"] = given
        elif rest or self.faults.endless:
            answer["nextToken"] = self._token(page[-1] if page else before, asked, now)
        return answer

    def _barren(self, given: str | None, asked: tuple[Any, ...], now: float) -> str | None:
        """The token of the next empty page before a range's events, if there is one."""
        number = self._barren_tokens.pop(given, 0) if given else self.faults.barren
        if not number:
            return None
        token = self._token(None, asked, now)
        self._barren_tokens[token] = number - 1
        return token

    def date(self, now: float) -> float | None:
        """The Date header, in seconds since 1970."""
        if self.faults.no_date:
            return None
        skew = self.faults.date_skew
        if self.faults.date_jumps:
            skew = self._dice.choice([-skew, 0.0, skew])
        return float(int(self.epoch + now + skew))

    def _misbehave(self, now: float) -> None:
        faults = self.faults
        if faults.outage_between[0] <= now < faults.outage_between[1]:
            raise Refusal(0, "drop", "")
        if faults.expired_between[0] <= now < faults.expired_between[1]:
            raise Refusal(400, "ExpiredTokenException", "The security token is expired")
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        over = faults.quota and len(self._recent) >= faults.quota
        if over or self._dice.random() < faults.throttled:
            self.throttles += 1
            raise Refusal(400, "ThrottlingException", "Rate exceeded")
        self._recent.append(now)
        if self._dice.random() < faults.server_error:
            raise Refusal(503, "ServiceUnavailableException", "try again")
        if self._dice.random() < faults.dropped:
            raise Refusal(0, "drop", "")

    def _reveal(self, now: float) -> None:
        while self._waiting and self.happenings[self._waiting[0]].visible <= now:
            index = self._waiting.popleft()
            one = self.happenings[index]
            insort(self._visible, (self._ms(one.stamped), self._ms(one.visible), index))

    def _range(self, start: int, end: int | None, newest_first: bool) -> list[Any]:
        low = bisect_left(self._visible, (start, -(2**62), -1))
        high = len(self._visible)
        if end is not None:
            high = bisect_left(self._visible, (int(end) + 1, -(2**62), -1))
        keys = self._visible[low:high]
        if self.faults.by_task:
            keys = sorted(keys, key=self._order)
        return keys[::-1] if newest_first else keys

    def _order(self, key: tuple[int, int, int]) -> Any:
        return (self.happenings[key[2]].task, key) if self.faults.by_task else key

    def _after_token(
        self,
        token: str | None,
        asked: tuple[Any, ...],
        keys: list[Any],
        newest_first: bool,
        now: float,
    ) -> list[Any]:
        if token is None:
            return keys
        issued = self._tokens[token]
        expired = now - issued.at > self.faults.token_life
        if issued.asked != asked or expired or self._dice.random() < self.faults.token_lost:
            raise Refusal(400, "InvalidParameterException", "The specified nextToken is invalid.")
        if issued.position is None:
            return keys
        reached = self._order(issued.position)
        if newest_first:
            return [key for key in keys if self._order(key) < reached]
        return [key for key in keys if self._order(key) > reached]

    def _token(
        self, position: tuple[int, int, int] | None, asked: tuple[Any, ...], now: float
    ) -> str:
        token = f"t{len(self._tokens)}-{self._dice.getrandbits(40):x}"
        self._tokens[token] = _Issued(now, position, asked)
        return token

    def _event(self, key: tuple[int, int, int]) -> dict[str, Any]:
        one = self.happenings[key[2]]
        event: dict[str, Any] = {
            "eventId": f"{one.number:056d}",
            "timestamp": key[0],
            "logStreamName": f"ash/ash/{TASKS[one.task]}",
            "message": one.text or f"line {one.number}",
        }
        if not self.faults.no_ingestion:
            event["ingestionTime"] = key[1]
        return event

    def _ms(self, seconds: float) -> int:
        return int((self.epoch + seconds) * 1000)


def lines(
    *,
    seconds: float,
    rate: float = 50.0,
    tasks: int = 1,
    flush: float = 0.0,
    lag: tuple[float, float] = (0.05, 0.3),
    late: tuple[float, float, float] = (0.0, 0.0, 0.0),
    bursts: tuple[float, int] = (0.0, 0),
    same_ms: int = 1,
    future: tuple[float, float] = (0.0, 0.0),
    before: float = 0.0,
    seed: int = 1,
) -> list[Happening]:
    """The lines of some tasks.

    Args:
        seconds: how long they write.
        rate: lines a second, of all of them.
        tasks: how many there are; with a ``flush`` each starts with the world's second third.
        flush: seconds between the deliveries of a task's log driver; 0 delivers each line.
        lag: shortest and longest way to CloudWatch, in seconds.
        late: share of lines that come later, by at least and at most so many seconds.
        bursts: every so many seconds, so many lines in one millisecond.
        same_ms: how many lines share each millisecond.
        future: when a line is stamped with a time so many seconds ahead.
        before: how many seconds before the world began the first line was written.
        seed: of the dice.
    """
    dice = random.Random(seed)
    made: list[Happening] = []

    def add(stamped: float, task: int, ahead: float = 0.0) -> None:
        delivered = stamped
        if flush:
            phase = task * flush / max(1, tasks)
            delivered = ((stamped - phase) // flush + 1) * flush + phase
        delay = dice.uniform(*lag)
        if dice.random() < late[0]:
            delay = max(delay, dice.uniform(late[1], late[2]) - (delivered - stamped))
        number = len(made)
        made.append(
            Happening(visible=delivered + delay, stamped=stamped + ahead, task=task, number=number)
        )

    count = int((seconds + before) * rate)
    for index in range(count):
        at = (index // same_ms) * same_ms / rate - before
        task = index % tasks
        if task and at < seconds * task / (3 * tasks) and before == 0.0:
            task = 0
        add(at, task)
    if bursts[1]:
        for number in range(1, int(seconds / bursts[0]) + 1):
            for _ in range(bursts[1]):
                add(number * bursts[0] - bursts[0] / 2, 0)
    if future[1]:
        add(future[0], 0, future[1])
    return made
