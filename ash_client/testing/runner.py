"""AshRunner: a stand-in for the machines that run sandboxes for a coordinator."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Final, Self
from uuid import uuid4

from ash_client.testing._fleet.registration import Registration
from ash_client.testing._fleet.registry import HEARTBEAT_S
from ash_client.testing._fleet.routes import RunnerApp
from ash_client.testing._http.listener import Listener
from ash_client.testing._model.agent import Signal, Turn
from ash_client.testing._model.fault_parts import Hold, Pace
from ash_client.testing._model.log import ServerLog
from ash_client.testing._model.pool import Pool
from ash_client.testing._model.sdk import DEFAULT_MODEL, SdkSession
from ash_client.testing._operations.messages import CLOSING
from ash_client.testing.answers import Answerer, Prompt, echo, parts_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from ash_client.testing._model.sandbox import Sandbox

_HOSTNAME: Final = "ip-10-0-2-34.ec2.internal"


class AshRunner:
    """A stand-in runner: listens on loopback, registers with a coordinator and runs its sandboxes.

    Usable as a context manager; every method may be called from any thread. It behaves as the runner of
    Ash 0.2.0: it asks for no key, registers once, and a coordinator that has given it up is not told of it
    again.

    Args:
        coordinator: The coordinator's URL; None registers nowhere.
        runner_id: ``ASH_RUNNER_ID``; by default one that no other runner has.
        internal_secret: ``ASH_INTERNAL_SECRET``.
        port: The port; 0 takes a free one.
        advertise: The host and port that it registers; by default those it listens on.
        max_sandboxes: How many sandboxes may exist at once.
        cgroups: Whether sandboxes can be made.
        answer: Makes the answers; by default an echo.
        heartbeat_s: Seconds between heartbeats.
        clock: Seconds since the epoch.
        on_log: Told every line the runner logs.

    Raises:
        OSError: From ``start``, when the port is taken.
    """

    def __init__(
        self,
        coordinator: str | None = None,
        *,
        runner_id: str | None = None,
        internal_secret: str | None = None,
        port: int = 0,
        advertise: tuple[str, int] | None = None,
        max_sandboxes: int = 20,
        cgroups: bool = True,
        answer: Answerer = echo,
        heartbeat_s: float = HEARTBEAT_S,
        clock: Callable[[], float] = time.time,
        on_log: Callable[[str], None] | None = None,
    ) -> None:
        self.runner_id = runner_id or f"runner-{uuid4().hex}"
        self._most = max_sandboxes
        self._coordinator = coordinator
        self._secret = internal_secret
        self._advertise = advertise
        self._heartbeat_s = heartbeat_s
        self._answerer = answer
        self._clock = clock
        self._started_at = clock()
        self._closing = threading.Event()
        self._lock = threading.RLock()
        self._log = ServerLog(clock, _HOSTNAME, on_log)
        self._pool = Pool(max_sandboxes, cgroups=cgroups, log=self._log, on_evicted=_persisted)
        self._hold: Hold | None = None
        self._full = False
        app = RunnerApp(self._pool, self._lock, self.health, self._signals, self._pace)
        self._listener = Listener("127.0.0.1", port, app.serve)
        self._registration: Registration | None = None

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

    def __repr__(self) -> str:
        """Without the secret."""
        return f"<AshRunner {self.runner_id} {self.url}>"

    @property
    def url(self) -> str:
        """Where it listens, such as ``http://127.0.0.1:40123``."""
        return f"http://127.0.0.1:{self._listener.port}"

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._listener.port

    def find_coordinator(self, url: str) -> None:
        """Ask for the coordinator there from now on, as a name in DNS may change."""
        if self._registration is not None:
            self._registration.coordinator = url

    @property
    def logs(self) -> list[str]:
        """Every line the real runner would have logged so far."""
        return self._log.lines

    @property
    def sessions(self) -> int:
        """How many sandboxes hold a session, whether they work on a turn or wait for one."""
        with self._lock:
            return sum(sandbox.session_id is not None for sandbox in self._pool.each())

    def start(self) -> Self:
        """Listen, and register in the background.

        Raises:
            OSError: The port is taken.
        """
        self._listener.start()
        self._log.pino(f"Ash runner {self.runner_id} listening on 0.0.0.0:4200")
        if self._coordinator is not None:
            host, port = self._advertise or ("127.0.0.1", self._listener.port)
            self._registration = Registration(
                coordinator=self._coordinator,
                secret=self._secret,
                about={
                    "runnerId": self.runner_id,
                    "host": host,
                    "port": port,
                    "maxSandboxes": self._most,
                },
                stats=self._stats,
                heartbeat_s=self._heartbeat_s,
                say=self._log.console,
            )
            self._registration.start()
        return self

    def close(self) -> None:
        """Stop without a word to the coordinator, and end every connection."""
        self.kill()

    def terminate(self) -> None:
        """SIGTERM: deregister, which pauses its sessions; open streams fall silent."""
        self._log.pino("Runner shutting down...")
        if self._registration is not None:
            self._registration.deregister()
        self._listener.stop()
        with self._lock:
            self._pool.destroy_all()

    def kill(self) -> None:
        """SIGKILL, or a host that is taken: every connection ends, and the coordinator hears nothing."""
        if self._registration is not None:
            self._registration.stop()
        self._closing.set()
        self._listener.stop()
        with self._lock:
            for sandbox in self._pool.each():
                sandbox.say(CLOSING)
            self._pool.destroy_all()
        self._listener.end_connections()

    def heartbeat(self) -> None:
        """Say now that it is alive, without waiting for the next turn."""
        if self._registration is not None:
            self._registration.heartbeat()

    def drain(self, *, draining: bool = True) -> None:
        """Tell the coordinator that it is more than full, as the template's runners do to be drained."""
        self._full = draining
        self.heartbeat()

    def hold(self, after_events: int, until: threading.Event) -> None:
        """Let agents fall silent after so many events of a turn, until ``until`` is set."""
        self._hold = Hold(after_events, until)

    def health(self) -> dict[str, Any]:
        """What ``GET /runner/health`` answers."""
        with self._lock:
            pool = self._pool.stats()
        active = pool["total"]
        capacity = {"max": self._most, "active": active, "available": self._most - active}
        return {
            "runnerId": self.runner_id,
            "status": "ok",
            "capacity": capacity,
            "pool": pool,
            "uptime": self._clock() - self._started_at,
        }

    def _stats(self) -> dict[str, int]:
        with self._lock:
            stats = self._pool.stats()
        return stats | {"running": stats["running"] + self._most + 1} if self._full else stats

    def _pace(self) -> Pace:
        return Pace(0.0, self._hold, self._closing.wait, self._closing)

    def _signals(self, command: dict[str, Any], sandbox: Sandbox) -> list[Signal]:
        """What the agent says to a command of the coordinator."""
        content, session_id = command["prompt"], command["sessionId"]
        options = command.get("options") or {}
        answer = self._answerer(
            Prompt(text_of(content), content, session_id, sandbox.agent, options)
        )
        place = f"/data/sandboxes/{sandbox.id}/workspace"
        model = options.get("model") or DEFAULT_MODEL
        sdk = SdkSession(session_id, place, model=model)
        partial = bool(options.get("includePartialMessages"))
        turn = Turn(session_id, sdk, parts_of(answer), partial, options.get("maxTurns"))
        return list(turn.signals())


def _persisted(_session_id: str) -> None:
    """A session that has to make room is on the shared disk; the coordinator is not told of it."""
