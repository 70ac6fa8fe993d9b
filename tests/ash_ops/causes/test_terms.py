"""Where each term of the catalogue comes from, and which no message ever held."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ash_ops.causes import CAUSES
from tools.causes_terms import RECALLED, files

ROOT = Path(__file__).resolve().parents[3]
# Terms that no message of the corpus holds: what to gather messages for. It may only shrink.
MOST_RECALLED = 0.3


_files = cache(files)


def _rows() -> list[tuple[str, str, str]]:
    rows = []
    for text in _files().values():
        for line in text.splitlines()[2:]:
            cause, term, source = line.split("\t")
            rows.append((cause, term, source))
    return rows


def test_every_term_stands_on_a_line_with_where_it_comes_from() -> None:
    rows = _rows()
    assert {cause for cause, _, _ in rows} == {c.slug for c in CAUSES.values() if c.signatures}
    assert all(source for _, _, source in rows)


def test_terms_that_no_message_ever_hit_are_known() -> None:
    rows = _rows()
    never = [(cause, term) for cause, term, source in rows if source == RECALLED]
    assert len(never) <= MOST_RECALLED * len(rows), never[:20]


def test_the_lists_are_up_to_date() -> None:
    for path, text in _files().items():
        assert (ROOT / path).read_text("utf-8") == text, f"{path}. Run: make generate"


def test_each_signature_has_a_plain_term_before_its_patterns() -> None:
    """A pattern alone would run over every line of a log."""
    alone = [
        (cause.slug, signature.all_of)
        for cause in CAUSES.values()
        for signature in cause.signatures
        if all(term.startswith("~") for term in signature.all_of)
    ]
    assert not alone
