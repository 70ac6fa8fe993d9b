"""What a model's tokens cost: a small table of public prices, or a price that the user gives.

The table (``models.json``) has Anthropic's list prices in US dollars a million tokens, with their source
and date. Cache writes are those kept for five minutes, which is what Claude Code asks for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from ash_ops.errors import UsageProblem

MILLION = Decimal(1_000_000)
DEFAULT_MODEL = "claude-sonnet-5-5"
_TABLE = Path(__file__).with_name("models.json")


@dataclass(frozen=True, slots=True)
class ModelPrice:
    """US dollars a million tokens of each kind.

    Attributes:
        model: its name, or ``the price given``.
        source: who says so, and when.
        note: why to be careful with it; empty when there is no reason to be.
    """

    model: str
    input: Decimal
    output: Decimal
    cache_write: Decimal
    cache_read: Decimal
    source: str
    note: str = ""


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return found


def models() -> tuple[str, ...]:
    """The names of the models that have a price."""
    return tuple(_table()["models"])


def price_of(model: str) -> ModelPrice:
    """The list price of a model, which may be named with the date of its snapshot.

    Raises:
        UsageProblem: the table has no price for it.
    """
    name = model.strip().lower()
    known = max((each for each in models() if _is(name, each)), key=len, default=None)
    if known is None:
        close = get_close_matches(name, models(), n=2)
        raise UsageProblem(
            f"The price of the model {model!r} is not known",
            f"did you mean {' or '.join(close)}?" if close else f"known are {', '.join(models())}",
            "Correct --model, or give its price: --token-price INPUT/OUTPUT, dollars a million tokens.",
        )
    row = _table()["models"][known]
    return ModelPrice(
        model=known,
        input=Decimal(row["input"]),
        output=Decimal(row["output"]),
        cache_write=Decimal(row["cache_write"]),
        cache_read=Decimal(row["cache_read"]),
        source=f"{_table()['source']}, {_table()['date']}",
        note=row.get("note", ""),
    )


def _is(name: str, known: str) -> bool:
    """Whether a name is a known model's, as it is or with a snapshot's date: ``-20251001``."""
    rest = name.removeprefix(known)
    return name == known or (
        rest != name and rest[0] == "-" and rest[1:].isdigit() and len(rest) == 9
    )


def given_price(text: str) -> ModelPrice:
    """``3/15`` or ``3/15/3.75/0.3``: input, output, cache writes, cache reads, a million tokens.

    Without the last two, cache writes cost 1.25 and cache reads 0.1 of the input, Anthropic's usual ratio.

    Raises:
        UsageProblem: it is not two or four amounts.
    """
    try:
        values = [Decimal(part) for part in text.split("/")]
    except InvalidOperation:
        values = []
    if len(values) not in (2, 4) or any(not v.is_finite() or v < 0 or v > 10**6 for v in values):
        raise UsageProblem(
            f"--token-price {text!r} cannot be read",
            "it is INPUT/OUTPUT or INPUT/OUTPUT/CACHE-WRITE/CACHE-READ in US dollars a million tokens",
            "Write for instance --token-price 3/15/3.75/0.3.",
        )
    write, read = values[2:] or (values[0] * Decimal("1.25"), values[0] / 10)
    return ModelPrice("the price given", values[0], values[1], write, read, "--token-price")
