"""One source yields both clients: same names, same signatures, and the generated half is up to date."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from ash_client import AshClient, AsyncAshClient
from ash_client._async.resources import AsyncResources
from ash_client.chat import AsyncChat, Chat
from ash_client.stream import AsyncMessageStream, MessageStream

RESOURCES = {n for n in vars(AsyncResources) if not n.startswith("_")}


def public(kind: type) -> dict[str, Any]:
    return {name: getattr(kind, name) for name in dir(kind) if not name.startswith("_")}


PAIRS = [(AshClient, AsyncAshClient), (MessageStream, AsyncMessageStream), (Chat, AsyncChat)]


@pytest.mark.parametrize(("sync", "asynchronous"), PAIRS)
def test_same_names(sync: type, asynchronous: type) -> None:
    assert list(public(sync)) == list(public(asynchronous))


@pytest.mark.parametrize(("sync", "asynchronous"), PAIRS)
def test_same_signatures(sync: type, asynchronous: type) -> None:
    """Parameters by name, kind, default and type; only the word async differs."""
    for name, method in public(sync).items():
        other = getattr(asynchronous, name)
        assert callable(method) == callable(other)
        if callable(method):
            assert parameters(method) == parameters(other), name
    assert parameters(sync) == parameters(asynchronous)


def parameters(function: Any) -> list[tuple[str, Any, Any, str]]:
    found = inspect.signature(function).parameters.values()
    return [
        (
            p.name,
            p.kind,
            p.default,
            str(p.annotation).replace("Async", "").replace("Awaitable[None]", "None"),
        )
        for p in found
    ]


def test_every_call_of_the_async_client_is_awaited() -> None:
    """A method that makes a request is a coroutine, an async iterator, or (send_message) awaitable."""
    plain = {"send_message", "with_options", "server_url", "session"}
    for name, method in public(AsyncAshClient).items():
        if name in RESOURCES:
            continue
        asks = inspect.iscoroutinefunction(method) or inspect.isasyncgenfunction(method)
        assert asks != (name in plain), name
