"""Lines of a long log that are passed over: they tell nothing, and enough of their kind are read.

Ten thousand lines of a server that is well would be taken apart for nothing. Which may tell of something is known
before (``Telling``), and of what kind a line is, is asked once for all that differ in digits and ids alone. Left out
are lines that begin and end by themselves, where so many are read that one more changes no answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final

from ash_ops.causes.reading import json_texts, labelled, loggers
from ash_ops.causes.reading.commands import is_command, is_continued
from ash_ops.causes.reading.entries import Entry
from ash_ops.causes.reading.wrappings import is_of_a_runner, line_of
from ash_ops.patterns import regex

Telling = Callable[[str], frozenset[int]]
"""The places of those lines of a text that may tell of something."""
Numbered = list[tuple[int, str]]
"""Lines as they were pasted, each with its number."""

_MOST: Final = 3_000
"""Lines of a text up to which all are read."""
_ENDS: Final = 500
"""Lines at both ends of a longer one that are read, at least."""
_STRETCH: Final = 450
"""Lines of one stretch that are read: of so many none is taken for wrapped."""
_FIRST: Final = 200
"""Utterances in which names are looked for."""
_LAST: Final = 100
"""Utterances at the end that are looked at by themselves."""
_GROUP: Final = 41
"""Utterances of one stretch beyond which nobody asks how many there are."""
_WORTH: Final = 5
"""One of so many lines may be unlike all others, or tell of something: else it is not worth while to look for them."""
_REMARKS: Final = 4
"""Lines that no sound server writes of which a text is no sound server's log."""
_SEAM: Final = 72
"""Characters on both sides of a line's end, where a terminal may have cut a word."""
_NARROWEST: Final = 40
"""Characters of a line that a terminal may have cut."""

# What a line is, a letter each: an entry of a log in JSON that says one text and is normal, another object, a line with
# a time in front, a plain one, a blank one, one in which JSON may begin, any other. A dot is what is passed over.
_SAYS, _OBJECT, _DATED, _PLAIN, _BLANK, _OPEN, _OTHER, _PASSED = "JKDPBOX."
_BETWEEN: Final = regex("(?<=[JK])[DP]+(?=[JK])")
"""A stretch of lines between two objects."""
_APART: Final = regex(r"(?<![^JK.])J")
"""An object that parts no two stretches which are read."""
_UNIT: Final = regex("DP*(?=D)")
"""A line with a time, and those that may go on with it."""
_ALONE: Final = regex("D(?=[DJK])")
_GOES_ON: Final = regex("(?<=[DP])P")
_MAY_GO_ON: Final = regex("[OX](?=.)")
_ALIKE: Final = bytes.maketrans(b"023456789", b"1" * 9)
_ID: Final = regex(rb"\b[0-9a-f]{8,}\b")
_TIME: Final = regex(r"(?m)^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?")
"""What stands in front of most lines, and of whose figures nobody has to know."""
_CALM_LEVEL: Final = regex(
    r'"(?:level|severity|levelname|lvl|loglevel)" ?: ?(?:"?(?:\d|[1-4]0)[,"} ]|"[^"\d]{0,20}")'
)
"""A level up to a warning, in figures, or one in words."""


class Passing:
    """Chooses the lines of a text that are read.

    Args:
        telling: what says which lines may tell of something.

    Attributes:
        passed: whether there were others.
    """

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._first = self._last = 0
        self._plain = self.passed = False

    def chosen(self, numbered: Numbered) -> Numbered:
        """The lines that are read; all, unless they are a long log."""
        if len(numbered) <= _MOST:
            return numbered
        lines = [line for _, line in numbered]
        kinds = _kinds(lines)
        if sum(map(kinds.count, "JKD")) * 2 <= len(lines):
            return numbered
        places = self._telling(_TIME.sub("", "\n".join((*lines, *_seams(lines, kinds)))))
        if len(places) * _WORTH > len(lines):
            return numbered
        kinds = _with_told(kinds, lines, places)
        first, last = _ends(kinds)
        if first >= last:
            return numbered
        passed = _without(kinds[first:last])
        self._first, self._last = numbered[first][0], numbered[last][0]
        self.passed = _PASSED in passed
        self._plain = not set(kinds[first:last]).isdisjoint("DP")
        read = zip(numbered[first:last], passed, strict=True)
        return [
            *numbered[:first],
            *(line for line, kind in read if kind != _PASSED),
            *numbered[last:],
        ]

    def is_right(self, entries: Sequence[Entry]) -> bool:
        """Whether the utterances that were read are so many that those which were not would change no answer."""
        if not self.passed:
            return True
        head = [entry for entry in entries if entry.number < self._first]
        if (
            len(head) < _FIRST
            or not any(_spoken(head))
            or len(entries) < _LAST
            or entries[-_LAST].number <= self._last
        ):
            return False
        *_, group = ([*own] for _, own in groupby(_spoken(head), key=lambda entry: entry.block))
        block = group[0].block
        if len(group) <= _GROUP or any(e.block != block for e in _spoken(entries[len(head) :])):
            return False
        return not self._plain or sum(entry.normal is None for entry in group) > _GROUP


