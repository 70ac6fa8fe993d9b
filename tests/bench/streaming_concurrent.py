"""What many slow streams cost at once: CPU an event and memory a stream, on asyncio in one process.

``python tests/bench/streaming_concurrent.py`` opens 1,000 streams, each bringing two events a second, and prints a
Markdown table: ours beside httpx alone. ``--streams`` and ``--seconds`` change the load.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: keep-alive\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
EVENT = b'event: text_delta\ndata: {"delta":"some words "}\n\n'
DONE = b'event: done\ndata: {"sessionId":"s"}\n\n'
INTERVAL = 0.5


class SlowStream(asyncio.Protocol):
    """Answers any request with two events a second until ``events`` are sent."""

    def __init__(self, events: int) -> None:
        self._left = events

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if b"\r\n\r\n" in data:
            self._transport.write(HEAD)  # type: ignore[attr-defined]  # a TCP transport
            asyncio.get_running_loop().call_later(INTERVAL, self._tick)

    def _tick(self) -> None:
        self._left -= 1
        if self._transport.is_closing():
            return
        body = EVENT if self._left else DONE
        end = b"" if self._left else b"0\r\n\r\n"
        self._transport.write(b"%x\r\n%b\r\n" % (len(body), body) + end)  # type: ignore[attr-defined]  # as above
        if self._left:
            asyncio.get_running_loop().call_later(INTERVAL, self._tick)


async def serve(events: int) -> None:
    """Serve until the standard input is closed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SlowStream(events), "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


class Load:
    """Counts events and, between two moments, the CPU time spent on them."""

    def __init__(self, streams: int) -> None:
        self.streams = streams
        self.open = 0
        self.seen = 0

    async def steady(self, seconds: float) -> tuple[float, float]:
        """CPU microseconds an event once all streams are open, and KiB a stream."""
        before = resident_kib()
        while self.open < self.streams:  # noqa: ASYNC110 -- a benchmark, counting
            await asyncio.sleep(0.05)
        await asyncio.sleep(2.0)
        seen, used = self.seen, time.process_time()
        await asyncio.sleep(seconds)
        cpu = (time.process_time() - used) / (self.seen - seen) * 1e6
        return cpu, (resident_kib() - before) / self.streams


def resident_kib() -> float:
    """Memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024


async def ours(port: int, load: Load, seconds: float) -> tuple[float, float]:
    """This package."""
    from ash_client import AsyncAshClient

    async with AsyncAshClient(f"http://127.0.0.1:{port}", api_key="key") as client:

        async def one(number: int) -> None:
            async with client.send_message(f"session{number}", message="go") as stream:
                load.open += 1
                async for _ in stream:
                    load.seen += 1

        return await run(one, load, seconds)


async def httpx_alone(port: int, load: Load, seconds: float) -> tuple[float, float]:
    """Httpx, chunks counted and nothing read."""
    import httpx

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
    async with httpx.AsyncClient(limits=limits, timeout=None) as client:

        async def one(_: int) -> None:
            async with client.stream("POST", f"http://127.0.0.1:{port}/x", json={}) as response:
                load.open += 1
                async for _chunk in response.aiter_raw():
                    load.seen += 1

        return await run(one, load, seconds)


async def httpx_sse(port: int, load: Load, seconds: float) -> tuple[float, float]:
    """The httpx-sse package."""
    import httpx
    from httpx_sse import aconnect_sse

    url = f"http://127.0.0.1:{port}/x"
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
    async with httpx.AsyncClient(limits=limits, timeout=None) as client:

        async def one(_: int) -> None:
            async with aconnect_sse(client, "POST", url, json={}) as source:
                load.open += 1
                async for event in source.aiter_sse():
                    event.json()
                    load.seen += 1

        return await run(one, load, seconds)


async def aiohttp_framed(port: int, load: Load, seconds: float) -> tuple[float, float]:
    """What aiohttp, whose parser is in C, would cost with this package's framer and events."""
    import aiohttp

    from ash_client._stream.read_event import read_event
    from ash_client._stream.sse import Framer

    timeout = aiohttp.ClientTimeout(total=None)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:

        async def one(_: int) -> None:
            framer = Framer()
            async with session.post(f"http://127.0.0.1:{port}/x", json={}) as response:
                load.open += 1
                async for chunk in response.content.iter_any():
                    for name, data in framer.feed(chunk):
                        read_event(name, data)
                        load.seen += 1

        return await run(one, load, seconds)


async def run(one: object, load: Load, seconds: float) -> tuple[float, float]:
    """Open one stream to warm up, then all of them; measure, and let them go."""
    first = asyncio.create_task(one(-1))  # type: ignore[operator]  # a coroutine function
    while load.seen < 1:  # noqa: ASYNC110 -- a benchmark, counting
        await asyncio.sleep(0.05)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    load.open = 0
    tasks = [asyncio.create_task(one(n)) for n in range(load.streams)]  # type: ignore[operator]  # a coroutine function
    try:
        return await load.steady(seconds)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


CLIENTS = {
    "httpx, chunks only": (httpx_alone, "httpx"),
    "httpx-sse": (httpx_sse, "httpx_sse"),
    "ash_client": (ours, "ash_client"),
    "ash_client, uvloop": (ours, "uvloop"),
    "aiohttp with our framer": (aiohttp_framed, "aiohttp"),
}


def main() -> None:
    """Serve, measure one, or print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--client", choices=CLIENTS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    if chosen.serve:
        asyncio.run(serve(100_000))
    elif chosen.client:
        warm_up()
        load = Load(chosen.streams)
        work = CLIENTS[chosen.client][0](chosen.port, load, chosen.seconds)
        with asyncio.Runner(loop_factory=loop_of(chosen.client)) as runner:
            cpu, kib = runner.run(work)
        print(f"{cpu:.1f} {kib:.1f}")
    else:
        table(chosen.streams, chosen.seconds)


def loop_of(client: str) -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The event loop a client is measured on."""
    if not client.endswith("uvloop"):
        return None
    import uvloop

    make: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return make


def warm_up() -> None:
    """Import first, so that memory counts only the streams."""
    import httpx  # noqa: F401 -- for its side effect

    import ash_client

    _ = ash_client.AsyncAshClient, ash_client.Event


def table(streams: int, seconds: float) -> None:
    """Measure each client in a fresh process."""
    script = [sys.executable, str(Path(__file__).resolve())]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    server = subprocess.Popen([*script, "--serve"], text=True, **pipes)  # type: ignore[call-overload]  # keyword pipes
    port = server.stdout.readline().strip()
    print(
        f"| {streams} streams, 2 events/s each | CPU us an event, steady | KiB a stream |\n| --- | ---: | ---: |"
    )
    for name, (_, package) in CLIENTS.items():
        if importlib.util.find_spec(package) is None:
            sys.stderr.write(f"{name}: not installed, left out\n")
            continue
        command = [
            *script,
            "--client",
            name,
            "--port",
            port,
            "--streams",
            str(streams),
            "--seconds",
            str(seconds),
        ]
        environment = {**os.environ, "NO_PROXY": "127.0.0.1"}
        run = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
        cpu, kib = run.stdout.split()
        print(f"| {name} | {cpu} | {kib} |", flush=True)
    server.communicate()


if __name__ == "__main__":
    main()
