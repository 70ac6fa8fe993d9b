"""A coordinator and its runners, as the real ones deal with each other (Ash 0.2.0)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from ash_client.testing import AshRunner, AshServer
from tests.ash_client.testing.conftest import Api

SECRET = "internal-secret"


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@dataclass
class Fleet:
    """A coordinator, and what a test does with its runners."""

    coordinator: AshServer
    stack: ExitStack
    clock: Clock
    api: Api = field(init=False)

    def __post_init__(self) -> None:
        self.api = Api(self.coordinator, None)

    def runner(self, **options: Any) -> AshRunner:
        runner = AshRunner(
            self.coordinator.url,
            **{"internal_secret": SECRET, "heartbeat_s": 3600.0, "clock": self.clock, **options},
        )
        self.stack.enter_context(runner)
        return runner

    def registered(self) -> dict[str, Any]:
        rows = self.api.call("GET", "/api/internal/runners").json()["runners"]
        return {row["runnerId"]: row for row in rows}

    def add(self, **options: Any) -> AshRunner:
        """A runner that has registered."""
        runner = self.runner(**options)
        until(lambda: runner.runner_id in self.registered())
        return runner

    def session(self) -> dict[str, Any]:
        reply = self.api.call("POST", "/api/sessions", {"agent": "a"})
        assert reply.status == 201, reply.body
        found: dict[str, Any] = reply.json()["session"]
        return found

    def status(self, session: dict[str, Any]) -> str:
        found = self.api.call("GET", f"/api/sessions/{session['id']}").json()["session"]
        return str(found["status"])

    def say(self, session: dict[str, Any]) -> list[tuple[str, Any]]:
        path = f"/api/sessions/{session['id']}/messages"
        reply = self.api.call("POST", path, {"content": "Hello"})
        return reply.events() if reply.status == 200 else [("status", reply.json()["error"])]


def until(happened: Callable[[], bool]) -> None:
    """Wait for another thread's work."""
    end = time.monotonic() + 5.0
    while not happened():
        assert time.monotonic() < end, "it has not happened"
        threading.Event().wait(0.005)


@pytest.fixture
def fleet() -> Iterator[Fleet]:
    clock = Clock()
    with ExitStack() as stack:
        coordinator = stack.enter_context(
            AshServer(
                mode="coordinator",
                internal_secret=SECRET,
                agents=["a"],
                clock=clock,
                limits=None,
            )
        )
        yield Fleet(coordinator, stack, clock)


def test_a_coordinator_without_runners_refuses_sessions(fleet: Fleet) -> None:
    reply = fleet.api.call("POST", "/api/sessions", {"agent": "a"})
    assert (reply.status, reply.json()["error"]) == (
        503,
        "No runners available and no local backend configured",
    )


def test_a_session_runs_on_a_runner_and_says_on_which(fleet: Fleet) -> None:
    runner = fleet.add()

    session = fleet.session()

    assert session["runnerId"] == runner.runner_id
    assert runner.sessions == 1
    events = fleet.say(session)
    assert [events[0][0], events[-1][0]] == ["session_start", "done"]
    assert "Hello" in str(events)
    health = fleet.api.call("GET", "/health").json()
    assert (health["remoteRunners"], health["activeSandboxes"], health["pool"]["total"]) == (
        1,
        0,
        0,
    )


def test_the_runner_with_the_most_room_gets_the_session(fleet: Fleet) -> None:
    fleet.add(max_sandboxes=2)
    roomy = fleet.add(max_sandboxes=9)
    assert fleet.session()["runnerId"] == roomy.runner_id


def test_sandboxes_that_wait_for_a_message_are_in_no_heartbeat(fleet: Fleet) -> None:
    """So a coordinator goes on sending sessions to a runner that is full of idle ones."""
    runner = fleet.add(max_sandboxes=1)
    fleet.session()
    runner.heartbeat()
    assert fleet.registered()[runner.runner_id]["active"] == 0


def test_without_the_secret_nobody_registers(fleet: Fleet) -> None:
    runner = fleet.runner(internal_secret="another")
    until(lambda: "[runner] Registration failed: 401" in runner.logs)
    assert not fleet.registered()


def test_the_list_of_runners_needs_no_secret_and_no_key(fleet: Fleet) -> None:
    assert fleet.api.call("GET", "/api/internal/runners").json() == {
        "runners": [],
        "count": 0,
        "hasLocal": False,
    }