def _spoken(entries: Sequence[Entry]) -> Iterator[Entry]:
    return (entry for entry in entries if not entry.command)


def _kinds(lines: Sequence[str]) -> str:
    """What lines are, a letter each; "" if too many are of a kind of their own."""
    shapes = "\n".join(lines).encode("utf-8", "surrogatepass").translate(_ALIKE).split(b"\n")
    different = list(set(shapes))
    without_ids = _ID.sub(b"1" * 8, b"\n".join(different)).split(b"\n")
    alike = set(without_ids)
    if len(alike) * _WORTH > len(lines):
        return ""  # lines of a person, or of a log in which no two are alike
    kinds = {shape: _kind(shape.decode("utf-8", "surrogatepass")) for shape in alike}
    known = {shape: kinds[own] for shape, own in zip(different, without_ids, strict=True)}
    return "".join(
        _OBJECT if kind == _SAYS and not _CALM_LEVEL.search(line) else kind
        for line, kind in zip(lines, map(known.__getitem__, shapes), strict=True)
    )


def _kind(line: str) -> str:
    """What a line is."""
    if not line.strip():
        return _BLANK
    found = line_of(line, 2)
    text = found.text.rstrip()
    if not text or is_of_a_runner(line, 2) or found.command or is_command(text):
        return _OTHER
    if text[0] == "{":
        return _kind_of_object(text)
    if text[-1] in "[{" or json_texts.may_be_in(text):
        return _OPEN
    if is_continued(line) or labelled.may_give_field(text):
        return _OTHER
    if found.dated:  # no frame of a stack, which belongs to the line above
        return _OTHER if text[0].isspace() or text.startswith("at ") else _DATED
    return _PLAIN if line[0].isalnum() and not found.lost else _OTHER


def _kind_of_object(text: str) -> str:
    value = json_texts.value_of(text) if text.endswith("}") else None
    if not isinstance(value, dict):
        return _OPEN
    return _SAYS if loggers.is_plain(value) and loggers.is_calm(value) else _OBJECT


def _seams(lines: Sequence[str], kinds: str) -> list[str]:
    """The lines' ends where a word may go on in the next line, each with the beginning of that."""
    places = (found.start() for found in _GOES_ON.finditer(kinds))
    return [_seam(lines[place - 1], lines[place]) for place in places]


def _seam(before: str, line: str) -> str:
    return f"{before.rstrip()[-_SEAM:]}{line[:_SEAM]}" if len(before) >= _NARROWEST else ""


def _with_told(kinds: str, lines: Sequence[str], places: frozenset[int]) -> str:
    """The kinds, with those that may tell of something, and what a command goes on with, as others."""
    told = list(kinds)
    seams = [found.start() for found in _GOES_ON.finditer(kinds)]
    for place in places:
        number = place if place < len(lines) else seams[place - len(lines)]
        told[number] = _TOLD.get(kinds[number], kinds[number])
    for other in _MAY_GO_ON.finditer(kinds):
        if is_continued(lines[other.start()]):
            told[other.end()] = _OTHER
    return "".join(told)


_TOLD: Final = {_SAYS: _OBJECT, _DATED: _OTHER, _PLAIN: _OTHER}


def _ends(kinds: str) -> tuple[int, int]:
    """Where lines may be passed over: from one on up to another, or nowhere."""
    within = kinds[_ENDS:-_ENDS]
    parted = _SAYS in within or _OBJECT in within
    if _BLANK in within or (_OPEN in kinds and not parted):
        return 0, 0
    begins = _ENDS if parted else max(kinds.rfind(kind, 0, _ENDS) + _STRETCH for kind in "BJK")
    bounds = "JK" if parted else "D"
    first = min(
        (at for kind in bounds if (at := kinds.find(kind, max(begins, _ENDS))) > 0), default=0
    )
    last = max(kinds.rfind(kind, 0, len(kinds) - _ENDS) for kind in bounds)
    plain = _DATED in within or _PLAIN in within
    enough = not plain or len(_ALONE.findall(kinds, 0, first)) >= _REMARKS
    return (first, last) if enough else (0, 0)


def _without(kinds: str) -> str:
    """The kinds, a dot for what is passed over."""
    if set(kinds).isdisjoint("JK"):
        return _UNIT.sub(_dots, kinds)
    # The first parts what is read before from what is behind it.
    return kinds[0] + _APART.sub(_dots, _BETWEEN.sub(_dots, kinds))[1:]


def _dots(found: re.Match[str]) -> str:
    return _PASSED * len(found[0])
