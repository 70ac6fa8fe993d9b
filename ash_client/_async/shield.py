"""Finishing something although the task around it is being cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

if TYPE_CHECKING:
    from collections.abc import Awaitable

# How long a cancelled task may be held up by it.
MOST_SECONDS = 10.0


async def finish(work: Awaitable[object]) -> None:
    """Wait for it, shielded from cancellation, for a moment at most."""
    with anyio.move_on_after(MOST_SECONDS, shield=True):
        await work
