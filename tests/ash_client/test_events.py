"""Events: typed where known, kept where not, decoded when read."""

from __future__ import annotations

import contextlib
import copy
import json
import pickle
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ash_client import AshError, DecodeError, MessageEvent, UnexpectedPayload, UnknownEvent
from ash_client._stream.read_event import read_event
from ash_client.events import (
    KNOWN,
    AssistantMessage,
    BaseEvent,
    DoneEvent,
    ResultMessage,
    SessionStartEvent,
    StreamEventMessage,
    SystemMessage,
    TextDeltaEvent,
    ToolResultEvent,
    ToolUseEvent,
    TurnCompleteEvent,
    UnexpectedPayloadWarning,
    UnknownMessage,
    UserMessage,
)


@pytest.mark.parametrize(
    ("name", "payload", "expected"),
    [
        ("session_start", '{"sessionId":"s","version":"0.2.0"}', SessionStartEvent("s", "0.2.0")),
        ("session_start", '{"sessionId":"not a uuid","new":1}', SessionStartEvent("not a uuid")),
        ("text_delta", '{"delta":"a"}', TextDeltaEvent("a")),
        (
            "tool_use",
            '{"id":"t","name":"Bash","input":{"a":1}}',
            ToolUseEvent("t", "Bash", {"a": 1}),
        ),
        ("tool_result", '{"content":"out"}', ToolResultEvent("out")),  # the server sends no tool id
        ("tool_result", "{}", ToolResultEvent()),  # JavaScript leaves undefined out
        ("turn_complete", '{"numTurns":2}', TurnCompleteEvent(2)),
        ("done", '{"sessionId":""}', DoneEvent("")),
        ("done", "{}", DoneEvent()),
    ],
)
def test_known_events_are_typed(name: str, payload: str, expected: object) -> None:
    event = read_event(name.encode(), payload.encode())
    assert event == expected
    assert (event.event, event.type) == (name, name)


def test_a_message_tells_its_own_type_and_its_text() -> None:
    """The guide's ``event.type === "assistant"`` and ``event.content``."""
    raw = b'{"type":"assistant","message":{"content":[{"type":"text","text":"a"},{"type":"tool_use"},{"type":"text","text":"b"}]}}'
    event = read_event(b"message", raw)
    assert isinstance(event, MessageEvent)
    assert (event.event, event.type, event.content) == ("message", "assistant", "ab")
    assert event.data["message"]["content"][1] == {"type": "tool_use"}


@pytest.mark.parametrize(
    ("raw", "content"),
    [
        (b'{"type":"user","message":{"role":"user","content":"plain"}}', "plain"),
        (b'{"type":"user","content":["hello"]}', ""),
        (b'{"type":"assistant"}', ""),
        (b'{"type":"assistant","message":null}', ""),
        (b'{"type":"assistant","message":{"content":[{"type":"text"},7,null]}}', ""),
        (b'{"type":"result","result":"done"}', "done"),
        (b'{"type":"result"}', ""),
        (b'{"uuid":"u","type":"assistant","message":{"content":"late type"}}', "late type"),
        (b'{ "type" : "assistant", "message": {"content": "spaced"} }', "spaced"),
    ],
)
def test_content_is_always_text(raw: bytes, content: str) -> None:
    """Whatever a message holds or lacks, ``content`` is a string."""
    event = read_event(b"message", raw)
    assert event.content == content  # type: ignore[attr-defined]  # a MessageEvent


def test_a_message_is_decoded_when_first_read() -> None:
    event = read_event(b"message", b'{"type":"assistant",oops}')
    assert event.type == "assistant"
    with pytest.raises(DecodeError, match="'message' event is not JSON"):
        _ = event.data


@pytest.mark.parametrize("name", ["made_up", "undefined", "compaction"])
def test_an_unknown_name_is_normal(name: str) -> None:
    event = read_event(name.encode(), b'{"a":1}')
    assert event == UnknownEvent(name, b'{"a":1}')
    assert (event.event, event.type, event.data) == (name, name, {"a": 1})


