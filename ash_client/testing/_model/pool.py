"""All sandboxes of the server: made, kept warm, evicted, counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from ash_client.testing._model.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_client.testing._model.log import ServerLog
    from ash_client.testing._model.state import Agent

NO_CGROUPS: Final = (
    "SECURITY: cgroups not available on Linux. Sandbox isolation requires cgroups v2 with "
    "/sys/fs/cgroup/ash writable. Run via docker-entrypoint.sh or set up cgroups manually."
)
FULL: Final = "Sandbox capacity reached and no evictable sandboxes (all running)"


class SandboxUnavailableError(Exception):
    """No sandbox can be made; the text is the server's."""


class Pool:
    """The sandboxes, and the figures ``/health`` and ``/metrics`` tell about them.

    Args:
        capacity: How many sandboxes may exist, warm ones included.
        cgroups: Whether the container lets Ash write control groups; without, none can be made.
        log: Where the pool's lines go.
        on_evicted: Told the session whose sandbox had to make room.
    """

    def __init__(
        self, capacity: int, *, cgroups: bool, log: ServerLog, on_evicted: Callable[[str], None]
    ) -> None:
        self.capacity = capacity
        self.cgroups = cgroups
        self.hits: Counter[str] = Counter()
        self._log = log
        self._on_evicted = on_evicted
        self._all: dict[str, Sandbox] = {}

    def get(self, sandbox_id: str) -> Sandbox | None:
        """The sandbox, if it still exists."""
        return self._all.get(sandbox_id)

    def claim(self, agent: Agent, session_id: str) -> Sandbox:
        """A sandbox for a session: the oldest warm one if there is one, else a new one.

        Raises:
            SandboxUnavailableError: None can be made.
        """
        for sandbox in self._all.values():
            if sandbox.agent == agent.name and sandbox.session_id is None:
                sandbox.session_id = session_id
                self.hits["prewarm"] += 1
                self._log.console(
                    f"[pool] Claimed pre-warmed sandbox {sandbox.id[:8]} for session {session_id}"
                )
                self.warm_up(agent)
                return sandbox
        return self.create(agent.name, session_id)

    def create(self, agent: str, session_id: str) -> Sandbox:
        """A new sandbox that bears its session's id.

        Raises:
            SandboxUnavailableError: None can be made.
        """
        self._make_room()
        return self._made(Sandbox(agent, session_id, session_id))

    def warm_up(self, agent: Agent) -> None:
        """Make one more sandbox ready, with the agent's files of now; failing is only logged."""
        if len(self._all) >= self.capacity:
            self._log.console(f"[pool] Pre-warm stopped at 0/1 for {agent.name} — capacity reached")
            return
        try:
            self._made(Sandbox(agent.name, files=dict(agent.files)))
        except SandboxUnavailableError as error:
            self._log.console(f"[pool] Pre-warm failed for {agent.name} (0/1): Error: {error}")
            return
        self._log.console(f"[pool] Pre-warmed 1 sandbox(es) for agent {agent.name}")

    def destroy(self, sandbox_id: str) -> None:
        """End a sandbox: whoever listens hears nothing more."""
        sandbox = self._all.pop(sandbox_id, None)
        if sandbox is not None:
            sandbox.alive = False
            self._log.console(f"[sandbox:{sandbox_id[:8]}] exited code=0 signal=null")

    def destroy_all(self) -> list[str]:
        """End every sandbox; the sessions they belonged to."""
        sessions = [s.session_id for s in self._all.values() if s.session_id is not None]
        for sandbox_id in list(self._all):
            self.destroy(sandbox_id)
        return sessions

    def each(self) -> list[Sandbox]:
        """Every sandbox there is."""
        return list(self._all.values())

    def refresh(self) -> None:
        """See to what time has changed; nothing, where every sandbox is the server's own."""

    def stats(self) -> dict[str, int]:
        """The ``pool`` of ``/health``."""
        states = Counter(_state(sandbox) for sandbox in self._all.values())
        return {
            "total": len(self._all),
            **{state: states[state] for state in ("cold", "warming", "warm", "waiting", "running")},
            "maxCapacity": self.capacity,
            "resumeWarmHits": self.hits["warm"],
            "resumeColdHits": self.hits["cold"],
            "preWarmHits": self.hits["prewarm"],
        }

    def _made(self, sandbox: Sandbox) -> Sandbox:
        if not self.cgroups:
            raise SandboxUnavailableError(NO_CGROUPS)
        self._all[sandbox.id] = sandbox
        return sandbox

    def _make_room(self) -> None:
        if len(self._all) < self.capacity:
            return
        evictable = [s for s in self._all.values() if not s.streams]
        if not evictable:
            raise SandboxUnavailableError(FULL)
        victim = min(evictable, key=lambda s: s.session_id is not None)
        self.destroy(victim.id)
        if victim.session_id is not None:
            self._on_evicted(victim.session_id)


def _state(sandbox: Sandbox) -> str:
    if sandbox.streams:
        return "running"
    return "warm" if sandbox.session_id is None else "waiting"
