"""Faults on demand: what can go wrong between an Ash server and its client.

A fault is a value. Two are combined with ``|``: ``Fault.slow(0.1) | Fault.die_mid_stream(3)``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from ash_client.testing._http.limits import Quota, too_many_requests
from ash_client.testing._model.events import frame
from ash_client.testing._model.fault_parts import End, Ending, Hold, Reply
from ash_client.testing.answers import Event

if TYPE_CHECKING:
    import threading

STREAMS: Final = "POST /api/sessions/*/messages"
"""The requests that are answered with an event stream."""

COMMANDS: Final = "POST /api/sessions/*/exec"
"""The requests that run a command."""

ANY_API: Final = "* /api/*"
"""Every request but ``/health``, ``/metrics`` and the documentation."""


@dataclass(frozen=True)
class Fault:
    """One fault, or several combined.

    Make one with the methods below; every delay is in seconds.
    """

    on: str | None = None
    reply: Reply | None = None
    drop: End | None = None
    header_delay_s: float = 0.0
    event_delay_s: float = 0.0
    byte_delay_s: float = 0.0
    chunk_sizes: tuple[int, ...] = ()
    inserted: tuple[tuple[int, bytes], ...] = ()
    hold: Hold | None = None
    ending: Ending | None = None
    late_done: bool = False

    def __or__(self, other: Fault) -> Fault:
        """Both faults at once; where both say something, the right one counts."""
        return replace(
            self,
            **{
                f.name: value
                for f in fields(other)
                if (value := getattr(other, f.name)) != f.default
            },
        )

    def matches(self, method: str, path: str, on: str | None = None) -> bool:
        """Whether this request is one the fault is meant for."""
        return fnmatchcase(f"{method} {path}", on or self.on or STREAMS)

    # -- the connection ---------------------------------------------------------------------

    @classmethod
    def die_mid_stream(
        cls,
        after_events: int | None = None,
        *,
        after_bytes: int | None = None,
        session: str | None = "paused",
    ) -> Fault:
        """The server is killed: the connection ends without the last chunk.

        A restarted server finds the session and pauses it.
        """
        return cls(ending=Ending(End.CUT, after_events, after_bytes, session=session))

    @classmethod
    def reset(cls, after_events: int | None = None, *, after_bytes: int | None = None) -> Fault:
        """Something between resets the connection; the session knows nothing of it."""
        return cls(ending=Ending(End.RESET, after_events, after_bytes))

    @classmethod
    def go_silent(
        cls,
        after_events: int | None = None,
        *,
        after_bytes: int | None = None,
        session: str = "active",
    ) -> Fault:
        """Nothing more comes, and the connection stays open.

        Args:
            after_events: Events sent before.
            after_bytes: Bytes sent before.
            session: ``active``: the agent's process was killed, so the session stays active,
                resuming it does nothing, and its next message answers ``Not connected``.
                ``paused``: the server was asked to stop, or the runner was. ``stopped`` and
                ``ended``: another client stopped or deleted the session.
        """
        dies = session == "active"
        ending = Ending(
            End.SILENT,
            after_events,
            after_bytes,
            session=None if dies else session,
            agent_dies=dies,
        )
        return cls(ending=ending)

    @classmethod
    def drop_request(cls, *, reset: bool = False, on: str = ANY_API) -> Fault:
        """The request arrives, is not carried out, and the connection ends without an answer."""
        return cls(on=on, drop=End.RESET if reset else End.CUT)

    # -- how the stream ends ----------------------------------------------------------------

    @classmethod
    def error(
        cls,
        text: str = "Claude Code process exited with code 1",
        *,
        after_events: int | None = None,
    ) -> Fault:
        """``error`` and no ``done``: the agent failed."""
        return cls(ending=Ending(End.CLEAN, after_events, error=text))

    @classmethod
    def error_then_done(
        cls, text: str = "fetch failed", *, after_events: int | None = None
    ) -> Fault:
        """``error``, then ``done``: something inside the server failed."""
        return cls(ending=Ending(End.CLEAN, after_events, error=text, then_done=True))

    @classmethod
    def no_done(cls, after_events: int | None = None) -> Fault:
        """The stream ends cleanly, but ``done`` never came."""
        return cls(ending=Ending(End.CLEAN, after_events))

    # -- turns and commands that mix ---------------------------------------------------------

    @classmethod
    def command_beside(cls, after_events: int | None = None) -> Fault:
        """Another client runs a command meanwhile: its ``done``, which names no session, ends the stream."""
        ending = Ending(End.CLEAN, after_events, then_done=True, by_command=True)
        return cls(ending=ending)

    @classmethod
    def done_comes_late(cls) -> Fault:
        """A command is answered before its ``done`` has arrived.

        As in the real server, whoever is next on the session takes it for his own: a message is answered with
        nothing, a command with ``500 No exec result received``, and from then on each command with the output of the
        one before it. Stopping and resuming the session ends that.
        """
        return cls(on=COMMANDS, late_done=True)

    @classmethod
    def rest_of_earlier_turn(cls, text: str = "the rest of it") -> Fault:
        """The answer begins with what is left of a turn that somebody else did not read to its end."""
        delta = {"type": "content_block_delta", "index": 0}
        delta |= {"delta": {"type": "text_delta", "text": text}}
        rest = [
            Event("text_delta", {"delta": text}),
            Event("message", {"type": "stream_event", "event": delta}),
        ]
        return cls(inserted=((1, b"".join(frame(event) for event in rest)),))

    # -- what is in the stream --------------------------------------------------------------

    @classmethod
    def malformed_json(cls, after_events: int = 1) -> Fault:
        """A ``message`` whose data is not JSON."""
        return cls.insert(Event("message", '{"type":"assistant","message":{'), after_events)

    @classmethod
    def garbage(
        cls, after_events: int = 1, data: bytes = b"\xff\xfe\x00\x80garbage\r\n\n"
    ) -> Fault:
        """Bytes that are neither UTF-8 nor an event."""
        return cls(inserted=((after_events, data),))

    @classmethod
    def unknown_event(cls, after_events: int = 1, name: str = "brand_new_event") -> Fault:
        """An event no client knows yet."""
        return cls.insert(Event(name, {"hello": "from the future"}), after_events)

    @classmethod
    def huge_event(cls, size: int = 8 * 1024 * 1024, after_events: int = 1) -> Fault:
        """One ``message`` of about ``size`` bytes."""
        message = {"type": "system", "subtype": "huge", "text": "x" * size}
        return cls.insert(Event("message", message), after_events)

    @classmethod
    def insert(cls, event: Event, after_events: int = 1) -> Fault:
        """Any event more, at any place."""
        return cls(inserted=((after_events, frame(event)),))

    @classmethod
    def chunked(cls, *sizes: int) -> Fault:
        """HTTP chunks of these sizes in turn, wherever events and characters begin.

        Raises:
            ValueError: No size is given, or one is no positive number of bytes.
        """
        if not sizes or min(sizes) < 1:
            raise ValueError(f"chunk sizes must be positive numbers of bytes, not {sizes}")
        return cls(chunk_sizes=sizes)

    # -- time -------------------------------------------------------------------------------

    @classmethod
    def slow(cls, per_event: float = 0.0, *, per_byte: float = 0.0) -> Fault:
        """The agent takes its time before each event, or the line before each byte."""
        return cls(event_delay_s=per_event, byte_delay_s=per_byte)

    @classmethod
    def slow_headers(cls, seconds: float, *, on: str | None = None) -> Fault:
        """The request is accepted, and the answer begins late."""
        return cls(on=on, header_delay_s=seconds)

    @classmethod
    def hold_back(cls, until: threading.Event, after_events: int = 1) -> Fault:
        """The agent waits for a test to set ``until``: order without sleeping."""
        return cls(hold=Hold(after_events, until))

    # -- answers instead of the real one ----------------------------------------------------

    @classmethod
    def rate_limited(cls, retry_after: int = 900, *, on: str = ANY_API) -> Fault:
        """429 with ``retry-after``."""
        refusal = too_many_requests(Quota(1500, 0, retry_after, exceeded=True))
        return cls(on=on, reply=Reply(429, refusal.body, tuple(refusal.headers.items())))

    @classmethod
    def unavailable(
        cls,
        text: str = "No runners available and no local backend configured",
        *,
        on: str = ANY_API,
    ) -> Fault:
        """503 before anything is streamed or created."""
        return cls.status(503, text, on=on)

    @classmethod
    def status(cls, status: int, text: str, *, on: str = ANY_API) -> Fault:
        """Any error of Ash's own: ``{error, statusCode}``."""
        return cls(on=on, reply=Reply(status, {"error": text, "statusCode": status}))

    @classmethod
    def proxy_page(
        cls,
        status: int = 200,
        html: str = "<!doctype html><title>Sign in</title><p>Please sign in.",
        *,
        on: str = ANY_API,
    ) -> Fault:
        """Something between answers with a page of its own, be it with status 200."""
        return cls(on=on, reply=Reply(status, html.encode(), (("content-type", "text/html"),)))
