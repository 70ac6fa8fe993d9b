"""The text of an answer, each piece once, with and without partial messages."""

from __future__ import annotations

import json
import pickle

import pytest

from ash_client import DecodeError
from ash_client._stream.transcript import MOST_KEPT, Transcript, replay


def sse(name: str, payload: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(payload)}\n\n".encode()


def assistant(*blocks: tuple[str, str], parent: str | None = None) -> bytes:
    content = [{"type": kind, kind: text} for kind, text in blocks]
    return sse(
        "message",
        {"type": "assistant", "message": {"content": content}, "parent_tool_use_id": parent},
    )


def text_delta(text: str) -> bytes:
    return sse("text_delta", {"delta": text})


def thinking_delta(text: str) -> bytes:
    return sse("thinking_delta", {"delta": text})


def stream_event() -> bytes:
    return sse("message", {"type": "stream_event", "event": {}})


@pytest.mark.parametrize(
    ("wire", "text"),
    [
        ([assistant(("text", "Hello"))], "Hello"),  # without partial messages
        ([text_delta("Hel"), text_delta("lo"), assistant(("text", "Hello"))], "Hello"),  # with
        (
            [text_delta("Hel"), stream_event(), text_delta("lo"), stream_event()],
            "Hello",
        ),  # cut off before the message
        ([text_delta("Hel"), assistant(("text", "Hello"))], "Hello"),  # a delta was lost
        (
            [text_delta("a"), assistant(("text", "a")), text_delta("a"), assistant(("text", "a"))],
            "aa",
        ),
        (
            [text_delta("ab"), assistant(("text", "a"), ("text", "b"))],
            "ab",
        ),  # one run of deltas, two blocks
        ([text_delta("a"), assistant(("text", "a"), ("text", "b"))], "ab"),
        ([assistant(("text", "a")), assistant(("tool_use", "x")), assistant(("text", "b"))], "ab"),
        ([assistant(("thinking", "hm"), ("text", "a"))], "a"),  # thinking is no text
        (
            [assistant(("text", "sub"), parent="toolu_1"), assistant(("text", "a"))],
            "a",
        ),  # nor is a subagent's
        ([sse("text_delta", {"delta": ""}), assistant(("text", ""))], ""),
    ],
)
def test_text_is_told_once(wire: list[bytes], text: str) -> None:
    assert Transcript(b"".join(wire)).text == text


@pytest.mark.parametrize(
    ("wire", "thinking"),
    [
        (
            [
                thinking_delta("a"),
                stream_event(),
                thinking_delta("b"),
                stream_event(),
                thinking_delta("ab"),
                assistant(("thinking", "ab")),
            ],
            "ab",
        ),  # as captured: the whole of it once more, then the message
        (
            [
                thinking_delta("ha"),
                stream_event(),
                thinking_delta("ha"),
                stream_event(),
                thinking_delta("haha"),
                assistant(("thinking", "haha")),
            ],
            "haha",
        ),  # a delta that repeats another is no repetition of the whole
        ([thinking_delta("ab"), assistant(("thinking", "ab"))], "ab"),  # without partial messages
        (
            [thinking_delta("a"), stream_event(), thinking_delta("b"), stream_event()],
            "ab",
        ),  # cut off
    ],
)
def test_thinking_is_told_once(wire: list[bytes], thinking: str) -> None:
    assert Transcript(b"".join(wire)).thinking == thinking


def test_text_comes_as_it_is_written() -> None:
    """A delta counts at once, not with the next event."""
    transcript = Transcript()
    seen = []
    for event in replay(text_delta("a") + text_delta("b")):
        transcript.add(event)
        seen.append(transcript.text)
    assert seen == ["a", "ab"]


def test_a_long_answer_keeps_its_text_and_its_last_events() -> None:
    """The events of an exception are bounded, by whole events; the text is not."""
    transcript = Transcript()
    for number in range(40_000):
        chunk = text_delta(f"{number:06} {'x' * 30} ")
        transcript.keep(chunk)
        for event in replay(chunk):
            transcript.add(event)
    events = transcript.events
    assert sum(len(event.raw) for event in events) <= MOST_KEPT
    assert len(events) > 10_000
    assert [event.event for event in events] == ["text_delta"] * len(events)
    assert events[-1].delta.startswith("039999")  # type: ignore[union-attr]  # a TextDeltaEvent
    assert len(transcript.text) == 40_000 * 38


