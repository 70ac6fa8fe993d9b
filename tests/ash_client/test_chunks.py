"""Taking the body off the connection never changes what is found: h11 itself is the judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11
import pytest
from httpcore import ReadError, RemoteProtocolError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ash_client._transport.chunks import StreamBody, chunk_size

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
# Before 0.16 h11 did not check the line end after a chunk (CVE-2025-43859); httpcore 1.0.7 and 1.0.8 need such a one.
H11_IS_LENIENT = tuple(int(part) for part in h11.__version__.split(".")[:2]) < (0, 16)
Found = tuple[bytes, str]


class Line:
    """A connection that brings these reads, then its end."""

    def __init__(self, reads: list[bytes]) -> None:
        self._reads: Iterator[bytes] = iter([*reads, b"", b"", b""])
        self.body = StreamBody()
        self.body.request_sent(b"POST / HTTP/1.1\r\n")

    def read(self) -> bytes:
        """As the HTTP parser reads it."""
        return self.body.give_back() or self.body.for_parser(next(self._reads))

    def read_body(self) -> bytes:
        """As a stream reads it; empty when the rest is the parser's."""
        taken = self.body.take(b"") if self.body.held and self.body.unread else b""
        while self.body.held and not taken:
            data = next(self._reads)
            if not data:
                message = "ended"
                raise RemoteProtocolError(message)
            taken = self.body.take(data)
        return taken


def parser() -> h11.Connection:
    """A parser that has sent its request."""
    made = h11.Connection(h11.CLIENT)
    made.send(h11.Request(method="POST", target="/", headers=[("Host", "x")]))
    made.send(h11.EndOfMessage())
    return made


def alone(reads: list[bytes]) -> Found:
    """What h11 makes of these reads: the body and how it ended."""
    line, h = iter([*reads, b"", b"", b""]), parser()
    return finish(h, lambda: next(line), b"")


def together(reads: list[bytes]) -> Found:
    """The same where the body is taken before the parser sees it."""
    line, h, body = Line(reads), parser(), b""
    try:
        while not isinstance(h.next_event(), h11.Response):
            h.receive_data(line.read())
        while taken := line.read_body():
            body += taken
    except (h11.RemoteProtocolError, RemoteProtocolError):
        return body, "error"
    return finish(h, line.read, body)


def finish(h: h11.Connection, read: object, body: bytes) -> Found:
    while True:
        try:
            event = h.next_event()
        except h11.RemoteProtocolError:
            return body, "error"
        if event is h11.NEED_DATA:
            h.receive_data(read())  # type: ignore[operator]  # a function
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif not isinstance(event, h11.Response | h11.InformationalResponse):
            return body, f"{event!r:.20} then {bytes(h.trailing_data[0])!r}"


def cut(stream: bytes, sizes: list[int]) -> list[bytes]:
    pieces, at = [], 0
    for turn in range(len(stream)):
        size = sizes[turn % len(sizes)]
        pieces.append(stream[at : at + size])
        at += size
    return [piece for piece in pieces if piece]


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


BODIES = st.lists(st.binary(min_size=1, max_size=40).map(chunk), max_size=8).map(b"".join)
ENDS = st.sampled_from(
    [
        b"0\r\n\r\n",
        b"",
        b"0\r\nTrailer: x\r\n\r\n",
        b"0\r\n\r\nHTTP/1.1 200 OK\r\n",
        b"5;ext=1\r\nabcde\r\n0\r\n\r\n",
        b"0x5\r\nabcde\r\n0\r\n\r\n",
        b"0_5\r\nabcde\r\n",
        b" 5\r\nabcde\r\n",
        b"+5\r\nabcde\r\n",
        b"5\nabcde\n",
        b"5\r\nabcdeXX0\r\n\r\n",
        b"5\r\nabcde\rX",
        b"00005\r\nabcde\r\n000\r\n\r\n",
        b"F" * 25 + b"\r\n",
        b"\r\n",
        b"A\r",
    ]
)
SIZES = st.lists(st.integers(1, 60), min_size=1, max_size=6)
SPOIL = st.none() | st.tuples(
    st.floats(0, 1), st.sampled_from([b"\r", b"\n", b"0", b"x", b";", b"", b"\r\n"])
)


