"""What Service Quotas says about Fargate's vCPU."""

from __future__ import annotations

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call
from ash_ops.aws.session import Aws

FARGATE_ON_DEMAND_VCPU = "L-3032A538"  # service code "fargate", not "ecs"


def fargate_vcpu(aws: Aws) -> Answer | None:
    """The quota "Fargate On-Demand vCPU resource count" of this account and region."""
    answer = call(
        aws,
        op.GET_SERVICE_QUOTA,
        ServiceCode="fargate",
        QuotaCode=FARGATE_ON_DEMAND_VCPU,
    )
    return answer.get("Quota") or None
