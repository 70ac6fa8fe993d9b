"""A service for which ECS finds no place: no task dies of it, so nothing but this ends the wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ash_ops.causes import classify
from ash_ops.facts.services import ServiceEvent

_REFUSED = "unable to place a task"
_PLACED = ("has started", "has reached a steady state")
_NO_HOST_YET = "No Container Instances were found"
AFTER = 180.0
"""Seconds of nothing but refusals after which waiting is pointless."""
AFTER_WITHOUT_HOSTS = 600.0
"""The same while no instance has registered: one that replaces another first waits for its disk."""


@dataclass(slots=True)
class Unplaced:
    """How long ECS has said that it can place no task.

    Attributes:
        since: when it was first seen to say so without a task between, by the watch's clock.
        message: what it said last.
    """

    since: float | None = None
    message: str = ""

    def note(self, events: Iterable[ServiceEvent], now: float) -> None:
        """Look at the service's events of this deployment, the newest first."""
        told = (event.message for event in events)
        newest = next((text for text in told if _REFUSED in text or _is_placed(text)), "")
        if _REFUSED not in newest:
            self.since = None
            return
        self.message = newest
        self.since = now if self.since is None else self.since

    def verdict(self, now: float) -> str:
        """Why waiting longer is pointless, in a sentence; empty while it is not."""
        limit = AFTER_WITHOUT_HOSTS if _NO_HOST_YET in self.message else AFTER
        if self.since is None or now - self.since < limit:
            return ""
        known = classify("service_event", {"message": self.message})
        told = f'({known.title}; it says "{self.message}")'
        return f"For {limit / 60:.0f} minutes ECS has found no place for a task {told}"


def _is_placed(text: str) -> bool:
    return any(mark in text for mark in _PLACED)
