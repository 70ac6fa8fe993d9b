"""A fleet in simulated time: sessions arrive, are placed as the server places them, and end.

What is the server's (7d26aee): the coordinator gives a session to the runner with the most room, by the figures
of the last heartbeat, in which only sandboxes that work on a turn count (``drizzle-db.ts`` 187-202,
``coordinator.ts`` 54-56); a runner that is full pauses the session that waits, and answers 503 where none
waits (``packages/sandbox/src/pool.ts``, ``create``). All else is assumed, and a field of ``Load`` or ``Fleet``.
"""

from __future__ import annotations

import heapq
import math
import random
from dataclasses import dataclass, field

HEARTBEAT_S = 10.0
_SAMPLE_S = 60.0
_RESUMES_AFTER_S = 60.0  # a paused session's next message


@dataclass(frozen=True)
class Load:
    """Who comes.

    Attributes:
        sessions: how many run at a time, on average in the busiest hours.
        length_s: of a session, on average (exponential).
        working: the share of its time that a session works on a turn.
        memory_mb: of a sandbox, in the middle (log-normal), and ``spread`` the deviation of its logarithm.
        limit_mb: at which a sandbox is ended by its own limit.
        rise_s: how long the morning takes, from a tenth of the sessions to all.
    """

    sessions: int
    length_s: float = 1200.0
    working: float = 0.35
    memory_mb: float = 450.0
    spread: float = 0.5
    limit_mb: int = 2048
    hours: float = 4.0
    rise_s: float = 3600.0

    def rate(self, at: float) -> float:
        """Sessions a second that arrive: a morning, then the busiest hours."""
        return self.sessions / self.length_s * min(1.0, 0.1 + 0.9 * at / self.rise_s)


@dataclass(frozen=True)
class Fleet:
    """What holds them.

    Attributes:
        holds: sandboxes a runner may have.
        memory_mb: of a runner's container.
        least: runners at the beginning.
        most: runners that scaling out may come to; the same as ``least`` for a fixed number.
        follows: what scaling out follows: ``memory`` or ``sandboxes``.
        target: the share of it that scaling out keeps.
        lag_s: from the alarm to a registered runner: instance, image, start.
        lost_a_year: hosts lost of each hundred hosts.
        drained: whether every host is replaced once in the time, emptied first.
    """

    holds: int
    memory_mb: int
    least: int
    most: int = 0
    follows: str = "memory"
    target: float = 0.7
    lag_s: float = 240.0
    lost_a_year: float = 500.0
    drained: bool = True


@dataclass
class Outcome:
    """What became of them.

    Attributes:
        refused: answered 503.
        killed: their runner died, of its memory or with its host.
        paused: had to make room, and were resumed with their next message.
        highest: of all the time, the share of the runners' memory that was used.
        runner_hours: that were paid for.
    """

    asked: int = 0
    refused: int = 0
    killed: int = 0
    paused: int = 0
    highest: float = 0.0
    runner_hours: float = 0.0

    def share(self, what: str) -> float:
        """A figure as a share of what was asked."""
        return float(getattr(self, what)) / max(self.asked, 1)


@dataclass
class Runner:
    """One runner: its sessions by number (memory in MB, when they end), and what the coordinator last heard."""

    ready_at: float
    sessions: dict[int, tuple[float, float]] = field(default_factory=dict)
    said: int = 0
    used_mb: float = 0.0
    closed: bool = False


