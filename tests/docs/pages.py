"""The pages of the documentation, taken apart: blocks of code, inline code, links, headings."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(\w*)$")
_INLINE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
# What ends a command within a line of a shell.
_OPERATORS = {"|", ">", ">>", "2>", "<", "&&", ";"}
_EVAL = re.compile(r'eval "\$\((?P<inner>[^)]*)\)"')
# <tag>: what the reader fills in.
_BLANK = re.compile(r"<([\w-]+)>")


@dataclass(frozen=True)
class Piece:
    """A piece of a page: where it stands, its language if it is a block, and its text."""

    page: str
    line: int
    language: str | None
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@cache
def pages() -> dict[str, str]:
    """Every page by its path from the root of the repository."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return {page.relative_to(ROOT).as_posix(): page.read_text("utf-8") for page in found}


def written() -> list[str]:
    """The pages that a person wrote; those of the causes are generated."""
    return [page for page in pages() if not page.startswith("docs/causes/")]


@cache
def blocks(page: str) -> list[Piece]:
    """The fenced blocks of a page."""
    return [piece for piece in _pieces(page) if piece.language is not None]


@cache
def prose(page: str) -> list[Piece]:
    """The lines of a page that stand outside of blocks."""
    return [piece for piece in _pieces(page) if piece.language is None]


def _pieces(page: str) -> Iterator[Piece]:
    language, began, inside = None, 0, []  # type: tuple[str | None, int, list[str]]
    for number, line in enumerate(pages()[page].splitlines(), 1):
        fence = _FENCE.match(line.strip())
        if fence and language is None:
            language, began, inside = fence[1], number, []
        elif fence:
            yield Piece(page, began, language, "\n".join(inside))
            language = None
        elif language is not None:
            inside.append(line)
        else:
            yield Piece(page, number, None, line)


def inline_code(page: str) -> Iterator[Piece]:
    """What stands between single backticks."""
    for piece in prose(page):
        for code in _INLINE.findall(piece.text):
            yield Piece(page, piece.line, None, code.replace("\\|", "|"))


def links(page: str) -> Iterator[Piece]:
    """The targets of links."""
    for piece in prose(page):
        for target in _LINK.findall(_INLINE.sub("", piece.text)):
            yield Piece(page, piece.line, None, target)


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    titles = (p.text.lstrip("# ") for p in prose(page) if re.match(r"#+ ", p.text))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def shell_lines(page: str) -> Iterator[Piece]:
    """What a page shows as typed into a shell: blocks of a shell, and lines behind a prompt."""
    for block in blocks(page):
        for number, line in enumerate(block.text.splitlines(), block.line + 1):
            prompt = line.strip().startswith("$ ")
            typed = line.strip().removeprefix("$ ")
            plain = block.language in ("sh", "bash", "") and not prompt
            if prompt or (plain and typed.startswith(("ash-ops ", "aws ", "make "))):
                yield Piece(page, number, block.language, typed)


def commands(page: str, tool: str = "ash-ops") -> Iterator[tuple[Piece, list[str]]]:
    """Every command of a tool that a page shows, split into words."""
    for piece in (*shell_lines(page), *inline_code(page)):
        text = _BLANK.sub(r"\g<1>", _EVAL.sub(r"\g<inner>", piece.text))
        if tool not in text:
            continue
        for words in _simple_commands(text, typed=piece.language is not None):
            if words[0] == tool:
                yield piece, words


def _simple_commands(line: str, *, typed: bool) -> Iterator[list[str]]:
    """The commands of a line, without pipes, redirections, comments and the remark beside."""
    if typed and not line.startswith("$"):
        line = re.split(r"\s{3,}", line)[0]
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|><;&")
    lexer.whitespace_split = True
    words: list[str] = []
    skip = False
    try:
        for word in lexer:
            if word in _OPERATORS:
                if words:
                    yield words
                words, skip = [], word.startswith((">", "2>", "<"))
            elif not skip:
                words.append(word)
    except ValueError:  # a quotation in prose
        return
    if words:
        yield words
