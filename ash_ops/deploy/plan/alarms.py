"""What a plan says of alarms: who will be told, and what has to be done for that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from ash_ops.deploy.plan.request import OF_THE_PLAN, Request
from ash_ops.errors import OpsError

_OF_WHAT = "unhealthy targets, failed rollouts and tasks that cannot start"
_PUBLISHERS = "cloudwatch, events and budgets.amazonaws.com"


def with_budget(request: Request, monthly: Callable[[Request], Decimal | None]) -> Request:
    """The request with the plan's own cost, in whole dollars, where that was asked for as the budget.

    Args:
        request: what is wanted.
        monthly: what it costs a month, in US dollars; ``None`` where that cannot be told.

    Raises:
        OpsError: what it costs cannot be told.
    """
    if request.given.get("AlarmBudget") != OF_THE_PLAN:
        return request
    cost = monthly(request)
    if not cost:
        raise OpsError(
            "From which cost on somebody is told is not known",
            "--alarm-budget plan was given, and a part of the plan has no known price",
            "Give dollars a month: --alarm-budget 90 (`ash-ops cost` says which price is missing).",
        )
    dollars = str(cost.to_integral_value(ROUND_CEILING))
    return replace(request, given={**request.given, "AlarmBudget": dollars})


def alarm_notes(request: Request) -> Iterator[str]:
    """Lines of a plan; nothing where alarms stay as they are."""
    email, topic = request.effective("AlarmEmail"), request.effective("AlarmTopicArn")
    if _is_new(request, "AlarmTopicArn") and topic:
        yield f"  alarms     {topic} is told of {_OF_WHAT}; its policy must let {_PUBLISHERS} publish"
    elif _is_new(request, "AlarmEmail") and email:
        yield (
            f"  alarms     {email} is told of {_OF_WHAT}; AWS sends a mail first that asks to confirm, and "
            "tells nobody until that is done"
        )
    if _is_new(request, "AlarmBudget") and request.effective("AlarmBudget"):
        yield (
            f"  alarms     ... and of more than ${request.effective('AlarmBudget')} a month, counted once "
            "ash:deployment is a cost allocation tag of the account (`ash-ops cost --actual` says whether)"
        )


def _is_new(request: Request, name: str) -> bool:
    return name in request.given and request.given[name] != request.previous.get(name, "")
