"""Sandboxes: where agents run, and how their output reaches the streams that listen.

As in the real server a sandbox has one connection and no notion of whose output it is: every
stream open on a sandbox hears everything, and the first ``done`` or ``error`` ends them all.
That is why two messages at once mix, and why ``exec`` ends a running stream.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ash_client.testing._model.agent import Signal
from ash_client.testing._model.events import wire_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ash_client.testing._model.fault_parts import Pace
    from ash_client.testing._model.state import StoredFile

Feed = SimpleQueue[Signal]


@dataclass(eq=False)
class Sandbox:
    """One sandbox.

    Attributes:
        agent: The agent it was made for.
        id: Its own id, which need not be the session's.
        session_id: The session that uses it; None while it is only kept warm.
        streams: The streams of the messages it is working on.
        alive: Whether it exists; stopping, deleting and evicting a session end it.
        connected: Whether the agent's process answers; a killed one leaves the sandbox behind.
        files: The agent's files as they were when it was made ready; None if it was made for its session.
        late: What is still on its way; whoever listens next hears it first.
        runner_id: The runner it is on; None where the server runs it itself.
    """

    agent: str
    id: str = field(default_factory=lambda: str(uuid4()))
    session_id: str | None = None
    streams: set[object] = field(default_factory=set)
    alive: bool = True
    connected: bool = True
    files: dict[str, StoredFile] | None = None
    late: list[Signal] = field(default_factory=list)
    runner_id: str | None = None
    _feeds: list[Feed] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def listen(self) -> Feed:
        """From now on, everything the sandbox says."""
        feed: Feed = SimpleQueue()
        with self._lock:
            for signal in self.late:
                feed.put(signal)
            self.late.clear()
            self._feeds.append(feed)
        return feed

    def forget(self, feed: Feed) -> None:
        """Stop listening."""
        with self._lock:
            self._feeds.remove(feed)

    def say(self, signal: Signal) -> None:
        """Tell everyone who listens."""
        with self._lock:
            for feed in self._feeds:
                feed.put(signal)

    def kill_agent(self) -> None:
        """The agent's process dies: silence, and ``Not connected`` from now on."""
        self.connected = False

    def take(
        self, _command: dict[str, Any], answer: Callable[[], list[Signal]], pace: Pace
    ) -> None:
        """Work on a message: the command is for a sandbox that is elsewhere, the answer for this one."""
        self.run(answer(), pace)

    def run(self, signals: Iterable[Signal], pace: Pace) -> None:
        """Say a turn's signals at the pace asked for; a dead agent says nothing more."""
        if pace.immediate:
            self._speak(signals, pace)
        else:
            threading.Thread(
                target=self._speak, args=(signals, pace), name="ash-agent", daemon=True
            ).start()

    def _speak(self, signals: Iterable[Signal], pace: Pace) -> None:
        said = 1  # the server itself has sent session_start
        for signal in signals:
            pace.wait(said)
            if pace.closing.is_set() or not (self.alive and self.connected):
                return
            self.say(signal)
            said += len(wire_events(signal.value)) if signal.kind == "message" else 1
