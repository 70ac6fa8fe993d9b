"""What a deployment costs, as people and machines read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_ops.cost.answer import Answer
from ash_ops.report.cost.tables import WIDTH
from ash_ops.wrapping import wrapped

if TYPE_CHECKING:
    from ash_ops.commands.ports import Page

FORMATS = ("text", "json", "markdown", "html")
_NARROWEST = 60


def rendered(answer: Answer, format_name: str, page: Page) -> str:
    """The answer in one of the formats."""
    if format_name == "json":
        return as_json(answer)
    if format_name == "markdown":
        from ash_ops.report.cost.markdown import markdown

        return markdown(answer, title(answer))
    if format_name == "html":
        from ash_ops.report.cost.html import page as html

        return html(answer, title(answer))
    width = max(_NARROWEST, min(page.width or WIDTH, WIDTH))
    text = as_text(answer, fancy=page.has_blocks, verbose=page.verbose, width=width)
    return _broken(text, width) if page.width else text


def _broken(text: str, width: int) -> str:
    """What is neither a table nor a command, and longer than the terminal is wide, in several lines."""
    return "\n".join(
        line if line.startswith("  $ ") else wrapped(line, width) for line in text.split("\n")
    )


def title(answer: Answer) -> str:
    """The first line: what is priced, and where."""
    plan = answer.estimate.plan
    kind = "as deployed" if plan.deployed else "as planned"
    return f"{answer.name} in {plan.region}, {plan.mode}, {kind}"


def as_text(
    answer: Answer, *, fancy: bool = True, verbose: bool = False, width: int = WIDTH
) -> str:
    """The table: of the estimate, of several side by side, or of the bill beside the estimate."""
    # Each part is loaded where it is shown: a plan without it is printed in less time.
    from ash_ops.report.cost.text import actual_text, comparisons_text, estimate_text

    if answer.sizes is not None:
        from ash_ops.report.cost.beside import sizes_text

        return sizes_text(answer, title(answer), width)
    if answer.actual is not None:
        return actual_text(answer.actual, title(answer), width)
    if answer.comparisons:
        return comparisons_text(answer.comparisons, title(answer), width)
    tokens = []
    if answer.tokens is not None:
        from ash_ops.report.cost.beside import tokens_text

        tokens = tokens_text(answer, width)
    return estimate_text(
        answer.estimate,
        title(answer),
        fancy=fancy,
        verbose=verbose,
        beside=tokens,
        otherwise=answer.otherwise,
        width=width,
    )


def as_json(answer: Answer) -> str:
    """The JSON contract ``ash-ops.cost/1``."""
    from ash_ops.report.cost.json import document, dumps

    return dumps(document(answer))
