"""Secrets that stand beside or beneath their name with no sign between.

Cells of a table's row, the cells of a column, the arguments of a call, words of a sentence. Such a
neighbour is a secret only if it can be no word and no name: ``| password | required |`` is prose.
"""

from __future__ import annotations

import re

from ash_ops.patterns import always_whole
from ash_ops.redact.held import OF_NAMES
from ash_ops.redact.values import is_random, tells_nothing

_BORDERS = "|│┃║"
_QUOTE = r"(?:\\{0,8}[\"'`])"
_VALUE = always_whole(rf"[^\s{_BORDERS}\"'`,;<>()\\]{{6,400}}")
_BESIDE = always_whole(
    rf"{_QUOTE}?(?:"
    rf"(?P<border>[ \t]{{0,80}}[{_BORDERS}][ \t]{{0,80}})"
    r"|[ ]{2,80}|\t[ \t]{0,80}|(?P<bare>[,;](?![ \t]{0,3}[\"'`\\])[ \t]{0,3})|[ \t]{0,3}[,;][ \t]{0,3}|[ \t]{1,3}(?:->|→)[ \t]{1,3}"
    r"|[ \t]{1,3}(?:(?:is|was)(?:[ \t](?:now|set to))?|set to)[ \t]{1,3}|(?P<blank>[ ])"
    rf"|</(?:td|th|dt|code)>\s{{0,20}}<(?:td|dd|code)[^<>\n]{{0,100}}>){_QUOTE}?"
)
_CHANGED_TO = always_whole(rf"{_QUOTE}?[ \t]{{1,3}}(?:->|→)[ \t]{{1,3}}{_QUOTE}?")
_ENDS_CELL = always_whole(
    rf"{_QUOTE}?(?:[ \t]*(?:[{_BORDERS}\r\n]|\Z)|[\t,;)\]}}]|[ ]{{2}}|</|\.(?:\s|\Z)|[ ])"
)
_ENDS_LINE = always_whole(rf"{_QUOTE}?[ \t]*(?:[\r\n;]|\Z)")
_SET = always_whole(r"(?i)\bsetx?(?:[ \t]+[-/]\w{1,3}){0,3}[ \t]+[\"']?\Z")
_ENV_LIKE = always_whole(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_PLAIN = always_whole(r"[A-Za-z]{2,}[_-]?\d{1,4}[a-z]{0,6}")  # base64, sha256sum, oauth2
_LOGICAL_ID = always_whole(r"[A-Z][A-Za-z0-9]+[0-9A-F]{8}")  # as CDK makes them
_SIGNS = always_whole(r"[^\w./:=<>(){}\[\]@-]")
_RULE = always_whole(r"[-+:=|│┃║┼├┤─━═╪ \t]+")
_MOST_ROWS = 200  # of a table that are looked at behind the last secret
_LONGEST = 400  # characters of a row that are looked at
# What may follow a name whose value stands beside it or beneath; most words are followed by a word.
_GOES_ON = always_whole(
    rf"(?P<rest>[\w.-]{{0,60}}+){_QUOTE}?(?:[ ]{{0,80}}+[{_BORDERS},;\t\r\n]|[ ]{{2}}|[ ]{{0,3}}(?:->|→)|[ ](?:is|was|set)[ ]|</|(?P<blank>[ ]\S))"
)

Extent = tuple[int, int]


def name_at(text: str, start: int, end: int) -> Extent | None:
    """From where to where the name goes that holds a word, if anything may stand beside it or beneath."""
    last = _GOES_ON.match(text, end)
    if last is None or (last["blank"] and not text[start].isupper()):
        return None
    before = text[max(0, start - 80) : start]
    return start - len(before) + len(before.rstrip(OF_NAMES)), last.end("rest")


def beside(text: str, name: Extent, kind: str) -> list[Extent]:
    """Where the secret goes that stands beside a name.

    Args:
        text: what is looked at.
        name: from where to where the name goes.
        kind: what the name says of its value; see ``named.kind_of``.
    """
    found = _BESIDE.match(text, name[1])
    value = found and _VALUE.match(text, found.end())
    if not found or not value or not _ENDS_CELL.match(text, value.end()):
        return []
    if found["blank"] and not _is_set(text, name, value.end()):
        return []
    unquoted = found["border"] or found["bare"]
    if unquoted and not _is_row(text, name[0]) and _PLAIN.fullmatch(value[0]):
        return []  # a command behind a pipe; the next name of a list
    return [value.span()] if _is_secret(value[0], text[slice(*name)], kind) else []


def beneath(text: str, name: Extent, kind: str) -> list[Extent]:
    """Where the secrets go that stand beneath the name of a column; see ``beside``."""
    began = _line_start(text, name[0])
    head, at = _line(text, began)
    column = text[slice(*name)]
    names = _cells(head)
    number = next(
        (n for n, (first, last) in enumerate(names) if began + first <= name[0] <= began + last), 0
    )
    is_name = _bare(head[slice(*names[number])]).endswith(column)
    if not is_name or not _is_head(text, began, at, names):
        return []
    found: list[Extent] = []
    barren = 0
    while at and barren < _MOST_ROWS:
        row, next_at = _line(text, at)
        barren += 1
        cells = _cells(row)
        if not _RULE.fullmatch(row):
            cell = row[slice(*cells[number])] if len(cells) == len(names) else column
            if _bare(cell) == column:
                break
            value = _VALUE.search(cell)
            if value and value[0] == _bare(cell) and _is_secret(value[0], column, kind):
                first = at + cells[number][0] + value.start()
                found.append((first, first + len(value[0])))
                barren = 0
        at = next_at
    return found


def changed_to(text: str, end: int) -> Extent | None:
    """Where a value goes that a secret was changed to: ``"old" -> "new"``, as Terraform shows it."""
    found = _CHANGED_TO.match(text, end)
    value = found and _VALUE.match(text, found.end())
    return value.span() if value and not tells_nothing(value[0]) else None


def _bare(cell: str) -> str:
    return cell.strip(" \t\r\"'`")


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", max(0, at - _LONGEST), at) + 1 or max(0, at - _LONGEST)


def _line(text: str, at: int) -> tuple[str, int]:
    """A line, and where the next one begins; 0 where none does."""
    end = text.find("\n", at, at + 2 * _LONGEST)
    return (text[at : at + 2 * _LONGEST], 0) if end < 0 else (text[at:end], end + 1)


def _cells(line: str) -> list[Extent]:
    """From where to where each cell of a row goes."""
    sign = next((s for s in (*_BORDERS, "\t", ",", ";") if s in line), "\n")
    cells: list[Extent] = []
    first = 0
    for cell in line.split(sign):
        cells.append((first, first + len(cell)))
        first += len(cell) + 1
    return cells


def _is_head(text: str, began: int, at: int, names: list[Extent]) -> bool:
    """Whether a row names columns: several and no row before it, or one with a rule beneath it."""
    if len(names) > 1:
        before = text[_line_start(text, max(0, began - 1)) : max(0, began - 1)]
        return len(_cells(before)) != len(names) or _RULE.fullmatch(before) is not None
    rule = _line(text, at)[0] if at else ""
    return len(rule.strip()) > 1 and _RULE.fullmatch(rule) is not None


def _is_row(text: str, at: int) -> bool:
    """Whether a name is in the first cell of a row that a border begins."""
    return text[_line_start(text, at) : at].lstrip()[:1] in tuple(_BORDERS)


def _is_set(text: str, name: Extent, end: int) -> bool:
    """Whether a name and a value with one blank between are all of a command or a line."""
    if not _ENDS_LINE.match(text, end):
        return False
    before = text[_line_start(text, name[0]) : name[0]]
    return _SET.search(before[-40:]) is not None or (
        not before.strip() and _ENV_LIKE.fullmatch(text, *name) is not None
    )


def _is_secret(value: str, name: str, kind: str) -> bool:
    """Whether a name's neighbour can be no word, no name and no place."""
    if tells_nothing(value) or value.isdigit():
        return False
    if kind == "key" or name.lower() == "pass":  # of anything; and of checks: "pass  CVE-2026-1"
        return False
    if is_random(value):
        return True
    if _LOGICAL_ID.fullmatch(value) or (_ENV_LIKE.fullmatch(value) and "_" in value):
        return False  # the next name of a list
    letters, figures = any(map(str.isalpha, value)), any(map(str.isdigit, value))
    if _SIGNS.search(value):
        return letters and (figures or kind == "password")
    if not (letters and figures) or re.search(r"[/=:]|\.\w{1,4}\Z", value):
        return False
    if kind == "password":
        return True
    mixed = value.isalnum() and value != value.lower() and value != value.upper()
    return (
        not _PLAIN.fullmatch(value)
        and len(value) >= 8
        and (mixed or _ENV_LIKE.fullmatch(name) is not None)
    )
