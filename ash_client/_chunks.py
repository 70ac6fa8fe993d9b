"""Many small HTTP chunks into one, before the HTTP parser sees them.

The Ash server writes one HTTP chunk an event, and h11 spends about 8 us on each. What one socket read brings is
handed on as one chunk instead. Only the body of an answer that is certainly an HTTP/1.1 event stream in chunks is
touched; whatever looks odd is passed on as it came, from there to the end of the answer, so that h11 alone decides
what is an error. No input or output here.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CRLF = b"\r\n"
_LONGEST_HEAD = 64 * 1024
_LONGEST_SIZE_LINE = 18  # 16 hexadecimal digits and the line end
_HEX = re.compile(rb"[0-9a-fA-F]{1,16}")
_EVENT_STREAM_HEAD = re.compile(
    rb"HTTP/1\.1 200 (?=.*\r\ncontent-type: ?text/event-stream[\r; ])"
    rb"(?=.*\r\ntransfer-encoding: ?chunked\r\n)(?!.*\r\ncontent-length)(?!.*\r\ntransfer-encoding.*\r\ntransfer-encoding)",
    re.IGNORECASE | re.DOTALL,
)


@lru_cache(maxsize=4096)
def chunk_size(digits: bytes) -> int:
    """Read a chunk's size; -1 for anything but plain hexadecimal digits, which ``int`` is too lenient to tell."""
    return int(digits, 16) if _HEX.fullmatch(digits) else -1


class ChunkMerger:
    """One connection's incoming bytes, rewritten while they are the body of an event stream."""

    __slots__ = ("_head", "_kept", "_left", "_merging", "_owed")

    def __init__(self) -> None:
        self._head: bytes | None = None  # the answer's head so far, while it is being looked for
        self._merging = False
        self._left = 0  # bytes of the current chunk still to come
        self._owed = (
            0  # bytes of the current chunk's line end still to come and to be passed on as they are
        )
        self._kept = b""  # the beginning of a chunk's size line

    def request_sent(self, data: bytes) -> None:
        """Look for an answer's head from here on, if ``data`` begins a request."""
        if not self._merging and data.startswith((b"POST ", b"GET ")):
            self._head = b""

    def feed(self, data: bytes) -> bytes:
        """Return what the HTTP parser is to see of ``data``; empty when more must be read first."""
        if self._merging:
            return self._merge(data) if data else self._give_up(b"")
        if self._head is not None:
            return self._look_for_body(data)
        return data

    def _look_for_body(self, data: bytes) -> bytes:
        head = (self._head or b"") + data
        end = head.find(b"\r\n\r\n") + 4
        if end < 4:
            self._head = head if data and len(head) <= _LONGEST_HEAD else None
            return data
        self._head = None
        if not _is_event_stream(head[:end]):
            return data
        self._merging, self._left, self._owed, self._kept = True, 0, 0, b""
        body = head[end:]
        return data[: len(data) - len(body)] + (self._merge(body) if body else b"")

    def _give_up(self, rest: bytes) -> bytes:
        """Pass everything on from here."""
        kept, self._kept, self._merging = self._kept, b"", False
        return kept + rest

    def _merge(self, data: bytes) -> bytes:
        if self._owed:
            return self._pass_line_end(data)
        if self._kept:
            data, self._kept = self._kept + data, b""
        return self._merge_from(data)

    def _pass_line_end(self, data: bytes) -> bytes:
        """The parser has seen all of a chunk but its line end, or a part of that."""
        owed = _CRLF[-self._owed :][: len(data)]
        if not data.startswith(owed):
            return self._give_up(data)
        self._owed -= len(owed)
        rest = data[len(owed) :]
        return owed + (self._merge_from(rest) if rest else b"")

    def _merge_from(self, data: bytes) -> bytes:
        """Merge chunks from a place where a size line begins, or the rest of a chunk."""
        pieces: list[bytes] = []
        at, left = self._start(data, pieces)
        while not left and at >= 0:
            line_end = data.find(_CRLF, at, at + _LONGEST_SIZE_LINE)
            if line_end < 0:
                break
            size = chunk_size(data[at:line_end])
            if size <= 0:
                break
            start = line_end + 2
            end = start + size
            if data[end : end + 2] != _CRLF:
                return self._stop_inside(data, pieces, start, size)
            pieces.append(data[start:end])
            at = end + 2
        if left or at < 0:
            return self._stop_inside(data, pieces, 0, self._left)
        return _as_chunk(pieces) + self._keep(data, at)

    def _start(self, data: bytes, pieces: list[bytes]) -> tuple[int, int]:
        """Finish the chunk that the last read left open; return where the next one begins and what is still open."""
        left = self._left
        if not left:
            return 0, 0
        if data[left : left + 2] != _CRLF:
            return -1, left
        pieces.append(data[:left])
        self._left = 0
        return left + 2, 0

    def _stop_inside(self, data: bytes, pieces: list[bytes], start: int, size: int) -> bytes:
        """The data ends within a chunk or its line end, or the line end is wrong."""
        piece = data[start : start + size]
        pieces.append(piece)
        self._left = size - len(piece)
        if self._left:
            return _as_chunk(pieces)
        line_end = data[start + size :]
        opened = _as_chunk(pieces)[:-2]
        if _CRLF.startswith(line_end):
            self._owed = 2 - len(line_end)
            return opened + line_end
        return opened + self._give_up(line_end)

    def _keep(self, data: bytes, at: int) -> bytes:
        """Keep the beginning of a size line for the next read; anything else is not for us."""
        rest = data[at:]
        if len(rest) < _LONGEST_SIZE_LINE and _CRLF not in rest:
            self._kept = rest
            return b""
        return self._give_up(rest)


def _is_event_stream(head: bytes) -> bool:
    """Whether this head announces an event stream in chunks, with every line ended as the standard says."""
    return head.count(b"\n") == head.count(_CRLF) and bool(_EVENT_STREAM_HEAD.match(head))


def _as_chunk(pieces: list[bytes]) -> bytes:
    data = b"".join(pieces)
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""
