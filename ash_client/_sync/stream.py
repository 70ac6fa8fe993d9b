# Generated from ash_client/_async by `make generate`; edit there.
"""The answer to a message, event by event."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, cast

import httpcore
import httpx

from ash_client._stream.read_event import read_event
from ash_client._stream.sse import Framer
from ash_client._stream.transcript import Transcript
from ash_client._sync.silence import Silence
from ash_client._sync.transport import Connection
from ash_client._transport.backends import hang_up
from ash_client.errors import AgentError, AshError, StreamInterrupted
from ash_client.events import DoneEvent, ErrorEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from types import TracebackType

    from ash_client._stream.turns import Turn
    from ash_client.events import AssistantMessage, Event, ResultMessage
    from ash_client.models import Usage

_TERMINAL = frozenset({b"done", b"error"})
_BROKEN = (
    httpx.HTTPError,
    httpx.StreamError,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
)
# The server writes nothing after its last event; a body that goes on for longer than this is not waited for.
_MOST_DRAINED = 16
# How long ``done`` may come after the ``result`` at which a reader has left: the agent SDK ends its process in between.
DONE_SECONDS = 1.0
_LEFT = "The last answer was not read to its end"
_SPOILT = "The last answer was mixed with something older"


class MessageStream:
    """The events of one turn: an iterator, and a context manager that ends the request when it is left.

    Iteration ends in exactly one of these ways: normally, after ``done`` without an ``error`` before it;
    :class:`~ash_client.errors.AgentError` after the server's ``error`` event (which is yielded first);
    :class:`~ash_client.errors.StreamInterrupted` when the connection ended or broke before ``done``, fell silent while
    the session was no longer running, or brought what belongs to an earlier turn or command;
    :class:`~ash_client.errors.DecodeError` on an event that is not JSON.
    Once it has ended badly, every further use raises the same error again.
    """

    __slots__ = (
        "__weakref__",
        "_complete",
        "_done_due",
        "_events",
        "_failure",
        "_framer",
        "_pieces",
        "_response",
        "_silence",
        "_transcript",
        "_turn",
        "_unfinished",
    )

    def __init__(
        self,
        response: httpx.Response,
        turn: Turn,
        stall_check: float | None,
        check: Callable[[], None],
    ) -> None:
        self._response = response
        self._turn = turn
        self._framer = Framer()
        self._transcript = Transcript()
        self._complete = False
        self._unfinished = _LEFT
        self._done_due = False
        self._failure: AshError | None = None
        self._silence = Silence(response, stall_check, check)
        self._events = self._read_events()
        self._pieces: Generator[str] | None = None

    @property
    def response(self) -> httpx.Response:
        """The HTTP answer, for its status and headers; its body belongs to this stream."""
        return self._response

    @property
    def session_id(self) -> str:
        """The session's id as the stream told it, else as it was asked for."""
        return self._transcript.session_id or self._turn.session_id

    @property
    def received_text(self) -> str:
        """The answer's text received so far; it stays readable after the stream has broken off."""
        return self._transcript.text

    @property
    def thinking(self) -> str:
        """The agent's thinking received so far, each part once."""
        return self._transcript.thinking

    @property
    def result(self) -> ResultMessage | None:
        """The agent SDK's ``result`` message; None before it has come."""
        return self._transcript.result

    @property
    def usage(self) -> Usage | None:
        """Tokens and cost of the turn, from the ``result`` message; None before it has come."""
        return self._transcript.usage

    @property
    def text(self) -> Iterator[str]:
        """The answer's text, piece by piece, whether or not partial messages were asked for."""
        self._pieces = self._read_text()
        return self._pieces

    def get_final_text(self) -> str:
        """Read to the end and return the whole text of the answer: what ``text`` yields, in one piece.

        Raises:
            AgentError: The turn failed.
            StreamInterrupted: The answer is not complete.
        """
        self.get_final_message()
        return self.received_text

    def get_final_message(self) -> AssistantMessage | None:
        """Read to the end and return the agent's last ``assistant`` message; None if it sent none.

        Raises:
            AgentError: The turn failed.
            StreamInterrupted: The answer is not complete.
        """
        self.until_done()
        return self._transcript.last_assistant()

    def until_done(self) -> None:
        """Read to the end.

        Raises:
            AgentError: The turn failed.
            StreamInterrupted: The answer is not complete.
        """
        for _ in self:
            pass

    def close(self) -> None:
        """End the request. Closing early cancels it; closing twice does nothing."""
        try:
            if self._pieces is not None:
                self._pieces.close()
            self._read_on_to_done()
            self._events.close()
        except (RuntimeError, ValueError):
            self._break_off()  # another task or thread is reading; it sees the connection end
            return
        self._release()
        if not self._complete and self._failure is None:
            self._failure = self._interrupted("The stream was closed before its end.")

    def _read_on_to_done(self) -> None:
        """Whoever leaves at the ``result``, or at ``done`` itself, has the whole answer and has not left early."""
        if self._complete or self._failure is not None:
            return
        with contextlib.suppress(AshError):
            over = not self._unfinished or self._transcript.result is not None
            if not (over and self._silence.end(DONE_SECONDS)):
                return
            for _ in range(_MOST_DRAINED):
                if next(self._events, None) is None:
                    return

    def __iter__(self) -> Iterator[Event]:
        if self._failure is not None:
            raise self._failure
        return self._events

    def __next__(self) -> Event:
        return next(self.__iter__())

    def __enter__(self) -> MessageStream:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        # Dropped without being closed: at least the server learns that nobody listens.
        if not self._complete and self._failure is None:
            self._turn.release(self._unfinished, done_due=self._done_due)
            self._break_off()

    def __repr__(self) -> str:
        state = "complete" if self._complete else "failed" if self._failure else "open"
        return f"<{type(self).__name__} session={self._turn.session_id} {state}>"

    def _read_text(self) -> Generator[str]:
        told = len(self._transcript.text)
        for _ in self:
            piece = self._transcript.text[told:]
            if piece:
                told += len(piece)
                yield piece
        self._transcript.last_assistant()  # raises where a message could not be read

    def _read_events(self) -> Generator[Event]:
        """The loop everything else hangs on; ``finally`` gives the connection and the turn back however it ends."""
        body = self._read_body()
        transcript = self._transcript
        try:
            for chunk in body:
                transcript.keep(chunk)
                for name, data in self._framer.feed(chunk):
                    event = read_event(name, data)
                    transcript.add(event)
                    if name in _TERMINAL:
                        failure = self._end_of_turn(event)
                        yield event
                        self._drain(body)
                        if failure is not None:
                            raise failure
                        self._complete = True
                        return
                    yield event
                if transcript.belated:
                    raise self._interrupted(_BELATED)
            raise self._interrupted("The connection ended before the answer was complete.")
        except _BROKEN as error:
            self._failure = self._interrupted(_why_broken(error))
            raise self._failure from error
        except AshError as error:
            # The silence check raises from below, without knowing what has been received.
            known = isinstance(error, StreamInterrupted)
            self._failure = self._interrupted(str(error)) if known else error
            raise self._failure from error.__cause__
        finally:
            body.close()
            self._release()

    def _read_body(self) -> Generator[bytes]:
        """The body, straight from the connection as long as it hands it over, else and then through httpx."""
        connection = self._response.extensions.get("network_stream")
        if isinstance(connection, Connection):
            while chunk := self._silence.outlast(connection.read_body):
                yield chunk
        self._silence.borrow()
        through_httpx = cast("Generator[bytes]", self._response.iter_bytes())
        with contextlib.closing(through_httpx):
            for chunk in through_httpx:
                yield chunk

    def _end_of_turn(self, event: Event) -> AshError | None:
        """What the last event means: the turn's own good end (None), its failure, or the end of something else."""
        if event.event == "error":
            # The agent's process says ``done`` after its error, and nobody reads that any more.
            self._unfinished, self._done_due = "", True
            known = isinstance(event, ErrorEvent)
            reason = event.error if known else event.raw.decode("utf-8", "replace")
            return AgentError(reason, transcript=self._transcript, session_id=self._turn.session_id)
        why = self._why_not_ours(event)
        self._unfinished = _SPOILT if why else ""
        return self._interrupted(why) if why else None

    def _why_not_ours(self, done: Event) -> str:
        """Why this ``done`` is not the end of this turn; empty where it is."""
        transcript, turn = self._transcript, self._turn
        if isinstance(done, DoneEvent) and done.session_id == "":
            return "The stream was ended by a command run on its session, not by its own end."
        if turn.done_due and not (transcript.spoke or transcript.text):
            return "The stream was ended by what an earlier turn or command had left, before its answer began."
        if transcript.by_sdk:
            turn.saw_init()
        elif turn.begins_with_init and transcript.is_signed:
            return _BELATED
        return _BELATED if transcript.belated else ""

    def _interrupted(self, why: str) -> StreamInterrupted:
        return StreamInterrupted(why, transcript=self._transcript, session_id=self._turn.session_id)

    def _drain(self, body: Iterator[bytes]) -> None:
        """Read the rest of the body, if it is there, so that the next request can use this connection."""
        if not self._silence.end():
            return
        with contextlib.suppress(*_BROKEN):
            for _ in range(_MOST_DRAINED):
                chunk = next(body, None)
                if chunk is None:
                    return
                self._transcript.keep(chunk)

    def _release(self) -> None:
        self._silence.give_back()
        self._turn.release(self._unfinished, done_due=self._done_due)
        with contextlib.suppress(*_BROKEN):
            self._response.close()

    def _break_off(self) -> None:
        hang_up(self._response.extensions.get("network_stream"))


_BELATED = "Text came that began before this turn: it belongs to an earlier one that was not read to its end."


def _why_broken(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException | httpcore.TimeoutException):
        return "Nothing more arrived before the answer was complete."
    return f"The connection broke before the answer was complete ({str(error) or type(error).__name__})."


def not_a_stream(response: httpx.Response, body: bytes, session_id: str) -> StreamInterrupted:
    """The error for a successful answer that is no event stream, such as a proxy's page."""
    kind = response.headers.get("content-type", "no content type")
    shown = body[:300].decode("utf-8", "replace")
    return StreamInterrupted(
        f"The answer is not an event stream but {kind}: {shown!r}", session_id=session_id
    )
