"""What AWS billed, by Cost Explorer. Every page it gives costs $0.01 (AWS Cost Management FAQ)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call
from ash_ops.aws.client.session import Aws
from ash_ops.errors import ReadFailed

PAGE_CHARGE = Decimal("0.01")
MAX_PAGES = 20
_CALL = op.GET_COST_AND_USAGE.action

# A credit, a refund or tax says nothing about what the deployment uses.
_USAGE_ONLY = {"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit", "Refund", "Tax"]}}}


@dataclass(frozen=True, slots=True)
class Spend:
    """What was billed in some days.

    Attributes:
        amounts: service, currency and unblended cost; amounts of two currencies are never added.
        estimated: whether AWS may still change the figures.
        pages: how many pages were read, which is what was paid for.
        cut: whether there were more pages than were read.
    """

    amounts: tuple[tuple[str, str, Decimal], ...]
    estimated: bool
    pages: int
    cut: bool = False


def spend(
    aws: Aws,
    start: date,
    end: date,
    tag: tuple[str, str] | None = None,
    *,
    may_read: Callable[[], bool] = lambda: True,
) -> Spend:
    """What was billed by service, for one tag's value or for the whole account.

    Args:
        aws: the session.
        start: the first day.
        end: the day after the last.
        tag: key and value of a cost-allocation tag; all of the account without it.
        may_read: asked before every page, each of which is paid for; without it the rest is cut.

    Raises:
        ReadFailed: Cost Explorer did not answer, or not with amounts.
    """
    pages, cut = _pages(aws, start, end, tag, may_read)
    try:
        return _sum(pages, cut=cut)
    except (KeyError, TypeError, IndexError, InvalidOperation, AttributeError) as error:
        raise ReadFailed(_CALL, "failed", "UnreadableAnswer", type(error).__name__) from error


def tag_status(aws: Aws, key: str) -> str:
    """Whether a tag is active for cost allocation: ``active``, ``inactive`` or ``absent``.

    Raises:
        ReadFailed: it may not be asked; a member account of an organization may not.
    """
    answer = call(aws, op.LIST_COST_ALLOCATION_TAGS, TagKeys=[key], MaxResults=10)
    found = [tag for tag in answer.get("CostAllocationTags", []) if tag.get("TagKey") == key]
    return str(found[0].get("Status", "")).lower() if found else "absent"


def _pages(
    aws: Aws, start: date, end: date, tag: tuple[str, str] | None, may_read: Callable[[], bool]
) -> tuple[list[Answer], bool]:
    """The pages that may be read, and whether there were more."""
    request: dict[str, Any] = {
        "TimePeriod": {"Start": start.isoformat(), "End": end.isoformat()},
        "Granularity": "MONTHLY",
        "Metrics": ["UnblendedCost"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}],
        "Filter": _filter(tag),
    }
    found: list[Answer] = []
    while len(found) < MAX_PAGES and may_read():
        found.append(call(aws, op.GET_COST_AND_USAGE, **request))
        token = found[-1].get("NextPageToken")
        if not token or token == request.get("NextPageToken"):
            return found, False
        request["NextPageToken"] = token
    return found, True


def _filter(tag: tuple[str, str] | None) -> dict[str, Any]:
    if tag is None:
        return _USAGE_ONLY
    key, value = tag
    return {"And": [{"Tags": {"Key": key, "Values": [value]}}, _USAGE_ONLY]}


def _sum(pages: list[Answer], *, cut: bool) -> Spend:
    """The groups of every page and month, added up by service and currency."""
    amounts: dict[tuple[str, str], Decimal] = {}
    months = [month for page in pages for month in page.get("ResultsByTime", [])]
    for month in months:
        for group in month.get("Groups", []):
            cost = group["Metrics"]["UnblendedCost"]
            place = (group["Keys"][0], cost["Unit"])
            amounts[place] = amounts.get(place, Decimal(0)) + _amount(cost["Amount"])
    return Spend(
        amounts=tuple((*place, amount) for place, amount in sorted(amounts.items())),
        estimated=any(month.get("Estimated") for month in months),
        pages=len(pages),
        cut=cut,
    )


def _amount(text: str) -> Decimal:
    """An amount of money.

    Raises:
        InvalidOperation: it is not a number; ``NaN`` and infinity are none.
    """
    amount = Decimal(text)
    if not amount.is_finite():
        raise InvalidOperation(text)
    return amount
