"""Where lines go: one write a page, and a reader that goes away ends the command quietly."""

from __future__ import annotations

import select
import sys
import time
from typing import BinaryIO


class Output:
    """Standard output, written a page at a time.

    Args:
        stream: the binary stream to write to.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._poll = _hangup_poll(stream)

    def write(self, text: str) -> None:
        """Write and flush.

        Raises:
            BrokenPipeError: nobody reads any more.
        """
        self._stream.write(text.encode("utf-8", "backslashreplace"))
        self._stream.flush()

    def sleep(self, seconds: float) -> None:
        """Wait, unless the reader goes away meanwhile.

        Raises:
            BrokenPipeError: nobody reads any more.
        """
        if self._poll is None:
            time.sleep(seconds)
        elif self._poll.poll(max(1, seconds * 1000)):
            raise BrokenPipeError


def _hangup_poll(stream: BinaryIO) -> select.poll | None:
    """What tells that the other end was closed, where the system can."""
    if not hasattr(select, "poll") or sys.platform == "win32":
        return None
    try:
        number = stream.fileno()
    except (OSError, ValueError):
        return None
    poll = select.poll()
    # No event is asked for: the system reports errors and hang-ups anyway.
    poll.register(number, 0)
    return poll
