"""What the cost pages share: money, quantities, bars, and tables that fit the columns there are."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from ash_ops.cost.estimate import Line

WIDTH = 80
_BAR = 4
_EIGHTHS = " \N{LEFT ONE EIGHTH BLOCK}\N{LEFT ONE QUARTER BLOCK}\N{LEFT THREE EIGHTHS BLOCK}\N{LEFT HALF BLOCK}"
_EIGHTHS += "\N{LEFT FIVE EIGHTHS BLOCK}\N{LEFT THREE QUARTERS BLOCK}\N{LEFT SEVEN EIGHTHS BLOCK}"
_CENT = Decimal("0.01")


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], total: Sequence[str], align: Sequence[str]
) -> str:
    """A table with its total below a line."""
    # Imported here: it costs as much as the rest of this command, and JSON does not need it.
    from tabulate import SEPARATING_LINE, tabulate

    body = [*rows, SEPARATING_LINE, total] if total else list(rows)
    return tabulate(body, headers=head, tablefmt="simple", colalign=align, disable_numparse=True)


def money(value: Decimal | None) -> str:
    """Dollars and cents; ``?`` where unknown."""
    return "?" if value is None else f"{value.quantize(_CENT, ROUND_HALF_UP):,.2f}"


def signed(value: Decimal | None) -> str:
    """The same with its sign."""
    if value is None:
        return "?"
    rounded = value.quantize(_CENT, ROUND_HALF_UP)
    return f"{rounded:+,.2f}" if rounded else "0.00"


def quantity(line: Line) -> str:
    """How much a month, in short units."""
    amount = line.quantity.amount
    unit = line.quantity.unit.replace("-hours", "-h").replace("-months", "-mo")
    return "?" if amount is None else f"{short(amount)} {unit}"


def short(value: Decimal) -> str:
    """At most four places, no tail of zeros, thousands apart."""
    text = f"{value:,.4f}"
    return text.rstrip("0").rstrip(".")


def unit_price(value: Decimal | None) -> str:
    """All places that count, at least two."""
    if value is None:
        return "?"
    text = f"{value:.8f}".rstrip("0")
    return text + "0" * max(0, 2 - len(text.partition(".")[2]))


def fitting(
    items: Sequence[str], rows: Sequence[Sequence[str]], least: int, width: int = WIDTH
) -> list[Sequence[str]]:
    """Rows, the head first, with their item before them, wrapped to what the others leave."""
    # tabulate leaves two columns beside a heading.
    padded = [[f"{name}  " for name in rows[0]], *rows[1:]]
    widths = (max(map(len, column)) for column in zip(*padded, strict=True))
    room = max(width - sum(each + 2 for each in widths), least)
    return [(wrapped(item, room), *row) for item, row in zip(items, rows, strict=True)]


def wrapped(item: str, width: int) -> str:
    """An item on as many lines as it takes."""
    return "\n".join(textwrap.wrap(item, width, subsequent_indent="  "))


def command(text: str, width: int = WIDTH) -> str:
    """A command that runs as it stands, on as many lines as it takes."""
    lines = textwrap.wrap(
        text, width - 10, break_long_words=False, break_on_hyphens=False, subsequent_indent="      "
    )
    return "  $ " + " \\\n".join(lines)


def percent(part: Decimal | None, whole: Decimal) -> Decimal | None:
    """The share in percent; ``None`` where it is unknown."""
    return None if part is None or not whole else part / whole * 100


def bar(share: Decimal, *, fancy: bool, cells: int = _BAR) -> str:
    """A bar of some characters, in eighths where the terminal can show them."""
    if not fancy:
        return "#" * int((share / 100 * cells).to_integral_value(ROUND_HALF_UP))
    eighths = int((share / 100 * cells * 8).to_integral_value(ROUND_HALF_UP))
    full, rest = divmod(eighths, 8)
    return ("\N{FULL BLOCK}" * full + _EIGHTHS[rest]).rstrip()


def share(part: Decimal | None, whole: Decimal, *, fancy: bool) -> str:
    """A bar, and the percentage beside it."""
    found = percent(part, whole)
    return "" if found is None else f"{bar(found, fancy=fancy):<{_BAR}} {found:3.0f} %"


def sentences(
    heading: str, found: Sequence[str], bullet: str = "- ", width: int = WIDTH
) -> list[str]:
    """A section of sentences, wrapped; nothing where there are none."""
    if not found:
        return []
    indent = " " * (4 if bullet else 6)
    lines = [
        textwrap.fill(
            each,
            width,
            initial_indent=f"  {bullet}",
            subsequent_indent=indent,
            break_on_hyphens=False,
        )
        for each in found
    ]
    return [heading, *lines, ""]
