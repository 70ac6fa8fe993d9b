"""The receipt of a teardown: what was removed, and what a second look found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ash_ops.errors import ExitCode
from ash_ops.settings import command_line

if TYPE_CHECKING:
    from ash_ops.deploy.remove.leftovers import Found

LABEL = 15
"""Columns of a line's first words and the space behind them, from its indent on."""
_NOT_LOOKED_FOR = "copies in other vaults of AWS Backup, objects in S3 buckets, other regions"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of it.

    Attributes:
        exit_code: 0 nothing billable is left, 3 something is, 4 not everything could be looked at.
        title: what was removed, and where.
        rows: what each line is about, and what it says.
        last: the verdict, in a sentence.
    """

    exit_code: ExitCode
    title: str
    rows: tuple[tuple[str, str], ...]
    last: str

    def text(self) -> str:
        """The receipt as lines."""
        rows = (f"  {label:<{LABEL}}{told}" for label, told in self.rows)
        return "\n".join([self.title, *rows, self.last])


def receipt(
    prefix: str,
    region: str,
    removed: Sequence[str],
    found: Sequence[Found],
    foreign: Sequence[str] = (),
) -> Receipt:
    """The receipt, with the exit code that it amounts to.

    Args:
        prefix: the deployment's name.
        region: where it was.
        removed: what was removed, in words.
        found: what the second look found.
        foreign: what was left alone because it is not the deployment's.
    """
    rows = [("removed", f"{len(removed)}: {', '.join(removed)}")] if removed else []
    for item in found:
        if item.ids:
            word = "STILL THERE" if item.billed else "left, free"
            rows.append((word, f"{item.kind}: {', '.join(item.ids)}"))
        if item.unknown:
            rows.append(("could not look", f"{item.kind}: {item.unknown}"))
    rows += [("left alone", text) for text in foreign]
    clean = [item.kind for item in found if not item.ids and not item.unknown]
    rows += [("none left", ", ".join(clean)), ("not looked for", _NOT_LOOKED_FOR)]
    title = f"Receipt for {prefix} in {region}"
    return Receipt(exit_code_of(found), title, tuple(rows), _last_words(found, prefix, region))


def exit_code_of(found: Sequence[Found]) -> ExitCode:
    """Something billed is left, something could not be looked at, or nothing is left."""
    billed = [item for item in found if item.billed]
    if any(item.ids for item in billed):
        return ExitCode.PROBLEMS
    return ExitCode.INCONCLUSIVE if any(item.unknown for item in billed) else ExitCode.OK


def _last_words(found: Sequence[Found], prefix: str, region: str) -> str:
    code = exit_code_of(found)
    if code is ExitCode.OK:
        return "Nothing billable is left."
    if code is ExitCode.PROBLEMS:
        return "What is still there is billed on."
    needs = f"`{command_line('iam-policy teardown', prefix, region)}` prints what is needed."
    return f"Nothing billable was found, but not everything could be looked at: {needs}"
