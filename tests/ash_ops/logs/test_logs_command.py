"""``ash-ops logs`` as a process, against a stand-in for CloudWatch Logs and ECS on loopback."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace

from tests.ash_ops.logs.conftest import environment, numbers
from tests.bench.logs_standin import StandIn
from tests.bench.logs_world import Faults, World, lines


def start(standin: StandIn, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ash_ops", "logs", *options],
        env=environment(standin.url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def logs(standin: StandIn, *options: str) -> subprocess.CompletedProcess[str]:
    process = start(standin, *options)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def test_without_options_the_last_hundred_lines(standin: StandIn) -> None:
    answer = logs(standin)
    assert numbers(answer.stdout) == list(range(200, 300))
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_closed_pipe_ends_it_silently(standin: StandIn) -> None:
    """Even when nothing more is written: the reader's going away is noticed."""
    process = start(standin, "-f", "-n", "1")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=30) == 0
    noise = [row for row in process.stderr.read().splitlines() if "no marks for tasks" not in row]
    process.stderr.close()
    assert noise == []


def test_ctrl_c_ends_with_130(standin: StandIn) -> None:
    process = start(standin, "-f", "-n", "1")
    assert process.stdout is not None
    assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130


def test_verbose_tells_of_each_call_and_not_what_was_sent(standin: StandIn) -> None:
    answer = logs(standin, "-v", "-n", "1")
    assert numbers(answer.stdout) == [299]
    assert re.fullmatch(r"(logs:FilterLogEvents \d+ ms ok\n)+", answer.stderr)


def test_verbose_tells_the_code_of_a_refusal(standin: StandIn) -> None:
    standin.denied = {"FilterLogEvents"}
    assert re.match(
        r"logs:FilterLogEvents \d+ ms AccessDeniedException\n", logs(standin, "-v").stderr
    )


def test_following_prints_each_new_line_once() -> None:
    """Through everything at once: late lines, bursts, refusals, cut connections, lost tokens."""
    made = lines(seconds=6, before=2, tasks=3, late=(0.1, 1, 4), same_ms=5, lag=(0.0, 0.2))
    faults = Faults(
        page_size=150,
        throttled=0.15,
        server_error=0.05,
        dropped=0.05,
        empty_page=0.1,
        token_lost=0.1,
    )
    world = World([replace(one) for one in made], faults, time.time())
    with StandIn(world, latency=0.005) as standin:
        process = start(standin, "-f", "--since", "1h", "--format", "json")
        assert process.stdout is not None
        seen: list[int] = []
        while len(set(seen)) < len(made):
            seen.append(int(json.loads(process.stdout.readline())["event_id"]))
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=30)[0]
    seen += [int(json.loads(row)["event_id"]) for row in rest.splitlines()]
    assert sorted(seen) == list(range(len(made)))
