"""One turn at a time on a session, and what is known of the turns and commands before it.

The server's sandboxes have one channel, and nothing on it tells whose answer an event belongs to: the rest of one turn
becomes the beginning of the next, and a command's ``done`` ends whatever is read then. What this process has begun it
can keep apart; what other processes do it cannot see.
"""

from __future__ import annotations

import gc
import threading
import time
import weakref
from dataclasses import dataclass
from typing import Any, Literal

from ash_client.errors import (
    ConnectionFailed,
    InvalidArgument,
    RequestTimeout,
    SessionBusy,
    StatusError,
)

AfterUnfinished = Literal["raise", "restart", "accept"]
CHOICES: tuple[AfterUnfinished, ...] = ("raise", "restart", "accept")
# A command's answer, and an agent's error, come a moment before the ``done`` that belongs to them; so long it may be
# on its way inside the server. As long as the command took, within these bounds: a slow or far server is slow in both.
SHORTEST_SETTLE, LONGEST_SETTLE = 0.05, 0.5


@dataclass
class _Channel:
    """What is known of one session's channel."""

    unfinished: str = ""  # why something of an earlier turn may still come
    quiet_at: float = 0.0  # when the last ``done`` has certainly arrived
    done_due: bool = False  # whether one more ``done`` than asked for may arrive


class Turn:
    """The right to talk to a session, until released or forgotten.

    Attributes:
        session_id: The session.
        sent: Whether the server may have taken what this turn asks.
        done_due: Whether the ``done`` of an earlier command may end this turn.
        settle: Seconds to wait before asking.
    """

    __slots__ = ("__weakref__", "_began", "_turns", "done_due", "sent", "session_id", "settle")

    def __init__(self, turns: Turns, session_id: str) -> None:
        self._turns = turns
        self._began = time.monotonic()
        self.session_id = session_id
        self.sent = False
        self.done_due = False
        self.settle = 0.0

    def release(self, unfinished: str = "", *, done_due: bool = False) -> None:
        """Let the next turn begin; releasing twice does nothing.

        Args:
            unfinished: Why something of this turn may still come; what comes goes to the next reader.
            done_due: Whether a ``done`` may still come, a moment from now.
        """
        self._turns.end(self, unfinished, done_due=done_due)

    @property
    def begins_with_init(self) -> bool:
        """Whether turns on this server were seen to begin with the agent SDK's ``init``."""
        return self._turns.begins_with_init

    def saw_init(self) -> None:
        """Note that they do."""
        self._turns.begins_with_init = True


class Turns:
    """The turns running on one server through this process: its clients, their copies and threads.

    Turns are held weakly: a stream dropped without being closed does not block its session for ever.
    """

    def __init__(self, server_url: str) -> None:
        self.server_url = server_url
        self.clients = 0  # that are open and share this
        # A stream that is collected releases its turn, wherever that happens: also while the lock is held.
        self._lock = threading.RLock()
        self._running: weakref.WeakValueDictionary[str, Turn] = weakref.WeakValueDictionary()
        self._channels: dict[str, _Channel] = {}
        self.begins_with_init = False

    def begin(self, session_id: str, why: str, after_unfinished: AfterUnfinished = "raise") -> Turn:
        """Begin a turn.

        Raises:
            SessionBusy: One is running already (``why`` tells what would happen), or an earlier one is not finished.
        """
        turn = Turn(self, session_id)
        with self._lock:
            channel = self._channels.get(session_id) or _Channel()
            if session_id in self._running:
                raise SessionBusy(_RUNNING.format(session_id=session_id, why=why))
            if channel.unfinished and after_unfinished != "accept":
                raise SessionBusy(_UNFINISHED.format(session_id=session_id, why=channel.unfinished))
            self._running[session_id] = turn
            turn.done_due = channel.done_due
            quiet_at = max(channel.quiet_at, _quiet_at.get((self.server_url, session_id), 0.0))
            turn.settle = max(0.0, quiet_at - turn._began)
        return turn

    def end(self, turn: Turn, unfinished: str, *, done_due: bool) -> None:
        """End a turn, if it is still the running one."""
        with self._lock:
            if self._running.get(turn.session_id) is not turn:
                return
            del self._running[turn.session_id]
            now = time.monotonic()
            channel = self._channels.pop(turn.session_id, _Channel())
            channel.unfinished = unfinished or channel.unfinished
            channel.done_due = done_due or (channel.done_due and now < channel.quiet_at)
            if done_due:
                took = now - turn._began - turn.settle
                channel.quiet_at = now + min(LONGEST_SETTLE, max(SHORTEST_SETTLE, took))
                _remember(self.server_url, turn.session_id, channel.quiet_at)
            if channel.unfinished or channel.done_due:
                self._channels[turn.session_id] = channel

    def collect_dropped(self, session_id: str) -> None:
        """Let a stream that was dropped without being closed give its turn back now, not when Python gets to it."""
        if session_id in self._running:
            gc.collect()  # a stream and the generator that reads it hold each other

    def is_unfinished(self, session_id: str) -> bool:
        """Whether something of an earlier turn may still come."""
        with self._lock:
            return bool(self._channels.get(session_id, _Channel()).unfinished)

    def forget(self, session_id: str) -> None:
        """The agent was stopped: nothing of an earlier turn is left."""
        with self._lock:
            self._channels.pop(session_id, None)


