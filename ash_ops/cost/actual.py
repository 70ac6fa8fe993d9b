"""What was billed, beside what was estimated for the same days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ash_ops.aws import cost_explorer, iam
from ash_ops.aws.cost_explorer import PAGE_CHARGE, Spend
from ash_ops.cost.cache import Cache
from ash_ops.cost.estimate import Estimate
from ash_ops.errors import OpsError, ReadFailed

if TYPE_CHECKING:
    from ash_ops.aws.client.session import Aws
    from ash_ops.documents import cost as documents

DAY_HOURS = 24
FIRST_PAGES = 3
MORE_PAGES = 10
LIST_CURRENCY = "USD"

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
    "ecs_managed_": "Amazon Elastic Container Service",
    "logs_": "AmazonCloudWatch",
    "metric_": "AmazonCloudWatch",
    "container_insights_": "AmazonCloudWatch",
    "get_metric_data_": "AmazonCloudWatch",
    "alarm_": "AmazonCloudWatch",
    "secret_": "AWS Secrets Manager",
    "ecr_": "Amazon EC2 Container Registry (ECR)",
    "efs_backup_": "AWS Backup",
    "efs_": "Amazon Elastic File System",
    "rds_": "Amazon Relational Database Service",
    "s3_": "Amazon Simple Storage Service",
    "route53_": "Amazon Route 53",
    "cost_explorer_": "AWS Cost Explorer",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One service in one currency: estimated, billed with the tag, billed to the whole account.

    What is estimated is in US dollars, and stands in no row of another currency.
    """

    service: str
    currency: str
    estimated: Decimal | None
    tagged: Decimal | None
    account: Decimal | None


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are looked at.

    Attributes:
        start: the first day.
        end: the day after the last.
        hours: how many hours of them the deployment can have been there.
    """

    start: date
    end: date
    hours: Decimal

    @property
    def days(self) -> int:
        """How many days."""
        return (self.end - self.start).days

    @property
    def is_partial(self) -> bool:
        """Whether the deployment is younger than the first day."""
        return self.hours < self.days * DAY_HOURS


@dataclass(frozen=True, slots=True)
class Actual:
    """What was billed in some days.

    Attributes:
        tagged: what carries the deployment's tag.
        account: the whole account.
        tag_status: of the tag, asked when nothing carries it: ``active``, ``inactive``,
            ``absent``, or ``unknown`` with a reason behind a colon; empty when it was not asked.
        charge: what asking has cost, in US dollars.
    """

    period: Period
    tag: tuple[str, str]
    tagged: Spend
    account: Spend
    tag_status: str
    charge: Decimal
    estimate: Estimate

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of the bill, which are not always the dollars of the list prices."""
        found = {unit for _, unit, _ in (*self.tagged.amounts, *self.account.amounts)}
        return tuple(sorted(found)) or (LIST_CURRENCY,)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every service that was estimated or carries the tag, and what the account paid for it."""
        estimated = _by_service(self.estimate, self.period.hours)
        tagged, account = _by_place(self.tagged), _by_place(self.account)
        places = {*tagged, *((name, self._usual(name, account)) for name in estimated)}
        return tuple(
            Row(
                *place,
                estimated.get(place[0], Decimal(0)) if self._is_usual(place) else Decimal(0),
                tagged.get(place),
                account.get(place),
            )
            for place in sorted(places)
        )

    def _usual(self, service: str, account: Mapping[tuple[str, str], Decimal]) -> str:
        """The currency in whose row an estimate stands: the list's, else the one that is billed."""
        units = [unit for name, unit in account if name == service] or list(self.currencies)
        return LIST_CURRENCY if LIST_CURRENCY in units else units[0]

    def _is_usual(self, place: tuple[str, str]) -> bool:
        return place[1] == self._usual(place[0], _by_place(self.account))

    @property
    def notes(self) -> list[str]:
        """What the reader must know about these figures."""
        return [note for note in _notes(self) if note]

    def document(self) -> documents.Bill:
        """The part of the JSON contract."""
        return {
            "start": self.period.start.isoformat(),
            "end": self.period.end.isoformat(),
            "currency": "/".join(self.currencies),
            "tag": "=".join(self.tag),
            "tag_status": self.tag_status or "active",
            "charge": self.charge,
            "complete": not (self.tagged.cut or self.account.cut),
            "services": [
                {
                    "service": row.service,
                    "currency": row.currency,
                    "estimated": row.estimated,
                    "tagged": row.tagged,
                    "account": row.account,
                }
                for row in self.rows
            ],
            "notes": self.notes,
        }


class PageBudget:
    """Pages that the user has agreed to pay for: none is read before it was agreed to.

    Args:
        confirm: is told a charge, and says whether to go on.
    """

    def __init__(self, confirm: Callable[[str], bool]) -> None:
        self._confirm = confirm
        self._agreed = 0
        self.spent = 0

    def agree(self, pages: int, question: str) -> bool:
        """Ask for some pages more."""
        if not self._confirm(question):
            return False
        self._agreed += pages
        return True

    def take(self) -> bool:
        """Pay for one page; where none is left, the user is asked for more."""
        more = MORE_PAGES * PAGE_CHARGE
        question = f"Cost Explorer has more pages: at most ${more} more for {MORE_PAGES}. Go on?"
        if self.spent == self._agreed and not self.agree(MORE_PAGES, question):
            return False
        self.spent += 1
        return True


