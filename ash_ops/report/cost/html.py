"""The estimate as one self-contained page, with the shares as bars: no script, no outside address."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ash_ops.cost.answer import Answer
from ash_ops.cost.estimate import Estimate, Line
from ash_ops.report.cost.beside import about_tokens
from ash_ops.report.cost.tables import money, percent, quantity, signed, unit_price
from ash_ops.report.cost.text import unknown_lines

_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem }
table { border-collapse: collapse; width: 100% } td, th { padding: .15rem .5rem; text-align: right }
td:first-child, th:first-child { text-align: left } tfoot td { border-top: 1px solid; font-weight: bold }
td.bar { width: 10rem; text-align: left }
.fill { display: inline-block; height: .7rem; background: #1565c0 } .none { opacity: .7 }
"""


def page(answer: Answer, title: str) -> str:
    """The answer as an HTML document."""
    body = "\n".join(_body(answer, title))
    return (
        f"<!doctype html>\n<html lang='en'>\n<head><meta charset='utf-8'><title>{escape(title)}"
        f"</title><style>{_STYLE}</style></head>\n<body>\n{body}\n</body>\n</html>"
    )


def _body(answer: Answer, title: str) -> Iterator[str]:
    estimate = answer.estimate
    yield f"<h1>{escape(title)}</h1>"
    yield from _table(estimate)
    changes = [
        f"{each.change}: ${money(each.after.monthly)} a month, difference {signed(each.monthly)}"
        for each in answer.comparisons
    ]
    sizes = [
        f"{size.name}, holds {size.holds}: ${money(size.estimate.monthly)} a month; it cannot "
        f"{size.cannot}. {size.command}"
        for size in answer.sizes or ()
    ]
    billed = [
        f"{row.service}: estimated {money(row.estimated)}, tagged {money(row.tagged)}, account "
        f"{money(row.account)}"
        for row in (answer.actual.rows if answer.actual else ())
    ]
    model = (
        [f"${money(answer.tokens.monthly)} a month", *about_tokens(answer.tokens)]
        if answer.tokens
        else []
    )
    yield from _section("Changes", changes)
    yield from _section("Sizes", sizes)
    yield from _section("Billed", billed)
    yield from _section("Model", model)
    yield from _section("Mind", list(unknown_lines(estimate)))
    yield from _section("Assumptions", estimate.assumptions)
    yield from _section("Not included", estimate.excluded)


def _table(estimate: Estimate) -> Iterator[str]:
    yield "<table><thead><tr><th>Item<th>A month<th>Price<th>$/month<th>Share</thead><tbody>"
    yield from (_row(line, estimate) for line in estimate.lines)
    name = "Total, at least" if estimate.at_least else "Total"
    yield f"</tbody><tfoot><tr><td>{name}<td><td><td>{money(estimate.monthly)}<td></tfoot></table>"


def _row(line: Line, estimate: Estimate) -> str:
    share = percent(line.monthly, estimate.monthly)
    drawn = (
        "<span class='none'>?</span>"
        if share is None
        else f"<span class='fill' style='width:{share:.1f}%'></span> {share:.0f} %"
    )
    source = escape(line.price.source if line.price else "", quote=True)
    return (
        f"<tr title='{source}'><td>{escape(line.quantity.item)}<td>{escape(quantity(line))}"
        f"<td>{unit_price(line.unit_price)}<td>{money(line.monthly)}<td class='bar'>{drawn}"
    )


def _section(heading: str, found: list[str]) -> Iterator[str]:
    if found:
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in found)
        yield f"<h2>{heading}</h2><ul>{items}</ul>"
