"""A stream over bytes that a test hands it: how it ends, what it leaves behind, what it reads on. Both kinds of client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx
import pytest

from ash_client import (
    AgentError,
    AshError,
    DecodeError,
    SessionBusy,
    StreamInterrupted,
)
from ash_client._async.stream import AsyncMessageStream, not_a_stream
from ash_client._stream.turns import Turns
from ash_client._sync.stream import MessageStream
from tests.ash_client.loopback import ANSWER, DONE, START, sse
from tests.support.each import each

SESSION = "the-session"
INIT = b'event: message\ndata: {"type":"system","subtype":"init","uuid":"u"}\n\n'
SIGNED = b'event: message\ndata: {"type":"assistant","uuid":"u","message":{"content":"Hi!"}}\n\n'
RESULT = sse("message", {"type": "result", "result": "Hi!", "usage": {"output_tokens": 7}, "num_turns": 2})  # fmt: skip
TEXT = sse("text_delta", {"delta": "Hi!"})


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """These pieces, then this fault or the end; counts what was read."""

    def __init__(self, pieces: list[bytes], fault: Exception | None = None) -> None:
        self.pieces, self.fault = pieces, fault
        self.read = 0
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.read += 1
            yield piece
        if self.fault is not None:
            raise self.fault

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


class Connection:
    """A connection as far as a stream asks for it."""

    def get_extra_info(self, info: str) -> None:
        return None

    def read(self, *how: Any) -> bytes:
        raise AssertionError


@dataclass
class Told:
    """What came of reading a stream to its end."""

    body: Body
    turns: Turns
    names: list[str] = field(default_factory=list)
    error: AshError | None = None
    again: AshError | None = None  # of the next use
    shown: str = ""

    @property
    def left(self) -> tuple[str, bool]:
        """Why the next turn is refused, if it is, and whether a ``done`` may still come into it."""
        turns = self.turns
        try:
            turn = turns.begin(SESSION, "x")
            return "", turn.done_due
        except SessionBusy as busy:
            return str(busy), turns.begin(SESSION, "x", "accept").done_due


Opened = tuple[httpx.Response, Turns, Any]


def opened(body: Body, turns: Turns | None, *, connected: bool = True) -> Opened:
    known: Any = {"network_stream": Connection(), "http_version": b"HTTP/1.1"} if connected else {}
    turns = turns or Turns("http://h")
    return httpx.Response(200, stream=body, extensions=known), turns, turns.begin(SESSION, "x")


def by_thread(body: Body, turns: Turns | None = None, *, connected: bool = True) -> Told:
    response, turns, turn = opened(body, turns, connected=connected)
    stream = MessageStream(response, turn, None, lambda: None)
    told = Told(body, turns)
    try:
        for event in stream:
            told.names.append(event.event)
    except AshError as error:
        told.error = error
        with pytest.raises(AshError) as again:
            stream.get_final_text()
        told.again = again.value
    told.shown = repr(stream)
    return told


def by_loop(body: Body, turns: Turns | None = None, *, connected: bool = True) -> Told:
    async def check() -> None:
        raise AssertionError

    async def run() -> Told:
        response, all_turns, turn = opened(body, turns, connected=connected)
        stream = AsyncMessageStream(response, turn, None, check)
        told = Told(body, all_turns)
        try:
            async for event in stream:
                told.names.append(event.event)
        except AshError as error:
            told.error = error
            with pytest.raises(AshError) as again:
                await stream.get_final_text()
            told.again = again.value
        told.shown = repr(stream)
        return told

    return asyncio.run(run())


READERS = {"thread": by_thread, "loop": by_loop}
Reader = Callable[..., Told]

LEFT = "The last answer was not read to its end on session the-session."
SPOILT = "The last answer was mixed with something older on session the-session."
BELATED = "Text came that began before this turn"
# The body, its fault; the error's class and words; why the next turn is refused; whether a done is due.
ENDS: dict[str, tuple[list[bytes], Exception | None, type | None, str, str, bool]] = {
    "its done": ([START, ANSWER, DONE], None, None, "", "", False),
    "a done without a session": ([START, ANSWER, sse("done", {})], None, None, "", "", False),
    "in one piece": ([START + ANSWER + DONE], None, None, "", "", False),
    "an error of the agent": ([START, sse("error", {"error": "boom"})], None, AgentError, "boom", "", True),
    "an error of another shape": ([START, b'event: error\ndata: {"x":"\xff"}\n\n'], None, AgentError, '{"x":"\ufffd"}', "", True),
    "a command's done": ([START, ANSWER, sse("done", {"sessionId": ""})], None, StreamInterrupted, "by a command run on its session", SPOILT, False),
    "the end before": ([START, ANSWER], None, StreamInterrupted, "connection ended before the answer was complete", LEFT, False),
    "nothing at all": ([], None, StreamInterrupted, "connection ended before the answer was complete", LEFT, False),
    "a fault": ([START], httpx.ReadError("reset by peer"), StreamInterrupted, "broke before the answer was complete (reset by peer)", LEFT, False),
    "a fault without words": ([START], httpcore.ReadError(), StreamInterrupted, "broke before the answer was complete (ReadError)", LEFT, False),
    "a fault of the protocol": ([START], httpcore.RemoteProtocolError("odd"), StreamInterrupted, "complete (odd)", LEFT, False),
    "silence of httpx": ([START], httpx.ReadTimeout("x"), StreamInterrupted, "Nothing more arrived before the answer was complete.", LEFT, False),
    "silence of httpcore": ([START], httpcore.ReadTimeout("x"), StreamInterrupted, "Nothing more arrived before the answer was complete.", LEFT, False),
    "no JSON": ([START, b"event: text_delta\ndata: {\n\n", DONE], None, DecodeError, "text_delta", LEFT, False),
    "text before its beginning": ([START, TEXT, INIT, ANSWER, DONE], None, StreamInterrupted, BELATED, LEFT, False),
    "the same in one piece": ([START + TEXT + INIT + ANSWER + DONE], None, StreamInterrupted, BELATED, SPOILT, False),
}  # fmt: skip


@each("reader", READERS)
def test_a_stream_ends_in_one_way_and_leaves_behind_what_that_way_leaves(reader: Reader) -> None:
    for name, (pieces, fault, kind, said, left, due) in ENDS.items():
        with pytest.warns() if "another shape" in name else nullcontext():
            told = reader(Body(list(pieces), fault))
        assert type(told.error) is (kind or type(None)), name
        assert said in str(told.error), name
        assert told.again is told.error, name  # once it has ended badly, it stays so
        why, done_due = told.left
        assert why.startswith(left), name
        assert bool(why) is bool(left), name
        assert done_due is due, name
        assert told.body.closed, name
        state = "complete" if kind is None else "failed"
        assert told.shown.endswith(f"MessageStream session={SESSION} {state}>"), name
        if isinstance(told.error, AgentError | StreamInterrupted):
            assert told.error.session_id == SESSION or START in pieces, name


@each("reader", READERS)
def test_a_done_that_was_due_ends_no_turn_that_has_not_begun_to_answer(reader: Reader) -> None:
    for pieces, ours in (([START, DONE], False), ([START, TEXT, DONE], True), ([START, ANSWER, DONE], True), ([START, INIT, DONE], True)):  # fmt: skip
        turns = Turns("http://due")
        turns.begin(SESSION, "x").release(done_due=True)
        told = reader(Body(pieces), turns)
        assert (told.error is None) is ours, pieces
        if not ours:
            assert "before its answer began" in str(told.error)
            assert told.left[0].startswith(SPOILT)


@each("reader", READERS)
def test_where_turns_begin_with_init_a_signed_answer_without_one_is_another_turn_s(
    reader: Reader,
) -> None:
    turns = Turns("http://signed")
    for pieces, ours in (
        ([START, SIGNED, DONE], True), ([START, INIT, SIGNED, DONE], True), ([START, SIGNED, DONE], False), ([START, ANSWER, DONE], True), ([START, SIGNED, RESULT, DONE], True),
    ):  # fmt: skip
        told = reader(Body(pieces), turns)
        assert (told.error is None) is ours, pieces
        turns.forget(SESSION)


@each("reader", READERS)
def test_behind_the_last_event_a_little_more_is_read_where_it_cannot_take_long(
    reader: Reader,
) -> None:
    """So the connection can be used again; a body that does not end is left."""
    more = [b": ping\n\n"] * 40
    assert reader(Body([START, DONE, *more[:5]])).body.read == 7
    assert reader(Body([START, DONE, *more])).body.read == 2 + 16
    assert reader(Body([START, DONE, *more]), connected=False).body.read == 2
    broken = reader(Body([START, DONE], httpx.ReadError("late")))
    assert (broken.error, broken.names) == (None, ["session_start", "done"])


def closing(
    pieces: list[bytes], events: int, *, connected: bool = True
) -> tuple[Body, str, str, AshError | None]:
    """Read so many events, close twice, and tell what is left, by a thread."""
    body = Body(pieces)
    response, turns, turn = opened(body, None, connected=connected)
    stream = MessageStream(response, turn, None, lambda: None)
    for _ in range(events):
        next(stream)
    stream.close()
    stream.close()
    error = None
    try:
        stream.until_done()
    except AshError as raised:
        error = raised
    shown = repr(stream).rpartition(" ")[2]
    return body, shown, Told(body, turns).left[0], error


def closing_by_loop(
    pieces: list[bytes], events: int, *, connected: bool = True
) -> tuple[Body, str, str, AshError | None]:
    async def check() -> None:
        raise AssertionError

    async def run() -> tuple[Body, str, str, AshError | None]:
        body = Body(pieces)
        response, turns, turn = opened(body, None, connected=connected)
        stream = AsyncMessageStream(response, turn, None, check)
        for _ in range(events):
            await anext(stream)
        await stream.close()
        await stream.close()
        error = None
        try:
            await stream.until_done()
        except AshError as raised:
            error = raised
        return body, repr(stream).rpartition(" ")[2], Told(body, turns).left[0], error

    return asyncio.run(run())


@each("close", {"thread": closing, "loop": closing_by_loop})
def test_who_leaves_at_the_result_has_the_answer_and_who_leaves_before_has_left_early(
    close: Callable[..., tuple[Body, str, str, AshError | None]],
) -> None:
    whole = [START, ANSWER, RESULT, DONE]
    for pieces, events, state, left in (
        (whole, 4, "complete>", ""), (whole, 3, "complete>", ""), (whole, 2, "failed>", LEFT), (whole, 0, "failed>", LEFT), ([START, ANSWER, RESULT, *[TEXT] * 14, DONE], 3, "complete>", ""),
        ([START, ANSWER, RESULT, *[TEXT] * 16, DONE], 3, "failed>", LEFT), ([START, ANSWER, RESULT], 3, "failed>", LEFT), ([START, ANSWER, RESULT, sse("error", {"error": "late"})], 3, "failed>", ""),
    ):  # fmt: skip
        body, shown, why, error = close(list(pieces), events)
        assert shown == state, (pieces, events)
        assert why.startswith(left), (pieces, events)
        assert bool(why) is bool(left), (pieces, events)
        assert (error is None) is (state == "complete>"), (pieces, events)
        assert body.closed, (pieces, events)
    _, _, _, error = close(list(whole), 1)
    assert isinstance(error, StreamInterrupted)
    assert str(error).startswith("The stream was closed before its end.")
    # Without a connection to ask how long it takes, nothing more is read.
    body, shown, why, _ = close(list(whole), 3, connected=False)
    assert (body.read, shown, why[:5]) == (3, "failed>", "The l")


def test_the_pieces_of_a_text_are_each_told_once_and_from_where_it_was_asked() -> None:
    pieces = [START, sse("text_delta", {"delta": "a"}), sse("text_delta", {"delta": ""}), sse("text_delta", {"delta": "bc"}), ANSWER, DONE]  # fmt: skip
    response, _, turn = opened(Body(list(pieces)), None)
    stream = MessageStream(response, turn, None, lambda: None)
    assert list(stream.text) == ["a", "bc"]
    assert stream.received_text == "abc"
    assert stream.response is response
    response, _, turn = opened(Body(list(pieces)), None)
    stream = MessageStream(response, turn, None, lambda: None)
    assert stream.session_id == SESSION
    next(stream), next(stream)
    assert list(stream.text) == ["bc"]
    assert stream.session_id != SESSION  # as the server told it

    async def run() -> list[str]:
        response, _, turn = opened(Body(list(pieces)), None)
        stream = AsyncMessageStream(response, turn, None, _never)
        return [piece async for piece in stream.text]

    assert asyncio.run(run()) == ["a", "bc"]
    broken = b'event: message\ndata: {"type":"assistant","message":{]}\n\n'
    response, _, turn = opened(Body([START, TEXT, broken, DONE]), None)
    text = MessageStream(response, turn, None, lambda: None).text
    assert next(text) == "Hi!"
    with pytest.raises(DecodeError):
        next(text)


async def _never() -> None:
    raise AssertionError


def test_closing_while_another_task_reads_ends_its_connection() -> None:
    """The one who reads sees the end; the one who closes does not wait for it."""
    hung_up: list[str] = []

    class Watched(Connection):
        def get_extra_info(self, info: str) -> None:
            hung_up.append(info)

    class Slow(Body):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield START
            await asyncio.sleep(60)

    async def run() -> None:
        response, _, turn = opened(Slow([]), None)
        response.extensions["network_stream"] = Watched()
        stream = AsyncMessageStream(response, turn, None, _never)
        await anext(stream)
        reading = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        hung_up.clear()
        await stream.close()
        assert hung_up == ["socket"]
        assert not reading.done()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading

    asyncio.run(run())


def test_a_page_is_shown_by_its_kind_and_its_beginning() -> None:
    page = httpx.Response(200, headers={"content-type": "text/html"})
    error = not_a_stream(page, b"<p>\xff" + b"x" * 400, SESSION)
    shown = "<p>\ufffd" + "x" * 296
    assert str(error).startswith(f"The answer is not an event stream but text/html: {shown!r}")
    assert error.session_id == SESSION
    assert "not an event stream but no content type: ''" in str(not_a_stream(httpx.Response(200), b"", "s"))  # fmt: skip
