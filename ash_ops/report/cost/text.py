"""The estimate as text: a table that a person can check with a pocket calculator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from ash_ops.cost import assumptions
from ash_ops.cost.estimate import Estimate, Line
from ash_ops.cost.guide import footnotes
from ash_ops.report.cost.tables import (
    WIDTH,
    fitting,
    money,
    quantity,
    sentences,
    share,
    short,
    signed,
    table,
    unit_price,
)

if TYPE_CHECKING:
    from ash_ops.cost.actual import Actual, Row
    from ash_ops.cost.compare import Comparison
    from ash_ops.cost.otherwise import Otherwise

_LEAST = 20


def estimate_text(
    estimate: Estimate,
    title: str,
    *,
    fancy: bool = True,
    verbose: bool = False,
    beside: Sequence[str] = (),
    otherwise: Sequence[Otherwise] = (),
    width: int = WIDTH,
) -> str:
    """The table of one estimate; what it rests on in one line, or in full.

    Args:
        estimate: what to show.
        title: the first line.
        fancy: whether block characters can be written; else the bar is of ``#``.
        verbose: whether assumptions, exclusions and sources are shown in full.
        beside: what else there is to pay, shown below the table.
        otherwise: other ways to pay.
        width: columns; below 80 prices and shares are left out, which `-v` and `--format json` have.
    """
    head = ("A month", "Price", "$/month", "Share")
    total = _total_row(estimate)
    kept = (0, 1, 2, 3) if width >= WIDTH else (0, 2)
    cells = [head, *(_row(line, estimate, fancy) for line in estimate.lines), total[1:]]
    rows = fitting(
        ["Item", *(line.quantity.item for line in estimate.lines), total[0]],
        [[row[column] for column in kept] for row in cells],
        _LEAST,
        width,
    )
    body = table(rows[0], rows[1:-1], rows[-1], ("left", *("right" for _ in kept)))
    tail = _in_full(estimate, otherwise, width) if verbose else _folded(estimate, otherwise)
    page = (title, "", body, "", *beside, *_mind(estimate, width), *tail)
    return "\n".join(page).rstrip("\n")


def comparisons_text(comparisons: Sequence[Comparison], title: str, width: int = WIDTH) -> str:
    """What is, what each change would make of it, and the difference a month.

    Several stand side by side, as many as there are columns for; the others in a table below.
    """
    if len(comparisons) == 1:
        return _comparison_text(comparisons[0], title, width)
    named = [(chr(ord("A") + n), each) for n, each in enumerate(comparisons)]
    changes = [f"  {letter}: {each.change}" for letter, each in named]
    most = _columns_that_fit(comparisons, width)
    parts = [named[n : n + most] for n in range(0, len(named), most)]
    tables = [line for part in parts for line in (_beside_now(part, width), "")]
    unknown = _unknown_difference(comparisons, width)
    return "\n".join((title, *changes, "", *tables, *unknown)).rstrip()


def _columns_that_fit(comparisons: Sequence[Comparison], width: int) -> int:
    """How many changes have room beside the item and what is now; all are as wide as the widest."""
    widest = max(
        len(text)
        for each in comparisons
        for text in (_total(each.before), _total(each.after), signed(each.monthly))
    )
    room = width - _LEAST - 2 * (widest + 2)
    return max(1, 1 + room // (widest + 2))


def _beside_now(part: Sequence[tuple[str, Comparison]], width: int) -> str:
    comparisons = [each for _, each in part]
    before = comparisons[0].before
    subjects = dict.fromkeys(
        line.quantity.subject
        for estimate in (before, *(each.after for each in comparisons))
        for line in estimate.lines
    )
    found = [_side_by_side(subject, before, comparisons) for subject in subjects]
    found.append(("Difference", "", *(signed(each.monthly) for each in comparisons)))
    found.append(("Total", _total(before), *(_total(each.after) for each in comparisons)))
    head = ("now", *(letter for letter, _ in part))
    items = ["$/month", *(row[0] for row in found)]
    rows = fitting(items, [head, *(row[1:] for row in found)], _LEAST, width)
    return table(rows[0], rows[1:-1], rows[-1], ("left", *("right" for _ in head)))


def _side_by_side(
    subject: str, before: Estimate, comparisons: Sequence[Comparison]
) -> tuple[str, ...]:
    estimates = (before, *(each.after for each in comparisons))
    found = [_line_of(estimate, subject) for estimate in estimates]
    item = next(line.quantity.item for line in found if line is not None)
    name = item if item.startswith("ash-ops") else item.partition(":")[0]
    return (
        name,
        *("-" if line is None else money(line.monthly) for line in found),
    )


def _line_of(estimate: Estimate, subject: str) -> Line | None:
    return next((line for line in estimate.lines if line.quantity.subject == subject), None)


def _total(estimate: Estimate) -> str:
    return f">={money(estimate.monthly)}" if estimate.at_least else money(estimate.monthly)


def _unknown_difference(comparisons: Sequence[Comparison], width: int) -> list[str]:
    found = [
        f"Not known for {each.change}; of the lines priced on both sides it is "
        f"{signed(each.of_known_lines)}."
        for each in comparisons
        if each.monthly is None
    ]
    return sentences("The difference", found, width=width)


def _comparison_text(comparison: Comparison, title: str, width: int) -> str:
    amounts = [
        (
            "-" if pair.before is None else money(pair.before.monthly),
            "-" if pair.after is None else money(pair.after.monthly),
            signed(pair.difference),
        )
        for pair in comparison.pairs
    ]
    head = ("$/month", "changed", "Difference")
    total = (_total(comparison.before), _total(comparison.after), signed(comparison.monthly))
    items = ["Item", *(pair.item for pair in comparison.pairs), "Total"]
    rows = fitting(items, [head, *amounts, total], _LEAST, width)
    body = table(rows[0], rows[1:-1], rows[-1], ("left", "right", "right", "right"))
    tail = sentences("Assumptions", comparison.after.assumptions, width=width)
    note = _unknown_difference([comparison], width)
    changed = f"  changed: {comparison.change}"
    return "\n".join((title, changed, "", body, "", *note, *tail)).rstrip("\n")


def actual_text(actual: Actual, title: str, width: int = WIDTH) -> str:
    """What was estimated and what was billed for the same days, by service."""
    unit = "" if len(actual.currencies) > 1 else f", {actual.currencies[0]}"
    head = ("Estimated, USD", f"Tagged{unit}", f"Account{unit}")
    total = _sums(actual)
    amounts = [_amounts(row, mixed=len(actual.currencies) > 1) for row in actual.rows]
    items = ["Service", *(row.service for row in actual.rows), total[0]]
    rows = fitting(items, [head, *amounts, total[1:]], _LEAST, width)
    body = table(rows[0], rows[1:-1], rows[-1], ("left", "right", "right", "right"))
    period = actual.period
    last = (period.end - timedelta(days=1)).isoformat()
    asked = f"asking cost ${actual.charge}" if actual.charge else "asked less than a day ago"
    days = f"  {period.days} days, {period.start} to {last}; {asked}"
    tag = f"  tag {'='.join(actual.tag)}"
    tail = sentences("Notes", actual.notes, width=width)
    return "\n".join((title, days, tag, "", body, "", *tail)).rstrip("\n")


def _amounts(row: Row, *, mixed: bool) -> tuple[str, str, str]:
    unit = f" {row.currency}" if mixed else ""
    tagged, account = (
        "-" if value is None else f"{money(value)}{unit}" for value in (row.tagged, row.account)
    )
    return (money(row.estimated), tagged, account)


def _sums(actual: Actual) -> Sequence[str]:
    """The sums of the columns; of amounts in two currencies there is none."""
    estimated = [row.estimated for row in actual.rows]
    at_least = "at least " if None in estimated else ""
    first = f"{at_least}{_billed(_known_sum(estimated))}"
    if len(actual.currencies) > 1:
        return ("Total of these services", first, "-", "-")
    tagged, account = (
        _billed(_known_sum(getattr(row, column) for row in actual.rows))
        for column in ("tagged", "account")
    )
    return ("Total of these services", first, tagged, account)


def _known_sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is there; ``None``, which is not 0, where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def _billed(value: Decimal | None) -> str:
    return "-" if value is None else money(value)


def summary(estimate: Estimate) -> str:
    """One sentence for other commands: ``$57.63 a month ($0.0790 an hour) in us-east-1``."""
    at_least = "at least " if estimate.at_least else ""
    return (
        f"{at_least}${money(estimate.monthly)} a month (${estimate.hourly:.4f} an hour) "
        f"in {estimate.plan.region}"
    )


def _row(line: Line, estimate: Estimate, fancy: bool) -> Sequence[str]:
    return (
        quantity(line),
        unit_price(line.unit_price),
        money(line.monthly),
        share(line.monthly, estimate.monthly, fancy=fancy),
    )


def _total_row(estimate: Estimate) -> Sequence[str]:
    name = "Total, at least" if estimate.at_least else "Total"
    return (name, "", "", money(estimate.monthly), f"${estimate.hourly:.4f}/h")


def unknown_lines(estimate: Estimate) -> Iterator[str]:
    """What the lines without a price cost elsewhere."""
    for line in estimate.lines:
        if line.between is not None and line.elsewhere is not None:
            amounts = dict.fromkeys(f"${money(value)}" for value in line.between)
            yield (
                f"{line.quantity.item}: no price of this region can be cited. In the "
                f"{line.elsewhere.regions} regions that have one it is {' to '.join(amounts)} a month."
            )


def _mind(estimate: Estimate, width: int) -> list[str]:
    """What must not be overlooked: unknown, doubtful and old prices, and what could not be read."""
    between = estimate.between
    total = [f"With those the total is {_span(between)} a month."] if between else []
    lines = [(line.quantity.item, line.price) for line in estimate.lines]
    unpriced = [line for line in estimate.lines if line.monthly is None and line.between is None]
    missing = [line.quantity.item for line in unpriced if line.price is None and line.quantity.key]
    gaps = [f"Not known: {item}: {reason}." for item, reason in estimate.plan.unknown]
    found = [
        *unknown_lines(estimate),
        *total,
        *([f"No price is known for: {'; '.join(missing)}."] if missing else []),
        *gaps,
        *assumptions.caveats(lines, estimate.priced_on),
    ]
    return sentences("Mind", found, width=width)


def _span(between: tuple[Decimal, Decimal]) -> str:
    return " to ".join(dict.fromkeys(f"${money(value)}" for value in between))


def _folded(estimate: Estimate, otherwise: Sequence[Otherwise]) -> list[str]:
    """One line each for what `-v` shows in full."""
    spot = next((way for way in otherwise if way.monthly is not None), None)
    cheaper = [f"On Spot capacity: ${money(spot.monthly)} a month."] if spot else []
    counts = f"{len(estimate.assumptions)} assumptions, {len(estimate.excluded)} exclusions"
    return [
        *cheaper,
        f"{counts}, each price's source: `-v`.",
        f"The public guide says ~$27 a month: `-v` tells why it is {money(estimate.monthly)}.",
    ]


def _in_full(estimate: Estimate, otherwise: Sequence[Otherwise], width: int) -> list[str]:
    ways = [
        f"{way.name}: {'not known' if way.monthly is None else f'${money(way.monthly)} a month'}; "
        f"{way.note}."
        for way in otherwise
    ]
    return [
        *sentences("Assumptions", estimate.assumptions, width=width),
        *sentences("Not included", estimate.excluded, width=width),
        *sentences("Paid otherwise", ways, width=width),
        *sentences("Prices", list(_sources(estimate.lines)), bullet="", width=width),
        *sentences("The public guide", footnotes(estimate), width=width),
    ]


def _sources(lines: Iterable[Line]) -> Iterator[str]:
    """Each price with its source, once."""
    found = {
        f"{short(line.price.unit) if line.price.unit >= 1 else unit_price(line.price.unit)}"
        f" a {line.quantity.unit.removesuffix('s')}: {line.price.source}": None
        for line in lines
        if line.price is not None
    }
    yield from found
