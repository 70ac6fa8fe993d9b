"""What is written down: logs, metrics, alarms, secrets; and what ash-ops itself reads."""

from __future__ import annotations

from decimal import Decimal

from ash_ops.cost.lines.base import DAYS, Billed, Quantities, Quantity
from ash_ops.cost.plan import Plan


def log_ingestion(plan: Plan) -> Quantities:
    """Log data written to CloudWatch."""
    if plan.log_gb != 0:
        yield Quantity("Logs written", "logs_ingest_gb", plan.log_gb, "GB", "log-ingestion")


def log_storage(plan: Plan) -> Quantities:
    """Log data kept for the retention time."""
    amount = plan.log_stored_gb
    if amount is None and plan.log_gb is not None and plan.log_retention_days:
        amount = plan.log_gb * plan.log_retention_days / DAYS
    if amount != 0:
        kept = f"{plan.log_retention_days} days" if plan.log_retention_days else "for ever"
        item = f"Logs kept {kept}"
        yield Quantity(item, "logs_storage_gb_month", amount, "GB-months", "log-storage")


def container_insights(plan: Plan) -> Quantities:
    """The metrics Container Insights writes: custom metrics, or enhanced ones at their own price."""
    if plan.insights == "disabled":
        return
    enhanced = plan.insights == "enhanced"
    key = "container_insights_enhanced_metric_month" if enhanced else "metric_month"
    item = f"Container Insights ({plan.insights})"
    yield Quantity(item, key, Decimal(series(plan)), "metric-months", "container-insights")


def series(plan: Plan) -> int:
    """How many metrics Container Insights keeps for a plan.

    Standard: 10 resource metrics for the cluster and for each service and task family, 2 more for
    the cluster and 5 for each service (the documented ECS metric set): 37 with one service.
    Enhanced: 212 a task, counted on one public deployment of one task (2026).
    """
    if plan.insights_series is not None:
        return plan.insights_series
    if plan.insights == "enhanced":
        return 212 * max(int(sum(part.count for part in plan.parts)), 1)
    return 12 + 25 * plan.services


def alarms(plan: Plan) -> Quantities:
    """CloudWatch alarms of standard resolution, one metric each."""
    if plan.alarms != 0:
        amount = None if plan.alarms is None else Decimal(plan.alarms)
        yield Quantity("CloudWatch alarms", "alarm_month", amount, "alarm-months", "alarms")


def secrets(plan: Plan) -> Quantities:
    """Secrets Manager secrets; the AWS managed key that encrypts them is free."""
    if plan.secrets != 0:
        amount = None if plan.secrets is None else Decimal(plan.secrets)
        yield Quantity("Secrets", "secret_month", amount, "secret-months", "secrets")


def own_reads(plan: Plan) -> Quantities:
    """What looking costs: metrics that ash-ops reads, and requests to Cost Explorer."""
    if plan.metrics_read:
        amount, item = plan.metrics_read, "ash-ops: metric reads"
        yield Quantity(item, "get_metric_data_metric", amount, "metrics", "metric-reads")
    if plan.cost_explorer_requests:
        amount, item = Decimal(plan.cost_explorer_requests), "ash-ops: Cost Explorer"
        yield Quantity(item, "cost_explorer_request", amount, "requests", "cost-explorer")


def unread(plan: Plan) -> Quantities:
    """What may be there and could not be read: unknown, which is not nothing."""
    for item in plan.unread:
        subject = item.lower().replace(" ", "-")
        yield Quantity(item, "", None, "", subject)


_LOGS = "logs:DescribeLogGroups, cloudwatch:GetMetricStatistics"
WATCHED = (
    Billed(log_ingestion, ("logs_ingest_gb",), _LOGS, ("log-gb",)),
    Billed(log_storage, ("logs_storage_gb_month",), _LOGS, ("log-gb", "log-retention")),
    Billed(
        container_insights,
        ("metric_month", "container_insights_enhanced_metric_month"),
        "ecs:DescribeClusters, cloudwatch:ListMetrics",
        ("container-insights",),
    ),
)
COUNTED = (
    Billed(secrets, ("secret_month",), "ecs:DescribeTaskDefinition", ("secrets",)),
    Billed(alarms, ("alarm_month",), "cloudwatch:DescribeAlarms", ("alarms",)),
)
OWN = (
    Billed(own_reads, ("get_metric_data_metric", "cost_explorer_request"), ""),
    Billed(unread, (), ""),
)