@settings(max_examples=2500, deadline=None)
@given(BODIES, ENDS, SIZES, SPOIL)
@example(chunk(b"abcde"), b"0x5\r\nabcde\r\n", [1000], None)  # int() would take it
@example(chunk(b"abcde"), b"5\r\nabcdeXX", [1000], None)  # the line end after a chunk is checked
@example(chunk(b"abcde"), b"5\r\nabcde\r", [1], None)  # the end comes inside a line end
def test_h11_finds_the_same(
    body: bytes, end: bytes, sizes: list[int], spoil: tuple[float, bytes] | None
) -> None:
    """Body, end and error are the same whoever reads the body, for good and for broken answers."""
    stream = HEAD + body + end
    if spoil is not None:
        at = int(spoil[0] * len(stream))
        stream = stream[:at] + spoil[1] + stream[at + 1 :]
    reads = cut(stream, sizes)
    ours, theirs = together(reads), alone(reads)
    if ours[1] == "error" and H11_IS_LENIENT:
        return
    assert ours == theirs


def test_the_chunks_of_one_read_are_one_piece() -> None:
    """The purpose of it all."""
    line = Line([HEAD + chunk(b"a") * 500 + b"0\r\n\r\n"])
    assert line.read() == HEAD
    assert line.read_body() == b"a" * 500
    assert line.read_body() == b""
    assert line.read() == b"0\r\n\r\n"


def test_a_chunk_larger_than_a_read_comes_in_pieces() -> None:
    """A body of any size is never held back."""
    line = Line([HEAD, b"f4240\r\n" + b"a" * 10, b"b" * 999_980, b"c" * 10 + b"\r", b"\n0\r\n\r\n"])
    assert line.read() == HEAD
    assert [line.read_body()[:1] for _ in range(4)] == [b"a", b"b", b"c", b""]
    assert line.read() == b"0\r\n\r\n"


def test_the_parser_may_go_on_itself() -> None:
    """Whoever reads the answer through httpx gets all of it."""
    line = Line([HEAD + chunk(b"a"), chunk(b"b") + b"0\r\n\r\n"])
    assert (
        b"".join(line.read() for _ in range(3)) == HEAD + chunk(b"a") + chunk(b"b") + b"0\r\n\r\n"
    )


def test_the_parser_cannot_go_on_inside_a_chunk() -> None:
    """It has not seen the chunk's beginning; a wrong body is worse than an error."""
    line = Line([HEAD + b"5\r\nab"])
    line.read()
    assert line.read_body() == b"ab"
    with pytest.raises(ReadError):
        line.read()


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 500 Oh\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 12\r\n\r\n",
        HEAD[:-2] + b"Content-Encoding: gzip\r\n\r\n",
        HEAD.replace(b"chunked", b"gzip, chunked"),
        HEAD.replace(b"\r\n\r\n", b"\n\r\n", 1),
        HEAD[:-2] + b"Transfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + HEAD,
    ],
)
def test_every_other_answer_is_left_alone(head: bytes) -> None:
    """Only what is certainly an event stream in chunks is touched."""
    data = head + chunk(b"a") + chunk(b"b")
    line = Line([data])
    assert line.read() == data
    assert line.read_body() == b""


def test_nothing_is_taken_before_a_request() -> None:
    body = StreamBody()
    data = HEAD + chunk(b"a") + chunk(b"b")
    assert body.for_parser(data) == data


def test_a_second_answer_on_the_same_connection_is_taken_too() -> None:
    answer = HEAD + chunk(b"a") + chunk(b"b") + b"0\r\n\r\n"
    line = Line([answer, answer])
    for _ in range(2):
        line.body.request_sent(b"POST / HTTP/1.1\r\n")
        assert line.read() == HEAD
        assert (line.read_body(), line.read_body()) == (b"ab", b"")
        assert line.read() == b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("digits", "size"),
    [(b"1f", 31), (b"0", 0), (b"", -1), (b"0x5", -1), (b"5_0", -1), (b" 5", -1), (b"-5", -1)],
)
def test_sizes_are_plain_hexadecimal(digits: bytes, size: int) -> None:
    assert chunk_size(digits) == size


def test_a_line_without_a_size_is_the_parser_s_at_once() -> None:
    """Waiting for more of it would wait for ever: it is whole."""
    for line, held in ((b"\r\n", False), (b"x\r\n", False), (b"3", True), (b"3\r", True), (b"", True)):  # fmt: skip
        body = StreamBody()
        body.request_sent(b"POST / HTTP/1.1\r\n")
        assert body.for_parser(HEAD) == HEAD
        assert body.take(line) == b""
        assert (body.held, body.unread) == (held, line)
