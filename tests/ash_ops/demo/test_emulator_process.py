"""The emulator as a process: only on loopback, never an orphan, and two of them are strangers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ash_ops.demo import Emulator
from ash_ops.demo.emulator import require_extra
from ash_ops.errors import OpsError

ROOT = Path(__file__).parents[3]


def listens(url: str) -> bool:
    port = int(url.rsplit(":", 1)[-1])
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError:
        return False
    return True


def test_two_emulators_have_accounts_of_their_own_and_end_with_their_blocks() -> None:
    with Emulator() as first, Emulator() as second:
        assert first.url != second.url
        first.fault("ecs:*", "deny")
        assert (listens(first.url), listens(second.url)) == (True, True)
        assert second.calls() == []
    assert (listens(first.url), listens(second.url)) == (False, False)


def test_it_ends_when_the_process_that_started_it_is_killed() -> None:
    code = (
        "import sys, time\nfrom ash_ops.demo import Emulator\n"
        "e = Emulator().start()\nprint(e.url, e._process.pid, flush=True)\nsys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    with parent:
        assert parent.stdout is not None
        url, _ = parent.stdout.readline().split()
        assert listens(url)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    # The emulator sees its input end; until it has, its port still answers.
    for _ in range(1000):
        if not listens(url):
            return
    pytest.fail("the emulator outlived the process that started it")


def test_closing_twice_is_no_error() -> None:
    emulator = Emulator().start()
    emulator.close()
    emulator.close()


def test_its_environment_points_nowhere_else() -> None:
    emulator = Emulator(region="eu-west-1")
    assert emulator.environment["AWS_REGION"] == "eu-west-1"
    assert emulator.environment["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")


def test_without_the_extra_the_error_says_how_to_get_it() -> None:
    with pytest.raises(OpsError) as caught:
        require_extra(find=lambda _name: None)
    assert caught.value.next_step == "In a clone of ash-ops: `pip install '.[demo]'`"
