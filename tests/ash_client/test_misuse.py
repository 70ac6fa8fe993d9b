"""What is written for one client and run on the other says what to write instead."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from ash_client import AsyncAshClient, ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

S = "8d9dceaa-5492-4181-a003-c5b8b32d0637"


def iterate(opening: Any) -> None:
    list(opening)


def enter(opening: Any) -> None:
    with opening:
        pass


def use(opening: Any) -> None:
    opening.get_final_text()


@pytest.mark.parametrize("mistake", [iterate, enter, use])
def test_a_message_that_was_not_awaited_says_so(mistake: Callable[[Any], None]) -> None:
    """And Python does not warn besides: warnings are errors here."""
    client = AsyncAshClient("http://host")
    with pytest.raises(ConfigurationError, match=r"await client\.send_message"):
        mistake(client.send_message(S, "Hello!"))


def test_async_for_over_what_was_not_awaited_says_so() -> None:
    async def main() -> None:
        opening: Any = AsyncAshClient("http://host").send_message(S, "Hello!")
        async for _ in opening:
            pass

    with pytest.raises(ConfigurationError, match=r"async with client\.send_message"):
        asyncio.run(main())


def test_with_instead_of_async_with_says_so() -> None:
    client: Any = AsyncAshClient("http://host")
    for entered, other in ((client, "AshClient"), (client.session("bot"), "Chat")):
        with pytest.raises(ConfigurationError, match=f"'async with'; for 'with', take {other}"):
            entered.__enter__()
