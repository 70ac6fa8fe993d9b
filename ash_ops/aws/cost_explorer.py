"""What AWS billed, by Cost Explorer. Every page it gives costs $0.01 (AWS Cost Management FAQ)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call
from ash_ops.aws.session import Aws
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
        services: unblended cost by service.
        currency: as Cost Explorer names it, usually ``USD``; empty if nothing was billed.
        estimated: whether AWS may still change the figures.
        pages: how many pages were read, which is what was paid for.
    """

    services: tuple[tuple[str, Decimal], ...]
    currency: str
    estimated: bool
    pages: int


def spend(aws: Aws, start: date, end: date, tag: tuple[str, str] | None = None) -> Spend:
    """What was billed by service, for one tag's value or for the whole account.

    Args:
        aws: the session.
        start: the first day.
        end: the day after the last.
        tag: key and value of a cost-allocation tag; all of the account without it.

    Raises:
        ReadFailed: Cost Explorer did not answer, or not with amounts.
    """
    pages = _pages(aws, start, end, tag)
    try:
        return _sum(pages)
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


def _pages(aws: Aws, start: date, end: date, tag: tuple[str, str] | None) -> list[Answer]:
    request: dict[str, Any] = {
        "TimePeriod": {"Start": start.isoformat(), "End": end.isoformat()},
        "Granularity": "MONTHLY",
        "Metrics": ["UnblendedCost"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}],
        "Filter": _filter(tag),
    }
    found: list[Answer] = []
    while len(found) < MAX_PAGES:
        found.append(call(aws, op.GET_COST_AND_USAGE, **request))
        token = found[-1].get("NextPageToken")
        if not token or token == request.get("NextPageToken"):
            break
        request["NextPageToken"] = token
    return found


def _filter(tag: tuple[str, str] | None) -> dict[str, Any]:
    if tag is None:
        return _USAGE_ONLY
    key, value = tag
    return {"And": [{"Tags": {"Key": key, "Values": [value]}}, _USAGE_ONLY]}


def _sum(pages: list[Answer]) -> Spend:
    """The groups of every page and month, added up by service."""
    services: dict[str, Decimal] = {}
    currencies: set[str] = set()
    months = [month for page in pages for month in page.get("ResultsByTime", [])]
    for month in months:
        for group in month.get("Groups", []):
            cost = group["Metrics"]["UnblendedCost"]
            name = group["Keys"][0]
            services[name] = services.get(name, Decimal(0)) + Decimal(cost["Amount"])
            currencies.add(cost["Unit"])
    return Spend(
        services=tuple(sorted(services.items())),
        currency="/".join(sorted(currencies)),
        estimated=any(month.get("Estimated") for month in months),
        pages=len(pages),
    )