def test_an_unknown_event_need_not_be_json() -> None:
    assert read_event(b"ping", b"keep alive").data == "keep alive"


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("text_delta", "{}"),
        ("text_delta", '{"delta":7}'),
        ("text_delta", "null"),
        ("tool_use", '{"name":"Bash"}'),  # an id made up as '' would be a lie
        ("message", "null"),
        ("message", "[]"),
        ("message", '{"no":"type"}'),
        ("message", '{"type":7}'),
        ("error", "{}"),
    ],
)
def test_a_known_event_of_another_shape_is_kept_and_told_once(
    name: str, payload: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.warns(UnexpectedPayloadWarning, match=name):
        event = read_event(name.encode(), payload.encode())
    assert event == UnknownEvent(name, payload.encode())
    assert (event.event, event.type) == (name, name)
    assert caplog.text == ""


def test_the_warning_tells_the_shape_and_nothing_of_the_content() -> None:
    with pytest.warns(UnexpectedPayloadWarning) as told:
        read_event(b"tool_use", b'{"id":"t","name":["my secret"]}')
    (warning,) = told
    assert "name: Input should be a valid string" in str(warning.message)
    assert "my secret" not in str(warning.message)


def test_the_warning_never_breaks_a_stream(caplog: pytest.LogCaptureFixture) -> None:
    """Not even where warnings are errors; then the log tells it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(read_event(b"text_delta", b"{}"), UnknownEvent)
    assert "'text_delta' event has an unexpected shape" in caplog.text


@pytest.mark.parametrize(
    ("name", "attribute"),
    [("text_delta", "delta"), ("tool_use", "name"), ("tool_use", "input"), ("message", "content")],
)
@pytest.mark.filterwarnings("ignore::ash_client.events.UnexpectedPayloadWarning")
def test_what_a_name_promises_and_the_payload_lacks_is_an_error_of_ours(
    name: str, attribute: str
) -> None:
    """A type checker is told that ``event.event == "text_delta"`` has a ``delta``."""
    event = read_event(name.encode(), b"[]")
    with pytest.raises(UnexpectedPayload, match=f"'{name}' event has no '{attribute}'") as caught:
        getattr(event, attribute)
    assert isinstance(caught.value, AshError)
    assert caught.value.raw == b"[]"
    assert not hasattr(event, attribute)
    with pytest.raises(AttributeError) as other:
        _ = event.nothing_of_ours
    assert not isinstance(other.value, AshError)


def test_every_event_can_be_copied_and_pickled() -> None:
    events = [
        read_event(b"text_delta", b'{"delta":"a"}'),
        read_event(b"message", b'{"type":"assistant","message":{"content":"b"}}'),
        read_event(b"message", b'{"type":"new"}'),
        read_event(b"future", b'{"c":1}'),
    ]
    for event in events:
        for same in (pickle.loads(pickle.dumps(event)), copy.deepcopy(event)):
            assert same == event
            assert (same.event, same.type, same.raw, same.data) == (
                event.event,
                event.type,
                event.raw,
                event.data,
            )


@pytest.mark.parametrize(
    ("raw", "kind", "own_type"),
    [
        (b'{"type":"assistant"}', AssistantMessage, "assistant"),
        (b'{"type":"user"}', UserMessage, "user"),
        (b'{"type":"result"}', ResultMessage, "result"),
        (b'{"type":"system"}', SystemMessage, "system"),
        (b'{"type":"stream_event"}', StreamEventMessage, "stream_event"),
        (b'{"type": "stream_event"}', StreamEventMessage, "stream_event"),
        (b'{"uuid":"u","type":"stream_event"}', StreamEventMessage, "stream_event"),
        (b'{"type":"assistants"}', UnknownMessage, "assistants"),
        (b'{"type":"rate_limit_event"}', UnknownMessage, "rate_limit_event"),
        (b'{"type":"not/plain"}', UnknownMessage, "not/plain"),
        (b'{"type":"\\u0061ssistant"}', AssistantMessage, "assistant"),
        (b'{"uuid":"u","type":"result"}', ResultMessage, "result"),
        (b'{"uuid":"u","type":"new"}', UnknownMessage, "new"),
        (b'{"type":"system"} ', SystemMessage, "system"),
    ],
)
def test_a_message_is_of_the_class_of_its_type(raw: bytes, kind: type, own_type: str) -> None:
    event = read_event(b"message", raw)
    assert type(event) is kind
    assert isinstance(event, MessageEvent)
    assert (event.event, event.type) == ("message", own_type)
    if isinstance(event, UnknownMessage):
        assert event.wire_type == own_type


@pytest.mark.parametrize("name", ["text_delta", "message", "done", "session_start", "error"])
@pytest.mark.parametrize("payload", ["", "{", "[DONE]", "{'a': 1}", '{"delta":"a"', "NaN"])
def test_what_is_not_json_is_refused(name: str, payload: str) -> None:
    with pytest.raises(DecodeError) as caught:
        read_event(name.encode(), payload.encode())
    assert caught.value.raw == payload.encode()


def test_half_a_character_is_not_an_error() -> None:
    """JavaScript may cut a character outside the basic plane in two."""
    event = read_event(b"text_delta", b'{"delta":"a\\ud83d"}')
    assert isinstance(event, TextDeltaEvent)
    assert event.delta == "a\ufffd"
    assert event.raw == b'{"delta":"a\\ud83d"}'
    assert read_event(b"text_delta", b'{"delta":"\\ud83d\\ude00"}').delta == "😀"  # type: ignore[attr-defined]  # a TextDeltaEvent


def test_line_separators_inside_json_are_text() -> None:
    raw = '{"delta":"a\u2028b\u2029c\u0085d"}'.encode()
    assert read_event(b"text_delta", raw).delta == "a\u2028b\u2029c\u0085d"  # type: ignore[attr-defined]  # a TextDeltaEvent


NAMES = st.sampled_from(["message", *(name.decode() for name in KNOWN), "future", "unknown"])
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("type", "delta", "id", "name", "input", "sessionId", "message", "error", "result"), JSON
    ),
)


@given(name=NAMES, payload=JSON | FIELDS, spaced=st.booleans())
@pytest.mark.filterwarnings("ignore::ash_client.events.UnexpectedPayloadWarning")
def test_every_json_payload_becomes_exactly_one_event(
    name: str, payload: Any, spaced: bool
) -> None:
    """Named as the wire named it, holding what it held; and what a type checker promises is there or is an AshError."""
    separators = (", ", ": ") if spaced else (",", ":")
    raw = json.dumps(payload, ensure_ascii=False, separators=separators).encode("utf-8", "replace")
    event = read_event(name.encode(), raw)
    assert isinstance(event, BaseEvent)
    assert (event.event, event.raw) == (name, raw)
    assert event.data == json.loads(raw)
    own = payload.get("type") if isinstance(payload, dict) else None
    is_message = name == "message" and isinstance(own, str)
    assert isinstance(event, MessageEvent) == is_message
    assert event.type == (own if is_message else name)
    if isinstance(event, MessageEvent):
        assert isinstance(event.content, str)
    for attribute in ("content", "delta", "name", "input", "error", "session_id"):
        with contextlib.suppress(AttributeError):
            getattr(event, attribute)
