"""The text of an answer, each piece once, with and without partial messages."""

from __future__ import annotations

import json

import pytest

from ash_client._transcript import TextAssembler, replay, text_of


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
    assert text_of(replay(b"".join(wire))) == text


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
    assert text_of(replay(b"".join(wire)), "thinking") == thinking


def test_text_comes_as_it_is_written() -> None:
    """A delta is handed on at once, not held until the next event."""
    assembler = TextAssembler()
    assert [assembler.add(event) for event in replay(text_delta("a") + text_delta("b"))] == [
        "a",
        "b",
    ]
