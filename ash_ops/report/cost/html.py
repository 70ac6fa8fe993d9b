"""The estimate as one page that looks like the doctor's: a table with the shares as bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from ash_ops.cost.answer import Answer
from ash_ops.cost.estimate import Estimate, Line
from ash_ops.report.cost.beside import about_tokens
from ash_ops.report.cost.tables import money, percent, quantity, signed, unit_price
from ash_ops.report.cost.text import summary, unknown_lines
from ash_ops.report.html.document import document


def page(answer: Answer, title: str) -> str:
    """The answer as an HTML document."""
    return document(f"ash-ops cost: {title}", _body(answer, title))


def _body(answer: Answer, title: str) -> Iterator[str]:
    estimate = answer.estimate
    kind = "inconclusive" if estimate.at_least else "healthy"
    yield f"<header class='{kind}'><h1>{escape(title)}</h1>"
    yield f"<p class='lead'>{escape(summary(estimate))}</p></header><main>"
    yield from _table(estimate)
    yield from _changes(answer)
    yield from _sizes(answer)
    yield from _billed(answer)
    model = answer.tokens
    if model is not None:
        yield from _section("Model", [f"${money(model.monthly)} a month", *about_tokens(model)])
    yield from _section("Mind", list(unknown_lines(estimate)), "warning")
    yield from _section("Assumptions", estimate.assumptions)
    yield from _section("Not included", estimate.excluded)
    yield "</main>"


def _table(estimate: Estimate) -> Iterator[str]:
    rows = [_row(line, estimate) for line in estimate.lines]
    name = "Total, at least" if estimate.at_least else "Total"
    total = (name, "", "", money(estimate.monthly), "")
    yield from _rows(("Item", "A month", "Price", "$/month", "Share"), rows, total, "bill")


def _row(line: Line, estimate: Estimate) -> tuple[str, ...]:
    share = percent(line.monthly, estimate.monthly)
    drawn = "?"
    if share is not None:
        drawn = f"<span class='fill' style='width:{share:.1f}%'></span> {share:.0f} %"
    source = escape(line.price.source if line.price else "no price is known", quote=True)
    return (
        f"<span title='{source}'>{escape(line.quantity.item)}</span>",
        escape(quantity(line)),
        unit_price(line.unit_price),
        money(line.monthly),
        drawn,
    )


def _rows(
    head: Sequence[str], rows: Iterable[Sequence[str]], total: Sequence[str] = (), kind: str = ""
) -> Iterator[str]:
    """A table; its cells are HTML."""
    yield f"<section class='card'><table class='{kind}'>"
    yield f"<thead><tr>{''.join(f'<th>{name}</th>' for name in head)}</tr></thead><tbody>"
    for row in rows:
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
    yield "</tbody>"
    if total:
        yield f"<tfoot><tr>{''.join(f'<td>{cell}</td>' for cell in total)}</tr></tfoot>"
    yield "</table></section>"


def _changes(answer: Answer) -> Iterator[str]:
    rows = [
        (
            f"<code>{escape(each.change)}</code>",
            money(each.after.monthly),
            signed(each.monthly),
        )
        for each in answer.comparisons
    ]
    if rows:
        now = ("now", money(answer.estimate.monthly), "")
        yield from _rows(("Change", "$/month", "Difference"), [now, *rows])


def _sizes(answer: Answer) -> Iterator[str]:
    for size in answer.sizes or ():
        yield f"<section class='card'><h2>{escape(size.name)}</h2>"
        yield f"<p>Holds {size.holds}: ${money(size.estimate.monthly)} a month.</p>"
        yield f"<p>It cannot {escape(size.cannot)}.</p><pre>{escape(size.command)}</pre></section>"


def _billed(answer: Answer) -> Iterator[str]:
    if answer.actual is not None:
        rows = [
            (escape(row.service), *map(money, (row.estimated, row.tagged, row.account)))
            for row in answer.actual.rows
        ]
        yield from _rows(("Service", "Estimated", "Tagged", "Account"), rows)


def _section(heading: str, found: Sequence[str], kind: str = "") -> Iterator[str]:
    if found:
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in found)
        yield f"<section class='card {kind}'><h2>{heading}</h2><ul>{items}</ul></section>"
