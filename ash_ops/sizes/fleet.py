"""How many runners so many sessions need, and how many sessions a fleet takes.

``tests/bench/capacity.py`` holds the rule against a simulated fleet; docs/scaling.md shows its table.
"""

from __future__ import annotations

from math import ceil, sqrt

SPARE_RUNNERS = 1
"""One may be away: its instance lost, drained or replaced, without a session being refused."""
# Sessions that begin independently of each other are Poisson-distributed: what runs at one moment is beyond
# three standard deviations above its mean for a thousandth of the time.
_DEVIATIONS = 3.0


def sandboxes_at_peak(sessions: int) -> int:
    """How many sandboxes sessions need at their peak, of which so many run on average in the busiest hour."""
    return sessions + ceil(_DEVIATIONS * sqrt(sessions))


def runners_for(sessions: int, each: int) -> int:
    """How many runners take so many sessions, one of them away.

    Args:
        sessions: how many run at a time, on average in the busiest hour.
        each: how many sandboxes one runner holds.
    """
    return ceil(sandboxes_at_peak(sessions) / each) + SPARE_RUNNERS


def sessions_of(runners: int, each: int) -> int:
    """How many sessions a fleet takes at a time, on average in its busiest hour and one runner away."""
    room = max(runners - SPARE_RUNNERS, 0) * each
    # The larger root of n + d * sqrt(n) = room, for the ceiling one session less where it does not fit.
    root = (sqrt(_DEVIATIONS**2 + 4 * room) - _DEVIATIONS) / 2
    found = int(root * root)
    return found if sandboxes_at_peak(found) <= room else found - 1