def test_a_runner_asked_to_stop_has_its_sessions_paused_at_once(fleet: Fleet) -> None:
    runner = fleet.add()
    session = fleet.session()

    runner.terminate()

    assert fleet.status(session) == "paused"
    assert not fleet.registered()


def test_a_runner_killed_in_mid_stream_ends_it_with_an_error_and_done(fleet: Fleet) -> None:
    """The session stays active until the coordinator has missed the runner for half a minute."""
    runner, other = fleet.add(max_sandboxes=9), fleet.add(max_sandboxes=2)
    silent, session = threading.Event(), fleet.session()
    runner.hold(2, silent)
    said: list[tuple[str, Any]] = []
    listening = threading.Thread(target=lambda: said.extend(fleet.say(session)))
    listening.start()
    until(lambda: runner.health()["pool"]["running"] == 1)

    runner.kill()

    listening.join(5.0)
    assert said[-2:] == [("error", {"error": "terminated"}), ("done", {"sessionId": session["id"]})]
    assert fleet.status(session) == "active"
    fleet.clock.now += 29.0
    other.heartbeat()
    fleet.clock.now += 2.0
    assert fleet.status(session) == "paused"
    assert set(fleet.registered()) == {other.runner_id}
    resumed = fleet.api.call("POST", f"/api/sessions/{session['id']}/resume").json()["session"]
    assert (resumed["status"], resumed["runnerId"]) == ("active", other.runner_id)


def test_until_the_sweep_a_dead_runner_is_chosen_still(fleet: Fleet) -> None:
    fleet.add().kill()
    reply = fleet.api.call("POST", "/api/sessions", {"agent": "a"})
    assert (reply.status, reply.json()["error"]) == (500, "Failed to create session: fetch failed")


def test_a_coordinator_believes_a_silent_runner_for_as_long_as_it_is_told() -> None:
    clock = Clock()
    with AshServer(mode="coordinator", liveness_s=3600.0, clock=clock) as patient:
        fleet = Fleet(patient, ExitStack(), clock)
        with fleet.stack:
            fleet.add(internal_secret=None).kill()
            clock.now += 3599.0
            assert fleet.registered()
            clock.now += 2.0
            assert not fleet.registered()


def test_a_runner_given_up_once_never_comes_back(fleet: Fleet) -> None:
    """Its heartbeats are answered well and make no row: only a new process registers."""
    runner = fleet.add()
    fleet.clock.now += 31.0
    assert not fleet.registered()

    runner.heartbeat()

    assert not fleet.registered()


def test_after_the_coordinators_restart_a_live_session_is_not_found_once(fleet: Fleet) -> None:
    fleet.add()
    session = fleet.session()

    fleet.coordinator.kill()
    fleet.coordinator.restart()

    assert fleet.status(session) == "active"
    assert fleet.say(session) == [("status", "Sandbox not found")]
    assert fleet.status(session) == "error"
    assert len(fleet.registered()) == 1
    assert fleet.say(fleet.session())[-1][0] == "done"


def test_two_runners_of_one_id_are_one(fleet: Fleet) -> None:
    """The second takes the row, and the sessions on the first are lost."""
    fleet.add(runner_id="runner-7")
    session = fleet.session()
    second = fleet.runner(runner_id="runner-7")
    until(lambda: "Registered with control plane" in str(second.logs))
    assert len(fleet.registered()) == 1
    assert fleet.say(session) == [("status", "Sandbox not found")]


def test_a_runner_that_drains_gets_no_session_and_keeps_those_it_has(fleet: Fleet) -> None:
    draining = fleet.add(max_sandboxes=9)
    session, other = fleet.session(), fleet.add(max_sandboxes=2)

    draining.drain()

    assert fleet.session()["runnerId"] == other.runner_id
    assert fleet.say(session)[-1][0] == "done"
    assert fleet.registered()[draining.runner_id]["active"] == 10


def test_ending_a_session_ends_its_sandbox_on_the_runner(fleet: Fleet) -> None:
    runner = fleet.add()
    session = fleet.session()
    fleet.api.call("DELETE", f"/api/sessions/{session['id']}")
    assert runner.sessions == 0


def test_a_full_runner_answers_503_and_one_without_cgroups_500(fleet: Fleet) -> None:
    runner = fleet.add(cgroups=False)
    reply = fleet.api.call("POST", "/api/sessions", {"agent": "a"})
    assert reply.status == 500
    assert "Runner createSandbox failed (500)" in reply.json()["error"]
    assert "SECURITY: cgroups not available" in reply.json()["error"]
    runner.drain()
    assert fleet.api.call("POST", "/api/sessions", {"agent": "a"}).status == 503
