"""Puts a stream's events on the wire, one HTTP chunk an event, through the fault asked for."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING, Final

from ash_client.testing._http.connection import Connection, ConnectionEndedError
from ash_client.testing._model.events import frame
from ash_client.testing._model.fault_parts import End, Ending, insertions_at
from ash_client.testing.answers import Event
from ash_client.testing.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

STREAM_HEADERS: Final = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-cache",
    "Connection": "keep-alive",
}


class StreamEndedError(Exception):
    """A fault has ended the stream; nothing more is to be sent."""


class EventWriter:
    """One stream on its way to one client.

    Args:
        connection: Where it goes.
        fault: What happens to it on the way.
        session_id: The session, for the ``done`` of a fault.
        sleep: Waits so many seconds.
        on_ending: Told when the fault ends the stream, before the client can know.
    """

    def __init__(
        self,
        connection: Connection,
        fault: Fault,
        session_id: str,
        sleep: Callable[[float], object],
        on_ending: Callable[[Ending], None],
    ) -> None:
        self._connection = connection
        self._fault = fault
        self._session_id = session_id
        self._sleep = sleep
        self._on_ending = on_ending
        self._sizes = cycle(fault.chunk_sizes) if fault.chunk_sizes else None
        self._size = next(self._sizes) if self._sizes else 0
        self._pending = b""
        self._events = 0
        self._bytes = 0

    def start(self) -> None:
        """Send the head."""
        self._connection.start_chunked(200, STREAM_HEADERS)

    def send(self, event: Event) -> None:
        """Send one event.

        Raises:
            StreamEndedError: The fault has ended the stream here.
            ConnectionEndedError: The client is gone.
        """
        ending = self._fault.ending
        if ending is not None and self._is_due(ending, event):
            self._end(ending)
        self._send_bytes(frame(event))
        self._events += 1
        self._send_bytes(insertions_at(self._fault.inserted, self._events))

    def finish(self) -> None:
        """Send the last chunk."""
        ending = self._fault.ending
        if ending is not None and ending.after_bytes is None:
            self._end(ending)
        self._flush()
        self._connection.send_chunk(b"")

    def _is_due(self, ending: Ending, event: Event) -> bool:
        if ending.after_bytes is not None:
            return False
        if ending.after_events is None:
            return event.event == "done"
        return self._events >= ending.after_events

    def _send_bytes(self, data: bytes) -> None:
        ending = self._fault.ending
        limit = ending.after_bytes if ending is not None else None
        if ending is not None and limit is not None and self._bytes + len(data) >= limit:
            self._write(data[: limit - self._bytes])
            self._end(ending)
        self._write(data)

    def _write(self, data: bytes) -> None:
        self._bytes += len(data)
        if self._sizes is None:
            self._chunk(data)
            return
        self._pending += data
        while len(self._pending) >= self._size:
            self._chunk(self._pending[: self._size])
            self._pending = self._pending[self._size :]
            self._size = next(self._sizes)

    def _chunk(self, data: bytes) -> None:
        if self._fault.byte_delay_s:
            for byte in data:
                self._sleep(self._fault.byte_delay_s)
                self._connection.send_chunk(bytes((byte,)))
        elif data:
            self._connection.send_chunk(data)

    def _flush(self) -> None:
        self._chunk(self._pending)
        self._pending = b""

    def _end(self, ending: Ending) -> None:
        """End the stream as the fault says; never returns."""
        # From here the fault must not end the stream once more.
        self._fault = replace(self._fault, ending=None)
        if ending.error is not None:
            self.send(Event("error", {"error": ending.error}))
        if ending.then_done:
            named = "" if ending.by_command else self._session_id
            self.send(Event("done", {"sessionId": named}))
        self._flush()
        self._on_ending(ending)
        if ending.how is End.CLEAN:
            self._connection.send_chunk(b"")
        elif ending.how is End.CUT:
            self._connection.close()
        elif ending.how is End.RESET:
            self._connection.reset()
        else:
            self._connection.wait_until_gone()
        if ending.how is not End.CLEAN:
            raise ConnectionEndedError
        raise StreamEndedError
