"""Where lines go: one write a page, and a reader that goes away ends the command quietly."""

from __future__ import annotations

import select
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.aws.logs import Event
    from ash_ops.logs.hints import Hints
    from ash_ops.logs.render import Renderer


class Output:
    """Standard output, written a page at a time.

    Args:
        stream: the binary stream to write to.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._poll = _hangup_poll(stream)

    def write(self, text: str) -> None:
        """Write and flush.

        Raises:
            BrokenPipeError: nobody reads any more.
        """
        self._stream.write(text.encode("utf-8", "backslashreplace"))
        self._stream.flush()

    def sleep(self, seconds: float) -> None:
        """Wait, unless the reader goes away meanwhile.

        Raises:
            BrokenPipeError: nobody reads any more.
        """
        if self._poll is None:
            time.sleep(seconds)
        elif self._poll.poll(max(1, seconds * 1000)):
            raise BrokenPipeError


def _hangup_poll(stream: BinaryIO) -> select.poll | None:
    """What tells that the other end was closed, where the system can."""
    if not hasattr(select, "poll") or sys.platform == "win32":
        return None
    try:
        number = stream.fileno()
    except (OSError, ValueError):
        return None
    poll = select.poll()
    # No event is asked for: the system reports errors and hang-ups anyway.
    poll.register(number, 0)
    return poll


# A piece of so many characters is written by itself.
_LARGE = 100_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines, ready to be printed.

    Attributes:
        text: the lines, with their line ends.
        lines: how many events they show.
        day: the day they are of, where the lines do not say it.
        hint: what the last line means, if that is known.
    """

    text: str
    lines: int
    day: str | None = None
    hint: str | None = None


class Printer:
    """Makes pieces of events and prints them.

    Args:
        output: where the lines go.
        renderer: how they look.
        hints: what says what lines mean, if that is wanted.
        notice: says something that is not data.

    Attributes:
        printed: how many events were printed.
    """

    def __init__(
        self,
        output: Output,
        renderer: Renderer,
        hints: Hints | None,
        notice: Callable[[str], None],
    ) -> None:
        self._output = output
        self._renderer = renderer
        self._hints = hints
        self._notice = notice
        self._day: str | None = None
        self.printed = 0

    def pieces(self, events: list[Event]) -> list[Piece]:
        """The events' lines, cut behind each line that has a hint and where a day ends."""
        messages = [event.get("message") or "" for event in events]
        lines = self._renderer.lines(events, messages)
        hints = self._hints.of(messages) if self._hints is not None else {}
        days = self._renderer.days(events)
        if days is None and not hints:
            return [Piece("".join(lines), len(lines))]
        cuts = {number + 1 for number in hints} | {len(lines)}
        if days is not None:
            cuts |= {n for n in range(1, len(days)) if days[n] != days[n - 1]}
        ends = sorted(cuts)
        return [
            Piece("".join(lines[a:b]), b - a, days[a] if days else None, hints.get(b - 1))
            for a, b in zip([0, *ends], ends, strict=False)
        ]

    def write(self, pieces: list[Piece]) -> None:
        """Print: as few writes as there are hints.

        Raises:
            BrokenPipeError: nobody reads any more.
        """
        held: list[str] = []
        for piece in pieces:
            if piece.day != self._day and piece.day is not None:
                self._flush(held)
                self._day = piece.day
                self._notice(f"-- {piece.day}")
            held.append(piece.text)
            self.printed += piece.lines
            if len(piece.text) >= _LARGE:
                self._flush(held)
            if self._hints is not None:
                self._tell_hint(self._hints, piece, held)
        self._flush(held)

    def _tell_hint(self, hints: Hints, piece: Piece, held: list[str]) -> None:
        hints.passed(piece.lines)
        if piece.hint is not None and hints.is_news(piece.hint):
            self._flush(held)
            self._notice(f"  ^ {piece.hint}")

    def _flush(self, held: list[str]) -> None:
        if held:
            self._output.write("".join(held))
            held.clear()
