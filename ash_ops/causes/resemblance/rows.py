"""Rows of a table of errors: the message, what causes it, what to do about it.

Such a row says of no failure that it happened, and is so short that its words weigh little. Who pastes it has
the message before him: the cell that holds it is told as it stands, and nothing but that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ash_ops.causes.base import Rank
from ash_ops.causes.classify import Match, matches
from ash_ops.causes.foreign import may_say, speaker
from ash_ops.causes.matching import folded
from ash_ops.causes.speech.changes import is_title
from ash_ops.patterns import regex

_FRAME: Final = " \t>|*"
_BAR: Final = regex(r"(?<!\\)\|")
_RULE: Final = regex(r"[\s|:+-]{3,2000}")
"""The line between the head of a table and its rows."""
_NUMBER: Final = regex(r"\W{0,4}(?:[A-Z]{0,3}-?\d{1,3}(?:\.\d{1,2})?)?\W{0,4}")
"""A cell that numbers its row."""
_NAME: Final = regex(
    r"\W{0,3}(?:[A-Za-z]{2,20}(?:_[A-Za-z]{2,20}){1,4}|E[A-Z0-9]{3,15}|[a-z]{2,20}(?:[A-Z][a-z]{1,20}){1,4})\W{0,3}"
)
"""The name of a state, a number of errors or a function alone in its cell: several of them are a list of what there is."""
_TYPE: Final = regex(
    r"(?i)\W{0,3}(?:string|str|int(?:eger)?|number|float|bool(?:ean)?|structure|array|list|map|object|duration|\d{1,6} ?(?:m?s|sec|seconds|min|mb|gb|h)?)\W{0,3}"
)
"""What stands beside the name of a setting or of a field."""
_PERMISSION: Final = regex(r"\b[a-z0-9]{2,20}:[A-Z][A-Za-z]{3,40}\b")
"""A permission, of which a table says what it is for."""
_IN_CODE: Final = regex(r"[`\"'\u201c]")
"""What marks a message as it was given: where several rows stand, one without it names a kind of failure."""
_MOST: Final = 4
"""Rows that are told of; more are a page, of which any row may be meant."""
_CELLS: Final = 2
_BESIDE: Final = 2
"""Lines that may stand beside the rows: a heading."""
_OF_STACKS: Final = frozenset({"cfn_event"})
"""What only CloudFormation means by its words; a row does not say that it is of a stack."""
_AT_A_DESK: Final = regex(
    r"\b(?:pip3?|npm|yarn|pnpm|bun|poetry|apt|apt-get) (?:install|i|add)\b|\bconnect to (?:the )?docker\b"
)
"""Somebody's own computer, and what he installs there."""


def message_of_a_row(text: str) -> tuple[str, str] | None:
    """The cause of the first message that a row of a table explains, and the cell that holds it.

    Args:
        text: the whole text. It must be rows, and at most a heading beside them.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    rows = [line for line in lines if _is_row(line)]
    said = [cells for line in rows if not _RULE.fullmatch(line) and (cells := _cells(line))]
    if not said or len(said) > _MOST + 1 or len(lines) - len(rows) > _BESIDE:
        return None
    names = sum(_NAME.fullmatch(cells[0]) is not None for cells in said)
    rows_of_its_own = [cells for cells in said if names < 2 and not _tells_of_another(cells)]
    found = next(filter(None, map(_message, rows_of_its_own)), None)
    several = len(said) > 1
    if found is None or found[1] <= Rank.GENERIC or (several and _IN_CODE.search(found[2]) is None):
        return None
    return found[0], found[2]


def _is_row(line: str) -> bool:
    bare = line.strip()
    return bare.count("|") >= _CELLS and ("|" in bare[:4] or bare.endswith("|"))


def _cells(line: str) -> list[str]:
    """The cells of a row that say something, without the one that numbers it."""
    cells = [cell.strip(_FRAME) for cell in _BAR.split(line)]
    return [cell for cell in cells if cell and not _NUMBER.fullmatch(cell)]


def _tells_of_another(cells: list[str]) -> bool:
    """Whether a row is of settings or permissions, of what somebody installs, or of another platform."""
    whole = folded(" | ".join(cells))
    service = speaker(whole)
    return (
        len(cells) < _CELLS
        or any(map(_TYPE.fullmatch, cells[1:]))
        or _PERMISSION.search(cells[0]) is not None
        or _AT_A_DESK.search(whole) is not None
        or is_title(whole)
        or (service is not None and service.platform)
    )


def _message(cells: list[str]) -> tuple[str, int, str] | None:
    """What the first cell says, or the one beside it, if that is a message in quotes: cause, rank and cell."""
    own = cells[:2] if "`" in cells[1] and not _NAME.fullmatch(cells[1]) else cells[:1]
    whole = folded(" | ".join(cells))
    service = speaker(whole)
    for cell in own:
        for match in _clearest(folded(cell)):
            if service is None or may_say(service, match.cause, "", whole):
                return match.cause.slug, match.signature.rank, cell
    return None


def _clearest(cell: str) -> Iterator[Match]:
    """What the words of a cell (folded) mean, the clearest first."""
    found = sorted(matches((cell,)), key=lambda match: -match.signature.rank)
    for match in found:
        own = match.signature
        if match.cause.severity != "info" and own.kinds != _OF_STACKS:
            yield match
