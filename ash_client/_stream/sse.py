r"""Server-sent events out of bytes, as the WHATWG standard has it, however the bytes are cut.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

The Ash server writes every event as ``event: NAME\ndata: JSON\n\n``. Blocks of that shape are framed by one pass of a
regular expression; whatever else the standard allows goes line by line. Both yield ``(name, data)`` as bytes, and a
name that was never set is ``message``. ``id`` and ``retry`` are understood and ignored: Ash has no resumption.
"""

from __future__ import annotations

import re

Frame = tuple[bytes, bytes]

_BOM = b"\xef\xbb\xbf"
_USUAL = re.compile(rb"^event: ([^\n]+)\ndata: ([^\n]*)\n\n", re.MULTILINE)
_LINE_END = re.compile(rb"\r\n|\r|\n")


class Framer:
    """Feed it bytes as they arrive; it gives back the events completed by them.

    What is left when the stream ends is an incomplete event, which the standard says to drop.
    """

    __slots__ = ("_buffer", "_by_line", "_started")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._started = False
        self._by_line: LineFramer | None = None

    def feed(self, chunk: bytes) -> list[Frame]:
        """Return the events that ``chunk`` completes."""
        if self._by_line is not None:
            return self._by_line.feed(chunk)
        if not self._started:
            chunk = self._without_bom(chunk)
        if b"\r" in chunk:
            return self._go_by_line(chunk)
        return self._frame_blocks(chunk)

    def _without_bom(self, chunk: bytes) -> bytes:
        """Drop one leading byte-order mark, which may itself arrive in pieces."""
        chunk = bytes(self._buffer) + chunk
        self._buffer.clear()
        if len(chunk) < len(_BOM) and _BOM.startswith(chunk):
            self._buffer += chunk
            return b""
        self._started = True
        return chunk.removeprefix(_BOM)

    def _go_by_line(self, chunk: bytes) -> list[Frame]:
        """A carriage return ends a line too: from here on nothing is where the fast path looks for it."""
        self._by_line = LineFramer()
        rest = bytes(self._buffer) + chunk
        self._buffer.clear()
        return self._by_line.feed(rest)

    def _frame_blocks(self, chunk: bytes) -> list[Frame]:
        if not self._started:
            return []
        if not self._buffer and chunk.endswith(b"\n\n"):
            return frame_block(chunk)
        old = len(self._buffer)
        self._buffer += chunk
        end = self._buffer.rfind(b"\n\n", max(0, old - 1))
        if end < 0:
            return []
        block = bytes(self._buffer[: end + 2])
        del self._buffer[: end + 2]
        return frame_block(block)


def frame_block(block: bytes) -> list[Frame]:
    """Frame bytes that end with an empty line and hold no carriage return.

    Every match takes exactly three line ends and starts at a line's start; when all line ends of the block are taken,
    nothing can stand between the matches.
    """
    frames: list[Frame] = _USUAL.findall(block)
    if len(frames) * 3 == block.count(b"\n"):
        return frames
    return LineFramer().feed(block)


class LineFramer:
    """The standard's algorithm, line by line."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._scanned = 0
        self._skip_line_feed = False
        self._name = b""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> list[Frame]:
        """Return the events that ``chunk`` completes."""
        if self._skip_line_feed and chunk:
            # The carriage return before it was already taken as a line end.
            chunk = chunk.removeprefix(b"\n")
            self._skip_line_feed = False
        self._buffer += chunk
        frames = []
        start = 0
        for match in _LINE_END.finditer(self._buffer, self._scanned):
            frame = self._line(bytes(self._buffer[start : match.start()]))
            if frame is not None:
                frames.append(frame)
            start = match.end()
            self._skip_line_feed = match.group() == b"\r" and start == len(self._buffer)
            del match  # it exports the buffer, which could then not be resized
        del self._buffer[:start]
        self._scanned = len(self._buffer)
        return frames

    def _line(self, line: bytes) -> Frame | None:
        if not line:
            return self._dispatch()
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._data.append(value)
        elif field == b"event":
            self._name = value
        return None

    def _dispatch(self) -> Frame | None:
        name, data = self._name or b"message", self._data
        self._name, self._data = b"", []
        return (name, b"\n".join(data)) if data else None
