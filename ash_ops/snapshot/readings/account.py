"""Who asks, what the account may use, and what CloudWatch measured."""

from __future__ import annotations

from msgspec.structs import replace

from ash_ops.aws import cloudwatch, ecs, iam
from ash_ops.aws import operations as op
from ash_ops.facts.start import Identity, Quota
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.declaration import reading


@reading(op.GET_CALLER_IDENTITY, client="sts")
def identity(context: ReadingContext) -> Identity:
    """The account and the caller."""
    return iam.caller(context.aws)


@reading(op.GET_METRIC_DATA, name="_peaks", client="cloudwatch")
def peaks(context: ReadingContext) -> tuple[float | None, float | None]:
    """Memory and vCPU in one call; ``memory_utilization`` and ``quota`` take their part."""
    names = context.deployment
    return cloudwatch.peaks(context.aws, names.cluster, names.service, context.clock())


@reading(op.GET_METRIC_DATA, after=("_peaks",))
def memory_utilization(context: ReadingContext) -> float | None:
    """The highest share of its memory that a task used lately, in per cent."""
    peak: float | None = context.need("_peaks")[0]
    return peak


@reading(op.GET_SERVICE_QUOTA, after=("_peaks",))
def quota(context: ReadingContext) -> Quota | None:
    """Fargate's vCPU quota and, if CloudWatch told, how much of it is used."""
    found = cloudwatch.fargate_vcpu(context.aws)
    used = (context.seek("_peaks") or (None, None))[1]
    return replace(found, used=used) if found else None


@reading(op.LIST_ACCOUNT_SETTINGS, client="ecs")
def log_driver_mode(context: ReadingContext) -> str:
    """What the account's log drivers do with a full buffer unless told otherwise."""
    return ecs.log_driver_mode(context.aws) or "non-blocking"
