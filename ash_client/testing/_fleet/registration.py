"""A runner's calls to its coordinator: register once, then heartbeats, at the end farewell.

Source, at 7d26aee: ``packages/runner/src/registration.ts``. Its registration is tried six times within
31 seconds and never again, whatever line 60 promises: a heartbeat makes no row (``drizzle-db.ts`` 140-147).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from ash_client.testing._fleet import wire

TRIES: Final = 6
_ANSWERS_WITHIN_S: Final = 5.0


@dataclass
class Registration:
    """A runner as its coordinator shall know it.

    Attributes:
        coordinator: The coordinator's URL.
        secret: ``ASH_INTERNAL_SECRET``.
        about: What is registered: ``runnerId``, ``host``, ``port``, ``maxSandboxes``.
        stats: The runner's sandboxes now, by state.
        heartbeat_s: Seconds between heartbeats.
        say: Told every line.
        retry_s: How long to wait before the first of the further tries; each waits twice as long.
    """

    coordinator: str
    secret: str | None
    about: dict[str, Any]
    stats: Callable[[], dict[str, int]]
    heartbeat_s: float
    say: Callable[[str], None]
    retry_s: float = 1.0
    _ended: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Register, and say from now on that the runner is alive."""
        for work in (self._register, self._beat):
            threading.Thread(target=work, name="ash-runner", daemon=True).start()

    def stop(self) -> None:
        """Say nothing more."""
        self._ended.set()

    def deregister(self) -> None:
        """Say that it ends: the coordinator pauses its sessions at once."""
        self.stop()
        status = self._post("deregister", {"runnerId": self.about["runnerId"]})
        self.say(
            "[runner] Deregistered from control plane"
            if status == 200
            else f"[runner] Deregistration failed: {status or 'fetch failed'}"
        )

    def heartbeat(self) -> None:
        """One heartbeat."""
        stats = self.stats()
        active = stats["total"]
        body = {"runnerId": self.about["runnerId"], "stats": stats, "activeCount": active}
        if self._post("heartbeat", body) is None:
            self.say("[runner] Heartbeat failed: TypeError: fetch failed")

    def _register(self) -> None:
        for number in range(TRIES):
            status = self._post("register", self.about)
            if status == 200:
                self.say(f"[runner] Registered with control plane at {self.coordinator}")
                return
            if status is None:
                self.say(
                    f"[runner] Failed to register with {self.coordinator}: TypeError: fetch failed"
                )
            else:
                self.say(f"[runner] Registration failed: {status}")
            if number < TRIES - 1 and self._ended.wait(self.retry_s * 2**number):
                return
        self.say(
            f"[runner] Registration failed after {TRIES} attempts — will retry on next heartbeat"
        )

    def _beat(self) -> None:
        while not self._ended.wait(self.heartbeat_s):
            self.heartbeat()

    def _post(self, what: str, body: Any) -> int | None:
        """The status of the answer; ``None`` where nobody answers."""
        url = urlsplit(self.coordinator)
        headers = {"authorization": f"Bearer {self.secret}"} if self.secret else {}
        path = f"/api/internal/runners/{what}"
        address = (url.hostname or "", url.port or 80)
        try:
            with wire.sent(
                address, "POST", path, body, timeout=_ANSWERS_WITHIN_S, headers=headers
            ) as answer:
                return answer.status
        except wire.RunnerError:
            return None
