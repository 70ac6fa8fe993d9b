"""What ``explain`` takes for long texts: CPU time in this process, the least of some runs.

``python -m tests.bench.explain [--runs 7]`` prints a Markdown table. No other tool reads such a text for
causes; beside each stands what Python takes to look at every line with one expression for the words
of failure, which is the least that any reader could do.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import string
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from ash_ops.causes.explain import explain
from ash_ops.causes.logs import ALARM

MEGABYTE = 1_000_000
CRASH = "Error: listen EADDRINUSE: address already in use 0.0.0.0:4100"
_ALARM = re.compile(ALARM, re.I)


def texts() -> dict[str, tuple[str, int | None]]:
    """What is read, and the milliseconds it may take."""
    few = "\n".join(islice(lines(1), 5_000))
    log = "\n".join(_upto(MEGABYTE, lines(2)))
    middle = log.index("\n", MEGABYTE // 2)
    letters = random.Random(3).choices(f"{string.ascii_letters} \n", k=MEGABYTE)
    return {
        "5,000 lines of a sound log": (few, None),
        "1 MB of a sound log": (log, 100),
        "1 MB with a crash in the middle": (f"{log[:middle]}\n{CRASH}{log[middle:]}", 100),
        "1 MB of random letters": ("".join(letters), 100),
    }


def lines(seed: int) -> Iterator[str]:
    """Lines of a server: its own, pino's JSON, an access log's; no two are alike."""
    draw = random.Random(seed)
    while True:
        stamp = f"2026-11-27T10:{draw.randrange(60):02}:{draw.randrange(60):02}.{draw.randrange(1000):03}Z"
        number, took = draw.randrange(10_000), draw.randrange(500)
        yield draw.choice(
            (
                f"{stamp} [INFO] request {number} served in {took} ms path=/api/sessions/{draw.randrange(2**32):08x}",
                f'{{"level":30,"time":{draw.randrange(10**12)},"msg":"session {number} ready","reqId":"req-{took}"}}',
                f"GET /health 200 {took} ms - {number} bytes",
            )
        )


def _upto(size: int, endless: Iterator[str]) -> Iterator[str]:
    """So many lines that together, with their ends, they fill a size."""
    for line in endless:
        size -= len(line) + 1
        if size < 0:
            return
        yield line


def one_look(text: str) -> list[str]:
    """The lines with a word of failure."""
    return [line for line in text.splitlines() if _ALARM.search(line)]


def least(call: Callable[[], object], runs: int) -> float:
    """The least CPU milliseconds of some runs."""
    taken = []
    for _ in range(runs):
        began = time.process_time()
        call()
        taken.append(time.process_time() - began)
    return min(taken) * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    before = os.getloadavg()[0]
    print("| CPU ms | `explain` | one expression on every line | limit |")
    print("| --- | ---: | ---: | ---: |")
    for title, (text, limit) in texts().items():
        own, floor = least(partial(explain, text), runs), least(partial(one_look, text), runs)
        print(f"| {title} | {own:.0f} | {floor:.0f} | {limit or ''} |")
    print(f"\n{runs} runs each; load {before:.1f} before, {os.getloadavg()[0]:.1f} after.")


if __name__ == "__main__":
    main()