def test_a_message_that_is_no_json_ends_the_text_before_it() -> None:
    """What can be read stays readable; nobody gets the whole of it as if nothing were missing."""
    broken = b'event: message\ndata: {"type":"assistant","message":{]}\n\n'
    transcript = Transcript(assistant(("text", "a")) + broken)
    assert transcript.text == "a"
    with pytest.raises(DecodeError):
        transcript.last_assistant()


def test_a_transcript_survives_pickling() -> None:
    transcript = Transcript(text_delta("a") + assistant(("text", "ab")))
    copy = pickle.loads(pickle.dumps(transcript))
    assert (copy.text, copy.events) == ("ab", transcript.events)


def test_thinking_is_told_in_its_order_before_the_text_that_follows_it() -> None:
    """What was held back is let go by whatever comes next, but for the message that repeats it."""
    wire = [thinking_delta("h"), stream_event(), thinking_delta("m"), text_delta("a")]
    found = Transcript(b"".join(wire))
    assert (found.thinking, found.text) == ("hm", "a")
    repeated = [
        thinking_delta("h"),
        stream_event(),
        thinking_delta("h"),
        assistant(("thinking", "h")),
    ]
    assert Transcript(b"".join(repeated)).thinking == "h"


def test_text_after_a_message_stands_behind_it_whoever_asked_when() -> None:
    found = Transcript(assistant(("text", "a")) + text_delta("b"))
    assert found.text == "ab"
    asked = Transcript(assistant(("text", "a")))
    assert asked.text == "a"
    for event in replay(text_delta("b") + assistant(("text", "b"))):
        asked.add(event)
    assert asked.text == "ab"


def test_the_last_message_is_the_last_of_the_agent_itself() -> None:
    own = assistant(("text", "a"))
    found = Transcript(own + assistant(("text", "sub"), parent="toolu_1"))
    last = found.last_assistant()
    assert last is not None
    assert [block["text"] for block in last.blocks_of("text")] == ["a"]
    assert Transcript(text_delta("a")).last_assistant() is None


def test_exactly_a_megabyte_is_kept_whole_and_a_byte_more_costs_the_oldest() -> None:
    def of(size: int) -> bytes:
        empty = len(text_delta(""))
        return text_delta("x" * (size - empty))

    for size, left in ((MOST_KEPT, 2), (MOST_KEPT + 1, 0)):
        found = Transcript()
        found.keep(of(100))
        found.keep(of(size - 100))
        assert len(found.events) == left


def test_what_came_last_is_kept_however_long_it_is() -> None:
    found = Transcript()
    found.keep(text_delta("x" * MOST_KEPT))
    assert len(found.events) == 1


def raw(payload: str) -> bytes:
    """A message as the server writes it, without spaces."""
    return f"event: message\ndata: {payload}\n\n".encode()


def test_a_turn_begins_with_the_sdk_s_init_or_the_model_s_first_message_and_not_before() -> None:
    start = raw('{"type":"stream_event","event":{"type":"message_start"}}')
    other = raw('{"type":"stream_event","event":{"type":"ping"}}')
    init = raw('{"type":"system","subtype":"init"}')
    for wire, begun, by_sdk, belated, spoke in (
        (start, True, False, False, True), (other, False, False, False, True), (init, True, True, False, True), (b"", False, False, False, False), (text_delta("a"), False, False, False, False),
        (text_delta("a") + start, True, False, True, True), (assistant(("text", "a")) + init, True, True, True, True), (thinking_delta("a") + init, True, True, True, True), (start + text_delta("a") + init, True, False, False, True),
    ):  # fmt: skip
        found = Transcript(wire)
        assert (found.begun, found.by_sdk, found.belated, found.spoke) == (begun, by_sdk, belated, spoke), wire  # fmt: skip
