"""The body of an event stream, taken off a connection before the HTTP parser sees it.

The Ash server writes one HTTP chunk an event, and h11 spends about 8 us on each. So the parser is given the answer's
head, and then waits: the stream takes the body from here, and hands the parser the last chunk, so that the connection
can be used again. Only what is certainly an HTTP/1.1 event stream in chunks and in no encoding is taken; at the first
chunk written in any other way than plain hexadecimal digits the parser goes on, and decides. No input or output here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from httpcore import ReadError, RemoteProtocolError

_CRLF = b"\r\n"
_LONGEST_HEAD = 64 * 1024
_LONGEST_SIZE_LINE = 18  # 16 hexadecimal digits and the line end
_HEX = re.compile(rb"[0-9a-fA-F]{1,16}")
_EVENT_STREAM_HEAD = re.compile(
    rb"HTTP/1\.1 200 (?=.*\r\ncontent-type: ?text/event-stream[\r; ])"
    rb"(?=.*\r\ntransfer-encoding: ?chunked\r\n)(?!.*\r\n(?:content-length|content-encoding))"
    rb"(?!.*\r\ntransfer-encoding.*\r\ntransfer-encoding)",
    re.IGNORECASE | re.DOTALL,
)


@lru_cache(maxsize=4096)
def chunk_size(digits: bytes) -> int:
    """Read a chunk's size; -1 for anything but plain hexadecimal digits, which ``int`` is too lenient to tell."""
    return int(digits, 16) if _HEX.fullmatch(digits) else -1


class StreamBody:
    """One connection's incoming bytes: what the parser is to see of them, and the body it is not to see.

    Attributes:
        held: Whether the body of an event stream is taken here; the parser has seen its head and nothing else.
        unread: Bytes that have come and are not taken yet; the parser's, once ``held`` is over.
    """

    __slots__ = ("_head", "_left", "held", "unread")

    def __init__(self) -> None:
        self.held = False
        self.unread = b""
        self._head: bytes | None = None  # the answer's head so far, while it is being looked for
        self._left = 0  # bytes of the current chunk and its line end still to come

    def request_sent(self, data: bytes) -> None:
        """Look for an answer's head from here on, if ``data`` begins a request."""
        if not self.held and data.startswith((b"POST ", b"GET ")):
            self._head = b""

    def for_parser(self, data: bytes) -> bytes:
        """What the parser is to see of ``data``, which the connection has just brought."""
        if self._head is None:
            return data
        head = self._head + data
        end = head.find(b"\r\n\r\n") + 4
        if end < 4:
            self._head = head if data and len(head) <= _LONGEST_HEAD else None
            return data
        self._head = None
        if not _is_event_stream(head[:end]):
            return data
        self.held, self.unread, self._left = True, head[end:], 0
        return data[: len(data) - len(self.unread)]

    def give_back(self) -> bytes:
        """What the parser is to see before anything else, now that it reads on.

        Raises:
            ReadError: A chunk has been taken in part; only the stream can read on.
        """
        if self._left:
            message = "the body is being read by its stream"
            raise ReadError(message)
        self.held = False
        unread, self.unread = self.unread, b""
        return unread

    def take(self, data: bytes) -> bytes:
        """The content of the chunks in ``data``, as far as they have come.

        Raises:
            RemoteProtocolError: A chunk is longer than its size.
        """
        pieces: list[bytes] = []
        data, self.unread = self.unread + data, b""
        at = self._finish_chunk(data, pieces) if self._left else 0
        while at >= 0:
            line_end = data.find(_CRLF, at, at + _LONGEST_SIZE_LINE)
            size = chunk_size(data[at:line_end]) if line_end >= 0 else 0
            if size <= 0:  # no whole line; or the last chunk, or one that is not for us
                self.unread = data[at:]
                self.held = line_end < 0 and len(self.unread) < _LONGEST_SIZE_LINE
                break
            start = line_end + 2
            at = start + size + 2
            if data[at - 2 : at] == _CRLF:
                pieces.append(data[start : at - 2])
            else:
                self._left = size + 2
                at = self._finish_chunk(data[start:], pieces)
        return b"".join(pieces)

    def _finish_chunk(self, data: bytes, pieces: list[bytes]) -> int:
        """Take what has come of the current chunk; where the next one begins, -1 if this one goes on."""
        content = max(0, self._left - 2)
        pieces.append(data[:content])
        line_end = data[content : self._left]
        if not _CRLF[content + 2 - self._left :].startswith(line_end):
            if not any(pieces):
                message = "a chunk is longer than its size"
                raise RemoteProtocolError(message)
            # What has come before it is told first.
            self._left, self.unread = self._left - content, line_end
            return -1
        begin, self._left = self._left, max(0, self._left - len(data))
        return begin if begin <= len(data) else -1


def _is_event_stream(head: bytes) -> bool:
    """Whether this head announces an event stream in chunks, with every line ended as the standard says."""
    return head.count(b"\n") == head.count(_CRLF) and bool(_EVENT_STREAM_HEAD.match(head))
