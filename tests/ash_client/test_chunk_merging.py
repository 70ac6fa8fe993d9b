"""Merging HTTP chunks never changes what the HTTP parser finds: h11 itself is the judge."""

from __future__ import annotations

import h11
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ash_client._chunks import ChunkMerger, chunk_size

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
Found = tuple[bytes, str]


def parse(reads: list[bytes], *, merge: bool) -> tuple[Found, int]:
    """What h11 makes of these reads: the body and how it ended; and in how many pieces the body came."""
    parser = h11.Connection(h11.CLIENT)
    parser.send(h11.Request(method="POST", target="/", headers=[("Host", "x")]))
    parser.send(h11.EndOfMessage())
    merger = ChunkMerger()
    merger.request_sent(b"POST / HTTP/1.1\r\n")
    waiting = iter([*reads, b"", b"", b""])
    body, pieces = b"", 0
    while True:
        try:
            event = parser.next_event()
        except h11.RemoteProtocolError:
            return (body, "error"), pieces
        if event is h11.NEED_DATA:
            parser.receive_data(read_through(merger, waiting) if merge else next(waiting))
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
            pieces += 1
        elif not isinstance(event, h11.Response | h11.InformationalResponse):
            return (body, f"{event!r:.20} then {bytes(parser.trailing_data[0])!r}"), pieces


def read_through(merger: ChunkMerger, reads: object) -> bytes:
    """Like the connection: read again while the merger has nothing to hand on."""
    while True:
        data = next(reads)  # type: ignore[call-overload]  # an iterator
        seen = merger.feed(data)
        if seen or not data:
            return seen


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
def test_h11_finds_the_same(
    body: bytes, end: bytes, sizes: list[int], spoil: tuple[float, bytes] | None
) -> None:
    """Body, end and error are the same with and without merging, for good and for broken answers."""
    stream = HEAD + body + end
    if spoil is not None:
        at = int(spoil[0] * len(stream))
        stream = stream[:at] + spoil[1] + stream[at + 1 :]
    reads = cut(stream, sizes)
    assert parse(reads, merge=True)[0] == parse(reads, merge=False)[0]


def test_chunks_of_one_read_become_one() -> None:
    """The purpose of it all."""
    reads = [HEAD + chunk(b"a") * 500 + b"0\r\n\r\n"]
    (body, _), pieces = parse(reads, merge=True)
    assert (body, pieces) == (b"a" * 500, 1)
    assert parse(reads, merge=False)[1] == 500


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 500 Oh\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 12\r\n\r\n",
        HEAD.replace(b"chunked", b"gzip, chunked"),
        HEAD.replace(b"\r\n\r\n", b"\n\r\n", 1),
        HEAD[:-2] + b"Transfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_every_other_answer_is_left_alone(head: bytes) -> None:
    """Only what is certainly an event stream in chunks is touched."""
    merger = ChunkMerger()
    merger.request_sent(b"POST / HTTP/1.1\r\n")
    data = head + chunk(b"a") + chunk(b"b")
    assert merger.feed(data) == data


def test_nothing_is_merged_before_a_request() -> None:
    merger = ChunkMerger()
    data = HEAD + chunk(b"a") + chunk(b"b")
    assert merger.feed(data) == data


def test_a_second_answer_on_the_same_connection_is_merged_too() -> None:
    merger = ChunkMerger()
    answer = HEAD + chunk(b"a") + chunk(b"b") + b"0\r\n\r\n"
    for _ in range(2):
        merger.request_sent(b"POST / HTTP/1.1\r\n")
        assert merger.feed(answer) == HEAD + chunk(b"ab") + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("digits", "size"),
    [(b"1f", 31), (b"0", 0), (b"", -1), (b"0x5", -1), (b"5_0", -1), (b" 5", -1), (b"-5", -1)],
)
def test_sizes_are_plain_hexadecimal(digits: bytes, size: int) -> None:
    assert chunk_size(digits) == size
