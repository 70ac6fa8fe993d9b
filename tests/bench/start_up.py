"""How long it takes until something is there: whole processes, from start to end, medians.

``python -m tests.bench.start_up [--runs 25]`` prints a Markdown table. Rounds are interleaved, so
that whatever else the machine does hits all alike. Each process starts in an empty folder, without
the caller's AWS and Ash variables; bytecode is cached, as it is once a command has been used.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
MESSAGE = (
    "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve "
    "ref ghcr.io/ash-ai-org/ash:0.2.99: ghcr.io/ash-ai-org/ash:0.2.99: not found"
)
CLIENT = "from ash_client import AshClient; AshClient('http://127.0.0.1:9', api_key='key').close()"


@dataclass(frozen=True)
class Subject:
    """What is measured, and the median wall time in ms that it must stay under."""

    title: str
    command: list[str]
    limit: int | None = None
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def subjects() -> list[Subject]:
    """The rows of the table."""
    python, ash_ops = [sys.executable], command_line()
    return [
        Subject("`python -c pass`", [*python, "-c", "pass"]),
        Subject("`import ash_client`", [*python, "-c", "import ash_client"], 40),
        Subject("a first `AshClient`", [*python, "-c", CLIENT], 180),
        Subject("`ash-ops --version`", [*ash_ops, "--version"], 80),
        Subject("`ash-ops --help`", [*ash_ops, "--help"], 80),
        Subject("`ash-ops explain 'CannotPull...'`", [*ash_ops, "explain", MESSAGE], 120),
        Subject("`ash-ops cost --planned`", [*ash_ops, "cost", "--planned"], 150),
        Subject(
            "`ash-ops cost --planned --format json`",
            [*ash_ops, "cost", "--planned", "--format", "json"],
        ),
    ]


def command_line() -> list[str]:
    """The installed script, if this environment has it."""
    script = Path(sys.executable).with_name("ash-ops")
    return [str(script)] if script.exists() else [sys.executable, "-m", "ash_ops"]


def timed(command: list[str], folder: str, environment: dict[str, str]) -> tuple[float, float]:
    """Wall and CPU milliseconds of one process; it must succeed."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with exit code {process.returncode}")
    return wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000


def surroundings(home: str) -> dict[str, str]:
    """Nothing of the caller's configuration."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {"HOME": home, "PYTHONPATH": str(ROOT)}


def measure(rows: list[Subject], runs: int) -> None:
    """Run each so many times, in turn; two rounds before that count for nothing."""
    with tempfile.TemporaryDirectory() as folder:
        environment = surroundings(folder)
        for number in range(runs + 2):
            for row in rows:
                wall, cpu = timed(row.command, folder, environment)
                if number >= 2:
                    row.wall.append(wall)
                    row.cpu.append(cpu)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=25)
    runs = parser.parse_args().runs
    rows = subjects()
    before = os.getloadavg()[0]
    measure(rows, runs)
    print("| ms, whole process | wall, median | wall, least | CPU, median | limit |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for row in rows:
        times = f"{median(row.wall):.0f} | {min(row.wall):.0f} | {median(row.cpu):.0f}"
        print(f"| {row.title} | {times} | {row.limit or ''} |")
    print(f"\n{runs} runs each; load {before:.1f} before, {os.getloadavg()[0]:.1f} after.")


if __name__ == "__main__":
    main()
