"""A stream over bytes that a test hands it: how it ends, what it leaves behind, what it reads on. Both kinds of client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import httpcore
import httpx
import pytest

from ash_client import (
    AgentError,
    AshError,
    DecodeError,
    InvalidArgument,
    SessionBusy,
    StreamInterrupted,
)
from ash_client._async.stream import AsyncMessageStream, not_a_stream
from ash_client._stream import turns as turns_module
from ash_client._stream.read_event import read_event
from ash_client._stream.transcript import Transcript
from ash_client._stream.turns import Turns, check_choice
from ash_client._sync.stream import MessageStream
from ash_client._transport.chunks import StreamBody
from ash_client._wire.upload import named_uploads
from ash_client.events import ThinkingDeltaEvent, UnexpectedPayloadWarning
from tests.ash_client.loopback import ANSWER, DONE, START, STREAM_HEAD, sse
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
        with pytest.warns() if "another shape" in name else _nothing():
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


class _nothing:  # noqa: N801 - used as the built-in context managers are
    def __enter__(self) -> None: ...
    def __exit__(self, *how: object) -> None: ...


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


# What passes by.


def message(payload: str) -> bytes:
    return f"event: message\ndata: {payload}\n\n".encode()


def test_the_last_result_of_the_agent_itself_tells_the_usage() -> None:
    assert (Transcript(START).result, Transcript(START).usage) == (None, None)
    other = message('{"type":"result","parent_tool_use_id":"t","usage":{"output_tokens":9}}')
    found = Transcript(START + RESULT + other)
    assert found.usage is not None
    assert (found.usage.output_tokens, found.usage.num_turns) == (7, 2)
    later = message('{"type":"result","usage":{"output_tokens":8}}')
    again = Transcript(START + RESULT + later)
    assert again.usage is not None
    assert again.usage.output_tokens == 8
    assert again.result is not None
    assert again.result.data["usage"] == {"output_tokens": 8}
    assert Transcript(message('{"type":"result"}')).usage is None


def test_a_session_is_called_as_the_stream_first_called_it() -> None:
    first, second = (sse("session_start", {"sessionId": name}) for name in ("a", "b"))
    assert Transcript(first + second).session_id == "a"
    assert Transcript(TEXT).session_id is None


def test_the_last_message_tells_whether_the_sdk_signed_it() -> None:
    unsigned = message('{"type":"result"}')
    signed = message('{"type":"result","uuid":"u"}')
    for wire, known in ((b"", False), (SIGNED, True), (ANSWER, False), (SIGNED + unsigned, False), (ANSWER + signed, True), (SIGNED + ANSWER, False)):  # fmt: skip
        assert Transcript(wire).is_signed is known, wire


def test_thinking_before_and_behind_messages_and_texts_is_told_in_order_and_once() -> None:
    def thought(text: str) -> bytes:
        return sse("thinking_delta", {"delta": text})

    told = message('{"type":"assistant","message":{"content":[{"type":"thinking","thinking":"a"}]}}')  # fmt: skip
    other = message('{"type":"system","subtype":"status"}')
    for wire, thinking in (
        (thought("a") + TEXT, "a"), (thought("a") + other, "a"), (thought("a") + thought("b") + TEXT, "ab"), (told + thought("b") + other, "ab"), (thought("a") + told + thought("a") + other + told, "aa"),
        (thought("a") + START, "a"), (told + told, "aa"), (thought("a"), ""),
    ):  # fmt: skip
        assert Transcript(wire).thinking == thinking, wire
    found = Transcript(told)
    found.add(ThinkingDeltaEvent("b"))
    assert found.thinking == "a"  # the last is held back: it may be the whole once more


def test_the_events_of_a_cut_transcript_begin_at_a_whole_one() -> None:
    found = Transcript()
    half = len(TEXT) // 2
    found.keep(TEXT[:half])
    found.keep(TEXT[half:] + TEXT + b"event: text_delta\ndata: {\n\n" + TEXT)
    assert len(found.events) == 2  # up to the first that cannot be read
    found.keep(TEXT + b": " + b"x" * 1024 * 1024)
    assert [len(event.raw) for event in found.events] == []


def test_a_payload_of_another_shape_is_told_by_where_and_what_and_halves_are_replaced() -> None:
    for name, payload, said in (
        (b"text_delta", b"{}", "(delta: Field required)"), (b"text_delta", b"null", "unexpected shape ("), (b"message", b'{"x":1}', "(no type)"), (b"message", b"[]", "(no type)"),
        (b"tool_use", b'{"id":"t","name":7,"input":{}}', "(name: "),
    ):  # fmt: skip
        with pytest.warns(UnexpectedPayloadWarning) as caught:
            event = read_event(name, payload)
        assert said in str(caught[0].message)
        assert f"a {name.decode()!r} event has an unexpected shape" in str(caught[0].message)
        assert (event.event, event.raw) == (name.decode(), payload)
    halves = read_event(b"tool_use", b'{"id":"t","name":"n\\ud83d","input":{"k\\ud83d":["\\ud83d",{"a":"\\ud83d\\ude00"},7]}}')  # fmt: skip
    assert (halves.name, halves.input) == ("n\ufffd", {"k\ufffd": ["\ufffd", {"a": "\U0001f600"}, 7]})  # type: ignore[union-attr]  # fmt: skip
    assert str(read_event(b"odd\xff", b"x").event) == "odd\ufffd"


# Before and behind a stream.


def test_what_is_waited_for_is_each_session_s_own_and_nothing_on_a_machine_just_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns_module, "time", SimpleNamespace(monotonic=lambda: 0.25))
    monkeypatch.setattr(turns_module, "_quiet_at", {})
    turns = Turns("http://early")
    first = turns.begin("a", "x")
    assert (first.settle, first.done_due, first.sent) == (0.0, False, False)
    first.release(done_due=True)
    turns.begin("b", "x").release(done_due=True)
    again = Turns("http://early")
    assert [again.begin(name, "x").settle for name in "abc"] == pytest.approx([0.05, 0.05, 0.0])


def test_a_file_on_the_server_has_a_path_that_is_text() -> None:
    for path in ("", 7, None, b"a"):
        with pytest.raises(InvalidArgument) as caught:
            named_uploads({path: b"x"})
        assert str(caught.value) == f"{path!r} is no path of a file on the server; pass text."
    for files in ({}, [], None, "x", [("a", b"x")]):
        with pytest.raises(InvalidArgument) as caught:
            named_uploads(files)
        assert str(caught.value) == "files must be a mapping of each file's path to its content: bytes, text or a Path."  # fmt: skip
    (made,) = named_uploads({"a/b": "é"})
    assert (made["path"], made["content"].size) == ("a/b", 2)


def test_what_to_do_after_an_unfinished_turn_is_one_of_three() -> None:
    for choice in ("raise", "restart", "accept"):
        assert check_choice(choice) == choice
    for bad in ("Raise", "", None, 7):
        with pytest.raises(InvalidArgument) as caught:
            check_choice(bad)
        assert str(caught.value) == f"after_unfinished is one of raise, restart, accept, not {bad!r}."  # fmt: skip


def test_a_head_is_looked_for_behind_a_request_and_up_to_64_kib() -> None:
    for request, taken in ((b"POST / HTTP/1.1\r\n", True), (b"GET / HTTP/1.1\r\n", True), (b"PUT / HTTP/1.1\r\n", False), (b'{"GET "', False)):  # fmt: skip
        body = StreamBody()
        body.request_sent(request)
        assert body.for_parser(STREAM_HEAD + b"1\r\n") == STREAM_HEAD + (b"" if taken else b"1\r\n")
        assert (body.held, body.unread) == ((True, b"1\r\n") if taken else (False, b""))
    head = STREAM_HEAD[:-2] + b"x: " + b"y" * 64 * 1024
    limit = 64 * 1024
    for size, taken in ((limit, True), (limit + 1, False)):
        body = StreamBody()
        body.request_sent(b"POST ")
        begun = head[:size]
        assert body.for_parser(begun) == begun
        rest = b"\r\n\r\n1\r\na"
        assert body.for_parser(rest) == (rest[:4] if taken else rest)
        assert body.held is taken


def test_a_head_that_comes_byte_by_byte_is_found_and_none_is_where_the_connection_ended() -> None:
    body = StreamBody()
    body.request_sent(b"GET / HTTP/1.1\r\n\r\n")
    seen = b"".join(body.for_parser(bytes([byte])) for byte in STREAM_HEAD)
    assert (seen, body.held) == (STREAM_HEAD, True)
    body.request_sent(b"GET ")  # pipelined: the body that is read is not given up
    assert body.take(b"1\r\na\r\n") == b"a"
    ended = StreamBody()
    ended.request_sent(b"GET ")
    assert ended.for_parser(STREAM_HEAD[:9]) + ended.for_parser(b"") == STREAM_HEAD[:9]
    assert ended.for_parser(STREAM_HEAD) == STREAM_HEAD
    assert ended.held is False


def test_a_size_has_at_most_sixteen_digits() -> None:
    for digits, body_taken in ((b"0" * 15 + b"1", b"a"), (b"0" * 16 + b"1", b"")):
        body = StreamBody()
        body.request_sent(b"GET ")
        body.for_parser(STREAM_HEAD)
        assert body.take(digits + b"\r\na\r\n") == body_taken
        assert body.held is bool(body_taken)
