"""What a real server sent (0.2.0), whole and cut off at every point: never success for a cut stream."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from ash_client import AgentError, AshClient, AshError, StreamInterrupted, UnknownEvent
from ash_client._stream.sse import Framer
from ash_client._stream.transcript import replay
from tests.ash_client.loopback import SESSION_ID, STREAM_HEAD

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ash_client.conftest import Driver
    from tests.ash_client.loopback import Loopback, Request

CAPTURES = sorted((Path(__file__).parent / "data").glob("*.sse"))
# Ended with ``done``, and no ``error`` before it.
COMPLETE = {
    "coord-message",
    "fail-client-disconnect-next-message",
    "fail-concurrent-A",
    "fail-message-right-after-exec",
    "fail-pause-midstream",
    "mock-fork-message",
    "mock-message-number",
    "real-unpatched-2blocks",
    "real-unpatched-string",
    "realfix-msg-500chunks-partial",
    "realfix-msg-bigtext",
    "realfix-msg-maxturns1-tool",
    "realfix-msg-slow-partial",
    "realfix-msg-thinking-partial",
    "realfix-msg-tool",
}
# Ended with ``done``, but of a command run beside it, or after the rest of an earlier turn.
FOREIGN = {"fail-exec-during-stream", "fail-message-after-exec-cut"}
FAILED = {
    "coord-runner-sigkill-midstream-next-message": "fetch failed",
    "fail-sandbox-killed-message-after-resume": "Not connected",
    "realfix-msg-api-529": "Claude Code process exited with code 1",
}

captures = pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.stem)


class Cut(httpx.SyncByteStream):
    """A body that ends, or breaks, after these pieces."""

    def __init__(self, *pieces: bytes, breaks: bool = False) -> None:
        self._pieces = pieces
        self._breaks = breaks

    def __iter__(self) -> object:  # type: ignore[override]  # a generator
        yield from self._pieces
        if self._breaks:
            message = "peer closed connection"
            raise httpx.RemoteProtocolError(message)


def read(pieces: list[bytes], *, breaks: bool = False) -> AshError | None:
    """Read a stream of these pieces through the client, without a network; how it ended."""

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, headers={"content-type": "text/event-stream"}, stream=Cut(*pieces, breaks=breaks)
        )

    http = httpx.Client(transport=httpx.MockTransport(answer))
    with http, AshClient("http://ash", http_client=http) as client:
        try:
            client.send_message(SESSION_ID, message="Hello!").until_done()
        except AshError as error:
            return error
    return None


@captures
def test_whole(capture: Path) -> None:
    """A capture ends as it ended on the wire."""
    error = read([capture.read_bytes()])
    if capture.stem in COMPLETE:
        assert error is None
    elif capture.stem in FAILED:
        assert isinstance(error, AgentError)
        assert str(error) == FAILED[capture.stem]
    else:
        assert isinstance(error, StreamInterrupted)
        assert len(error.events) > 5


@captures
def test_no_event_is_unknown(capture: Path) -> None:
    """Everything the server was seen to send has a type."""
    assert [e for e in replay(capture.read_bytes()) if isinstance(e, UnknownEvent)] == []


@captures
def test_the_terminal_event_comes_with_its_last_byte_only(capture: Path) -> None:
    """Cut at every byte: no prefix but the whole ends the stream, whatever the client then does with it."""
    wire = capture.read_bytes()
    terminal = next(
        (at for at in (wire.find(b"event: error\n"), wire.find(b"event: done\n")) if at >= 0), None
    )
    last = len(wire) + 1 if terminal is None else wire.index(b"\n\n", terminal) + 2
    framer = Framer()
    for at in range(len(wire)):
        names = {name for name, _ in framer.feed(wire[at : at + 1])}
        assert (at + 1 == last) if names & {b"done", b"error"} else at + 1 != last
        if names & {b"done", b"error"}:
            return


def cuts(wire: bytes) -> list[int]:
    """Every point of the last event and of the first 300 bytes, the bytes around each event's end, and a sample."""
    ends = [at + step for at in find_all(wire, b"\n\n") for step in (-1, 0, 1, 2, 3)]
    final = wire.rstrip(b"\n").rfind(b"\n\n")
    chosen = {
        *range(min(300, len(wire))),
        *range(final, len(wire)),
        *ends[:200],
        *range(0, len(wire), 997),
    }
    return sorted(at for at in chosen if 0 <= at < len(wire) - 1)


def find_all(wire: bytes, what: bytes) -> list[int]:
    found, at = [], wire.find(what)
    while at >= 0:
        found.append(at)
        at = wire.find(what, at + 1)
    return found


@captures
def test_cut(capture: Path) -> None:
    """A cut stream is an error of the tree: the agent's own if that had already arrived, else an interruption."""
    wire = capture.read_bytes()
    for at in cuts(wire):
        error = read([wire[:at]], breaks=at % 2 == 0)
        failed = any(name == b"error" for name, _ in Framer().feed(wire[:at]))
        assert type(error) is (AgentError if failed else StreamInterrupted), at


@captures
def test_on_a_real_connection(
    capture: Path, driver: Driver, serve: Callable[[Callable[[Request], None]], Loopback]
) -> None:
    """The same over sockets, the events in HTTP chunks, cut in the middle without the last chunk."""
    wire = capture.read_bytes()[:20_000]
    half = wire[: len(wire) // 2]

    def answer(request: Request) -> None:
        request.send(STREAM_HEAD)
        for event in half.splitlines(keepends=True):
            request.chunk(event)
        request.hang_up()

    outcome = driver.read(serve(answer).url)
    failed = any(name == b"error" for name, _ in Framer().feed(half))
    assert isinstance(outcome.error, AgentError if failed else StreamInterrupted)
    assert outcome.names == [e.event for e in outcome.error.events]
