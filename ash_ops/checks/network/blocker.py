"""Something on the path that stops packets."""

from __future__ import annotations

from msgspec import Struct

from ash_ops.checks.base import Evidence, Fix


class Blocker(Struct, frozen=True):
    """One reason why packets do not get through.

    Attributes:
        sentence: what is in the way, with its real name.
        evidence: the facts that show it.
        fix: how to remove it.
        closed: the subnet that lacks its way to an internet gateway; empty where something else is in the way.
        dns: true when names cannot be resolved, rather than packets be sent.
    """

    sentence: str
    evidence: tuple[Evidence, ...]
    fix: tuple[Fix, ...]
    closed: str = ""
    dns: bool = False
