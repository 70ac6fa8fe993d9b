"""The process in a runner's task: a stand-in runner, and what the template's command adds to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from ash_client.testing import AshRunner

_PORT = 4200
# Everything here lives a hundred times faster than on AWS, heartbeats ten times.
_HEARTBEAT_S = 1.0


class Runner:
    """One listening runner; it writes its log where the container's log goes.

    Args:
        environment: the container's variables and secrets, as the task definition gives them.
        write_log: called with each log line and its time in milliseconds.
        behaviour: ``coordinator`` (URL), ``runner_id``, ``host`` (its address in the VPC), ``draining``.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        write_log: Callable[[float, str], None],
        behaviour: Mapping[str, Any],
    ) -> None:
        self.behaviour = dict(behaviour)
        self._ash = AshRunner(
            behaviour["coordinator"],
            runner_id=behaviour["runner_id"],
            internal_secret=environment.get("ASH_INTERNAL_SECRET"),
            advertise=(behaviour["host"], _PORT),
            max_sandboxes=int(environment.get("ASH_MAX_SANDBOXES") or 1000),
            heartbeat_s=_HEARTBEAT_S,
            on_log=lambda line: write_log(_now_ms(), line),
        ).start()

    @property
    def port(self) -> int:
        """The loopback port it listens on."""
        return self._ash.port

    @property
    def holds_sessions(self) -> bool:
        """Whether a sandbox of it has a session: then its task is protected."""
        return self._ash.sessions > 0

    def restart(self, behaviour: Mapping[str, Any]) -> None:
        """Behave otherwise from now on; the process goes on."""
        self._ash.find_coordinator(behaviour["coordinator"])
        if behaviour["draining"] != self.behaviour["draining"]:
            self._ash.drain(draining=behaviour["draining"])
        self.behaviour = dict(behaviour)

    def terminate(self) -> None:
        """Deregister and end, as after SIGTERM."""
        self._ash.terminate()
        self._ash.close()

    def close(self) -> None:
        """End without a word."""
        self._ash.close()


def _now_ms() -> float:
    return time.time() * 1000
