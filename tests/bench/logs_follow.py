"""Following, beside ``aws logs tail`` and ``awslogs``: what is lost, doubled, how late, at what cost.

    python -m tests.bench.logs_follow [SCENARIO ...]

Each tool follows the same lines, each its own stand-in, all at the same time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from typing import Any

from tests.bench.logs_standin import StandIn
from tests.bench.logs_tools import aws_v2, run, tools
from tests.bench.logs_world import Faults, Happening, World, lines

SECONDS = 30.0
# A tool on a busy machine may be behind when the lines end: it gets time to catch up before it is
# cut off, or what it had not printed yet would count as lost.
DRAIN = 20.0
COUNTED_UNTIL = SECONDS + 3.0
# What is visible this early may fall before a tool's first call.
WARM_UP = 3.0

SCENARIOS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "fargate": ({"tasks": 3, "flush": 5.0}, {}),
    "late": ({"tasks": 2, "late": (0.05, 5.0, 25.0)}, {}),
    "burst": ({"bursts": (5.0, 1500), "same_ms": 25}, {"empty_page": 0.2}),
    "skew": ({"future": (8.0, 3600.0)}, {"date_skew": 3600.0, "date_jumps": True}),
    "throttle": ({}, {"throttled": 0.3, "server_error": 0.05, "dropped": 0.05}),
    "all": (
        {
            "tasks": 3,
            "flush": 5.0,
            "late": (0.05, 5.0, 25.0),
            "bursts": (9.0, 800),
            "same_ms": 5,
            "future": (12.0, 3600.0),
        },
        {
            "throttled": 0.15,
            "server_error": 0.03,
            "dropped": 0.03,
            "empty_page": 0.15,
            "token_lost": 0.1,
        },
    ),
    "outage": ({"tasks": 3, "flush": 5.0}, {"outage_between": (18.0, 21.0)}),
    "late-small": ({"tasks": 2, "late": (0.05, 35.0, 115.0)}, {"page_size": 500}),
    # Nothing is written after five seconds: the calls of the time after 25 s are counted.
    "idle": ({"until": 5.0}, {}),
}
# Until when the lines of a scenario may become visible, where that is not the end of the lines.
LONGER = {"late-small": 130.0, "idle": 60.0}
IDLE_AFTER = 25.0


def written(what: dict[str, Any], seed: int = 1) -> list[Happening]:
    """The lines of a scenario."""
    options = dict(what)
    seconds = options.pop("until", SECONDS)
    return lines(seconds=seconds, before=20.0, seed=seed, **options)


def one(scenario: str, tool: str) -> dict[str, Any]:
    """One tool in one scenario."""
    what, faults = SCENARIOS[scenario]
    aws_v2()  # looked for now, not while the world's clock runs
    world = World(written(what), Faults(**faults), time.time())
    until = LONGER.get(scenario, COUNTED_UNTIL)
    idle = threading.Timer(IDLE_AFTER, lambda: counted.append(world.calls))
    counted: list[int] = []
    idle.start()
    with StandIn(world) as standin:
        seconds = until + (DRAIN if scenario != "idle" else 0.0)
        result = run(tools(standin.url)[tool][0], standin.url, seconds=seconds)
    idle_calls = (world.calls - counted[0]) / (until - IDLE_AFTER) if scenario == "idle" else None
    wanted = {
        line.number: line.visible for line in world.happenings if WARM_UP <= line.visible <= until
    }
    times = Counter(number for _, number in result.lines)
    waits = sorted(
        at - world.epoch - wanted[number] for at, number in result.lines if number in wanted
    )
    return {
        "scenario": scenario,
        "tool": tool,
        "events": len(wanted),
        "lost": sum(1 for number in wanted if number not in times),
        "twice": sum(1 for count in times.values() if count > 1),
        "median_s": round(waits[len(waits) // 2], 3) if waits else None,
        "p99_s": round(waits[int(len(waits) * 0.99)], 2) if waits else None,
        "cpu_s": round(result.cpu, 2),
        "peak_mb": round(result.peak_mb),
        "calls": world.calls,
        "idle_calls_s": None if idle_calls is None else round(idle_calls, 2),
        "ran_s": round(result.wall, 1),
        "code": result.code,
        "ctrl_c_s": round(result.interrupt_seconds, 2),
    }


def main(names: list[str]) -> None:
    """Print a table, a row a tool and scenario."""
    header = True
    for scenario in names or list(SCENARIOS):
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.bench.logs_follow", "--one", scenario, tool],
                stdout=subprocess.PIPE,
                text=True,
            )
            for tool in tools("")
        ]
        for process in started:
            row = json.loads(process.communicate()[0])
            if header:
                print("| " + " | ".join(row) + " |\n|" + "---|" * len(row))
                header = False
            print("| " + " | ".join(str(value) for value in row.values()) + " |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(*sys.argv[2:4])))
    else:
        main(sys.argv[1:])
