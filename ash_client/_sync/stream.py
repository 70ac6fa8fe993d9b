# Generated from ash_client/_async by `make generate`; edit there.
"""The answer to a message, event by event."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

import httpx

from ash_client._sse import Framer
from ash_client._sync.silence import SilenceWatch
from ash_client._transcript import TextAssembler, last_message, replay, session_of, text_of
from ash_client.errors import AgentError, AshError, StreamInterrupted
from ash_client.events import DoneEvent, ErrorEvent, Event, MessageEvent, read_event
from ash_client.models import Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from types import TracebackType

    from ash_client._turns import Turn

_log = logging.getLogger("ash_client")
_TERMINAL = frozenset({b"done", b"error"})
# The server writes nothing after its last event; a body that goes on for longer than this is not waited for.
_MOST_DRAINED = 16


class MessageStream:
    """The events of one turn: an iterator, and a context manager that ends the request when it is left.

    Iteration ends in exactly one of these ways: normally, after ``done`` without an ``error`` before it;
    :class:`~ash_client.errors.AgentError` after the server's ``error`` event (which is yielded first);
    :class:`~ash_client.errors.StreamInterrupted` when the connection ended or broke before ``done``, or fell silent
    while the session was no longer running; :class:`~ash_client.errors.DecodeError` on an event that is not JSON.
    Once it has ended badly, every further use raises the same error again.
    """

    __slots__ = (
        "__weakref__",
        "_complete",
        "_events",
        "_failure",
        "_framer",
        "_response",
        "_terminated",
        "_turn",
        "_watch",
        "_wire",
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
        self._wire = bytearray()
        self._complete = False
        self._terminated = False
        self._failure: AshError | None = None
        self._watch = SilenceWatch(response, stall_check, check)
        self._events = self._read_events()

    @property
    def response(self) -> httpx.Response:
        """The HTTP answer, for its status and headers; its body belongs to this stream."""
        return self._response

    @property
    def session_id(self) -> str:
        """The session's id as the stream told it, else as it was asked for."""
        return session_of(self._received()) or self._turn.session_id

    @property
    def received_text(self) -> str:
        """The answer's text received so far; it stays readable after the stream has broken off."""
        return text_of(self._received())

    @property
    def thinking(self) -> str:
        """The agent's thinking received so far, each part once."""
        return text_of(self._received(), "thinking")

    @property
    def result(self) -> MessageEvent | None:
        """The agent SDK's ``result`` message; None before it has come."""
        return last_message(self._received(), "result")

    @property
    def usage(self) -> Usage | None:
        """Tokens and cost of the turn, from the ``result`` message; None before it has come."""
        return Usage.of_result(self.result)

    @property
    def text(self) -> Iterator[str]:
        """The answer's text, piece by piece, whether or not partial messages were asked for."""
        return self._read_text()

    def get_final_text(self) -> str:
        """Read to the end and return the whole text of the answer: what ``text`` yields, in one piece.

        Raises:
            AgentError: The turn failed.
            StreamInterrupted: The answer is not complete.
        """
        self.until_done()
        return self.received_text

    def get_final_message(self) -> MessageEvent | None:
        """Read to the end and return the agent's last ``assistant`` message; None if it sent none.

        Raises:
            AgentError: The turn failed.
            StreamInterrupted: The answer is not complete.
        """
        self.until_done()
        return last_message(self._received(), "assistant")

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
            self._events.close()
        except (RuntimeError, ValueError):
            self._break_off()  # another task or thread is reading; it sees the connection end
            return
        self._release()
        if not self._complete and self._failure is None:
            self._failure = self._interrupted("The stream was closed before its end.")

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
            self._break_off()

    def __repr__(self) -> str:
        state = "complete" if self._complete else "failed" if self._failure else "open"
        return f"<{type(self).__name__} session={self._turn.session_id} {state}>"

    def _read_text(self) -> Generator[str]:
        assembler = TextAssembler()
        for event in self:
            piece = assembler.add(event)
            if piece:
                yield piece

    def _read_events(self) -> Generator[Event]:
        """The loop everything else hangs on; ``finally`` gives the connection and the turn back however it ends."""
        chunks = self._response.iter_bytes()
        try:
            for chunk in chunks:
                self._wire += chunk
                for name, data in self._framer.feed(chunk):
                    event = read_event(name, data)
                    self._terminated = name in _TERMINAL
                    yield event
                    if self._terminated:
                        self._drain(chunks)
                        self._conclude(name, event)
                        return
            raise self._interrupted("The connection ended before the answer was complete.")
        except (httpx.HTTPError, httpx.StreamError) as error:
            self._failure = self._interrupted(_why_broken(error))
            raise self._failure from error
        except AshError as error:
            # The silence check raises from below, without knowing what has been received.
            known = isinstance(error, StreamInterrupted)
            self._failure = self._interrupted(str(error)) if known else error
            raise self._failure from error.__cause__
        finally:
            self._release()

    def _conclude(self, name: bytes, event: Event) -> None:
        """After ``done`` the stream is complete; after ``error`` it never is."""
        if name == b"error":
            reason = (
                event.error
                if isinstance(event, ErrorEvent)
                else event.raw.decode("utf-8", "replace")
            )
            raise AgentError(reason, wire=bytes(self._wire), session_id=self._turn.session_id)
        self._complete = True
        if isinstance(event, DoneEvent) and event.session_id == "":
            _log.warning(
                "The stream of session %s was ended by a command run beside it; the answer may be cut short.",
                self._turn.session_id,
            )

    def _interrupted(self, why: str) -> StreamInterrupted:
        return StreamInterrupted(why, wire=bytes(self._wire), session_id=self._turn.session_id)

    def _drain(self, chunks: Iterator[bytes]) -> None:
        """Read the rest of the body, if it is there, so that the next request can use this connection."""
        if not self._watch.attached:
            return
        self._watch.drain()
        with contextlib.suppress(httpx.HTTPError, httpx.StreamError):
            for _ in range(_MOST_DRAINED):
                chunk = next(chunks, None)
                if chunk is None:
                    return
                self._wire += chunk

    def _release(self) -> None:
        self._watch.detach()
        self._turn.release(finished=self._terminated)
        with contextlib.suppress(httpx.HTTPError, httpx.StreamError):
            self._response.close()

    def _break_off(self) -> None:
        connection = self._response.extensions.get("network_stream")
        sock = connection.get_extra_info("socket") if connection is not None else None
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(2)

    def _received(self) -> list[Event]:
        return replay(bytes(self._wire))


def _why_broken(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "Nothing more arrived before the answer was complete."
    return f"The connection broke before the answer was complete ({str(error) or type(error).__name__})."


def not_a_stream(response: httpx.Response, body: bytes, session_id: str) -> StreamInterrupted:
    """The error for a successful answer that is no event stream, such as a proxy's page."""
    kind = response.headers.get("content-type", "no content type")
    shown = body[:300].decode("utf-8", "replace")
    return StreamInterrupted(
        f"The answer is not an event stream but {kind}: {shown!r}", session_id=session_id
    )
