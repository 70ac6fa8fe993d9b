"""Private keys in armour: whole in one text, or a line an event, with or without head and tail.

Only what is shaped like a part of a key is masked, so that a block whose end never comes takes no
sentence with it: a body has lines of one width, and one shorter line ends it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ash_ops.patterns import always_whole
from ash_ops.redact.held import Held
from ash_ops.redact.values import is_random
from ash_ops.secret import MASK

_PRIVATE = r"[A-Z0-9 ]{0,40}(?:PRIVATE KEY(?: BLOCK)?|STATIC KEY V1|SECRET KEY(?: BLOCK)?)"
_BEGIN = always_whole(
    rf"-----? ?BEGIN {_PRIVATE} ?-----?|PuTTY-User-Key-File-\d: [\w-]+|Private-Lines: \d+"
)
_END = always_whole(rf"-----? ?END {_PRIVATE} ?-----?")
_BREAK = r"(?:\s|\\{1,8}[nrt]|[\"'+,|>])"
_HEADERS = r"(?:Proc-Type|DEK-Info|Comment|Version|Hash|Charset|Encryption|Public-Lines|Key-Derivation|Argon2-[\w-]+)"
# What may stand between head and tail: lines without blanks, and a few headers.
_BODY = always_whole(
    rf"(?:{_BREAK}{{0,9}}(?:{_HEADERS}: [^\n\\]{{0,200}}|[A-Za-z0-9+/=_-]{{16,}}(?<!-----))){{1,4000}}"
    rf"(?:{_BREAK}{{1,9}}=?[A-Za-z0-9+/]{{1,76}}={{0,2}}(?={_BREAK}{{0,9}}(?:-----|\Z)|={{1,2}}))?"
)
_SHORT = always_whole(rf"{_BREAK}{{0,9}}[A-Za-z0-9+/=]{{4,4000}}(?={_BREAK}{{0,9}}(?:-----|\Z))")
_TAIL = always_whole(rf"(?:[A-Za-z0-9+/=]{{1,80}}{_BREAK}{{1,4}})\Z")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_CLOSING = " \t\r\n\"',;}]"
_FULL = 40  # characters of a run that is a line of a key by itself, if it is random
_RUNS = always_whole(rf"[A-Za-z0-9+/]{{{_FULL},}}")
_HEADER_LINE = always_whole(rf".{{0,80}}\b{_HEADERS}: .{{0,200}}", re.S)


HINTS = ("KEY", "PuTTY-", "Private-Lines")
"""What a text has one of if it may hold a block."""


def may_hold(text: str) -> bool:
    """Whether a text may hold a block, or its head or tail."""
    return (
        ("KEY" in text and ("BEGIN " in text or "END " in text))
        or "PuTTY-" in text
        or "Private-Lines" in text
    )


def mask_blocks(text: str) -> str:
    """The text without the body of any private key in it."""
    parts: list[str] = []
    at = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < at:
            continue
        body = _BODY.match(text, begin.end()) or _SHORT.match(text, begin.end())
        if body and MASK not in body[0]:
            parts += [text[at : begin.end()], _breaks_of(body[0]), MASK]
            at = body.end()
    return _mask_tails("".join([*parts, text[at:]]))


def _breaks_of(body: str) -> str:
    """The line break before a body, so that head and mask stay apart as they were."""
    return "\n" if body.startswith(("\n", "\r")) else ("\\n" if body.startswith("\\n") else "")


def _mask_tails(text: str) -> str:
    """What stands before a tail whose head is not in the text."""
    parts: list[str] = []
    at = 0
    for end in _END.finditer(text):
        start = end.start()
        while start > at and (line := _TAIL.search(text, max(at, start - 90), start)):
            start = line.start()
        if start < end.start():
            parts += [text[at:start], MASK, "\n"]
            at = end.start()
    return "".join([*parts, text[at:]])


class Lines:
    """Masks private keys that come a line at a time, for each stream by itself.

    The lines of one stream are given in the order of their times; a line masked is still a line.
    """

    def __init__(self) -> None:
        # By stream: the width of the open block's lines, and whether they hold nothing else.
        self._open: dict[str, tuple[int, bool]] = {}

    @property
    def is_open(self) -> bool:
        """Whether the next lines may go on with a block."""
        return bool(self._open)

    def concern(self, page: Held) -> bool:
        """Whether lines, joined to one text, have to be looked at."""
        return (
            bool(self._open)
            or may_hold(page.text)
            or any(
                is_random(run)
                for run in _RUNS.findall(page.runs(_FULL))
                if not (run.islower() or run.isupper())
            )
        )

    def masked(self, lines: Iterable[tuple[str, str]]) -> list[str]:
        """Some lines, each with its stream, with the parts of keys masked."""
        given = list(lines)
        if not self._open and not any(map(_concerns, (text for _, text in given))):
            return [text for _, text in given]
        shown = [self._line(stream, text) for stream, text in given]
        return self._before_tails(given, shown)

    def _line(self, stream: str, text: str) -> str:
        if "\n" in text.strip():
            return text  # whole in itself: the text's own patterns see to it
        if _END.search(text) or _BEGIN.search(text):
            self._open.pop(stream, None)
            if not _END.search(text):
                self._open[stream] = (_AFTER_HEAD, True)
            return text
        before, run, after = _split(text)
        alone = not before.strip()
        width, pure = self._open.get(stream, (None, alone))
        if _is_full(run, width, alone=alone):
            self._open[stream] = (len(run), pure and alone)
            # Behind other words, what is a key by itself is found as any long random run is.
            return f"{before}{MASK}{after}" if alone or width is not None else text
        if width is None or not text.strip() or _HEADER_LINE.fullmatch(text):
            return text
        if not _ends_block(run, width, alone=alone and pure):
            del self._open[stream]
            return text
        self._open[stream] = (_AFTER_SHORT, pure)
        return f"{before}{MASK}{after}"

    def _before_tails(self, given: list[tuple[str, str]], shown: list[str]) -> list[str]:
        """Mask the lines right before a tail whose head and full lines were not seen."""
        for number, (stream, text) in enumerate(given):
            if not _END.search(text):
                continue
            for before in range(number - 1, -1, -1):
                if given[before][0] != stream:
                    continue
                line = given[before][1]
                if " " in line.strip() or not _split(line)[1] or _BEGIN.search(line):
                    break
                shown[before] = MASK
        return shown


# Between the head and the first line, and behind the one that is shorter than the others.
_AFTER_HEAD, _AFTER_SHORT = 0, -1


def _split(text: str) -> tuple[str, str, str]:
    """A line's beginning, the run at its end that may be a line of a key, and what closes it."""
    core = text.rstrip(_CLOSING)
    before = core.rstrip("=").rstrip(_ALPHABET)
    before = before.removesuffix("=") if before.strip() == "=" else before  # a checksum's beginning
    return before, core[len(before) :], text[len(core) :]


def _is_full(run: str, width: int | None, *, alone: bool) -> bool:
    """Whether a run is a whole line of a body: by itself, or beside the ones before it."""
    if len(run) >= _FULL and is_random(run):
        return True
    if width == _AFTER_HEAD:
        return len(run) >= 16 or (alone and bool(run))
    return width is not None and width == len(run) >= 16


def _ends_block(run: str, width: int, *, alone: bool) -> bool:
    """Whether a run may be the last, shorter line of a body, or the checksum behind it."""
    if width == _AFTER_SHORT:
        return alone and run.startswith("=")
    return 0 < len(run) <= width and (alone or run.endswith("="))


def _concerns(text: str) -> bool:
    if may_hold(text):
        return True
    run = _split(text[-4100:])[1] if len(text) >= _FULL else ""
    return len(run) >= _FULL and is_random(run)
