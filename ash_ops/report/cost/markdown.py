"""The estimate for an issue or a chat: a table, with the shares as bars."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.cost.answer import Answer
from ash_ops.cost.estimate import Estimate
from ash_ops.report.cost.beside import about_tokens
from ash_ops.report.cost.tables import bar, money, percent, quantity, signed, unit_price
from ash_ops.report.cost.text import unknown_lines
from ash_ops.report.markdown import escaped

_CELLS = 10


def markdown(answer: Answer, title: str) -> str:
    """The answer as Markdown."""
    return "\n".join(_lines(answer, title)).rstrip("\n")


def _lines(answer: Answer, title: str) -> Iterator[str]:
    yield from (f"# {escaped(title)}", "")
    yield from _table(answer.estimate)
    if answer.comparisons:
        yield from ("| Change | $/month | Difference |", "| --- | --: | --: |")
        yield f"| now | {money(answer.estimate.monthly)} | |"
        for each in answer.comparisons:
            cells = f"{money(each.after.monthly)} | {signed(each.monthly)}"
            yield f"| {escaped(each.change)} | {cells} |"
        yield ""
    if answer.tokens is not None:
        yield from (f"## Model: ${money(answer.tokens.monthly)} a month", "")
        yield from (f"- {escaped(sentence)}" for sentence in about_tokens(answer.tokens))
        yield ""
    if answer.sizes:
        yield from ("| Configuration | Holds | $/month | It cannot |", "| --- | --: | --: | --- |")
        for size in answer.sizes:
            yield f"| {escaped(size.name)} | {size.holds} | {money(size.estimate.monthly)} | {escaped(size.cannot)} |"
        yield ""
    if answer.actual is not None:
        yield from ("| Service | Estimated | Tagged | Account |", "| --- | --: | --: | --: |")
        for row in answer.actual.rows:
            amounts = (row.estimated, row.tagged, row.account)
            yield f"| {escaped(row.service)} | {' | '.join(map(money, amounts))} |"
        yield ""
    yield from _section("Mind", list(unknown_lines(answer.estimate)))
    yield from _section("Assumptions", answer.estimate.assumptions)
    yield from _section("Not included", answer.estimate.excluded)


def _table(estimate: Estimate) -> Iterator[str]:
    yield "| Item | A month | Price | $/month | Share |"
    yield "| --- | --: | --: | --: | --- |"
    for line in estimate.lines:
        share = percent(line.monthly, estimate.monthly)
        drawn = "" if share is None else f"{bar(share, fancy=True, cells=_CELLS)} {share:.0f} %"
        yield (
            f"| {escaped(line.quantity.item)} | {quantity(line)} | {unit_price(line.unit_price)} | "
            f"{money(line.monthly)} | {drawn} |"
        )
    name = "Total, at least" if estimate.at_least else "Total"
    yield f"| **{name}** | | | **{money(estimate.monthly)}** | |"
    yield ""


def _section(heading: str, found: list[str]) -> Iterator[str]:
    if found:
        yield from (f"## {heading}", "", *(f"- {escaped(sentence)}" for sentence in found), "")
