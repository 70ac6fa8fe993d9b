"""The receipt of a teardown as one page that looks like the doctor's."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ash_client._version import __version__
from ash_ops.errors import ExitCode
from ash_ops.report.html.document import document, prose
from ash_ops.report.receipt import Receipt

_KINDS = {ExitCode.OK: ("healthy", "✓"), ExitCode.PROBLEMS: ("problem", "✗")}


def page(receipt: Receipt) -> str:
    """The receipt as an HTML document."""
    return document(receipt.title, _body(receipt))


def _body(receipt: Receipt) -> Iterator[str]:
    kind, mark = _KINDS.get(receipt.exit_code, ("inconclusive", "?"))
    yield f"<header class='{kind}'><h1><span aria-hidden='true'>{mark}</span> "
    yield f"{escape(receipt.title)}</h1><p class='lead'>{prose(receipt.last)}</p></header>"
    yield "<main><section class='card'><dl>"
    yield from (f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in receipt.rows)
    yield "</dl></section></main>"
    yield f"<footer><p class='tag'>Made by ash-ops {escape(__version__)}.</p></footer>"
