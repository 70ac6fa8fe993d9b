"""What was billed, beside what was estimated for the same days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ash_ops.aws import cost_explorer, iam
from ash_ops.aws.cost_explorer import PAGE_CHARGE, Spend
from ash_ops.cost.cache import Cache
from ash_ops.cost.estimate import Estimate
from ash_ops.errors import OpsError, ReadFailed

if TYPE_CHECKING:
    from ash_ops.aws.session import Aws

DAY_HOURS = 24
USUAL_PAGES = 2

# Cost Explorer's names of the services, by the beginning of a price's key.
_SERVICES = {
    "fargate_": "Amazon Elastic Container Service",
    "nlb_": "Amazon Elastic Load Balancing",
    "nlcu_": "Amazon Elastic Load Balancing",
    "public_ipv4_": "Amazon Virtual Private Cloud",
    "vpc_endpoint_": "Amazon Virtual Private Cloud",
    "nat_gateway_": "EC2 - Other",
    "ebs_": "EC2 - Other",
    "data_": "EC2 - Other",
    "ec2_": "Amazon Elastic Compute Cloud - Compute",
    "logs_": "AmazonCloudWatch",
    "metric_": "AmazonCloudWatch",
    "container_insights_": "AmazonCloudWatch",
    "get_metric_data_": "AmazonCloudWatch",
    "alarm_": "AmazonCloudWatch",
    "secret_": "AWS Secrets Manager",
    "ecr_": "Amazon EC2 Container Registry (ECR)",
    "efs_": "Amazon Elastic File System",
    "rds_": "Amazon Relational Database Service",
    "s3_": "Amazon Simple Storage Service",
    "route53_": "Amazon Route 53",
    "cost_explorer_": "AWS Cost Explorer",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One service: estimated, billed with the tag, billed to the whole account."""

    service: str
    estimated: Decimal | None
    tagged: Decimal | None
    account: Decimal | None


@dataclass(frozen=True, slots=True)
class Actual:
    """What was billed in some days.

    Attributes:
        start: the first day.
        end: the day after the last.
        tagged: what carries the deployment's tag.
        account: the whole account.
        tag_status: of the tag, asked when nothing carries it: ``active``, ``inactive``,
            ``absent``, or ``unknown`` with a reason behind a colon; empty when it was not asked.
        charge: what asking has cost, in US dollars.
    """

    start: date
    end: date
    tag: tuple[str, str]
    tagged: Spend
    account: Spend
    tag_status: str
    charge: Decimal
    estimate: Estimate

    @property
    def days(self) -> int:
        """How many days."""
        return (self.end - self.start).days

    @property
    def currency(self) -> str:
        """The currency of the bill, which is not always the dollars of the list prices."""
        return self.account.currency or self.tagged.currency or "USD"

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every service that was estimated or carries the tag, and what the account paid for it."""
        estimated = _by_service(self.estimate, self.days)
        tagged, account = dict(self.tagged.services), dict(self.account.services)
        return tuple(
            Row(name, estimated.get(name, Decimal(0)), tagged.get(name), account.get(name))
            for name in sorted({*estimated, *tagged})
        )

    @property
    def notes(self) -> list[str]:
        """What the reader must know about these figures."""
        notes = [_about_tag(self), "Figures of the last day or two may still be missing."]
        if self.tagged.estimated or self.account.estimated:
            notes.append("AWS marks the figures as estimated: the month is not closed.")
        notes.append("The account's column is all that the account pays for that service.")
        return [note for note in notes if note]

    def document(self) -> dict[str, Any]:
        """The part of the JSON contract."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "currency": self.currency,
            "tag": "=".join(self.tag),
            "tag_status": self.tag_status or "active",
            "charge": self.charge,
            "services": [
                {
                    "service": row.service,
                    "estimated": row.estimated,
                    "tagged": row.tagged,
                    "account": row.account,
                }
                for row in self.rows
            ],
            "notes": self.notes,
        }


