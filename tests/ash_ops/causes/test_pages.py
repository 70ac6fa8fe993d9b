"""The documentation of the causes cannot fall behind their declarations."""

from __future__ import annotations

from pathlib import Path

from ash_ops.causes.pages import pages, write

DOCS = Path(__file__).parents[3] / "docs" / "causes"


def test_the_pages_are_those_the_declarations_give() -> None:
    kept = {page.name: page.read_text(encoding="utf-8") for page in DOCS.glob("*.md")}
    assert kept == pages(), "run: python -m ash_ops.causes.pages docs/causes"


def test_pages_of_causes_that_are_no_more_are_removed(tmp_path: Path) -> None:
    (tmp_path / "once-upon-a-time.md").write_text("old")
    write(tmp_path)
    assert {page.name for page in tmp_path.iterdir()} == set(pages())
