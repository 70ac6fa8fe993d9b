"""The process in a demo task: an Ash stand-in, configured by the container's environment."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from ash_client.testing import AshServer


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
    def port(self) -> int | None:
        """The loopback port it listens on."""
        return self._ash.port

    def restart(self, **behaviour: Any) -> None:
        """Start anew with other behaviour, as options of ``AshServer``."""
        self._ash.stop()
        self._ash = self._start(behaviour)

    def close(self) -> None:
        """Stop listening."""
        self._ash.stop()

    def _start(self, behaviour: dict[str, Any]) -> AshServer:
        server = AshServer(
            api_key=self._environment.get("ASH_API_KEY") or None,
            on_log=lambda line: self._write_log(time.time() * 1000, line),
            **behaviour,
        )
        server.start()
        return server
