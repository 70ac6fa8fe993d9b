"""Who asks, what the account may use, and what CloudWatch measured."""

from __future__ import annotations

from msgspec.structs import replace

from ash_ops.aws import cloudwatch, iam, quotas
from ash_ops.facts.start import Identity, Quota
from ash_ops.snapshot.desk import Desk


def identity(desk: Desk) -> Identity:
    """The account and the caller."""
    return iam.caller(desk.aws)


def peaks(desk: Desk) -> tuple[float | None, float | None]:
    """Memory and vCPU in one call; ``memory_utilization`` and ``quota`` take their part."""
    names = desk.deployment
    return cloudwatch.peaks(desk.aws, names.cluster, names.service, desk.clock())


def memory_utilization(desk: Desk) -> float | None:
    """The highest share of its memory that a task used lately, in per cent."""
    peak: float | None = desk.need("_peaks")[0]
    return peak


def quota(desk: Desk) -> Quota | None:
    """Fargate's vCPU quota and, if CloudWatch told, how much of it is used."""
    found = quotas.fargate_vcpu(desk.aws)
    used = (desk.seek("_peaks") or (None, None))[1]
    return replace(found, used=used) if found else None
