"""``python -m ash_client.testing``: the stand-in server on its own, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from typing import Final

from ash_client.testing.server import AshServer

_MAX_PORT: Final = 65535


def main(argv: list[str] | None = None) -> int:
    """Run the server; prints its URL on stdout.

    Returns:
        0 after Ctrl-C or SIGTERM, 1 when the port is taken, 2 for wrong usage.
    """
    options = _parser().parse_args(argv)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    server = AshServer(
        api_key=os.environ.get(options.api_key_env) or None,
        agents=options.agent or ["my-agent"],
        port=options.port,
        on_log=_print_log if options.log else None,
    )
    try:
        server.start()
    except OSError as error:
        sys.stderr.write(f"Cannot listen on port {options.port}: {error.strerror}.\n")
        return 1
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    stopped.wait()
    server.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ash_client.testing",
        description="A stand-in Ash server on loopback, until Ctrl-C.",
        allow_abbrev=False,
    )
    parser.add_argument("--port", type=_port, default=0, help="0 takes a free port (default)")
    parser.add_argument("--api-key", type=_refused_key, help=argparse.SUPPRESS)
    parser.add_argument(
        "--api-key-env",
        default="ASH_API_KEY",
        metavar="NAME",
        help="environment variable that holds the API key; unset: no key is asked for",
    )
    parser.add_argument("--agent", action="append", help="an agent to deploy (default my-agent)")
    parser.add_argument("--log", action="store_true", help="write the server's log to stderr")
    return parser


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) <= _MAX_PORT):
        raise argparse.ArgumentTypeError(f"must be a number between 0 and {_MAX_PORT}")
    return int(text)


def _refused_key(_: str) -> str:
    raise argparse.ArgumentTypeError(
        "a key is never on the command line, where others can read it: use --api-key-env"
    )


def _print_log(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    raise SystemExit(main())
