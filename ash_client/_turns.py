"""One turn at a time on a session."""

from __future__ import annotations

import logging
import threading
import weakref

from ash_client.errors import SessionBusy

_log = logging.getLogger("ash_client")


class Turn:
    """The right to talk to a session, until released or forgotten."""

    __slots__ = ("__weakref__", "_turns", "session_id")

    def __init__(self, turns: Turns, session_id: str) -> None:
        self._turns = turns
        self.session_id = session_id

    def release(self, *, finished: bool = True) -> None:
        """Let the next turn begin; releasing twice does nothing.

        Args:
            finished: Whether the server has sent all of this turn. What it has not sent goes to the next reader.
        """
        self._turns.end(self, finished=finished)


class Turns:
    """The turns running through one client, shared by its copies and its threads.

    Held weakly: a stream dropped without being closed does not block its session for ever.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: weakref.WeakValueDictionary[str, Turn] = weakref.WeakValueDictionary()
        self._unfinished: set[str] = set()

    def begin(self, session_id: str) -> Turn:
        """Begin a turn.

        Raises:
            SessionBusy: One is running already.
        """
        turn = Turn(self, session_id)
        with self._lock:
            if self._running.setdefault(session_id, turn) is not turn:
                raise SessionBusy(
                    _reason(session_id, "the server would mix the events of both answers")
                )
            unfinished = session_id in self._unfinished
            self._unfinished.discard(session_id)
        if unfinished:
            _log.warning(_LEFTOVER, session_id)
        return turn

    def refuse_beside(self, session_id: str) -> None:
        """Refuse what would cut a running turn off.

        Raises:
            SessionBusy: A turn is running.
        """
        with self._lock:
            busy = session_id in self._running
        if busy:
            why = "a command run beside it ends its stream and spoils the next one"
            raise SessionBusy(_reason(session_id, why))

    def end(self, turn: Turn, *, finished: bool) -> None:
        """End a turn, if it is still the running one."""
        with self._lock:
            if self._running.get(turn.session_id) is not turn:
                return
            del self._running[turn.session_id]
            if not finished:
                self._unfinished.add(turn.session_id)

    def forget(self, session_id: str) -> None:
        """The agent was stopped: nothing of an earlier turn is left."""
        with self._lock:
            self._unfinished.discard(session_id)


_LEFTOVER = (
    "The last answer of session %s was not read to its end. The agent goes on writing it, and the server may send the "
    "rest as the beginning of this answer. Stopping and resuming the session in between prevents that."
)


def _reason(session_id: str, why: str) -> str:
    return (
        f"A message is already being answered on session {session_id} through this client; {why}. "
        "Read that stream to its end or close it first."
    )
