"""``python -m ash_client.testing``."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from ash_client.testing import AshServer

COMMAND = [sys.executable, "-m", "ash_client.testing"]


@contextmanager
def running(*options, **environment):
    process = subprocess.Popen(
        [*COMMAND, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def status(url, path, key=None):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    connection.request("GET", path, headers=headers)
    code = connection.getresponse().status
    connection.close()
    return code


def test_it_takes_the_key_from_the_environment_and_prints_only_the_url():
    with running("--port", "0", "--api-key-env", "MY_KEY", MY_KEY="planted") as (process, url):
        assert url.startswith("http://127.0.0.1:")
        assert status(url, "/health") == 200
        assert status(url, "/api/agents/my-agent") == 401
        assert status(url, "/api/agents/my-agent", "planted") == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (0, "", "")


def test_agents_and_the_log():
    with running("--agent", "a", "--agent", "b", "--log", ASH_API_KEY="") as (process, url):
        assert [status(url, f"/api/agents/{name}") for name in ("a", "b", "c")] == [200, 200, 404]
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=10)
        assert process.returncode == 0
        assert '"msg":"incoming request"' in err


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        pytest.param(["--port", "many"], 2, "between 0 and 65535", id="no number"),
        pytest.param(["--port", "70000"], 2, "between 0 and 65535", id="no port"),
        pytest.param(["--api-key", "x"], 2, "never on the command line", id="a key in argv"),
    ],
)
def test_wrong_usage(options, code, said):
    run = subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=20)
    assert (run.returncode, run.stdout) == (code, "")
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_a_taken_port_is_told_in_one_line():
    with AshServer() as server:
        options = ["--port", str(server.port)]
        run = subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=20)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith(f"Cannot listen on port {server.port}: ")
    assert run.stderr.count("\n") == 1
