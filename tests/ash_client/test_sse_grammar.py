"""The server-sent-events grammar, byte for byte, however the bytes are cut."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ash_client._stream.sse import Framer


def by_the_book(stream: bytes) -> list[tuple[str, str]]:
    """The standard's own algorithm on the whole stream: slow, and as close to its words as can be."""
    text = stream.decode("utf-8", "replace").removeprefix("\ufeff")
    events = []
    name = data = line = ""
    at = 0
    while at < len(text):
        char = text[at]
        if char not in "\r\n":
            line += char
            at += 1
            continue
        at += 2 if text[at : at + 2] == "\r\n" else 1
        if line == "":
            if data != "":
                events.append((name or "message", data.removesuffix("\n")))
            name = data = ""
        elif not line.startswith(":"):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "data":
                data += value + "\n"
        line = ""
    return events


def framed(pieces: list[bytes]) -> list[tuple[str, str]]:
    framer = Framer()
    frames = [frame for piece in pieces for frame in framer.feed(piece)]
    return [
        (name.decode("utf-8", "replace"), data.decode("utf-8", "replace")) for name, data in frames
    ]


def cut(stream: bytes, sizes: list[int]) -> list[bytes]:
    """Cut the stream into pieces of these sizes, again and again."""
    pieces = []
    at = turn = 0
    while at < len(stream):
        size = sizes[turn % len(sizes)]
        pieces.append(stream[at : at + size])
        at += size
        turn += 1
    return pieces


FRAGMENTS = st.sampled_from(
    [
        b"event: text_delta\ndata: {}\n\n",
        b"event: done\ndata: {}\n\n",
        b"data: a\n\n",
        b"data",
        b"data:",
        b"data: ",
        b"data:  two spaces",
        b"event",
        b"event:",
        b"event: x",
        b": comment",
        b"id: 1",
        b"retry: 10",
        b"unknown: field",
        b"\n",
        b"\n\n",
        b"\r",
        b"\r\n",
        b"\r\n\r\n",
        b"\xef\xbb\xbf",
        "é✓漢😀\u2028\u2029\u0085".encode(),
        b"\xff\xfe",
        b"\x00",
        b"a:b",
    ]
)
STREAMS = st.lists(FRAGMENTS, max_size=30).map(b"".join)
SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=5)


@settings(max_examples=1500, deadline=None)
@given(STREAMS, SIZES)
@example(b"event: a\ndata: 1\n\nxevent: b\ndata: 2\n\n", [1000])
@example(b"data: 1\r\n\r\ndata: 2\r\n\r\n", [1])
def test_framing_is_the_standards(stream: bytes, sizes: list[int]) -> None:
    """Under every chunking, and on every mixture of line ends and fields, the events are those of the standard."""
    assert framed(cut(stream, sizes)) == by_the_book(stream)


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: a\n\n", [("message", "a")]),  # no name: message
        (b"data:a\n\n", [("message", "a")]),  # the space is optional
        (b"data:  a\n\n", [("message", " a")]),  # only one space goes
        (b"event: x\ndata: a\r\n\r\n", [("x", "a")]),  # line ends mixed
        (b"event: x\rdata: a\r\r", [("x", "a")]),  # carriage returns alone
        (b"data: a\ndata: b\n\n", [("message", "a\nb")]),  # many lines, one payload
        (b"data\n\n", [("message", "")]),  # a field without a colon has an empty value
        (b"data:\ndata:\n\n", [("message", "\n")]),
        (
            b"event: x\n\ndata: a\n\n",
            [("message", "a")],
        ),  # a name without data is dropped and forgotten
        (b"event: x\nevent: y\ndata: a\n\n", [("y", "a")]),  # the last name counts
        (b"data: a\nevent: x\n\n", [("x", "a")]),  # the order does not
        (b": ping\n\ndata: a\n\n", [("message", "a")]),  # comments, as load balancers send them
        (b"id: 7\nretry: 5\ndata: a\n\n", [("message", "a")]),
        (b"\xef\xbb\xbfdata: a\n\n", [("message", "a")]),  # one byte-order mark at the start
        (b"data: a\n\n\xef\xbb\xbfdata: b\n\n", [("message", "a")]),  # and only there
        (
            b"data: a\n\ndata: b\n",
            [("message", "a")],
        ),  # an event without its empty line is incomplete
        (b"data: a\n\ndata: b", [("message", "a")]),
        (b" data: a\n\n", []),  # a field name with a space is another field
        (
            "data: a\u2028b\u2029c\u0085d\x0be\x0cf\n\n".encode(),
            [("message", "a\u2028b\u2029c\u0085d\x0be\x0cf")],
        ),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_the_corners(stream: bytes, events: list[tuple[str, str]], size: int) -> None:
    assert framed(cut(stream, [size])) == events == by_the_book(stream)


def test_a_large_event_in_small_pieces_is_searched_once() -> None:
    """Each byte is looked at a bounded number of times, so the pieces' number does not square the work."""
    payload = b'{"delta":"' + b"x" * 1_000_000 + b'"}'
    pieces = cut(b"event: text_delta\ndata: " + payload + b"\n\n", [64])
    assert framed(pieces) == [("text_delta", payload.decode())]
