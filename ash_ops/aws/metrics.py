"""What CloudWatch measured: the memory of the service, and the vCPU the account uses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ash_ops.aws.calls import Answer, call
from ash_ops.aws.session import Aws

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
        "cloudwatch",
        "get_metric_data",
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
    rows = answer.get("MetricDataResults") or []
    return max(
        (v for r in rows if r.get("Id") == name for v in r.get("Values") or []), default=None
    )
