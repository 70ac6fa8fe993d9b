"""The commands that are compared, and how one run of a command is measured."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GROUP = "/ash-cloud/runtime"
LINE = re.compile(rb"line (\d+)\b")


@dataclass(frozen=True)
class Run:
    """One finished run: the lines with the time at which each was read, and what it cost."""

    lines: list[tuple[float, int]]
    wall: float
    cpu: float
    peak_mb: float
    code: int
    interrupt_seconds: float
    stderr: str


def tools(url: str) -> dict[str, tuple[list[str], list[str]]]:
    """Name -> (the command that follows, the command that dumps the last day)."""
    ours = [sys.executable, "-m", "ash_ops", "logs"]
    found = {"ash-ops": ([*ours, "-f", "--since", "1m"], [*ours, "--since", "1d"])}
    if (aws := aws_v2()) is not None:
        tail = [aws, "logs", "tail", GROUP]
        found["aws"] = ([*tail, "--follow", "--since", "1m"], [*tail, "--since", "1d"])
    if (awslogs := os.environ.get("AWSLOGS") or shutil.which("awslogs")) is not None:
        get = [awslogs, "get", GROUP, "ALL", "--aws-endpoint-url", url, "--aws-region", "us-east-1"]
        found["awslogs"] = ([*get, "--watch", "-s", "1m"], [*get, "-s", "1d"])
    return found


@cache
def aws_v2() -> str | None:
    """The path of an AWS command line of version 2: version 1 has no ``logs tail``."""
    folders = [*os.environ.get("PATH", "").split(os.pathsep), "/usr/bin", "/usr/local/bin"]
    for path in {str(Path(folder) / "aws") for folder in folders}:
        if os.access(path, os.X_OK):
            said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
            if said.stdout.startswith("aws-cli/2"):
                return path
    return None


def environment(url: str) -> dict[str, str]:
    """Everything a run may know: plain keys, one region, the stand-in."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }


def with_endpoint(command: list[str], url: str) -> list[str]:
    """Debian's 2.9 knows no AWS_ENDPOINT_URL, only the option."""
    is_aws = Path(command[0]).name == "aws"
    return [command[0], "--endpoint-url", url, *command[1:]] if is_aws else command


def run(command: list[str], url: str, *, seconds: float | None = None) -> Run:
    """Run a command to its end, or interrupt it after so many seconds."""
    began = time.time()
    process = subprocess.Popen(
        with_endpoint(command, url),
        env=environment(url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell starts background jobs with SIGINT ignored, and that is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    peak = _Peak(process.pid)
    lines: list[tuple[float, int]] = []
    errors: list[bytes] = []
    threads = [
        threading.Thread(target=_collect, args=(process.stdout, lines)),
        threading.Thread(target=lambda: errors.extend(process.stderr or [])),
        peak,
    ]
    for thread in threads:
        thread.start()
    interrupted = 0.0
    if seconds is not None:
        while (
            time.time() < began + seconds
            and os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        ):
            time.sleep(0.1)
        interrupted = time.time()
        # Not send_signal: that would reap a process that has ended, and its usage with it.
        os.kill(process.pid, signal.SIGINT)
    _, status, usage = os.wait4(process.pid, 0)
    ended = time.time()
    process.returncode = os.waitstatus_to_exitcode(status)
    for thread in threads:
        thread.join()
    return Run(
        lines=lines,
        wall=ended - began,
        cpu=usage.ru_utime + usage.ru_stime,
        peak_mb=peak.mb,
        code=process.returncode,
        interrupt_seconds=ended - interrupted if interrupted else 0.0,
        stderr=b"".join(errors).decode(errors="replace"),
    )


class _Peak(threading.Thread):
    """The largest resident set of a process; ``ru_maxrss`` would include its parent's."""

    def __init__(self, pid: int) -> None:
        super().__init__()
        self._status = Path(f"/proc/{pid}/status")
        self.mb = 0.0

    def run(self) -> None:
        while (found := self._read()) is not None:
            self.mb = found
            time.sleep(0.02)

    def _read(self) -> float | None:
        try:
            match = re.search(r"VmHWM:\s+(\d+) kB", self._status.read_text())
        except OSError:
            return None
        return int(match[1]) / 1024 if match else None


def _collect(stream: object, lines: list[tuple[float, int]]) -> None:
    for line in stream:  # type: ignore[attr-defined]  # a pipe, asked for above
        now = time.time()
        lines += [(now, int(number)) for number in LINE.findall(line)]
