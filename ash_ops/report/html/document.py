"""The shell of every page: one file that loads nothing, and is read without script."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from ash_ops.patterns import regex
from ash_ops.report.html import style

_QUOTED: Final = regex(r"`([^`\n]+)`")


def document(title: str, body: Iterable[str]) -> str:
    """A whole page.

    Args:
        title: of the window, as plain text.
        body: the lines of the body, as HTML.
    """
    inside = "\n".join(body)
    script = f"<script id='copying'>{style.SCRIPT}</script>\n" if "<pre>" in inside else ""
    return (
        f"<!doctype html>\n<html lang='en'>\n<head><meta charset='utf-8'>{style.HEAD}"
        f"<title>{escape(title)}</title><style>{style.STYLE}</style></head>\n<body>\n{inside}\n"
        f"{script}</body>\n</html>\n"
    )


def prose(words: str) -> str:
    """Words as HTML; what stands in backquotes is there to be copied."""
    return _QUOTED.sub(r"<code>\1</code>", escape(words))
