"""The table of measures in ``docs/architecture.md``: what stands between its two marks is generated."""

from __future__ import annotations

from tools import house

_PAGE = "docs/architecture.md"
_BEGIN, _END = "<!-- measures: make generate -->\n", "<!-- end of the measures -->"


def files() -> dict[str, str]:
    """The page with today's figures, by its path below the project."""
    text = (house.ROOT / _PAGE).read_text("utf-8")
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return {_PAGE: f"{before}{_BEGIN}{house.markdown()}\n{_END}{after}"}
