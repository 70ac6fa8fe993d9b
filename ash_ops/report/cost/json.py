"""The estimate as data: the JSON contract ``ash-ops.cost/1``.

Numbers are written with every digit of their ``Decimal``; only what does not end (an hour's share
of a month) is rounded, to ten places.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ash_ops.cost.estimate import Estimate, Line
from ash_ops.cost.guide import footnotes

if TYPE_CHECKING:
    from ash_ops.cost.compare import Comparison

SCHEMA = "ash-ops.cost/1"
_HOURLY_PLACES = Decimal("1e-10")
_MARK = "\N{SYMBOL FOR RECORD SEPARATOR}"
_MARKED = re.compile(f'"{_MARK}([^"]*)"')


def document(
    estimate: Estimate,
    comparison: Comparison | None = None,
    actual: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The contract's object; money and quantities are still ``Decimal``."""
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "region": estimate.plan.region,
        "currency": "USD",
        "basis": "deployed" if estimate.plan.deployed else "planned",
        "mode": estimate.plan.mode,
        **_figures(estimate),
        "assumptions": estimate.assumptions,
        "excluded": estimate.excluded,
        "notes": footnotes(estimate),
    }
    if comparison is not None:
        found["comparison"] = _comparison(comparison)
    if actual is not None:
        found["actual"] = dict(actual)
    return found


def dumps(found: dict[str, Any]) -> str:
    """The object as JSON text, with ``Decimal`` as exact numbers."""
    text = json.dumps(found, default=_marked, ensure_ascii=False, indent=2)
    return _MARKED.sub(r"\1", text)


def _marked(value: object) -> str:
    # json writes no Decimal, and a float would not keep its digits: write text, then unquote it.
    if not isinstance(value, Decimal):
        raise TypeError(type(value).__name__)
    return f"{_MARK}{value.normalize():f}"


def _figures(estimate: Estimate) -> dict[str, Any]:
    return {
        "lines": [_line(line) for line in estimate.lines],
        "total": {
            "hourly": _hourly(estimate.hourly),
            "monthly": estimate.monthly,
            "at_least": estimate.at_least,
        },
    }


def _line(line: Line) -> dict[str, Any]:
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
    }


def _hourly(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_HOURLY_PLACES)


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "change": comparison.change,
        "region": comparison.after.plan.region,
        **_figures(comparison.after),
        "difference": {
            "monthly": comparison.monthly,
            "of_known_lines": comparison.of_known_lines,
        },
    }
