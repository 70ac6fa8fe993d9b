"""Something on the path that stops packets."""

from __future__ import annotations

from msgspec import Struct

from ash_ops.checks.base import Evidence, Fix

# What may be in the way, by the parts of the path: names, routes, security groups, network ACLs.
BLOCKED = (
    "dns-disabled",
    "route-missing",
    "route-blackhole",
    "public-ip-missing",
    "egress-blocked",
    "nacl-blocks",
)
# Tells what is in the way to the internet apart from the same in the way of something else.
INTERNET = "internet"


class Blocker(Struct, frozen=True):
    """One reason why packets do not get through.

    Attributes:
        cause: the slug of what it is.
        sentence: what is in the way, with its real name.
        evidence: the facts that show it.
        fix: how to remove it.
        closed: the subnet that lacks its way to an internet gateway; empty where something else is in the way.
    """

    cause: str
    sentence: str
    evidence: tuple[Evidence, ...]
    fix: tuple[Fix, ...]
    closed: str = ""