def read_actual(
    aws: Aws,
    estimate: Estimate,
    period: Period,
    cache: Cache,
    confirm: Callable[[str], bool],
    *,
    before: str = "",
) -> Actual:
    """Ask Cost Explorer, after asking the user; an answer of the last day costs nothing.

    Args:
        aws: the session.
        estimate: what to put beside it.
        period: the days.
        cache: where answers are kept.
        confirm: is told the charge, and says whether to go on.
        before: what the user must know before agreeing, such as that there is no deployment.

    Raises:
        OpsError: the user declined, or Cost Explorer could not be asked.
    """
    tag = aws.settings.deployment.tag
    account = iam.caller(aws).account
    place = f"{period.start} {period.end} {aws.settings.endpoint_url or ''}"
    question = f"2 {account} {'='.join(tag)} {place}"
    kept = cache.get(question)
    if kept is not None:
        return Actual(period, tag, *_thawed(kept), Decimal(0), estimate)
    budget = PageBudget(confirm)
    if not budget.agree(FIRST_PAGES, f"{before} {_charge_sentence()}".strip()):
        raise OpsError(
            "What was billed was not read",
            "Cost Explorer charges for it, and that was not agreed to",
            "Answer yes, or add --yes. The Billing console shows the same at no charge.",
        )
    tagged = cost_explorer.spend(aws, period.start, period.end, tag, may_read=budget.take)
    whole = cost_explorer.spend(aws, period.start, period.end, may_read=budget.take)
    status = _status(aws, tagged, tag[0], budget)
    if not (tagged.cut or whole.cut):
        cache.put(question, _frozen(tagged, whole, status))
    return Actual(period, tag, tagged, whole, status, budget.spent * PAGE_CHARGE, estimate)


def last_days(days: int, today: date, since: datetime | None = None) -> Period:
    """The full days up to yesterday, none from before the deployment.

    One day at least: a deployment of today has nothing on the bill yet, and is told so.
    """
    start = today - timedelta(days=days)
    first = since.astimezone(UTC).date() if since else start
    begin = min(max(start, first), today - timedelta(days=1))
    return Period(begin, today, _hours(begin, today, since))


def _hours(begin: date, end: date, since: datetime | None) -> Decimal:
    """The hours between two midnights in UTC, from the deployment on if it is younger."""
    midnight = datetime.combine(begin, time(), UTC)
    start = max(midnight, since.astimezone(UTC)) if since else midnight
    seconds = (datetime.combine(end, time(), UTC) - start).total_seconds()
    return max(Decimal(str(seconds)) / 3600, Decimal(0))


def _charge_sentence() -> str:
    most = FIRST_PAGES * PAGE_CHARGE
    return f"Cost Explorer charges ${PAGE_CHARGE} a page: at most ${most} now. Go on?"


def _status(aws: Aws, tagged: Spend, key: str, budget: PageBudget) -> str:
    """The tag's status where nothing carries it; empty where that need not be asked."""
    if tagged.amounts or not budget.take():
        return ""
    try:
        return cost_explorer.tag_status(aws, key)
    except ReadFailed as failure:
        return f"unknown: {failure.call}: {failure.code}"


def _notes(actual: Actual) -> Iterator[str]:
    yield _about_tag(actual)
    if actual.period.is_partial:
        yield (
            f"{actual.period.start} is the day of the deployment and not a whole one: the estimate "
            f"is for the {actual.period.hours:.0f} hours since."
        )
    yield "Figures of the last day or two may still be missing."
    if actual.tagged.estimated or actual.account.estimated:
        yield "AWS marks the figures as estimated: the month is not closed."
    if actual.tagged.cut or actual.account.cut:
        yield (
            "Not all pages were read: every sum is too low. Ask for fewer --days, or see the "
            "Billing console."
        )
    if len(actual.currencies) > 1:
        yield f"Billed in {' and '.join(actual.currencies)}: amounts of two currencies are not added."
    yield "The account's column is all that the account pays for that service."


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


def _by_place(spend: Spend) -> dict[tuple[str, str], Decimal]:
    return {(service, unit): amount for service, unit, amount in spend.amounts}


def _by_service(estimate: Estimate, hours: Decimal) -> dict[str, Decimal | None]:
    """The estimate for some hours by service; ``None`` where a line of it is unknown."""
    found: dict[str, Decimal | None] = {}
    for line in estimate.lines:
        name = service_of(line.quantity.key)
        if name is None:
            continue
        before = found.get(name, Decimal(0))
        part = None if line.hourly is None else line.hourly * hours
        found[name] = None if before is None or part is None else before + part
    return found


def _frozen(tagged: Spend, account: Spend, status: str) -> dict[str, Any]:
    return {"tagged": _spend_data(tagged), "account": _spend_data(account), "status": status}


def _spend_data(spend: Spend) -> dict[str, Any]:
    amounts = [[service, unit, str(amount)] for service, unit, amount in spend.amounts]
    return {"amounts": amounts, "estimated": spend.estimated}


def _thawed(kept: Mapping[str, Any]) -> tuple[Spend, Spend, str]:
    return (_spend(kept["tagged"]), _spend(kept["account"]), str(kept["status"]))


def _spend(data: Mapping[str, Any]) -> Spend:
    amounts = ((str(name), str(unit), Decimal(amount)) for name, unit, amount in data["amounts"])
    return Spend(tuple(amounts), bool(data["estimated"]), 0)
