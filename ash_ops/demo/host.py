"""The emulator's own process: ``python -m ash_ops.demo.host``.

It listens on 127.0.0.1 on a port of its own, writes ``{"port": N}`` on standard output, and ends
when its standard input is closed, so that it cannot outlive the process that started it.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ash_ops.demo.names import ACCOUNT, DEFAULT_REGION

_THREADS = 64


def prepare_environment(port: int) -> None:
    """Say to ministack, which reads its environment when imported, where it runs.

    It is kept away from Docker: a container of the same name on this machine is not ours to stop.
    """
    os.environ["MINISTACK_ACCOUNT_ID"] = ACCOUNT
    os.environ.setdefault("MINISTACK_REGION", DEFAULT_REGION)
    os.environ["GATEWAY_PORT"] = str(port)
    os.environ["DOCKER_HOST"] = "unix:///nonexistent/docker.sock"
    os.environ["LOG_LEVEL"] = "ERROR"


async def serve(listening: socket.socket) -> None:
    """Serve until standard input ends."""
    from hypercorn.asyncio import serve as hypercorn_serve
    from hypercorn.config import Config

    from ash_ops.demo.gateway import Gateway, remember_connections

    config = Config()
    config.bind = [f"fd://{listening.detach()}"]
    config.graceful_timeout = 0.1
    config.keep_alive_timeout = 75
    config.loglevel = "ERROR"
    gateway = Gateway(remember_connections())
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    # Every request lives through what is due in a thread; Python's own pool has six on two cores.
    loop.set_default_executor(ThreadPoolExecutor(_THREADS))
    threading.Thread(
        target=lambda: (sys.stdin.read(), loop.call_soon_threadsafe(ended.set)), daemon=True
    ).start()
    application: Any = gateway  # hypercorn's own type of an application is its private matter
    await hypercorn_serve(application, config, shutdown_trigger=ended.wait)


def main() -> None:
    """Listen, say where, and serve."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    port = listening.getsockname()[1]
    prepare_environment(port)
    from ash_ops.demo import overlay

    overlay.install()
    sys.stdout.write(json.dumps({"port": port}) + "\n")
    sys.stdout.flush()
    try:
        asyncio.run(serve(listening))
    except KeyboardInterrupt:
        # Ctrl-C reaches every process of the terminal; the parent says what there is to say.
        return
    finally:
        # Connections that fell silent on purpose have threads that nobody waits for.
        os._exit(0)


if __name__ == "__main__":
    main()
