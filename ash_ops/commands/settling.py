"""``doctor --wait``: look again while time alone may settle the verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ash_ops.errors import OpsError

if TYPE_CHECKING:
    from ash_ops.commands.ports import Ports
    from ash_ops.examine import Looked

# What died of a lack of memory is called repaired after a quarter of an hour at most
# (checks/_attempts.py); a start and its health checks take less.
_PATIENCE_S = 1200.0
_BETWEEN_LOOKS_S = 5.0


def settled(
    ports: Ports, look: Callable[[], Looked], first: Looked, progress: Callable[[str], None]
) -> Looked:
    """Look until nothing starts any more and what was repaired is certain, 20 minutes at most.

    Args:
        ports: the world.
        look: reads the facts and diagnoses them.
        first: what was found already.
        progress: shows what is waited for, in place of what it showed before.

    Returns:
        The last look: the very first where time would settle nothing.
    """
    looked, end = first, ports.clock() + _PATIENCE_S
    while (waits_for := _what_time_settles(looked)) and ports.clock() < end:
        progress(waits_for)
        ports.sleep(_BETWEEN_LOOKS_S)
        try:
            looked = look()
        except OpsError as failure:
            progress(f"could not look: {failure}")
    return looked


def _what_time_settles(looked: Looked) -> str:
    """What is still under way, in words; empty where waiting would change nothing."""
    from ash_ops.checks._facts import answers, is_coming_up

    snapshot, report = looked
    if is_coming_up(snapshot) and not answers(snapshot):
        return "a task is starting"
    return next((each.reason for each in report.unknown if each.until is not None), "")
