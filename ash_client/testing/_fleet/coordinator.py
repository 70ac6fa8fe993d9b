"""A coordinator's sandboxes: all of them are on runners, and it only remembers where.

Sources, at 7d26aee: ``packages/server/src/runner/coordinator.ts`` and ``remote-backend.ts``. What a
coordinator remembers of a sandbox is in its memory alone (``remote-backend.ts`` 12): it is gone when the
coordinator is started anew, and when the sandbox's runner registers once more (``coordinator.ts`` 43-47).
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ash_client.testing._fleet import wire
from ash_client.testing._model.agent import Signal
from ash_client.testing._model.pool import Pool, SandboxUnavailableError
from ash_client.testing._model.sandbox import Sandbox
from ash_client.testing.answers import Event

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_client.testing._model.fault_parts import Pace
    from ash_client.testing._model.log import ServerLog
    from ash_client.testing._model.state import Agent, State

NO_RUNNER: Final = "No runners available and no local backend configured"


@dataclass(eq=False)
class RemoteSandbox(Sandbox):
    """What a coordinator knows of a sandbox on a runner.

    Attributes:
        address: The runner's.
    """

    address: tuple[str, int] = ("", 0)

    def take(
        self, command: dict[str, Any], _local: Callable[[], list[Signal]], _pace: Pace
    ) -> None:
        """Pass a command on, and say what the runner says, while the stream goes on elsewhere."""
        threading.Thread(target=self._relay, args=(command,), name="ash-relay", daemon=True).start()

    def _relay(self, command: dict[str, Any]) -> None:
        try:
            for name, data in wire.stream(
                self.address, f"/runner/sandboxes/{self.id}/cmd", command
            ):
                if name == "message":
                    self.say(Signal("message", data))
                elif name == "error":
                    self.say(Signal("error", data["error"]))
                elif name == "done":
                    self.say(Signal("done", data["sessionId"]))
        except wire.RunnerError as error:
            # A failure of the coordinator's own: `error`, and `done` all the same.
            self.say(Signal("raw", Event("error", {"error": str(error)})))
            self.say(Signal("done", command["sessionId"]))


class Fleet(Pool):
    """The sandboxes of a coordinator.

    Args:
        state: Its sessions and its table of runners.
        log: Where its lines go.
        address_of: Where the runner is that gave this host and port.
    """

    def __init__(
        self, state: State, log: ServerLog, address_of: Callable[[str, int], tuple[str, int]]
    ) -> None:
        super().__init__(0, cgroups=True, log=log, on_evicted=_nobody)
        self._state = state
        self._address_of = address_of

    def refresh(self) -> None:
        """Give up the runners that have not been heard of: their sessions are paused."""
        for runner in self._state.runners.silent(self._state.clock()):
            self._log.console(
                f"[coordinator] Runner {runner.runner_id} missed heartbeat — marking sessions paused"
            )
            self.give_up(runner.runner_id)

    def give_up(self, runner_id: str) -> None:
        """Pause a runner's sessions and forget it."""
        paused = 0
        for session in self._state.sessions.values():
            if session.runner_id == runner_id and session.status in ("active", "starting"):
                self._state.set_status(session, "paused")
                paused += 1
        if paused:
            self._log.console(f"[coordinator] Paused {paused} session(s) on runner {runner_id}")
        self._state.runners.remove(runner_id)
        self.forget(runner_id)

    def forget(self, runner_id: str) -> None:
        """Know nothing any more of the sandboxes on a runner."""
        for sandbox in self.each():
            if sandbox.runner_id == runner_id:
                self._all.pop(sandbox.id)

    def claim(self, agent: Agent, session_id: str) -> Sandbox:
        """A sandbox for a new session: there are none kept ready."""
        return self.create(agent.name, session_id)

    def create(self, agent: str, session_id: str) -> Sandbox:
        """A sandbox on the runner with the most room.

        Raises:
            SandboxUnavailableError: There is no runner, or it refuses.
        """
        runner = self._state.runners.best(self._state.clock())
        if runner is None:
            raise SandboxUnavailableError(NO_RUNNER)
        address = self._address_of(runner.host, runner.port)
        made = _made_on(address, agent, session_id)
        sandbox = RemoteSandbox(
            agent,
            made["sandboxId"],
            session_id,
            runner_id=runner.runner_id,
            address=address,
        )
        self._all[sandbox.id] = sandbox
        return sandbox

    def warm_up(self, agent: Agent) -> None:
        """A coordinator makes none ready before they are asked for."""

    def destroy(self, sandbox_id: str) -> None:
        """End a sandbox where it is."""
        sandbox = self._all.pop(sandbox_id, None)
        if isinstance(sandbox, RemoteSandbox):
            path = f"/runner/sandboxes/{sandbox_id}"
            with suppress(wire.RunnerError):
                wire.ask(sandbox.address, "DELETE", path, "destroySandbox")

    def destroy_all(self) -> list[str]:
        """A coordinator that ends leaves the sandboxes where they are, and the sessions as they were."""
        self._all.clear()
        return []

    def stats(self) -> dict[str, int]:
        """All zeros: a coordinator has no sandbox of its own."""
        return dict.fromkeys(super().stats(), 0)


def _made_on(address: tuple[str, int], agent: str, session_id: str) -> dict[str, str]:
    wanted = {
        "sessionId": session_id,
        "agentDir": f"/data/agents/{agent}",
        "agentName": agent,
        "sandboxId": session_id,
    }
    try:
        made: dict[str, str] = wire.ask(
            address, "POST", "/runner/sandboxes", "createSandbox", wanted
        )
    except wire.RunnerError as error:
        raise SandboxUnavailableError(str(error)) from None
    return made


def _nobody(_session_id: str) -> None:
    """Nothing is ever evicted from a coordinator."""
