"""What CloudWatch measured: the peaks that a diagnosis asks for, the hours that a bill is made of.

GetMetricStatistics is among the million requests a month that are free; GetMetricData is billed
for every metric asked for (CloudWatch pricing, read 2026-10-07).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, rows
from ash_ops.aws.client.session import Aws
from ash_ops.facts.start import Quota
from ash_ops.facts.usage import Window

# "Fargate On-Demand vCPU resource count" ("AWS Fargate service quotas"); service code "fargate", not "ecs".
FARGATE_ON_DEMAND_VCPU = "L-3032A538"
HOUR = 3600
DAY = 86_400


def hourly(
    aws: Aws,
    window: Window,
    namespace: str,
    metric: str,
    dimensions: Mapping[str, str],
    statistic: str = "Sum",
    period: int = HOUR,
) -> dict[datetime, Decimal]:
    """A metric's values by the start of their period; a period without data is absent.

    Raises:
        ReadFailed: CloudWatch did not answer.
    """
    answer = call(
        aws,
        op.GET_METRIC_STATISTICS,
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
        StartTime=window.start,
        EndTime=window.end,
        Period=period,
        Statistics=[statistic],
    )
    points = answer.get("Datapoints", [])
    return {point["Timestamp"]: Decimal(str(point[statistic])) for point in points}


_MEMORY, _VCPU = "memory", "vcpu"
_PERIOD = 300  # seconds; AWS/Usage has one value a minute, AWS/ECS too


def peaks(aws: Aws, cluster: str, service: str, now: datetime) -> tuple[float | None, float | None]:
    """The peaks of the last three hours in one call.

    Returns:
        The highest memory utilisation of a task in per cent of what is configured, and the
        vCPU that Fargate tasks of the account used; ``None`` for what has no data.
    """
    dimensions = {"ClusterName": cluster, "ServiceName": service}
    usage = {
        "Type": "Resource",
        "Resource": "vCPU",
        "Service": "Fargate",
        "Class": "Standard/OnDemand",
    }
    queries = [
        _query(_MEMORY, "AWS/ECS", "MemoryUtilization", dimensions),
        _query(_VCPU, "AWS/Usage", "ResourceCount", usage),
    ]
    answer = call(
        aws,
        op.GET_METRIC_DATA,
        MetricDataQueries=queries,
        StartTime=now - timedelta(hours=3),
        EndTime=now,
    )
    return _peak(answer, _MEMORY), _peak(answer, _VCPU)


def _query(name: str, namespace: str, metric: str, dimensions: dict[str, str]) -> dict[str, Any]:
    named = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    metric_of = {"Namespace": namespace, "MetricName": metric, "Dimensions": named}
    return {"Id": name, "MetricStat": {"Metric": metric_of, "Period": _PERIOD, "Stat": "Maximum"}}


def _peak(answer: Answer, name: str) -> float | None:
    found = answer.get("MetricDataResults") or []
    return max(
        (v for r in found if r.get("Id") == name for v in r.get("Values") or []), default=None
    )


def alarms(aws: Aws, prefix: str) -> int:
    """How many alarms have names that start so.

    Raises:
        ReadFailed: CloudWatch did not answer.
    """
    return sum(1 for _ in rows(aws, op.DESCRIBE_ALARMS, AlarmNamePrefix=prefix))


def alarms_on(aws: Aws, prefix: str, watched: frozenset[str]) -> Iterator[str]:
    """The alarms whose names start so and whose dimensions name something that is watched.

    Raises:
        ReadFailed: CloudWatch did not answer.
    """
    for alarm in rows(aws, op.DESCRIBE_ALARMS, AlarmNamePrefix=prefix):
        if watched & {dimension.get("Value") for dimension in alarm.get("Dimensions") or ()}:
            yield alarm["AlarmName"]


def active_series(aws: Aws, cluster: str) -> int:
    """How many metrics of Container Insights had data of a cluster in the last three hours.

    Raises:
        ReadFailed: CloudWatch did not answer.
    """
    found = rows(
        aws,
        op.LIST_METRICS,
        Namespace="ECS/ContainerInsights",
        Dimensions=[{"Name": "ClusterName", "Value": cluster}],
        RecentlyActive="PT3H",
    )
    return sum(1 for _ in found)


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
