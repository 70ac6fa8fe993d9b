"""Why the public guide's cost figures differ from the bill."""

from __future__ import annotations

from decimal import Decimal

from ash_ops.cost.estimate import Estimate

GUIDE_HOURLY = Decimal("0.037")
GUIDE_MONTHLY = Decimal(27)
GUIDE_LARGE_MONTHLY = Decimal(73)


def footnotes(estimate: Estimate) -> list[str]:
    """The guide's figures, and what they leave out, with this estimate's figures for it."""
    addresses = _sum(estimate, "public-ipv4")
    insights = _sum(estimate, "container-insights")
    large = f"The guide's ~${GUIDE_LARGE_MONTHLY} a month for 2 vCPU and 4 GB is Fargate alone."
    default = (
        f"The guide says ~${GUIDE_HOURLY} an hour, ~${GUIDE_MONTHLY} a month for the default size, "
        "idle, in us-east-1. It prices the load balancer at ~$0.012 a zone-hour, which is a "
        "Gateway Load Balancer; a Network Load Balancer costs $0.0225 an hour however many zones. "
        f"It leaves out public addresses (here {_money(addresses)}), Container Insights (here "
        f"{_money(insights)}), secrets, log storage and data out."
    )
    return [default, large]


def _sum(estimate: Estimate, subject: str) -> Decimal | None:
    found = [line.monthly for line in estimate.lines if line.quantity.subject.startswith(subject)]
    return sum((value for value in found if value is not None), Decimal(0)) if found else None


def _money(value: Decimal | None) -> str:
    return "none" if value is None else f"${value:.2f} a month"
