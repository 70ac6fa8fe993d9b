"""``cost``: price a deployment or a plan, with the source of every price."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ash_ops.commands import Result
from ash_ops.commands.ports import Ports
from ash_ops.cost.answer import Answer, CountTokens, Request, answer
from ash_ops.errors import ExitCode
from ash_ops.report.cost import rendered

if TYPE_CHECKING:
    from ash_ops.cost.tokens.bill import Counted


def cost(
    ports: Ports, request: Request, format_name: str, *, budget: Decimal | None = None
) -> Result:
    """Price what was asked for.

    Args:
        ports: the world.
        request: what was asked.
        format_name: ``text``, ``json``, ``markdown`` or ``html``.
        budget: US dollars a month that must not be exceeded.

    Raises:
        OpsError: a value cannot be right, or what is deployed could not be read.
    """
    found = answer(
        ports.settings,
        ports.open_aws,
        request,
        confirm=ports.dialogue.agree_to_charge,
        today=ports.now().date(),
        count_tokens=_counter(ports, request),
    )
    for note in found.notes:
        ports.note(note)
    code = ExitCode.PROBLEMS if found.is_unmet else ExitCode.OK
    if budget is not None and not found.is_unmet:
        code = _judged(ports, found, budget)
    return Result(exit_code=code, render=lambda: rendered(found, format_name, ports.page) + "\n")


def _counter(ports: Ports, request: Request) -> CountTokens | None:
    """Asks the server of ``ASH_SERVER_URL``; a plan without messages to price asks nobody."""
    url, key = ports.settings.get("ASH_SERVER_URL"), ports.settings.secret("ASH_API_KEY")
    if url is None or (request.only_plan and request.messages_a_day is None):
        return None

    def count(days: int) -> Counted:
        from ash_ops.cost.tokens.served import ask

        return ask(url, key, ports.now(), days)

    return count


def _judged(ports: Ports, found: Answer, budget: Decimal) -> ExitCode:
    """Above the budget is a problem; where an unknown price decides, it cannot be told."""
    within = found.within(budget)
    if within:
        return ExitCode.OK
    least = "at least " if found.estimate.at_least else ""
    total = f"{least}${_apart(found.monthly, budget)} a month"
    if within is None:
        ports.note(f"Whether {total} stays within ${budget} cannot be told: a price is not known.")
        return ExitCode.INCONCLUSIVE
    ports.note(f"{total} is above the budget of ${budget}.")
    return ExitCode.PROBLEMS


def _apart(amount: Decimal, budget: Decimal) -> str:
    """An amount in cents, or with as many places as tell it from the budget."""
    places = (f"{amount:.{n}f}" for n in range(2, 10))
    return next((text for text in places if Decimal(text) != budget), f"{amount:f}")
