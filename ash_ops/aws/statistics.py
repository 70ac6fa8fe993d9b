"""Hourly statistics of CloudWatch metrics, by the call that costs nothing.

GetMetricStatistics is among the million requests a month that are free; GetMetricData is billed
for every metric asked for (CloudWatch pricing, read 2026-10-07).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from ash_ops.aws.calls import call
from ash_ops.aws.session import Aws

HOUR = 3600
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Window:
    """The time that is looked at."""

    start: datetime
    end: datetime

    @property
    def hours(self) -> Decimal:
        """How long it is."""
        return Decimal((self.end - self.start) / timedelta(hours=1))


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
        "cloudwatch",
        "get_metric_statistics",
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
