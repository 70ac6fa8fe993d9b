"""What a plan says of alarms: who will be told, and what has to be done for that."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.deploy.plan.request import Request

_OF_WHAT = "unhealthy targets, failed rollouts and tasks that cannot start"
_PUBLISHERS = "cloudwatch, events and budgets.amazonaws.com"


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
    return request.given.get(name, "") != request.previous.get(name, "")
