"""What is said of a text: without names in lists of settings, and without what is only described."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from ash_ops.causes import logs
from ash_ops.causes.reading import Entry
from ash_ops.causes.speech.documents import only_described, only_listed, only_tabled


def without_settings(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries without names in lists of settings, and without what is only described."""
    described = only_described([entry.text for entry in entries] if len(entries) <= LISTED else [])
    told = [entry for number, entry in enumerate(entries) if number not in described]
    headed = False  # the line below the head of a Markdown table parts it from its rows
    for _, block in groupby(told, key=lambda entry: entry.block):
        own = list(block)
        few = [entry.text for entry in own] if len(own) <= logs.BROKEN_AT_MOST else []
        listed = only_listed(few) | only_tabled(few)
        if headed and few and all("|" in text for text in few):
            continue
        headed = len(own) == 1 and bool(listed)
        yield from (entry for number, entry in enumerate(own) if number not in listed)


LISTED: Final = 100
"""Entries of a text that may be a list of what may happen; more are a log."""
