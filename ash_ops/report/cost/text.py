"""The estimate as text: a table that a person can check with a pocket calculator."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from ash_ops.cost.estimate import Estimate, Line
from ash_ops.cost.guide import footnotes

if TYPE_CHECKING:
    from ash_ops.cost.actual import Actual
    from ash_ops.cost.compare import Comparison

WIDTH = 100
_BAR = 5
_ITEM_WIDTH = 31
_PAIR_WIDTH = 60
_EIGHTHS = " \N{LEFT ONE EIGHTH BLOCK}\N{LEFT ONE QUARTER BLOCK}\N{LEFT THREE EIGHTHS BLOCK}\N{LEFT HALF BLOCK}"
_EIGHTHS += "\N{LEFT FIVE EIGHTHS BLOCK}\N{LEFT THREE QUARTERS BLOCK}\N{LEFT SEVEN EIGHTHS BLOCK}"
_CENT = Decimal("0.01")


def estimate_text(estimate: Estimate, title: str, *, fancy: bool = True) -> str:
    """The table of one estimate, its prices, assumptions and exclusions.

    Args:
        estimate: what to show.
        title: the first line.
        fancy: whether block characters can be written; else the bar is of ``#``.
    """
    marks = _marks(estimate.lines)
    rows = [_row(line, estimate, marks, fancy) for line in estimate.lines]
    head = ("Item", "A month", "Price", "$/hour", "$/month", "Share", "")
    table = _table(
        head,
        rows,
        _total_row(estimate),
        ("left", "right", "right", "right", "right", "right", "left"),
    )
    return "\n".join((title, "", table, "", *_remarks(estimate, marks)))


def comparison_text(comparison: Comparison, title: str) -> str:
    """What is, what would be, and the difference a month."""
    rows = [
        (
            _wrapped(pair.item, _PAIR_WIDTH),
            "-" if pair.before is None else _money(pair.before.monthly),
            "-" if pair.after is None else _money(pair.after.monthly),
            _signed(pair.difference),
        )
        for pair in comparison.pairs
    ]
    more = "at least " if comparison.before.at_least else ""
    also = "at least " if comparison.after.at_least else ""
    total = (
        "Total",
        more + _money(comparison.before.monthly),
        also + _money(comparison.after.monthly),
        _signed(comparison.monthly),
    )
    head = ("Item", "$/month", "changed", "Difference")
    table = _table(head, rows, total, ("left", "right", "right", "right"))
    tail = _sentences("Assumptions", comparison.after.assumptions)
    note = [] if comparison.monthly is not None else _without_unknown(comparison)
    changed = f"  changed: {comparison.change}"
    return "\n".join((title, changed, "", table, "", *note, *tail))


def _without_unknown(comparison: Comparison) -> list[str]:
    known = _signed(comparison.of_known_lines)
    return [f"The difference is not known; of the lines priced on both sides it is {known}.", ""]


def actual_text(actual: Actual, title: str) -> str:
    """What was estimated and what was billed for the same days, by service."""
    rows = [
        (row.service, _money(row.estimated), _billed(row.tagged), _billed(row.account))
        for row in actual.rows
    ]
    estimated, tagged, account = (
        [getattr(row, column) for row in actual.rows]
        for column in ("estimated", "tagged", "account")
    )
    at_least = "at least " if None in estimated else ""
    total = (
        "Total of these services",
        at_least + _money(_known_sum(estimated)),
        _billed(_known_sum(tagged)),
        _billed(_known_sum(account)),
    )
    head = (
        "Service",
        "Estimated, USD",
        f"Tagged, {actual.currency}",
        f"Account, {actual.currency}",
    )
    table = _table(head, rows, total, ("left", "right", "right", "right"))
    last = (actual.end - timedelta(days=1)).isoformat()
    asked = f"asking cost ${actual.charge}" if actual.charge else "asked less than a day ago"
    days = f"  {actual.days} days, {actual.start} to {last}; {asked}"
    tag = f"  tag {'='.join(actual.tag)}"
    return "\n".join((title, days, tag, "", table, "", *_sentences("Notes", actual.notes)))


def _known_sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is there; ``None``, which is not 0, where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def _billed(value: Decimal | None) -> str:
    return "-" if value is None else _money(value)


def summary(estimate: Estimate) -> str:
    """One sentence for other commands: ``$57.63 a month ($0.0790 an hour) in us-east-1``."""
    at_least = "at least " if estimate.at_least else ""
    return (
        f"{at_least}${_money(estimate.monthly)} a month (${estimate.hourly:.4f} an hour) "
        f"in {estimate.plan.region}"
    )


def _table(
    head: Sequence[str], rows: Sequence[Sequence[str]], total: Sequence[str], align: Sequence[str]
) -> str:
    # Imported here: it costs as much as the rest of this command, and JSON does not need it.
    from tabulate import SEPARATING_LINE, tabulate

    body = [*rows, SEPARATING_LINE, total]
    return tabulate(body, headers=head, tablefmt="simple", colalign=align, disable_numparse=True)


def _row(line: Line, estimate: Estimate, marks: dict[str, str], fancy: bool) -> Sequence[str]:
    return (
        _wrapped(line.quantity.item),
        _quantity(line),
        _price(line.unit_price),
        "?" if line.hourly is None else f"{line.hourly:.4f}",
        _money(line.monthly),
        _share(line.monthly, estimate.monthly, fancy),
        marks[_citation(line)],
    )


def _total_row(estimate: Estimate) -> Sequence[str]:
    name = "Total, at least" if estimate.at_least else "Total"
    return (name, "", "", f"{estimate.hourly:.4f}", _money(estimate.monthly), "", "")


def _quantity(line: Line) -> str:
    amount = line.quantity.amount
    unit = line.quantity.unit.replace("-hours", "-h").replace("-months", "-mo")
    return "?" if amount is None else f"{_short(amount)} {unit}"


def _wrapped(item: str, width: int = _ITEM_WIDTH) -> str:
    return "\n".join(textwrap.wrap(item, width, subsequent_indent="  "))


def _short(value: Decimal) -> str:
    """At most four places, no tail of zeros, thousands apart."""
    text = f"{value:,.4f}"
    return text.rstrip("0").rstrip(".")


def _price(value: Decimal | None) -> str:
    if value is None:
        return "?"
    text = f"{value:.8f}".rstrip("0")
    return text + "0" * max(0, 2 - len(text.partition(".")[2]))


def _money(value: Decimal | None) -> str:
    return "?" if value is None else f"{value.quantize(_CENT, ROUND_HALF_UP):,.2f}"


def _signed(value: Decimal | None) -> str:
    if value is None:
        return "?"
    rounded = value.quantize(_CENT, ROUND_HALF_UP)
    return f"{rounded:+,.2f}" if rounded else "0.00"


def _share(part: Decimal | None, whole: Decimal, fancy: bool) -> str:
    """A bar, and the percentage beside it."""
    if part is None or not whole:
        return ""
    share = part / whole
    return f"{_bar(share, fancy):<{_BAR}} {share * 100:3.0f} %"


def _bar(share: Decimal, fancy: bool) -> str:
    """A bar of five characters, in eighths where the terminal can show them."""
    if not fancy:
        return "#" * int((share * _BAR).to_integral_value(ROUND_HALF_UP))
    full, eighths = divmod(int((share * _BAR * 8).to_integral_value(ROUND_HALF_UP)), 8)
    return ("\N{FULL BLOCK}" * full + _EIGHTHS[eighths]).rstrip()


def _citation(line: Line) -> str:
    if line.price is None:
        return ""
    return f"{line.price.as_of}  {line.price.source_name or line.price.source}"


def _marks(lines: Iterable[Line]) -> dict[str, str]:
    """A letter for every source and date, in order of appearance; none for an unknown price."""
    citations = dict.fromkeys(text for line in lines if (text := _citation(line)))
    return {"": "", **{text: f"[{_letter(n)}]" for n, text in enumerate(citations)}}


def _letter(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else f"{number}"


def _remarks(estimate: Estimate, marks: dict[str, str]) -> list[str]:
    prices = [f"{mark} {text}" for text, mark in marks.items() if text]
    return [
        *_sentences("Assumptions", estimate.assumptions),
        *_sentences("Not included", estimate.excluded),
        *_sentences("Prices", prices, bullet=""),
        *_sentences("The public guide", footnotes(estimate)),
    ]


def _sentences(heading: str, sentences: Sequence[str], bullet: str = "- ") -> list[str]:
    if not sentences:
        return []
    wrapped = [
        textwrap.fill(
            sentence,
            WIDTH,
            initial_indent=f"  {bullet}",
            subsequent_indent=" " * (4 if bullet else 6),
        )
        for sentence in sentences
    ]
    return [heading, *wrapped, ""]
