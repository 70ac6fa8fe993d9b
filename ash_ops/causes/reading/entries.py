"""The utterances of a text: its lines, wrapped and indented ones put together again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ash_ops.causes.foreign import Service
from ash_ops.causes.reading.introductions import introduces
from ash_ops.causes.reading.widths import TERMINALS, Width, goes_on, width_of
from ash_ops.causes.reading.wrappings import Line
from ash_ops.patterns import begun, regex

LONGEST: Final = 4_000
"""Characters that are compared together: words further apart do not speak of one thing."""
_OVERLAP: Final = 400
_SAYS: Final = regex(r"\w\w")
"""Brackets and commas that are left of something else say nothing."""
_STACK: Final = begun(
    r"\s|at |\.|C", r"\s{0,200}(?:at |\.\.\. \d+ more|Caused by: )|[ \t]{1,200}\S"
)
_ITEM: Final = regex(
    r"""(?x)\s{0,80}
    (?: [-*•✘✖⠿+][ ] | \d{1,3}[.)][ ] | [\[({]     # items of a list, a logger's [name]
      | \w{1,40}= | (?!\w{0,60}(?:Error|Exception|Failure|User|Reason)\b)[A-Z][\w ]{0,30}:[ ]
      | ["'][\w ]{1,40}["']\s?: | [\]}]            # a line of JSON
      | (?!arn:|https?:)\w{1,40}:["'\w]
    )"""
)
"""The beginning of a line that continues no sentence."""


_COLUMNS: Final = begun(
    r"[\"'@td]",
    r"""["']?(?:@\w{2,30}|timestamp|time|date)["']?(?:[ \t]{0,9}[,;|\t][ \t]{0,9}["']?@?[a-zA-Z]\w{1,30}["']?){1,20}[,;|]?\s{0,9}""",
)
"""The names of columns above an exported log: ``@timestamp,@logStream,@message``. Nobody says them."""


class Entry(Struct, frozen=True, gc=False):
    """What one line said, with the lines that continue it.

    Attributes:
        text: on one line.
        number: the number of its first line, from 1.
        tight: the same, put together the other way where nobody can tell whether words were cut.
        lines: the lines themselves, where they may as well be two messages.
        block: which stretch between blank lines it belongs to.
        command: whether it is a command line, which tells names and no failure.
        dated: whether a time stood in front of it, as in a log.
        warns: whether it stood in a log as a warning.
        normal: whether its logger calls it normal; None when nothing says so.
        about: the other service that the text around it is about; None when none is seen.
    """

    text: str
    number: int
    tight: str = ""
    lines: tuple[Line, ...] = ()
    block: int = 0
    command: bool = False
    dated: bool = False
    warns: bool = False
    normal: bool | None = None
    about: Service | None = None

    def by_line(self) -> list[Entry]:
        """The lines of it, each as an utterance of its own."""
        return [
            Entry(line.text, line.number, block=self.block, about=self.about) for line in self.lines
        ]


def entries(lines: Sequence[Line]) -> Iterator[Entry]:
    """The entries of a text, block by block."""
    spoken = [line for line in lines if not _COLUMNS.fullmatch(line.text.strip())]
    for number, block in enumerate(_blocks(spoken)):
        for entry in _joined(block, number):
            if len(entry.text) <= LONGEST and _SAYS.search(entry.text):
                yield entry
            elif len(entry.text) > LONGEST:
                for piece in pieces(entry.text):
                    yield replace(entry, text=piece, tight="", lines=())


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in lines:
        if line.text.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _joined(block: Sequence[Line], number: int) -> Iterator[Entry]:
    if len(block) == 1:
        yield _entry(block[0].text, block[0].text, block, number)
        return
    texts = [line.text for line in block]
    width: Width | None = None
    text = tight = texts[0]
    own = [block[0]]
    for index, line in enumerate(block[1:], start=1):
        joint = None
        if len(text) < LONGEST and not _are_apart(block[index - 1], line):
            width = width or width_of(block if len(block) <= _MOST_WRAPPED else ())
            joint = _joint(block, index, width)
        if joint is None or width is None:
            yield _entry(text, tight, own, number)
            text = tight = texts[index]
            own = [line]
        else:
            own.append(line)
            # Where a line fills the width, nobody can tell whether a word was cut there.
            full = (
                block[index - 1].length in (width.wrapped, width.cut)
                and goes_on(block[index - 1], line, width) is not None
            )
            said = texts[index].strip()
            if not joint and _BLANK_CUT.match(texts[index]):
                joint = " "  # the terminal's edge was in front of the blank
            text = f"{text}{joint}{said}"
            tight = f"{tight}{(' ' if joint == '' else '') if full else joint}{said}"
    yield _entry(text, tight, own, number)


_BLANK_CUT: Final = regex(r" [^ ]")
_SURELY_CUT: Final = 3
"""Lines of one entry that end at the same place because a terminal ends there."""


def _entry(text: str, tight: str, own: Sequence[Line], block: int) -> Entry:
    first = own[0]
    lengths = [line.length for line in own]
    surely = lengths.count(max(lengths)) >= _SURELY_CUT  # no one wraps by words like that
    return Entry(
        text,
        first.number,
        "" if tight == text or surely else tight,
        tuple(own) if _may_be_two(own) else (),
        block,
        command=first.command,
        dated=first.dated,
        warns=first.warns,
    )


def _may_be_two(own: Sequence[Line]) -> bool:
    """Whether two lines may be two messages: the second is not indented, and the first not unfinished."""
    if len(own) != 2:
        return False
    first, second = own[0].text, own[1].text
    indented = _STACK.match(second) is not None and _indent(second) > _indent(first)
    cut = own[0].length in TERMINALS and _speaks_on(first, second)
    return not (indented or cut or _is_unfinished(first, second))


_MOST_WRAPPED: Final = 400
"""Lines of one stretch from which on it is a log and not a wrapped text."""


def _are_apart(before: Line, line: Line) -> bool:
    """Whether a line surely is no part of the one before it."""
    if line.command or before.command or _LEVELLED.match(line.text):
        return True
    if before.text.endswith(":") and _TEACHES.search(before.text) is not None:
        return True
    if _LEVELLED.match(before.text) is None:
        return False
    alone = before.dated and before.length < _ALONE and not line.text[:1].isspace()
    return alone or _NAMED.match(line.text) is not None


_ALONE: Final = 76
"""Characters of a line with a time and a level of its own up to which nothing has broken it."""


def _joint(block: Sequence[Line], index: int, width: Width) -> str | None:
    """What stands between a line and the one before it when they are one entry; else None."""
    line, before = block[index], block[index - 1]
    if _FRAME.match(line.text):
        return " "
    if introduces(before.text, line.text):
        return None
    if line.dated and not line.text[:1].isspace():
        return None
    wrapped = goes_on(before, line, width)
    if _speaks_on(before.text, line.text):
        return " " if wrapped is None else wrapped
    if wrapped == "" or (wrapped and not _ITEM.match(line.text)):
        return wrapped
    if (
        _STACK.match(line.text)
        and not _ITEM.match(line.text)
        and _indent(line.text) > _indent(block[0].text)
    ):
        return " "
    return None


_LEVELLED: Final = begun(r"[ \t\[DITN]", r"[ \t]{0,8}\[?(?:DEBUG|INFO|TRACE|NOTICE)\]?[ \t:]")
"""A level in front of a line: it is an entry of a log."""
_NAMED: Final = regex(r"[A-Z]\w{1,60}: ")
"""What fails, named in front of a line: it goes on no entry that has a level of its own."""
_FRAME: Final = begun(
    r"\s|at ",
    r"\s{0,200}at (?:async |new )?(?:[\w$.<>\[\] ]{1,100} \((?:/|file:|node:|internal/|\w{1,60}\.js:)|/|file:/|node:)",
)
"""A frame of a JavaScript stack, which belongs to the error above it however each line is dated."""
_LOWER: Final = regex(r"[a-z][a-z']{0,20} [A-Za-z0-9(]")


_BEGINS_NOTHING: Final = begun(r"[\s:;,.)]", r"\s{0,80}[:;,.)][ .]")
_ASKS_FOR_MORE: Final = regex(
    r"\b(?:to|the|an?|of|from|in|on|for|with|and|or|by|is|was|that|been|not|failed|unable|error|create|retrieve|pull|invoke)$"
)
_TEACHES: Final = regex(
    r"(?i)\b(?:may|might|can|could|will|often|commonly|frequently) (?:\w{2,12} ){0,3}(?:occur|appear|happen|see|get|receive|encounter|run into)s?\b[^.:]{0,80}:$"
)
"""A sentence of a page that says which message may come: the message below it is no part of the sentence."""
_OPEN_VALUE: Final = regex(r'\s{0,80}"\w{1,60}": "(?:[^"\\]|\\.){1,4000}$')


def _speaks_on(before: str, text: str) -> bool:
    """Whether a sentence was broken: it stops at a colon, or goes on in a small letter."""
    goes_on = before.rstrip()[-1:] not in ".;}!?" and _LOWER.match(text.lstrip()) is not None
    return goes_on or _is_unfinished(before, text)


def _is_unfinished(before: str, text: str) -> bool:
    """Whether a line asks for the one that follows, whatever that begins with."""
    end = before.rstrip()
    last = end[-1:]
    return (
        last == ":"
        or _BEGINS_NOTHING.match(text) is not None
        or (last.isalpha() and _ASKS_FOR_MORE.search(end, max(0, len(end) - 12)) is not None)
        or ('"' in before and _OPEN_VALUE.match(before) is not None)
    )


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def pieces(text: str) -> Iterator[str]:
    """A text in pieces that may be compared, each beginning a little before the last one ended."""
    if len(text) <= LONGEST:
        yield text
        return
    for start in range(0, len(text), LONGEST - _OVERLAP):
        yield text[start : start + LONGEST]
