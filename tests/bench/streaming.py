"""What one streamed event costs: CPU microseconds, ours beside the peers, in one run.

``python tests/bench/streaming.py`` prints a Markdown table. A server in a process of its own sends each event as one
HTTP chunk, as fast as the client takes it, like the Ash server does; every client runs in a fresh process and counts
its user and system time. Peers that are not installed are left out with a remark (``pip install -e '.[bench]'``).
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

SESSION = "8d9dceaa-5492-4181-a003-c5b8b32d0637"
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
    b"Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
)
COUNTS = {"small": 100_000, "real": 100_000, "medium": 10_000}
TITLES = {"small": "small", "real": "real mix", "medium": "1.7 KB message"}


# The streams.


def event(name: str, payload: object) -> bytes:
    """One server-sent event as the server writes it."""
    return f"event: {name}\ndata: {json.dumps(payload, separators=(',', ':'))}\n\n".encode()


def small() -> list[bytes]:
    """Only text deltas."""
    return [event("text_delta", {"delta": f"w{n % 1000} "}) for n in range(COUNTS["small"])]


def real() -> list[bytes]:
    """Partial messages as captured: each text delta followed by the message it came from."""
    events = []
    for n in range(COUNTS["real"] // 2):
        text = f"w{n % 1000} "
        delta = {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": text},
        }
        events.append(event("text_delta", {"delta": text}))
        events.append(
            event(
                "message",
                {
                    "type": "stream_event",
                    "event": delta,
                    "session_id": "49ca65da-7647-4f11-9d75-a5f3bfe9f920",
                    "parent_tool_use_id": None,
                    "uuid": "cbfed277-561a-4698-bc6a-1326f8b2c2d5",
                },
            )
        )
    return events


def medium() -> list[bytes]:
    """Whole assistant messages of 1.7 KB."""
    message = {
        "type": "assistant",
        "message": {
            "id": "msg_01",
            "type": "message",
            "role": "assistant",
            "model": "claude-sonnet-4-5-20250929",
            "content": [{"type": "text", "text": "All happy families are alike. " * 43}],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 25, "output_tokens": 1},
        },
        "parent_tool_use_id": None,
        "session_id": "49ca65da-7647-4f11-9d75-a5f3bfe9f920",
        "uuid": "15ea7568-c537-4dcf-964d-13f12f6136f1",
    }
    return [event("message", message)] * COUNTS["medium"]


def as_anthropic(events: list[bytes]) -> list[bytes]:
    """The same number of events of about the same size, in the only vocabulary the anthropic client reads."""
    adapted = []
    for one in events:
        spare = max(1, len(one) - 130)
        delta = {"type": "text_delta", "text": "x" * spare}
        adapted.append(
            event(
                "content_block_delta", {"type": "content_block_delta", "index": 0, "delta": delta}
            )
        )
    adapted.append(event("message_stop", {"type": "message_stop"}))
    return adapted


SHAPES: dict[str, Callable[[], list[bytes]]] = {"small": small, "real": real, "medium": medium}


# The server.


def serve() -> None:
    """Answer every POST with the stream its path names, until the standard input is closed."""
    listener = socket.create_server(("127.0.0.1", 0))
    bodies = {name: body_of(make()) for name, make in SHAPES.items()}
    bodies |= {f"anthropic-{name}": body_of(as_anthropic(make())) for name, make in SHAPES.items()}
    threading.Thread(target=accept, args=(listener, bodies), daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    sys.stdin.read()


def body_of(events: list[bytes]) -> bytes:
    """The chunked body: one HTTP chunk an event."""
    done = event("done", {"sessionId": SESSION})
    chunks = [b"%x\r\n%b\r\n" % (len(e), e) for e in [*events, done]]
    return b"".join(chunks) + b"0\r\n\r\n"


def accept(listener: socket.socket, bodies: dict[str, bytes]) -> None:
    """One thread a connection."""
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(connection, bodies), daemon=True).start()


def answer(connection: socket.socket, bodies: dict[str, bytes]) -> None:
    """Answer the requests of one connection."""
    received = b""
    while True:
        while b"\r\n\r\n" not in received:
            data = connection.recv(65536)
            if not data:
                return
            received += data
        head, _, received = received.partition(b"\r\n\r\n")
        length = next(
            (
                int(line[15:])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            ),
            0,
        )
        while len(received) < length:
            received += connection.recv(65536)
        received = received[length:]
        name = head.split(b" ", 2)[1].decode().split("/")[1]
        connection.sendall(HEAD + bodies[name])


# The clients. Each yields nothing and returns how many events it saw.


def ours(url: str, read: Callable[[object], object] | None = None) -> int:
    """This package: messages are decoded when read."""
    from ash_client import AshClient

    seen = 0
    with (
        AshClient(url, api_key="key") as client,
        client.send_message(SESSION, message="go") as stream,
    ):
        if read is None:
            for _ in stream:
                seen += 1
        else:
            for one in stream:
                read(one)
                seen += 1
    return seen


def ours_eager(url: str) -> int:
    """This package, every payload decoded."""
    return ours(url, lambda one: one.data)  # type: ignore[attr-defined]  # an Event


async def read_async(url: str) -> int:
    """This package on an event loop."""
    from ash_client import AsyncAshClient

    seen = 0
    client = AsyncAshClient(url, api_key="key")
    async with client, client.send_message(SESSION, message="go") as stream:
        async for _ in stream:
            seen += 1
    return seen


def ours_async(url: str) -> int:
    """On asyncio."""
    return asyncio.run(read_async(url))


def ours_uvloop(url: str) -> int:
    """On uvloop."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(read_async(url))


