"""Memory of following for ten minutes at 200 lines a second, in simulated time, printed for real.

python -m tests.bench.logs_memory [MINUTES]
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from ash_ops.aws.logs import Event
from ash_ops.logs.render import Look, Renderer
from ash_ops.redact import LogLines, learn
from tests.ash_ops.logs.simulation import EPOCH, Simulation
from tests.bench.logs_world import TASKS, Faults, World

RATE = 200
PAGE = 5000
TEXT = '{"level":30,"pid":7,"reqId":"req-%d","msg":"request completed, as many were before it"}'


class Endless(World):
    """Lines made when they are asked for, and decoded anew each time, as the service's are."""

    def filter_log_events(self, request: dict[str, Any], now: float) -> dict[str, Any]:
        """The lines from ``startTime`` to now, a page at a time."""
        self.calls += 1
        first = int(request.get("nextToken") or (request["startTime"] / 1000 - EPOCH) * RATE)
        numbers = range(max(0, first), int(now * RATE))[:PAGE]
        answer: dict[str, Any] = {"events": [_event(number) for number in numbers]}
        if len(numbers) == PAGE:
            answer["nextToken"] = str(numbers[-1] + 1)
        decoded: dict[str, Any] = json.loads(json.dumps(answer))
        return decoded


def _event(number: int) -> Event:
    at = int((EPOCH + number / RATE) * 1000)
    return {
        "eventId": f"{number:056d}",
        "timestamp": at,
        "ingestionTime": at,
        "logStreamName": f"ash/ash/{TASKS[number % 3]}",
        "message": TEXT % number,
    }


def main(minutes: int) -> None:
    """Print a line a minute."""
    simulation = Simulation(Endless([], Faults(), EPOCH))
    renderer, door = Renderer(Look()), LogLines()
    learn("a-secret-known-by-value")
    printed = 0

    def emit(events: list[Event]) -> None:
        nonlocal printed
        printed += len(events)
        door.redacted([(event["logStreamName"], event["message"]) for event in events])
        sink.write(renderer.page(events).encode())

    simulation.emit = emit  # type: ignore[method-assign] -- what is printed is not kept here
    tail = simulation.tail()
    with Path(os.devnull).open("wb") as sink:
        for minute in range(1, minutes + 1):
            simulation.run(tail, minute * 60.0)
            simulation.queries.clear()
            print(f"{minute} min: {printed} printed, {tail.remembered()} ids, {_resident()} MB")


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") >> 20


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 10)
