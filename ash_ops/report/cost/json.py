"""The estimate as data: the JSON contract ``ash-ops.cost/1``.

Numbers are written with every digit of their ``Decimal``; only what does not end (an hour's share
of a month) is rounded, to ten places.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from ash_ops.cost.answer import Answer
from ash_ops.cost.estimate import Estimate, Line
from ash_ops.cost.guide import footnotes

if TYPE_CHECKING:
    from ash_ops.cost.compare import Comparison
    from ash_ops.cost.sizing import Configuration
    from ash_ops.cost.tokens.bill import TokenBill
    from ash_ops.documents import cost as documents

_HOURLY_PLACES = Decimal("1e-10")
_TOKEN_PLACES = Decimal("0.01")
_MARK = "\N{SYMBOL FOR RECORD SEPARATOR}"
_MARKED = re.compile(f'"{_MARK}([^"]*)"')


def document(answer: Answer) -> documents.Cost:
    """The contract's object; money and quantities are still ``Decimal``."""
    estimate = answer.estimate
    figures = _figures(estimate)
    found: documents.Cost = {
        "schema": "ash-ops.cost/1",
        "region": estimate.plan.region,
        "currency": "USD",
        "basis": "deployed" if estimate.plan.deployed else "planned",
        "mode": estimate.plan.mode,
        "lines": figures["lines"],
        "total": figures["total"],
        "assumptions": estimate.assumptions,
        "excluded": estimate.excluded,
        "notes": footnotes(estimate),
        "otherwise": [
            {"name": way.name, "monthly": way.monthly, "note": way.note} for way in answer.otherwise
        ],
    }
    if answer.comparisons:
        compared = [_comparison(each) for each in answer.comparisons]
        found["comparison"], found["comparisons"] = compared[0], compared
    if answer.actual is not None:
        found["actual"] = answer.actual.document()
    if answer.tokens is not None:
        found["tokens"] = _tokens(answer.tokens)
    if answer.sizes is not None:
        found["sizes"] = [_size(each) for each in answer.sizes]
    return found


def dumps(found: documents.Cost) -> str:
    """The object as JSON text, with ``Decimal`` as exact numbers."""
    text = json.dumps(found, default=_marked, ensure_ascii=False, indent=2)
    return _MARKED.sub(r"\1", text)


def _marked(value: object) -> str:
    # json writes no Decimal, and a float would not keep its digits: write text, then unquote it.
    if not isinstance(value, Decimal):
        raise TypeError(type(value).__name__)
    return f"{_MARK}{value.normalize():f}"


def _figures(estimate: Estimate) -> documents.Figures:
    return {
        "lines": [_line(line) for line in estimate.lines],
        "total": {
            "hourly": _hourly(estimate.hourly),
            "monthly": estimate.monthly,
            "at_least": estimate.at_least,
            "range": _range(estimate.between),
        },
    }


def _line(line: Line) -> documents.CostLine:
    price = line.price
    return {
        "item": line.quantity.item,
        "quantity": line.quantity.amount,
        "unit": line.quantity.unit,
        "unit_price": line.unit_price,
        "hourly": _hourly(line.hourly),
        "monthly": line.monthly,
        "source": None if price is None else price.source,
        "as_of": None if price is None else price.as_of,
        "live": price is not None and price.live,
        "subject": line.quantity.subject,
        "range": _range(line.between),
    }


def _range(between: tuple[Decimal, Decimal] | None) -> documents.Range | None:
    """A month at other regions' prices, where this region's is unknown."""
    return None if between is None else {"low": between[0], "high": between[1]}


def _tokens(bill: TokenBill) -> documents.Tokens:
    used = bill.per_message
    return {
        "model": bill.price.model,
        "source": bill.price.source,
        "basis": "assumed" if bill.counted is None or not bill.counted.messages else "counted",
        "messages_per_day": bill.messages_a_day,
        "per_message": {
            "input": used.input.quantize(_TOKEN_PLACES),
            "output": used.output.quantize(_TOKEN_PLACES),
            "cache_write": used.cache_write.quantize(_TOKEN_PLACES),
            "cache_read": used.cache_read.quantize(_TOKEN_PLACES),
        },
        "message": _hourly(bill.message_cost),
        "session": _hourly(bill.session_cost),
        "daily": _hourly(bill.daily),
        "monthly": _hourly(bill.monthly),
        "agents": [{"agent": name, "monthly": _hourly(cost)} for name, cost in bill.agents],
    }


def _size(each: Configuration) -> documents.Size:
    return {
        "configuration": each.name,
        "holds": each.holds,
        "monthly": each.estimate.monthly,
        "at_least": each.estimate.at_least,
        "cannot": each.cannot,
        "command": each.command,
        "runs_agents": each.runs_agents,
    }


def _hourly(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_HOURLY_PLACES)


def _comparison(comparison: Comparison) -> documents.Compared:
    return {
        "change": comparison.change,
        "region": comparison.after.plan.region,
        **_figures(comparison.after),
        "difference": {
            "monthly": comparison.monthly,
            "of_known_lines": comparison.of_known_lines,
        },
    }
