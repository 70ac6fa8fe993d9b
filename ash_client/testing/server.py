"""AshServer: a stand-in Ash server on loopback, for tests of whatever talks to Ash."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, Literal, Self

from ash_client.testing._fleet.coordinator import Fleet
from ash_client.testing._fleet.registry import LIVENESS_S
from ash_client.testing._http.app import App
from ash_client.testing._http.call import Call, Settings
from ash_client.testing._http.exchange import RequestHead
from ash_client.testing._http.limits import Limits, RateLimiter
from ash_client.testing._http.listener import Listener
from ash_client.testing._http.router import Router
from ash_client.testing._model.log import WARN, ServerLog
from ash_client.testing._model.pool import Pool
from ash_client.testing._model.script import Script, Verbatim
from ash_client.testing._model.state import State
from ash_client.testing._operations.health import coordinator_id
from ash_client.testing._operations.messages import CLOSING
from ash_client.testing._operations.routes import ROUTES
from ash_client.testing.answers import Answer, Answerer, Event, echo
from ash_client.testing.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from ash_client.testing.record import ReceivedRequest

VERSION: Final = "0.2.0"
"""The version of the Ash server this one behaves like."""

_REAL_LIMITS: Final = Limits()
_ADDRESS: Final = "10.0.1.23"
_HOSTNAME: Final = "ip-10-0-1-23.ec2.internal"


def _as_given(host: str, port: int) -> tuple[str, int]:
    return host, port


class AshServer:
    """A stand-in Ash server: listens on loopback and answers as the real one does.

    Usable as a context manager; every method may be called from any thread.

    Args:
        api_key: The key clients must send; None accepts everybody.
        agents: Names of agents that are deployed already.
        port: The port; 0 takes a free one.
        anthropic_key: The key of the model API. None is a missing key, ``"refused"`` one that
            the model API rejects: sessions are created, messages fail as on the real server.
        cgroups: Whether sandboxes can be made; False is Ash on Fargate, where ``/health`` is
            fine and every new session is refused.
        max_sandboxes: How many sandboxes may exist at once.
        mode: ``standalone``, or ``coordinator``: its sandboxes are on the runners (``AshRunner``)
            that register with it.
        internal_secret: What runners must send (``ASH_INTERNAL_SECRET``); None accepts everybody.
        runner_address: Where a coordinator finds the runner that gave this host and port.
        liveness_s: How long a coordinator believes a runner that is silent, in seconds.
        continues: The server on whose database this one goes on, after its end.
        credential_key: Whether credentials can be stored (``ASH_CREDENTIAL_KEY``).
        version: The version that ``/health`` tells; what is served stays that of ``VERSION``.
        limits: Requests per source address and window; None for no limits.
        answer: Makes the answers nobody scripted; by default an echo.
        clock: Seconds since the epoch.
        sleep: Waits so many seconds; by default it is cut short when the server closes.
        on_log: Told every line the server logs.

    Raises:
        OSError: From ``start``, when the port is taken.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        agents: Iterable[str] = (),
        port: int = 0,
        anthropic_key: str | None = "accepted",
        cgroups: bool = True,
        max_sandboxes: int = 50,
        mode: Literal["standalone", "coordinator"] = "standalone",
        internal_secret: str | None = None,
        runner_address: Callable[[str, int], tuple[str, int]] = _as_given,
        liveness_s: float = LIVENESS_S,
        continues: AshServer | None = None,
        credential_key: bool = True,
        version: str = VERSION,
        limits: Limits | None = _REAL_LIMITS,
        answer: Answerer = echo,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], object] | None = None,
        on_log: Callable[[str], None] | None = None,
    ) -> None:
        self._closing = threading.Event()
        self._script = Script(answer)
        self._received: list[ReceivedRequest] = []
        self._lock = threading.Lock()
        self._log = ServerLog(clock, _HOSTNAME, on_log)
        self._state: State = State(clock) if continues is None else continues._state
        self._state.runners.liveness_s = liveness_s
        self._pool = (
            Fleet(self._state, self._log, runner_address)
            if mode == "coordinator"
            else Pool(max_sandboxes, cgroups=cgroups, log=self._log, on_evicted=self._pause_session)
        )
        self._mode = mode
        self._settings = Settings(
            api_key=api_key,
            anthropic_key=anthropic_key,
            credential_key=credential_key,
            version=version,
            hostname=_HOSTNAME,
            started_at=clock(),
            sleep=sleep or self._closing.wait,
            closing=self._closing,
            internal_secret=internal_secret,
        )
        self._listener = Listener("127.0.0.1", port, self._app(limits).serve)
        self._agents = list(agents)

    # -- life ---------------------------------------------------------------------------------

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
        """Without the key."""
        return f"<AshServer {self.url}>"

    def start(self) -> Self:
        """Start listening in a background thread.

        Raises:
            OSError: The port is taken.
        """
        # Nobody is answered before the agents are there: every handler needs the lock.
        with self._state.lock:
            self._listener.start()
            self._log_start()
            for name in self._agents:
                if name not in self._state.agents:
                    files = {"CLAUDE.md": f"# {name}\n".encode()}
                    self._pool.warm_up(self._state.deploy(name, files, None))
        return self

    def close(self) -> None:
        """Stop, and end every connection, silent streams included; never waits for a client."""
        self._closing.set()
        self._end_connections()

    @property
    def url(self) -> str:
        """The base URL, such as ``http://127.0.0.1:40123``."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._listener.port

    # -- what a test looks at -----------------------------------------------------------------

    @property
    def requests(self) -> list[ReceivedRequest]:
        """Every request received so far; their ``repr`` shows no secret."""
        with self._lock:
            return list(self._received)

    @property
    def runners(self) -> list[str]:
        """The ids of the runners that are registered."""
        with self._state.lock:
            return [runner.runner_id for runner in self._state.runners]

    @property
    def logs(self) -> list[str]:
        """Every line the real server would have logged so far, in a container of its own."""
        return self._log.lines

    # -- what a test wants --------------------------------------------------------------------

    def reply(self, *answers: Answer) -> None:
        """Script the next answers, one argument a message.

        An answer is a text, a part, or a list of parts:
        ``server.reply("Hello", ["I look.", Tool("Bash", {"command": "ls"}, "a.txt"), "Done."])``.
        """
        self._script.add_answers(*answers)

    def reply_events(self, *events: Event) -> None:
        """Script one answer as exactly these events after ``session_start``; nothing is added."""
        self._script.add_answers(Verbatim(events))

    def fail_next(self, fault: Fault, *, on: str | None = None, times: int | None = 1) -> None:
        """Let the next matching requests suffer a fault.

        Args:
            fault: What happens.
            on: Which requests, as ``METHOD /path`` with wildcards; by default the fault's own:
                messages for faults of a stream, everything under ``/api/`` for the others.
            times: How many requests; None for all of them until ``heal``.
        """
        self._script.add_fault(fault, on, times)

    def heal(self) -> None:
        """Take back every fault that has not happened yet."""
        self._script.heal()

    def stop_listening(self) -> None:
        """Refuse new connections; open ones go on. ``start_listening`` takes it back."""
        self._listener.stop()

    def start_listening(self) -> None:
        """Listen again on the same port.

        Raises:
            OSError: Something else has taken the port meanwhile.
        """
        self._listener.start()

    def terminate(self) -> None:
        """SIGTERM: sessions are paused, new connections refused, open streams fall silent."""
        self._log.pino("Shutting down...")
        self._listener.stop()
        self._destroy_sandboxes()

    def kill(self) -> None:
        """SIGKILL: every connection ends at once, and new ones are refused."""
        self._end_connections()
        self._destroy_sandboxes()

    def restart(self) -> None:
        """Start again after ``terminate`` or ``kill``: same port, same sessions, all paused.

        A coordinator's sessions are not paused: they answer ``Sandbox not found`` once.
        """
        self._listener.start()
        self._log_start()

    # -- inside -------------------------------------------------------------------------------

    def _app(self, limits: Limits | None) -> App:
        nobody = RequestHead("GET", "/", {}, ("", 0))
        call = Call(
            nobody, self._settings, self._state, self._pool, self._log, self._script, Fault()
        )
        unlimited = Limits(*([2**53] * 3))
        limiter = RateLimiter(limits or unlimited, self._state.clock)
        return App(Router(ROUTES), limiter, call, self._script.take_fault, self._keys, self._record)

    def _end_connections(self) -> None:
        self._listener.stop()
        for sandbox in self._pool.each():
            sandbox.say(CLOSING)
        self._listener.end_connections()

    def _destroy_sandboxes(self) -> None:
        with self._state.lock:
            for session_id in self._pool.destroy_all():
                self._pause_session(session_id)

    def _keys(self) -> set[str]:
        own = {self._settings.api_key} if self._settings.api_key else set()
        with self._state.lock:
            return own | {key["key"] for key in self._state.api_keys.values()}

    def _record(self, request: ReceivedRequest) -> None:
        with self._lock:
            self._received.append(request)

    def _pause_session(self, session_id: str) -> None:
        session = self._state.sessions.get(session_id)
        if session is not None and session.status == "active":
            self._state.set_status(session, "paused")

    def _log_start(self) -> None:
        """What a server in its container logs: it has port 4100 there, on every interface."""
        log, keys = self._log, bool(self._keys())
        delegated = "delegation configured" if self._pool.cgroups else _NO_CGROUPS
        log.console(f"[entrypoint] cgroup v2 {delegated}")
        log.console(f"[coordinator] Starting with ID: {coordinator_id(_HOSTNAME)}")
        log.pino("API key authentication enabled" if keys else _NO_AUTH)
        for address in ("127.0.0.1", _ADDRESS):
            log.pino(f"Server listening at http://{address}:4100")
        log.pino(f"Ash v{VERSION} listening on 0.0.0.0:4100 (mode: {self._mode})")
        log.pino("Data directory: /data")
        log.pino("Bridge entry: /app/packages/bridge/dist/index.js")
        log.pino(_PLAIN_HTTP, level=WARN)


_NO_CGROUPS: Final = "not available, using ulimit fallback"
_NO_AUTH: Final = 'No API keys configured — auth disabled, all requests use tenant "default"'
_PLAIN_HTTP: Final = (
    "Server is listening on plain HTTP. In production, place behind a TLS-terminating reverse "
    "proxy (e.g. nginx, Caddy, ALB)."
)
