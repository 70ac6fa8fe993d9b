"""The process in a demo task: an Ash stand-in, configured by the container's environment."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from ash_client.testing import AshServer, Limits
from ash_ops.names import ASH_PORT

_OWN_ADDRESS = re.compile(r"127\.0\.0\.1:\d+")


class Server:
    """One listening Ash stand-in; it writes its log where the container's log goes.

    Args:
        environment: the container's variables and secrets, as the task definition gives them.
        write_log: called with each log line and its time in milliseconds.
    """

    def __init__(
        self, environment: Mapping[str, str], write_log: Callable[[float, str], None]
    ) -> None:
        self._environment = dict(environment)
        self._write_log = write_log
        self._ash = self._start({})

    @property
    def port(self) -> int:
        """The loopback port it listens on."""
        return self._ash.port

    def restart(self, *, requests: int | None = None, **behaviour: Any) -> None:
        """Start anew with other behaviour.

        Args:
            requests: how many requests one address may make in 15 minutes; Ash's own limit if
                not given.
            behaviour: options of ``AshServer``.
        """
        self._ash.close()
        limits = Limits() if requests is None else Limits(requests=requests)
        self._ash = self._start({"limits": limits, **behaviour})

    def close(self) -> None:
        """Stop listening."""
        self._ash.close()

    def _start(self, behaviour: dict[str, Any]) -> AshServer:
        options: dict[str, Any] = {
            "api_key": self._environment.get("ASH_API_KEY") or None,
            "anthropic_key": "accepted" if self._environment.get("ANTHROPIC_API_KEY") else None,
            "agents": ["my-agent"],
            **behaviour,
        }
        return AshServer(**options, on_log=self._log).start()

    def _log(self, line: str) -> None:
        # In its container the server listens on the task's address, at Ash's port.
        told = _OWN_ADDRESS.sub(f"0.0.0.0:{ASH_PORT}", line) if "listening" in line else line
        self._write_log(_now_ms(), told)


def _now_ms() -> float:
    return time.time() * 1000
