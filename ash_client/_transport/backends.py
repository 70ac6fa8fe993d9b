"""What httpx's connections are given: our backend, and a guard against forks and other loops."""

from __future__ import annotations

import contextlib
import os
import socket
import weakref
from pathlib import Path
from typing import Any, TypeVar

import httpcore
import httpx

Connection = TypeVar("Connection")
_guarded: weakref.WeakSet[Any] = weakref.WeakSet()


def plug_in(transport: Any, backend: Any) -> None:
    """Let the transport's pool open connections through ``backend``.

    httpx offers no argument for it. Where its inside, or httpcore's, is not the one this was written for, the transport
    stays plain httpx: slower, and otherwise the same.
    """
    known = httpx.__version__.startswith("0.28.") and httpcore.__version__.startswith("1.0.")
    pool = getattr(transport, "_pool", None)
    if pool is not None and known and hasattr(pool, "_network_backend"):
        pool._network_backend = backend


def guard(connection: Connection) -> Connection:
    """Cut this connection off in every process forked from this one: two readers would share out the answers."""
    _guarded.add(connection)
    return connection


def hang_up(connection: Any) -> None:
    """End a connection from another thread or another loop than its own; whoever reads it sees its end."""
    with contextlib.suppress(OSError, AttributeError):
        sock = connection.get_extra_info("socket")
        # uvloop's own object for it cannot do this.
        with socket.fromfd(sock.fileno(), sock.family, sock.type) as same:
            same.shutdown(socket.SHUT_RDWR)


def _cut_off_all() -> None:
    with Path(os.devnull).open("rb") as nothing:
        for connection in list(_guarded):
            with contextlib.suppress(OSError, AttributeError):
                # In place of the socket, so that the parent's stays open and nothing else gets its number.
                os.dup2(nothing.fileno(), connection.get_extra_info("socket").fileno())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_cut_off_all)
