"""Printing what is stored, beside ``aws logs tail`` and ``awslogs``: processor time, time, memory.

    python -m tests.bench.logs_dump [EVENTS ...]

``ash-ops hints`` is what a terminal shows: with a line below each line whose meaning is known. The
last table has pages that take 0.4 s, as those of a megabyte do, and five calls a second.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import replace

from tests.bench.logs_standin import StandIn
from tests.bench.logs_tools import run, tools
from tests.bench.logs_world import Faults, World, lines

# Plain lines, and lines as Ash writes them, whose parsing is work that the others do not do.
TEXTS = {
    "plain": "line {number} of a log that says what it has to say in about ninety characters of text",
    "pino": (
        '{{"level":30,"time":1790000000000,"pid":7,"hostname":"ip-10-0-1-23",'
        '"reqId":"req-{number}","res":{{"statusCode":200}},"responseTime":12.345,'
        '"msg":"request completed line {number} "}}'
    ),
}
RUNS = {50: 7, 10_000: 3, 100_000: 3}
# awslogs takes half a minute for 100,000 events.
TOO_SLOW = {("awslogs", 100_000)}


def main(sizes: list[int]) -> None:
    """Print a table, a row a tool, size and kind of line; medians."""
    print("| events | lines | tool | printed | CPU s | of aws | wall s | of aws | peak MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    for size in sizes or list(RUNS):
        for kind, text in TEXTS.items():
            stored = lines(seconds=0, before=3600, rate=size / 3600, lag=(0.0, 0.0))
            shown = [replace(one, text=text.format(number=one.number)) for one in stored]
            world = World(shown, Faults(quota=0, page_size=7000), time.time())
            with StandIn(world) as standin:
                _compare(size, kind, standin)
    print("\nPages of 0.4 s:\n\n| events | tool | printed | wall s | peak MB | calls | refused |")
    print("|---|---|---|---|---|---|---|")
    _slow_pages(max(sizes or list(RUNS)))


def _compare(size: int, kind: str, standin: StandIn) -> None:
    commands = {
        tool: dump for tool, (_, dump) in tools(standin.url).items() if (tool, size) not in TOO_SLOW
    }
    commands["ash-ops hints"] = [*commands["ash-ops"], "--hints"]
    measured = {tool: [] for tool in commands}  # type: ignore[var-annotated]  # lists of Run
    for _ in range(RUNS.get(size, 3)):
        for tool, command in commands.items():
            measured[tool].append(run(command, standin.url))
    middle = {
        tool: [statistics.median(getattr(one, what) for one in runs) for what in ("cpu", "wall")]
        for tool, runs in measured.items()
    }
    cpu_aws, wall_aws = middle.get("aws", (float("nan"), float("nan")))
    for tool, (cpu, wall) in middle.items():
        last = measured[tool][-1]
        printed = len({number for _, number in last.lines})
        print(
            f"| {size} | {kind} | {tool} | {printed} | {cpu:.3f} | {cpu / cpu_aws:.2f} "
            f"| {wall:.3f} | {wall / wall_aws:.2f} | {last.peak_mb:.0f} |",
            flush=True,
        )


def _slow_pages(size: int) -> None:
    stored = lines(seconds=0, before=3600, rate=size / 3600, lag=(0.0, 0.0))
    shown = [replace(one, text=TEXTS["plain"].format(number=one.number)) for one in stored]
    world = World(shown, Faults(page_size=7000), time.time())
    with StandIn(world, latency=0.4) as standin:
        for tool, (_, command) in tools(standin.url).items():
            if (tool, size) in TOO_SLOW:
                continue
            world.calls = world.throttles = 0
            done = run(command, standin.url)
            printed = len({number for _, number in done.lines})
            print(
                f"| {size} | {tool} | {printed} | {done.wall:.2f} | {done.peak_mb:.0f} "
                f"| {world.calls} | {world.throttles} |",
                flush=True,
            )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
