"""What each command does, without a command line: settings and ports in, a ``Result`` out."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from ash_ops.errors import ExitCode


class Result(Struct, frozen=True, kw_only=True):
    """What a command found out.

    Attributes:
        exit_code: how it went.
        render: makes the document that goes to standard output; empty if there is none.
    """

    exit_code: ExitCode
    render: Callable[[], str] = str
