"""The process in a demo task: an Ash stand-in, configured by the container's environment."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from ash_client.testing import AshServer, Limits

# The last server on each database, by the database's host.
_databases: dict[str, AshServer] = {}


def forget_databases() -> None:
    """Empty every database."""
    _databases.clear()


class Server:
    """One listening Ash stand-in; it writes its log where the container's log goes.

    Args:
        environment: the container's variables and secrets, as the task definition gives them.
        write_log: called with each log line and its time in milliseconds.
        behaviour: see ``restart``.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        write_log: Callable[[float, str], None],
        behaviour: Mapping[str, Any] | None = None,
    ) -> None:
        self._environment = dict(environment)
        self._write_log = write_log
        self._opened = False
        self.behaviour = dict(behaviour or {})
        self._ash = self._start()

    @property
    def port(self) -> int:
        """The loopback port it listens on."""
        return self._ash.port

    @property
    def runners(self) -> frozenset[str]:
        """The ids of the runners that are registered with it."""
        return frozenset(self._ash.runners)

    @property
    def internal_secret(self) -> str | None:
        """What it began with, and wants of its runners."""
        return self._environment.get("ASH_INTERNAL_SECRET")

    def restart(self, behaviour: Mapping[str, Any]) -> None:
        """Behave otherwise from now on.

        Args:
            behaviour: options of ``AshServer``, and ``requests``: how many one address may make in
                15 minutes, ``None`` for Ash's own limit.
        """
        self._ash.close()
        self.behaviour = dict(behaviour)
        self._ash = self._start()

    def close(self) -> None:
        """Stop listening."""
        self._ash.close()

    def _start(self) -> AshServer:
        given = dict(self.behaviour)
        requests = given.pop("requests", None)
        options: dict[str, Any] = {
            "api_key": self._environment.get("ASH_API_KEY") or None,
            "anthropic_key": "accepted" if self._environment.get("ANTHROPIC_API_KEY") else None,
            "agents": ["my-agent"],
            "limits": Limits() if requests is None else Limits(requests=requests),
            **given,
        }
        if self._environment.get("ASH_MODE") == "coordinator":
            options |= self._of_a_coordinator()
        self._opened = False
        started = AshServer(**options, on_log=self._log).start()
        self._opened = True
        if host := self._environment.get("DATABASE_HOST"):
            _databases[host] = started
        return started

    def _of_a_coordinator(self) -> dict[str, Any]:
        """It goes on with what the one before has left in its database, at the same address."""
        before = _databases.get(self._environment.get("DATABASE_HOST", ""))
        return {
            "mode": "coordinator",
            "internal_secret": self._environment.get("ASH_INTERNAL_SECRET"),
            "continues": before,
            "port": before.port if before else 0,
        }

    def _log(self, line: str) -> None:
        # What it says when it starts, the task has written already, at the time of its start.
        if self._opened:
            self._write_log(_now_ms(), line)


def _now_ms() -> float:
    return time.time() * 1000
