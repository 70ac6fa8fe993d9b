"""What faults are made of: endings, answers in the server's place, the agent's pace."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any


class End(Enum):
    """How a stream ends before its time."""

    CUT = "cut"
    """The connection closes without the last chunk."""
    RESET = "reset"
    """The connection is reset (RST)."""
    SILENT = "silent"
    """The connection stays open and nothing more comes."""
    CLEAN = "clean"
    """The last chunk comes, as if all had been said."""


@dataclass(frozen=True)
class Ending:
    """Where and how a stream ends.

    Attributes:
        how: The way it ends.
        after_events: Events sent before, ``session_start`` included; None: just before ``done``.
        after_bytes: Bytes of the body sent before, even in the middle of an event.
        error: The text of an ``error`` event sent in place of the rest.
        then_done: Whether ``done`` follows, after that error or without one.
        by_command: Whether that ``done`` is a command's, which names no session.
        session: The state the session is left in; None leaves it alone.
        agent_dies: Whether the agent's process is gone: the session stays what it was, and its
            next message answers ``Not connected``.
    """

    how: End
    after_events: int | None = None
    after_bytes: int | None = None
    error: str | None = None
    then_done: bool = False
    by_command: bool = False
    session: str | None = None
    agent_dies: bool = False


@dataclass(frozen=True)
class Reply:
    """An answer sent instead of the real one."""

    status: int
    body: Any
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Hold:
    """The agent says nothing more until ``until`` is set."""

    after_events: int
    until: threading.Event


@dataclass(frozen=True)
class Pace:
    """How fast the agent speaks."""

    event_delay_s: float
    hold: Hold | None
    sleep: Callable[[float], object]
    closing: threading.Event

    @property
    def immediate(self) -> bool:
        """Whether it never waits."""
        return not self.event_delay_s and self.hold is None

    def wait(self, said: int) -> None:
        """Wait before the next event, ``said`` being how many there were."""
        if self.event_delay_s:
            self.sleep(self.event_delay_s)
        if self.hold is None or said < self.hold.after_events:
            return
        while not (self.hold.until.wait(0.02) or self.closing.is_set()):
            continue


def insertions_at(inserted: Sequence[tuple[int, bytes]], events: int) -> bytes:
    """What is inserted once ``events`` events have been sent."""
    return b"".join(data for after, data in inserted if after == events)
