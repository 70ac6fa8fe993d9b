"""What a stream tells of itself costs the same at its thousandth event as at its first."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx
import pytest

from ash_client import AshClient
from tests.ash_client.loopback import DONE, SESSION_ID, START, sse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ash_client import MessageStream

NAMES = ("session_id", "text", "usage", "result", "received_text", "thinking")
EVENTS = 4000


def body(events: int) -> Iterator[bytes]:
    """Deltas with their messages, a result half-way, an event a read."""
    yield START
    for number in range(events // 2):
        text = f"word {number} "
        yield sse("text_delta", {"delta": text})
        event = {"type": "content_block_delta", "delta": {"type": "text_delta", "text": text}}
        yield sse("message", {"type": "stream_event", "event": event}).replace(b'": ', b'":')
        if number == events // 4:
            usage = {"type": "result", "usage": {"input_tokens": 1, "output_tokens": 2}}
            yield sse("message", usage).replace(b'": ', b'":')
    yield DONE


def cost(events: int, look: Callable[[MessageStream], object]) -> float:
    """CPU seconds to read a stream and look at it after each event; the least of three."""
    pieces = list(body(events))

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, headers={"content-type": "text/event-stream"}, stream=Pieces(pieces)
        )

    times = []
    for _ in range(3):
        with httpx.Client(transport=httpx.MockTransport(answer)) as http:
            stream = AshClient("http://ash", http_client=http).send_message(SESSION_ID, "x")
            began = time.process_time()
            for _event in stream:
                look(stream)
            times.append(time.process_time() - began)
    return min(times)


class Pieces(httpx.SyncByteStream):
    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces


def look_at_all(stream: MessageStream) -> None:
    for name in NAMES:
        getattr(stream, name)


def test_reading_everything_after_each_event_costs_less_than_twice_the_loop() -> None:
    assert cost(EVENTS, look_at_all) < 2 * cost(EVENTS, lambda _: None)


@pytest.mark.parametrize("name", NAMES)
def test_four_times_the_events_cost_four_times_as_much(name: str) -> None:
    """Not sixteen times."""

    def look(stream: MessageStream) -> object:
        return getattr(stream, name)

    assert cost(2 * EVENTS, look) < 8 * cost(EVENTS // 2, look)


def test_the_text_piece_by_piece_is_linear_too() -> None:
    def whole(events: int) -> float:
        pieces = list(body(events))

        def answer(_: httpx.Request) -> httpx.Response:
            return httpx.Response(
                200, headers={"content-type": "text/event-stream"}, stream=Pieces(pieces)
            )

        times = []
        for _ in range(3):
            with httpx.Client(transport=httpx.MockTransport(answer)) as http:
                stream = AshClient("http://ash", http_client=http).send_message(SESSION_ID, "x")
                began = time.process_time()
                assert sum(len(piece) for piece in stream.text) == len(stream.received_text)
                times.append(time.process_time() - began)
        return min(times)

    assert whole(2 * EVENTS) < 8 * whole(EVENTS // 2)
