"""What an estimate rests on and what it leaves out, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ash_ops.cost import capacity
from ash_ops.cost.plan import ARM, Plan
from ash_ops.cost.prices.table import Price, is_stale


def of_plan(plan: Plan) -> list[str]:
    """What was taken for granted about the quantities."""
    return [
        *_always(),
        *_traffic(plan),
        *_logs(plan),
        *_insights(plan),
        *_parts(plan),
        *plan.remarks,
    ]


def _always() -> Iterator[str]:
    yield "Everything runs all month; a month has 730 hours. List prices in US dollars."


def _traffic(plan: Plan) -> Iterator[str]:
    if plan.traffic is None or not plan.load_balancers:
        return
    month = plan.traffic.gb_per_hour * 730
    yield capacity.explained(plan.traffic)
    found = "assumed" if plan.traffic.measured_units is None else "measured"
    yield (
        f"{month.normalize():,.1f} GB a month pass the load balancer ({found}); half of it is answers that leave "
        "for the internet, and with cross-zone on the share of the other zones crosses zones."
    )


def _logs(plan: Plan) -> Iterator[str]:
    if plan.log_gb is not None and plan.log_stored_gb is None:
        yield f"{plan.log_gb} GB of logs a month, the event archive included."
    if plan.log_retention_days is None:
        yield "The logs are never deleted: what they cost grows every month."


def _insights(plan: Plan) -> Iterator[str]:
    if plan.insights == "disabled" or plan.insights_series is not None:
        return
    if plan.insights == "enhanced":
        yield "Enhanced Container Insights: 212 metrics a task, counted on one public deployment."
    else:
        yield (
            "Container Insights: 12 metrics a cluster and 25 a service with its task family, "
            "from the documented ECS metric set; a live count replaces it."
        )


def _parts(plan: Plan) -> Iterator[str]:
    if any(part.spot for part in plan.parts) and not plan.deployed:
        yield "`ash-ops deploy` has no option for Spot capacity: this prices a change of your own."
    if any(tasks.spot for tasks in plan.tasks):
        yield "Fargate Spot prices move daily, and a Spot task may be stopped at any time."
        if any(tasks.spot and tasks.arch == ARM for tasks in plan.tasks):
            yield "Whether Fargate Spot takes ARM tasks is documented both ways; check first."
    if plan.private and not plan.nat_gateways and not plan.endpoint_zones:
        yield "Private subnets reach the internet by a NAT gateway that others pay for."
    if plan.efs_gb and plan.efs_read_gb is None:
        yield (
            "EFS: as much is read and written a month as is kept, and the automatic backups are as "
            "large as what is kept."
        )
    if plan.nat_gateways:
        yield (
            "The NAT gateway is there for this deployment alone, and as much passes it as answers "
            "leave the load balancer."
        )
    if plan.metrics_read:
        yield "ash-ops itself: a doctor run a day, and `cost --actual` once a month."
    for item, reason in plan.unknown:
        yield f"Not known: {item}: {reason}."


def of_prices(lines: Sequence[tuple[str, Price | None]], today: date) -> list[str]:
    """Which prices are missing, doubtful or old."""
    return [*_missing(lines), *caveats(lines, today)]


def caveats(lines: Sequence[tuple[str, Price | None]], today: date) -> list[str]:
    """Which prices are doubtful or old."""
    return [*_doubtful(lines), *_old(lines, today)]


def _missing(lines: Sequence[tuple[str, Price | None]]) -> Iterator[str]:
    missing = [item for item, price in lines if price is None]
    if missing:
        yield (
            f"No citable price in this region for: {'; '.join(missing)}. The total is at least "
            "what is shown."
        )


def _doubtful(lines: Sequence[tuple[str, Price | None]]) -> Iterator[str]:
    for item, price in lines:
        if price is not None and price.remark:
            yield f"Uncertain price, {item}: {price.remark}."


def _old(lines: Sequence[tuple[str, Price | None]], today: date) -> Iterator[str]:
    bundled = [price.as_of for _, price in lines if price is not None and not price.live]
    old = [as_of for as_of in bundled if is_stale(as_of, today)]
    if old:
        yield (
            f"Last seen in AWS's list more than 90 days ago: {len(old)} of {len(bundled)} bundled "
            f"prices, the oldest on {min(old)}. `--prices live` reads them now."
        )


def excluded(plan: Plan) -> list[str]:
    """What the estimate leaves out."""
    free = "100 GB out, 5 GB of logs, 10 custom metrics and 10 alarms a month"
    left_out = [
        "Tax, support plans, Savings Plans, private pricing and credits.",
        "Log events of Container Insights before there is a deployment to measure them at.",
        "Backups of the database: seven days of them are free up to its size.",
        "What teardown leaves: a last snapshot, a kept disk, file system or recovery point.",
        f"Free tiers, which belong to the whole account: {free}.",
        "What the agents' model costs, unless --messages-per-day plans it or the server counts it.",
        "Calls to Secrets Manager, KMS and S3: cents at this size.",
        "Live Tail: $0.01 a minute after 1,800 minutes a month; `ash-ops logs -f` does not use it.",
    ]
    if plan.database is None:
        left_out.append("A database that ASH_DATABASE_URL names, if it is not in this deployment.")
    return left_out
