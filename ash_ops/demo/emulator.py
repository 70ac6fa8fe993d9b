"""The emulator as its users start it: a process of its own, seeded and broken over loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from ash_ops.demo import scenario as scenarios
from ash_ops.demo.names import ACCESS_KEY, ADMIN_PATH, DEFAULT_REGION, PACE_VARIABLE, SECRET_KEY
from ash_ops.demo.scenario import Scenario
from ash_ops.errors import OpsError

ROOT = Path(__file__).parents[2]
_ANSWER_TIMEOUT_S = 60.0
_END_TIMEOUT_S = 5.0


class Emulator:
    """An AWS account that exists only while this is open.

    Usable as a context manager. Every emulator is a process and an account of its own; it listens
    on 127.0.0.1 on a free port and ends with the process that started it.

    Args:
        region: the region it serves.
        pace: seconds every resource of a stack takes, so that progress can be watched; 0 for tests.

    Raises:
        OpsError: from ``start``, when the extra ``demo`` is not installed or nothing answers.
    """

    def __init__(self, *, region: str = DEFAULT_REGION, pace: float = 0.0) -> None:
        self.region = region
        self._pace = pace
        self._process: subprocess.Popen[str] | None = None
        self._complaints: IO[str] | None = None
        self._port = 0

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def start(self) -> Self:
        """Start the process and wait until it listens (about a second)."""
        require_extra()
        # Closed by close(): it lives as long as the process that writes to it.
        self._complaints = tempfile.TemporaryFile(  # noqa: SIM115 - see above
            "w+", encoding="utf-8", errors="replace"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ash_ops.demo.host"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            env=os.environ | self._variables(),
            # Ctrl-C is for the process in front; this one ends when that one closes its input.
            start_new_session=True,
        )
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise self._did_not_start()
        self._port = int(json.loads(line)["port"])
        return self

    def close(self) -> None:
        """End the process; does nothing when it has ended."""
        process, self._process = self._process, None
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(_END_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        if self._complaints is not None:
            self._complaints.close()
            self._complaints = None

    @property
    def url(self) -> str:
        """What AWS tools use as endpoint."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which ash-ops, boto3 and the AWS CLI talk to this account."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @staticmethod
    def scenarios() -> list[Scenario]:
        """Every scenario that ``break_as`` knows."""
        return scenarios.load_all()

    def prepare(self, name: str) -> Scenario:
        """Do what a scenario wants done before the deployment."""
        chosen = scenarios.load(name)
        if chosen.prepare:
            self.seed(*chosen.prepare)
        return chosen

    def break_as(self, name: str) -> Scenario:
        """Break what is deployed as a scenario says."""
        chosen = scenarios.load(name)
        if chosen.steps:
            self.seed(*chosen.steps)
        for rule in chosen.faults:
            self.fault(**rule)
        return chosen

    def seed(self, *mutations: Mapping[str, Any]) -> None:
        """Change the account's state: each mutation is ``{"do": NAME, ...}``.

        The names are the public functions of ``ash_ops.demo.mutations``.

        Raises:
            ValueError: there is no such mutation, or it cannot be made; the reason is said.
        """
        self._ask("seed", {"mutations": [dict(mutation) for mutation in mutations]})

    def fault(
        self, call: str, kind: str, *, times: int | None = None, seconds: float = 120.0
    ) -> None:
        """Let AWS calls fail from now on.

        Args:
            call: ``ecs:DescribeTasks``, ``ecs:*`` or ``*``.
            kind: ``deny``, ``throttle``, ``error`` (500), ``unavailable`` (503), ``expired``,
                ``timeout``, ``reset``, ``garbage`` or ``delay``.
            times: how many calls; all of them when not given.
            seconds: how long a ``delay`` lasts, or a ``timeout`` stays silent.
        """
        self._ask("fault", {"call": call, "kind": kind, "times": times, "seconds": seconds})

    def heal(self) -> None:
        """Let every call through again and forget the calls made."""
        self._ask("heal", {})

    def calls(self) -> list[str]:
        """The AWS calls made since the start or the last ``heal``, as IAM names them."""
        answer: list[str] = self._ask("calls", {})["calls"]
        return answer

    def requests(self) -> list[dict[str, Any]]:
        """The same calls with what each names: ``call``, and ``names`` as its protocol has them."""
        answer: list[dict[str, Any]] = self._ask("requests", {})["requests"]
        return answer

    def reset(self) -> None:
        """Empty the account, as if nothing had ever been deployed."""
        self._ask("reset", {})

    def _variables(self) -> dict[str, str]:
        # The other process shall import the same ash_ops as this one, installed or not.
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        pace = str(self._pace)
        return {"PYTHONPATH": path, "MINISTACK_REGION": self.region, PACE_VARIABLE: pace}

    def _ask(self, name: str, request: Mapping[str, Any]) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=_ANSWER_TIMEOUT_S)
        try:
            connection.request("POST", f"{ADMIN_PATH}{name}", json.dumps(request))
            response = connection.getresponse()
            answer = json.loads(response.read())
        finally:
            connection.close()
        if response.status != 200:
            raise ValueError(answer["error"])
        return answer

    def _did_not_start(self) -> OpsError:
        if self._complaints is not None:
            self._complaints.seek(0)
            last = self._complaints.read().strip().splitlines()[-1:]
        self.close()
        return OpsError(
            "The emulator did not start",
            last[0] if last else "it ended without a word",
            "Reinstall it, in a clone of ash-ops: pip install --force-reinstall '.[demo]'.",
        )


def require_extra(find: Callable[[str], object] = find_spec) -> None:
    """Check that the emulator is installed.

    Args:
        find: looks a module up by name; answers ``None`` if it is not installed.

    Raises:
        OpsError: it is not.
    """
    if find("ministack") is None:
        raise OpsError(
            "The demo cannot run",
            "its AWS emulator is not installed: it is an extra of its own",
            "In a clone of ash-ops: `pip install '.[demo]'`",
        )
