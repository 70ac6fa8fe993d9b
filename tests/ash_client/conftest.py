"""What the SDK's tests share: scripted servers, and one way to drive both clients."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from ash_client import AshClient, AshError, AsyncAshClient
from tests.ash_client.loopback import SESSION_ID, Loopback, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ash_client import Event


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No address, key, proxy or home folder of whoever runs the tests."""
    for name in (
        "ASH_SERVER_URL",
        "ASH_API_KEY",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[Request], None]], Loopback]]:
    """Start servers; at the end they are closed, and a fault in a test's own answer fails the test."""
    servers: list[Loopback] = []

    def start(answer: Callable[[Request], None]) -> Loopback:
        servers.append(Loopback(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
        assert server.faults == []


@dataclass
class Outcome:
    """What became of a stream."""

    events: list[Event] = field(default_factory=list)
    error: AshError | None = None
    text: str = ""

    @property
    def names(self) -> list[str]:
        return [event.event for event in self.events]


class Driver:
    """Does the same through AshClient or AsyncAshClient."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def call(
        self,
        url: str,
        method: str,
        *args: Any,
        options: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Call one method of a fresh client."""
        options = {"api_key": "secret-key", "max_retries": 0, **(options or {})}
        if self.kind == "sync":
            with AshClient(url, **options) as client:
                return getattr(client, method)(*args, **kwargs)

        async def run() -> Any:
            async with AsyncAshClient(url, **options) as client:
                return await getattr(client, method)(*args, **kwargs)

        return asyncio.run(run())

    def read(self, url: str, *, options: dict[str, Any] | None = None, **kwargs: Any) -> Outcome:
        """Send a message and read its stream to whatever end it has."""
        options = {"api_key": "secret-key", "max_retries": 0, **(options or {})}
        kwargs = {"message": "Hello!", **kwargs}
        outcome = Outcome()
        if self.kind == "sync":
            self._read(url, options, kwargs, outcome)
        else:
            asyncio.run(self._read_async(url, options, kwargs, outcome))
        return outcome

    def _read(
        self, url: str, options: dict[str, Any], kwargs: dict[str, Any], outcome: Outcome
    ) -> None:
        with AshClient(url, **options) as client:
            try:
                with client.send_message(SESSION_ID, **kwargs) as stream:
                    for event in stream:
                        outcome.events.append(event)
                    outcome.text = stream.received_text
            except AshError as error:
                outcome.error = error

    async def _read_async(
        self, url: str, options: dict[str, Any], kwargs: dict[str, Any], outcome: Outcome
    ) -> None:
        async with AsyncAshClient(url, **options) as client:
            try:
                async with client.send_message(SESSION_ID, **kwargs) as stream:
                    async for event in stream:
                        outcome.events.append(event)
                    outcome.text = stream.received_text
            except AshError as error:
                outcome.error = error


@pytest.fixture(params=["sync", "async"])
def driver(request: pytest.FixtureRequest) -> Driver:
    """Each test that asks for it runs on both clients."""
    return Driver(request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small agent, in a folder of that name."""
    folder = tmp_path / "my-agent"
    (folder / ".claude" / "skills").mkdir(parents=True)
    (folder / "CLAUDE.md").write_text("Be brief.")
    (folder / ".claude" / "skills" / "sum.md").write_text("Add.")
    (folder / ".mcp.json").write_text("{}")
    return folder
