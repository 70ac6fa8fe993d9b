"""EC2: what a type of instance has, in which zones there is one, and how many an account may run."""

from __future__ import annotations

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call, facts, rows
from ash_ops.aws.client.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.facts.instance_types import InstanceType


def instance_type(aws: Aws, name: str) -> InstanceType | None:
    """A type by its name; ``None`` where the region has none of it.

    Raises:
        ReadFailed: EC2 could not be asked.
    """
    try:
        found = facts(aws, op.DESCRIBE_INSTANCE_TYPES, InstanceType, InstanceTypes=[name])
    except ReadFailed as failure:
        if failure.code == "InvalidInstanceType":
            return None
        raise
    return next(iter(found), None)


def zones_of_type(aws: Aws, name: str) -> frozenset[str]:
    """The zones of the region that offer a type, by their names.

    Raises:
        ReadFailed: they could not be read.
    """
    wanted = [{"Name": "instance-type", "Values": [name]}]
    found = rows(
        aws,
        op.DESCRIBE_INSTANCE_TYPE_OFFERINGS,
        LocationType="availability-zone",
        Filters=wanted,
    )
    return frozenset(row["Location"] for row in found)


def vcpu_quota(aws: Aws, code: str) -> float | None:
    """How many virtual processors of a family of types an account may run on demand.

    Args:
        aws: the session.
        code: the quota's, for instance ``L-1216C47A``.

    Raises:
        ReadFailed: Service Quotas could not be asked.
    """
    answer = call(aws, op.GET_SERVICE_QUOTA, ServiceCode="ec2", QuotaCode=code)
    value = (answer.get("Quota") or {}).get("Value")
    return None if value is None else float(value)
