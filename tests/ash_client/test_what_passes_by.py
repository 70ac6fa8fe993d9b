"""What a transcript makes of the events that pass, and what stands before and behind a stream."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ash_client import (
    InvalidArgument,
)
from ash_client._stream import turns as turns_module
from ash_client._stream.read_event import read_event
from ash_client._stream.transcript import Transcript
from ash_client._stream.turns import Turns, check_choice
from ash_client._transport.chunks import StreamBody
from ash_client._wire.upload import named_uploads
from ash_client.events import ThinkingDeltaEvent, ToolUseEvent, UnexpectedPayloadWarning
from tests.ash_client.loopback import ANSWER, START, STREAM_HEAD, sse
from tests.ash_client.test_streams_by_themselves import RESULT, SIGNED, TEXT

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
    assert isinstance(halves, ToolUseEvent)
    assert (halves.name, halves.input) == ("n\ufffd", {"k\ufffd": ["\ufffd", {"a": "\U0001f600"}, 7]})  # fmt: skip
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
