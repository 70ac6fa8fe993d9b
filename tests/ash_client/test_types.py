"""What a type checker knows about an application's code: no network, no running, only types."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from textwrap import dedent
from typing import Any, get_args

import pytest

from ash_client import AshClient, AsyncAshClient, MessageStream, errors, events, models
from tests.support.type_checkers import mypy, pyright

NARROWING = """
    from typing import Literal, assert_type

    from ash_client import AshClient, AssistantMessage, Event, MessageEvent, ResultMessage, UnknownEvent
    from ash_client.events import TextDeltaEvent, ToolUseEvent, UnknownMessage

    client = AshClient("http://host", api_key="k")
    for event in client.send_message("s", message="Hello!"):
        assert_type(event.raw, bytes)
        if event.type == "assistant":
            assert_type(event, AssistantMessage)
            assert_type(event.content, str)
        elif event.type == "result":
            assert_type(event, ResultMessage)
        elif event.event == "text_delta":
            assert_type(event.delta, str)
        elif event.type == "tool_use":
            assert_type(event, ToolUseEvent)
            print(event.name.upper(), event.input["command"])
        elif event.event == "error":
            print(event.error.upper())
        elif isinstance(event, UnknownEvent):
            assert_type(event.wire_name, str)

    def text(event: Event) -> str:
        match event:
            case TextDeltaEvent(delta=delta):
                return delta
            case MessageEvent():
                return event.content
            case _:
                return ""

    def last(events: list[Event]) -> Event | None:
        return events[-1] if events else None

    def unknown(event: Event) -> str:
        if event.event == "message" and isinstance(event, UnknownMessage):
            return event.wire_type
        return ""
"""


@pytest.fixture(scope="module")
def narrowing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("narrowing")
    (folder / "narrowing.py").write_text(dedent(NARROWING), "utf-8")
    return folder


def test_a_comparison_tells_mypy_the_class(narrowing: Path) -> None:
    faults = mypy(narrowing)
    assert not faults, "\n".join(faults)


def test_a_comparison_tells_pyright_the_class(narrowing: Path) -> None:
    faults = pyright(narrowing)
    assert not faults, "\n".join(faults)


def test_every_event_class_is_in_the_union() -> None:
    kinds = {
        kind
        for name in events.__all__
        if isinstance(kind := getattr(events, name), type) and issubclass(kind, events.BaseEvent)
    }
    assert set(get_args(events.Event)) == kinds - {events.BaseEvent, events.MessageEvent}


PUBLIC = [AshClient, AsyncAshClient, MessageStream]
PUBLIC += [
    kind
    for module in (errors, events, models)
    for name in module.__all__
    if isinstance(kind := getattr(module, name), type)
]


@pytest.mark.parametrize("kind", PUBLIC, ids=lambda kind: kind.__name__)
def test_nothing_public_returns_any(kind: type) -> None:
    """A JSON object may hold anything (``dict[str, Any]``); a whole answer is never just ``Any``."""
    for name, member in inspect.getmembers(kind):
        function = member.fget if isinstance(member, property) else member
        if name.startswith("_") or not inspect.isroutine(function):
            continue
        if not str(getattr(function, "__module__", None)).startswith("ash_client"):
            continue  # Python's or pydantic's own
        returned = str(inspect.signature(function).return_annotation)
        bare = re.sub(r"dict\[str, (typing\.)?Any\]", "", returned)
        assert "Any" not in bare.replace("Analytics", ""), f"{kind.__name__}.{name} -> {returned}"


def test_the_test_above_sees_any() -> None:
    class Loose:
        def method(self) -> Any: ...

    Loose.method.__module__ = "ash_client"
    with pytest.raises(AssertionError, match="method"):
        test_nothing_public_returns_any(Loose)
