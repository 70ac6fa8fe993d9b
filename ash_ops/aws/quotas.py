"""What Service Quotas says about Fargate's vCPU."""

from __future__ import annotations

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call
from ash_ops.aws.session import Aws
from ash_ops.facts.start import Quota

FARGATE_ON_DEMAND_VCPU = "L-3032A538"  # service code "fargate", not "ecs"


def fargate_vcpu(aws: Aws) -> Quota | None:
    """The quota "Fargate On-Demand vCPU resource count" of this account and region."""
    answer = call(
        aws,
        op.GET_SERVICE_QUOTA,
        ServiceCode="fargate",
        QuotaCode=FARGATE_ON_DEMAND_VCPU,
    )
    found = answer.get("Quota")
    if not found:
        return None
    code = found.get("QuotaCode") or FARGATE_ON_DEMAND_VCPU
    return Quota(code=code, name=found.get("QuotaName") or "", value=found.get("Value"))
