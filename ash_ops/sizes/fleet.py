"""How many runners so many sessions need, and how many sessions a fleet takes.

``tests/bench/capacity.py`` holds the rule against a simulated fleet; docs/scaling.md shows its tables.
"""

from __future__ import annotations

from math import ceil, sqrt

SPARE_RUNNERS = 1
"""One may be away: its instance lost, drained or replaced, without a session being refused."""
LEAST_SANDBOXES = 14
"""What a runner of a fleet should hold at least.

The coordinator chooses a runner by the sandboxes that work on a turn (Ash 0.2.0, ``drizzle-db.ts`` 187-202): of few,
that says by chance alone how full a runner is.
"""
# Sessions that begin independently of each other are Poisson-distributed: what runs at one moment is beyond
# three standard deviations above its mean for a thousandth of the time.
_DEVIATIONS = 3.0
# Whoever arrives between two heartbeats goes to one runner. Heartbeats come every 10 s (``constants.ts``); that
# a session lasts 20 minutes is an assumption.
_ARRIVE_OF = 20 * 60 // 10


def sandboxes_at_peak(sessions: int) -> int:
    """How many sandboxes sessions need at their peak, of which so many run on average in the busiest hour."""
    return sessions + ceil(_DEVIATIONS * sqrt(sessions))


def runners_for(sessions: int, each: int) -> int | None:
    """How many runners take so many sessions, one of them away; ``None`` where no number would do.

    Args:
        sessions: how many run at a time, on average in the busiest hour.
        each: how many sandboxes one runner holds.
    """
    usable = each - ceil(sessions / _ARRIVE_OF) - ceil(sqrt(each) * 2 / 3)
    if each < LEAST_SANDBOXES or usable < each / 2:
        return None
    return ceil(sandboxes_at_peak(sessions) / usable) + SPARE_RUNNERS


def sessions_of(runners: int, each: int) -> int:
    """How many sessions a fleet takes at a time, on average in its busiest hour and one runner away."""
    least, most = 0, runners * each
    while least < most:
        middle = (least + most + 1) // 2
        needed = runners_for(middle, each)
        if needed is not None and needed <= runners:
            least = middle
        else:
            most = middle - 1
    return least