def read_actual(
    aws: Aws,
    estimate: Estimate,
    period: tuple[date, date],
    cache: Cache,
    confirm: Callable[[str], bool],
) -> Actual:
    """Ask Cost Explorer, after asking the user; an answer of the last day costs nothing.

    Args:
        aws: the session.
        estimate: what to put beside it.
        period: the first day, and the day after the last.
        cache: where answers are kept.
        confirm: is told the charge, and says whether to go on.

    Raises:
        OpsError: the user declined, or Cost Explorer could not be asked.
    """
    start, end = period
    tag = aws.settings.deployment.tag
    account = iam.caller(aws).account
    question = f"{account} {'='.join(tag)} {start} {end} {aws.settings.endpoint_url or ''}"
    kept = cache.get(question)
    if kept is not None:
        return Actual(start, end, tag, *_thawed(kept), Decimal(0), estimate)
    if not confirm(_charge_sentence()):
        raise OpsError(
            "What was billed was not read",
            "Cost Explorer charges for it, and that was not agreed to",
            "Answer yes, or add --yes. The Billing console shows the same at no charge.",
        )
    tagged = cost_explorer.spend(aws, start, end, tag)
    whole = cost_explorer.spend(aws, start, end)
    status, asked = _status(aws, tagged, tag[0])
    charge = (tagged.pages + whole.pages + asked) * PAGE_CHARGE
    cache.put(question, _frozen(tagged, whole, status))
    return Actual(start, end, tag, tagged, whole, status, charge, estimate)


def last_days(days: int, today: date, since: date | None = None) -> tuple[date, date]:
    """The full days up to yesterday, none from before the deployment.

    One day at least: a deployment of today has nothing on the bill yet, and is told so.
    """
    start = today - timedelta(days=days)
    return (min(max(start, since or start), today - timedelta(days=1)), today)


def _charge_sentence() -> str:
    usual = USUAL_PAGES * PAGE_CHARGE
    return (
        f"Cost Explorer charges ${PAGE_CHARGE} a page: here ${usual}, or a cent more if it does not "
        "know the tag. Go on?"
    )


def _status(aws: Aws, tagged: Spend, key: str) -> tuple[str, int]:
    """The tag's status where nothing carries it, and how many requests that took."""
    if tagged.services:
        return ("", 0)
    try:
        return (cost_explorer.tag_status(aws, key), 1)
    except ReadFailed as failure:
        return (f"unknown: {failure.call}: {failure.code}", 1)


def _about_tag(actual: Actual) -> str:
    key, value = actual.tag
    activate = (
        "aws ce update-cost-allocation-tags-status --cost-allocation-tags-status "
        f"TagKey={key},Status=Active"
    )
    status, _, reason = actual.tag_status.partition(": ")
    return {
        "": "",
        "active": f"The tag {key} is active, and nothing with {key}={value} was billed yet.",
        "inactive": f"The tag {key} is not activated for cost allocation, so nothing can be told "
        f"apart by it. In the paying account: {activate}. It counts from a day later, not back.",
        "absent": f"Billing has not seen the tag {key} yet: it takes a day after the first "
        f"deployment. Then activate it, in the paying account: {activate}.",
        "unknown": f"Nothing carries the tag {key}={value}, and whether it is activated could not "
        f"be told ({reason}). In the paying account: {activate}.",
    }.get(status, f"The tag {key} is {status}.")


def service_of(key: str) -> str | None:
    """The service under which Cost Explorer lists what a price is for."""
    return next((name for start, name in _SERVICES.items() if key.startswith(start)), None)


def _by_service(estimate: Estimate, days: int) -> dict[str, Decimal | None]:
    """The estimate for some days by service; ``None`` where a line of it is unknown."""
    found: dict[str, Decimal | None] = {}
    for line in estimate.lines:
        name = service_of(line.quantity.key)
        if name is None:
            continue
        before = found.get(name, Decimal(0))
        part = None if line.hourly is None else line.hourly * DAY_HOURS * days
        found[name] = None if before is None or part is None else before + part
    return found


def _frozen(tagged: Spend, account: Spend, status: str) -> dict[str, Any]:
    return {"tagged": _spend_data(tagged), "account": _spend_data(account), "status": status}


def _spend_data(spend: Spend) -> dict[str, Any]:
    services = [[name, str(amount)] for name, amount in spend.services]
    return {"services": services, "currency": spend.currency, "estimated": spend.estimated}


def _thawed(kept: Mapping[str, Any]) -> tuple[Spend, Spend, str]:
    return (_spend(kept["tagged"]), _spend(kept["account"]), str(kept["status"]))


def _spend(data: Mapping[str, Any]) -> Spend:
    services = tuple((str(name), Decimal(amount)) for name, amount in data["services"])
    return Spend(services, str(data["currency"]), bool(data["estimated"]), 0)