_servers: weakref.WeakValueDictionary[str, Turns] = weakref.WeakValueDictionary()
_servers_of: weakref.WeakKeyDictionary[object, dict[str, Turns]] = weakref.WeakKeyDictionary()
_servers_lock = threading.Lock()
_quiet_at: dict[tuple[str, str], float] = {}


def turns_of(server_url: str, http_client: object | None) -> Turns:
    """The turns on one server, shared by all clients of it in this process as long as one of them is open.

    Those with an ``http_client`` of the application's share only with others that have the same one: whether two of
    them reach the same server nobody can tell, mocks least of all.
    """
    with _servers_lock:
        if http_client is not None:
            known = _servers_of.setdefault(http_client, {})
            return known.setdefault(server_url, Turns(server_url))
        turns = _servers.setdefault(server_url, Turns(server_url))
        turns.clients += 1
        return turns


def leave(turns: Turns) -> None:
    """A client is closed. The next one after the last may well meet another server at this address."""
    with _servers_lock:
        turns.clients -= 1
        if not turns.clients and _servers.get(turns.server_url) is turns:
            del _servers[turns.server_url]


def _remember(server_url: str, session_id: str, quiet_at: float) -> None:
    """Keep for a moment when a session's ``done`` has come, though the client that waits for it be gone."""
    now = time.monotonic()
    for key in [key for key, moment in list(_quiet_at.items()) if moment < now]:
        _quiet_at.pop(key, None)
    _quiet_at[server_url, session_id] = quiet_at


def left_behind(error: BaseException, turn: Turn, what: str) -> str:
    """``what``, if the server may go on with a request that ended in this error; else nothing."""
    if isinstance(error, StatusError):
        # 502 and 504 are a proxy's words; of its own errors the server gives these two when nothing was begun.
        refused = error.status < 500 or error.status == 503 or error.message in _NOTHING_BEGUN
        return "" if refused else what
    sent = error.sent if isinstance(error, ConnectionFailed | RequestTimeout) else turn.sent
    return what if sent else ""


def check_choice(after_unfinished: Any) -> AfterUnfinished:
    """What to do after an unfinished turn.

    Raises:
        InvalidArgument: It is none of raise, restart and accept.
    """
    for choice in CHOICES:
        if after_unfinished == choice:
            return choice
    message = f"after_unfinished is one of {', '.join(CHOICES)}, not {after_unfinished!r}."
    raise InvalidArgument(message)


_NOTHING_BEGUN = ("Sandbox not found", "Runner not available")
_RUNNING = (
    "A message or a command is already at work on session {session_id} through this process; {why}. "
    "Read that stream to its end, or close it, first."
)
_UNFINISHED = (
    "{why} on session {session_id}. The agent may go on, and the server would send what is left of it as the beginning "
    "of the next answer. Pass after_unfinished='restart' to have the session stopped and resumed first, or 'accept' to "
    "take the risk."
)