class Simulation:
    """One run."""

    def __init__(self, load: Load, fleet: Fleet, seed: int) -> None:
        self.load, self.fleet = load, fleet
        self.random = random.Random(seed)
        self.runners = [Runner(0.0) for _ in range(fleet.least)]
        self.outcome = Outcome()
        self._ends: list[tuple[float, int, Runner]] = []
        self._resumes: list[tuple[float, float]] = []
        self._number = self._alarming = 0
        self._next_drain = 0.0
        self._chosen: Runner | None = None

    def run(self) -> Outcome:
        """From the first session to the last hour."""
        now, until = 0.0, self.load.hours * 3600
        while now < until:
            self._arrive(now)
            self._heartbeats()
            now += HEARTBEAT_S
            self._end(now)
            if now % _SAMPLE_S == 0:
                self._scale(now)
                self._lose(now)
                self._drain(now)
            self.outcome.runner_hours += len(self.runners) * HEARTBEAT_S / 3600
        return self.outcome

    def _arrive(self, now: float) -> None:
        """The sessions of one heartbeat's time, and those that come back."""
        expected = self.load.rate(now) * HEARTBEAT_S
        new = (
            max(0, round(self.random.gauss(expected, math.sqrt(expected))))
            if expected > 20
            else self._few(expected)
        )
        self.outcome.asked += new
        there = [r for r in self.runners if r.ready_at <= now and not r.closed]
        # What it chooses by changes with the next heartbeat alone: until then all go to one.
        self._chosen = min(there, key=lambda one: one.said, default=None)
        for _ in range(new):
            self._place(now, self.random.expovariate(1 / self.load.length_s))
        while self._resumes and self._resumes[0][0] <= now:
            _, rest = heapq.heappop(self._resumes)
            self._place(now, rest)

    def _few(self, expected: float) -> int:
        """A Poisson-distributed number (Knuth)."""
        limit, count, product = math.exp(-expected), 0, self.random.random()
        while product > limit:
            count, product = count + 1, product * self.random.random()
        return count

    def _place(self, now: float, length: float) -> None:
        runner = self._chosen
        if (
            runner is None
            or runner.ready_at > now
            or runner.said >= self.fleet.holds
            or not self._room(runner, now)
        ):
            self.outcome.refused += 1
            return
        self._number += 1
        mb = self.load.memory_mb * math.exp(self.random.gauss(0, self.load.spread))
        mb = min(mb, self.load.limit_mb)
        runner.sessions[self._number] = mb, now + length
        runner.used_mb += mb
        heapq.heappush(self._ends, (now + length, self._number, runner))
        if runner.used_mb > self.fleet.memory_mb:
            self._die(runner, now)

    def _room(self, runner: Runner, now: float) -> bool:
        """Whether a sandbox is free, or one that waits can be paused for it."""
        if len(runner.sessions) < self.fleet.holds:
            return True
        if all(self.random.random() < self.load.working for _ in runner.sessions):
            return False
        mb, end = runner.sessions.pop(next(iter(runner.sessions)))
        runner.used_mb -= mb
        self.outcome.paused += 1
        back = now + self.random.expovariate(1 / _RESUMES_AFTER_S)
        if end > back:
            heapq.heappush(self._resumes, (back, end - back))
        return True

    def _end(self, now: float) -> None:
        while self._ends and self._ends[0][0] <= now:
            _, number, runner = heapq.heappop(self._ends)
            runner.used_mb -= runner.sessions.pop(number, (0.0, 0.0))[0]

    def _heartbeats(self) -> None:
        share = self.load.working
        for runner in self.runners:
            held = len(runner.sessions)
            spread = math.sqrt(held * share * (1 - share))
            runner.said = max(0, min(held, round(self.random.gauss(held * share, spread))))

    def _die(self, runner: Runner, now: float) -> None:
        """Its sessions are gone, and another starts."""
        self.outcome.killed += len(runner.sessions)
        runner.sessions.clear()
        runner.used_mb, runner.ready_at, runner.closed = 0.0, now + self.fleet.lag_s, False

    def _lose(self, now: float) -> None:
        chance = self.fleet.lost_a_year / 100 / 8760 / 60
        for runner in self.runners:
            if self.random.random() < chance:
                self._die(runner, now)

    def _drain(self, now: float) -> None:
        """One host at a time is closed, and replaced when it holds nothing; its sessions end as they would."""
        closed = next((r for r in self.runners if r.closed), None)
        if closed is not None and not closed.sessions:
            closed.closed, closed.ready_at = False, now + self.fleet.lag_s
        elif closed is None and self.fleet.drained and now >= self._next_drain:
            self._next_drain = now + self.load.hours * 3600 / len(self.runners)
            self.random.choice(self.runners).closed = len(self.runners) > 1

    def _scale(self, now: float) -> None:
        """Target tracking as Application Auto Scaling does it: three minutes above, then in proportion."""
        up = [r for r in self.runners if r.ready_at <= now]
        memory = sum(r.used_mb for r in up) / max(1, len(up)) / self.fleet.memory_mb
        self.outcome.highest = max(self.outcome.highest, memory)
        if self.fleet.most <= len(self.runners):
            return
        held = sum(len(r.sessions) for r in up) / max(1, len(up)) / self.fleet.holds
        used = memory if self.fleet.follows == "memory" else held
        self._alarming = self._alarming + 1 if used > self.fleet.target else 0
        if self._alarming >= 3 and len(up) == len(self.runners):
            wanted = math.ceil(len(up) * used / self.fleet.target)
            new = min(wanted, self.fleet.most) - len(up)
            self.runners += [Runner(now + self.fleet.lag_s) for _ in range(new)]
            self._alarming = 0
