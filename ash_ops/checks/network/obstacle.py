"""Something on the path that stops packets."""

from __future__ import annotations

from msgspec import Struct

from ash_ops.checks.base import Evidence, Fix


class Obstacle(Struct, frozen=True):
    """One reason why packets do not get through.

    Attributes:
        sentence: what is in the way, with its real name.
        evidence: the facts that show it.
        fix: how to remove it.
        dns: true when names cannot be resolved, rather than packets be sent.
    """

    sentence: str
    evidence: tuple[Evidence, ...]
    fix: tuple[Fix, ...]
    dns: bool = False
