"""Capacity units of a Network Load Balancer: the largest of three dimensions is billed.

Source: AWS, Elastic Load Balancing pricing, read 2026-09-20. One unit an hour is, for TCP, 800 new
connections a second, 100,000 open ones or 1 GB; for TLS, 50 new, 3,000 open or 1 GB.
"""

from __future__ import annotations

from decimal import Decimal

from ash_ops.cost.plan import Traffic

_TCP = (Decimal(800), Decimal(100_000), Decimal(1))
_TLS = (Decimal(50), Decimal(3_000), Decimal(1))


def dimensions(traffic: Traffic) -> dict[str, Decimal]:
    """The units that each dimension alone would need."""
    new, active, gb = _TLS if traffic.tls else _TCP
    return {
        "new connections": traffic.new_per_second / new,
        "open connections": traffic.active / active,
        "bytes": traffic.gb_per_hour / gb,
    }


def units(traffic: Traffic) -> Decimal:
    """The units billed an hour: measured by AWS where it was, else the largest dimension."""
    if traffic.measured_units is not None:
        return traffic.measured_units
    return max(dimensions(traffic).values())


def explained(traffic: Traffic) -> str:
    """One sentence: how many units, and which dimension decides."""
    sizes = dimensions(traffic)
    name = max(sizes, key=lambda dimension: sizes[dimension])
    kind = "TLS" if traffic.tls else "TCP"
    if traffic.measured_units is not None:
        return f"Capacity units as AWS measured them: {traffic.measured_units:.4f} on average."
    each = ", ".join(f"{dimension} {size:.4f}" for dimension, size in sizes.items())
    return f"Capacity units ({kind}): the largest of {each} is billed, here {name}."