def ours_trio(url: str) -> int:
    """On trio."""
    import trio

    return trio.run(read_async, url)


def aiohttp_framed(url: str) -> int:
    """What the fastest HTTP client of Python's would cost with this package's framer and events."""

    async def run() -> int:
        import aiohttp

        from ash_client._stream.read_event import read_event
        from ash_client._stream.sse import Framer

        seen, framer = 0, Framer()
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{url}/api/x", json={}) as response,
        ):
            async for chunk in response.content.iter_any():
                for name, data in framer.feed(chunk):
                    read_event(name, data)
                    seen += 1
        return seen

    return asyncio.run(run())


def httpx_floor(url: str) -> int:
    """What httpx alone costs: chunks counted, nothing read."""
    import httpx

    with httpx.Client() as client, client.stream("POST", f"{url}/api/x", json={}) as response:
        return sum(1 for _ in response.iter_raw())


def httpx_sse(url: str) -> int:
    """The httpx-sse package."""
    import httpx
    from httpx_sse import connect_sse

    with httpx.Client() as client, connect_sse(client, "POST", f"{url}/api/x", json={}) as source:
        return sum(1 for one in source.iter_sse() if one.json() is not None)


def ash_ai_sdk(url: str) -> int:
    """The public Python SDK."""
    from ash_sdk import AshClient

    return sum(1 for _ in AshClient(url, "key").send_message_stream(SESSION, "go"))


def anthropic(url: str) -> int:
    """The anthropic client on a stream of its own vocabulary."""
    import anthropic

    client = anthropic.Anthropic(base_url=url, api_key="key")
    messages = [{"role": "user", "content": "go"}]
    stream = client.messages.create(model="m", max_tokens=1, messages=messages, stream=True)  # type: ignore[call-overload]  # no types when not installed
    return sum(1 for _ in stream)


CLIENTS: dict[str, tuple[Callable[[str], int], str, str]] = {
    "httpx, chunks only": (httpx_floor, "httpx", ""),
    "httpx-sse": (httpx_sse, "httpx_sse", ""),
    "ash-ai-sdk": (ash_ai_sdk, "ash_sdk", ""),
    "anthropic": (anthropic, "anthropic", "anthropic-"),
    "ash_client": (ours, "ash_client", ""),
    "ash_client, every payload read": (ours_eager, "ash_client", ""),
    "ash_client, asyncio": (ours_async, "ash_client", ""),
    "ash_client, uvloop": (ours_uvloop, "uvloop", ""),
    "ash_client, trio": (ours_trio, "trio", ""),
    "aiohttp with our framer": (aiohttp_framed, "aiohttp", ""),
}


def measure(name: str, shape: str, port: int) -> None:
    """Run one client on one stream in this process and print the CPU time of an event."""
    run, _, prefix = CLIENTS[name]
    url = f"http://127.0.0.1:{port}/{prefix}{shape}"
    run(url)  # imports, caches
    used = []
    for _ in range(3):
        began = time.process_time()
        seen = run(url)
        used.append((time.process_time() - began) / seen * 1e6)
    if seen < COUNTS[shape]:
        sys.exit(f"{name} saw only {seen} of {COUNTS[shape]} events")
    print(f"{min(used):.3f}")


# The table.


def table(shapes: list[str]) -> Iterator[str]:
    """Measure everything; one line at a time."""
    script = str(Path(__file__).resolve())
    server = subprocess.Popen(
        [sys.executable, script, "--serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    port = server.stdout.readline().strip()
    try:
        yield "| CPU us an event | " + " | ".join(TITLES[s] for s in shapes) + " |"
        yield "| --- |" + " ---: |" * len(shapes)
        for name, (_, package, _) in CLIENTS.items():
            if importlib.util.find_spec(package) is None:
                sys.stderr.write(f"{name}: not installed, left out\n")
                continue
            cells = [cell(script, name, shape, port) for shape in shapes]
            yield f"| {name} | " + " | ".join(cells) + " |"
    finally:
        server.communicate()


def cell(script: str, name: str, shape: str, port: str) -> str:
    """One client, one stream, one fresh process."""
    command = [sys.executable, script, "--client", name, "--shape", shape, "--port", port]
    environment = {**os.environ, "NO_PROXY": "127.0.0.1"}
    run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if run.returncode:
        sys.stderr.write(f"{name}, {shape}: {run.stderr.strip().splitlines()[-1]}\n")
        return "failed"
    return f"{float(run.stdout):.2f}"


def main() -> None:
    """Serve, measure one, or print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--client", choices=CLIENTS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--shape", choices=SHAPES, action="append", help="measure only this stream")
    chosen = parser.parse_args()
    if chosen.serve:
        serve()
    elif chosen.client:
        measure(chosen.client, chosen.shape[0], chosen.port)
    else:
        for line in table(chosen.shape or list(SHAPES)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
