"""How long the doctor takes, beside the commands the guide tells people to run by hand.

Everything talks to a fake AWS on loopback, in a process of its own, that adds 60 ms to every call.
Runs are interleaved, so that whatever else the machine does hits all alike; the ratios are what
counts. ``python -m tests.bench.doctor [--aws PATH] [--runs 5]``
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.logs_tools import aws_v2

DELAY = 0.06  # seconds a call
ROOT = Path(__file__).parents[2]
PREFIX = "ash-cloud"
# The guide's own commands ("Task stuck in PENDING", "Task keeps restarting", "Logs").
GUIDE = (
    f"ecs describe-services --cluster {PREFIX} --services {PREFIX}-runtime",
    f"ecs list-tasks --cluster {PREFIX} --service-name {PREFIX}-runtime",
    f"ecs describe-tasks --cluster {PREFIX} --tasks 00000000000000000000000000000001",
    (
        "elbv2 describe-target-health --target-group-arn"
        f" arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/{PREFIX}-tg/1"
    ),
    f"logs describe-log-groups --log-group-name-prefix /{PREFIX}/",
)


def serve(running: int, stopped: int, services: int) -> None:
    """Be the fake AWS until standard input ends."""
    from tests.ash_ops.fakes import world as w
    from tests.ash_ops.fakes.aws import FakeAws
    from tests.ash_ops.fakes.crowd import crowded

    tasks = [w.task(PREFIX, n) for n in range(1, running + 1)]
    ended = [w.stopped(PREFIX, 10_000 + n) for n in range(stopped)]
    answers = crowded(w.with_tasks(w.world(port=1), tasks, ended), services)
    with FakeAws(answers, delay=DELAY) as fake:
        print(fake.url, flush=True)
        sys.stdin.read()
        print(json.dumps(fake.calls), flush=True)


@contextmanager
def fake_aws(
    running: int = 1, stopped: int = 0, services: int = 0
) -> Iterator[tuple[str, list[str]]]:
    """The fake's address, and the calls it answered (filled when it ends)."""
    command = [sys.executable, "-m", "tests.bench.doctor", "--serve"]
    command += [str(running), str(stopped), str(services)]
    calls: list[str] = []
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), calls
        calls += json.loads(process.communicate()[0])


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall and CPU seconds of a whole process, begun in an empty folder as in anybody's home."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    home = environment["HOME"]
    subprocess.run(command, cwd=home, env=environment, capture_output=True, check=False)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def doctor(url: str) -> list[str]:
    """The command as it is installed, beside the interpreter."""
    return [str(Path(sys.executable).with_name("ash-ops")), "--endpoint-url", url, "doctor"]


def guide(aws: str | None, url: str) -> list[list[str]]:
    return [] if aws is None else [[aws, "--endpoint-url", url, *line.split()] for line in GUIDE]


def surroundings(home: str) -> dict[str, str]:
    """Fake credentials, no configuration of this machine; bytecode is cached as when installed."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "PYTHON"))}
    return kept | {
        "HOME": home,
        "XDG_CACHE_HOME": f"{home}/cache",
        "AWS_ACCESS_KEY_ID": "AKIAFAKEFAKEFAKEFAKE",
        "AWS_SECRET_ACCESS_KEY": "fake",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


def show(name: str, rows: list[tuple[float, float]]) -> float:
    wall, cpu = median(row[0] for row in rows), median(row[1] for row in rows)
    best, least = min(row[0] for row in rows), min(row[1] for row in rows)
    print(f"{name:34} wall {wall:6.3f} s (best {best:6.3f})   cpu {cpu:6.3f} s (best {least:6.3f})")
    return wall


def against_the_guide(aws: str | None, runs: int, environment: dict[str, str]) -> None:
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    with fake_aws() as (url, calls):
        timed(doctor(url), environment)  # fills the cache of models and bytecode
        for _ in range(runs):
            ours.append(timed(doctor(url), environment))
            each = [timed(command, environment) for command in guide(aws, url)]
            theirs.append((sum(row[0] for row in each), sum(row[1] for row in each)))
    print(f"calls of one doctor: {(len(calls) - len(guide(aws, url)) * runs) // (runs + 1)}")
    if aws is None:
        print("aws is not installed: the guide's commands are left out")
        show("ash-ops doctor", ours)
        return
    by_hand, by_doctor = show("the guide's five aws commands", theirs), show("ash-ops doctor", ours)
    ratios = sorted(a[0] / b[0] for a, b in zip(theirs, ours, strict=True))
    print(f"ratio of medians: {by_hand / by_doctor:.1f}; run by run: ", end="")
    print(", ".join(f"{ratio:.1f}" for ratio in ratios))


def against_a_crowd(runs: int, environment: dict[str, str]) -> None:
    one: list[tuple[float, float]] = []
    many: list[tuple[float, float]] = []
    with fake_aws() as (small, _), fake_aws(2000, 100, 300) as (large, _):
        timed(doctor(small), environment)
        for _ in range(runs):
            one.append(timed(doctor(small), environment))
            many.append(timed(doctor(large), environment))
    few, crowd = show("one task", one), show("2,000 tasks, 300 other services", many)
    print(f"ratio of medians: {crowd / few:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aws", help="its path; left out when it is not installed")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--serve", nargs=3, type=int, metavar=("RUNNING", "STOPPED", "SERVICES"))
    given = parser.parse_args()
    if given.serve:
        serve(*given.serve)
        return
    with tempfile.TemporaryDirectory() as home:
        environment = surroundings(home)
        against_the_guide(given.aws or aws_v2(), given.runs, environment)
        against_a_crowd(given.runs, environment)


if __name__ == "__main__":
    main()
