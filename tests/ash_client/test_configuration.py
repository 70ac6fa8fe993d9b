"""Where address and key come from, and that the key goes nowhere but to the server."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ash_client import AshClient, AsyncAshClient, ConfigurationError, NotFound, StreamInterrupted

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ash_client.loopback import Loopback, Request

    Serve = Callable[[Callable[[Request], None]], Loopback]

KEY = "ash_0123456789abcdef"


def healthy(request: Request) -> None:
    request.reply({"status": "ok"})


def key_sent(server: Loopback, client: AshClient) -> str | None:
    with client:
        client.health()
    return server.requests[-1].headers.get("authorization")


def write_file(**settings: object) -> None:
    folder = Path.home() / ".ash"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(settings))


def test_argument_then_environment_then_file(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(healthy)
    write_file(server_url=server.url, api_key="from-file")
    assert key_sent(server, AshClient()) == "Bearer from-file"
    monkeypatch.setenv("ASH_SERVER_URL", server.url)
    monkeypatch.setenv("ASH_API_KEY", "from-environment\n")
    assert key_sent(server, AshClient()) == "Bearer from-environment"
    assert (
        key_sent(server, AshClient(server.url + "/", api_key="from-argument"))
        == "Bearer from-argument"
    )
    assert key_sent(server, AshClient(api_key="")) is None  # empty: send none


def test_without_a_key_none_is_sent(serve: Serve) -> None:
    server = serve(healthy)
    assert key_sent(server, AshClient(server.url)) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"server_url": 7}'])
def test_a_broken_file_is_no_configuration(text: str) -> None:
    folder = Path.home() / ".ash"
    folder.mkdir()
    (folder / "config.json").write_text(text)
    with pytest.raises(ConfigurationError, match="ASH_SERVER_URL"):
        AshClient()


@pytest.mark.parametrize("kind", [AshClient, AsyncAshClient])
@pytest.mark.parametrize(
    "url",
    [
        "localhost:4100",
        "host",
        "ftp://host",
        "http://",
        "http://host:port",
        "http://[::1",
        "http://h/?a=b",
        "http://u:p@h",
    ],
)
def test_what_is_no_address_is_refused(kind: type[AshClient], url: str) -> None:
    with pytest.raises(ConfigurationError):
        kind(url)


def test_a_password_in_the_address_is_not_repeated() -> None:
    with pytest.raises(ConfigurationError) as caught:
        AshClient("http://user:hunter2@host:4100")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel", "Bearer abc"])
def test_what_is_no_key_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        AshClient("http://host", api_key=key)
    assert key not in str(caught.value)


def test_a_path_before_the_api_is_kept(serve: Serve) -> None:
    server = serve(healthy)
    with AshClient(f"{server.url}/ash/") as client:
        client.health()
    assert server.requests[0].target == "/ash/health"


def test_the_key_is_shown_nowhere(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """Not in a repr, not in a log at any level of any library, not in an error."""
    server = serve(lambda r: r.reply({"error": "gone"}, 404))
    with caplog.at_level(logging.DEBUG), AshClient(server.url, api_key=KEY) as client:
        with pytest.raises(NotFound) as caught:
            client.get_session("s")
        shown = (
            f"{client!r}{client}{vars(client)}{client._http!r}{caught.value!r}{vars(caught.value)}"
        )
    assert "api_key='***'" in repr(client)
    assert repr(AshClient("http://host:1")) == "AshClient('http://host:1', api_key=None)"
    assert KEY not in shown
    assert KEY not in caplog.text
    assert any(
        r.name == "ash_client" and "GET /api/sessions/s: 404" in r.getMessage()
        for r in caplog.records
    )


def test_copies_share_the_connections(serve: Serve) -> None:
    """Other options, the same pool; closing a copy closes nothing."""
    server = serve(healthy)
    with AshClient(server.url, timeout=5) as client:
        with client.with_options(timeout=1, max_retries=0, stall_check=2.0) as copy:
            copy.health()
            assert (copy._timeout.read, copy._retry.max_retries, copy._stall_check) == (1, 0, 2.0)
        client.health()
        assert client._timeout.read == 5
    assert server.connections == 1


def test_asynchronous_copies_share_the_connections_too(serve: Serve) -> None:
    server = serve(healthy)

    async def ask() -> None:
        async with AsyncAshClient(server.url) as client:
            async with client.with_options(timeout=1) as copy:
                await copy.health()
            await client.health()

    asyncio.run(ask())
    assert server.connections == 1


def test_leaving_a_stream_early_lets_no_more_be_read_of_it(serve: Serve) -> None:
    server = serve(lambda request: request.stream(end=False))

    async def leave(*, awaited: bool) -> None:
        async with AsyncAshClient(server.url) as client:
            opening = client.send_message("s", "hi")
            async with (await opening) if awaited else opening as stream:
                await anext(stream)
            await anext(stream)

    for awaited in (False, True):
        with pytest.raises(StreamInterrupted, match="closed before its end"):
            asyncio.run(asyncio.wait_for(leave(awaited=awaited), 20))


def test_calls_share_one_connection(serve: Serve) -> None:
    server = serve(healthy)
    with AshClient(server.url) as client:
        for _ in range(20):
            client.health()
    assert server.connections == 1
