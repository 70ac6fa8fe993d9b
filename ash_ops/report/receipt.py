"""The receipt of a teardown: what was removed, and what a second look found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ash_ops.errors import ExitCode

if TYPE_CHECKING:
    from ash_ops.deploy.remove.leftovers import Found

_NOT_LOOKED_FOR = "copies in other vaults of AWS Backup, objects in S3 buckets, other regions"


def receipt(
    prefix: str,
    region: str,
    removed: Sequence[str],
    found: Sequence[Found],
    foreign: Sequence[str] = (),
) -> tuple[ExitCode, str]:
    """The receipt, and the exit code that it amounts to.

    Args:
        prefix: the deployment's name.
        region: where it was.
        removed: what was removed, in words.
        found: what the second look found.
        foreign: what was left alone because it is not the deployment's.
    """
    lines = [f"Receipt for {prefix} in {region}"]
    if removed:
        lines.append(f"  removed        {len(removed)}: {', '.join(removed)}")
    for item in found:
        if item.ids:
            word = "STILL THERE" if item.billed else "left, free"
            lines.append(f"  {word:<14} {item.kind}: {', '.join(item.ids)}")
        if item.unknown:
            lines.append(f"  could not look {item.kind}: {item.unknown}")
    lines += [f"  left alone     {text}" for text in foreign]
    clean = [item.kind for item in found if not item.ids and not item.unknown]
    lines.append(f"  none left      {', '.join(clean)}")
    lines.append(f"  not looked for {_NOT_LOOKED_FOR}")
    return exit_code_of(found), "\n".join([*lines, *_last_words(found)])


def exit_code_of(found: Sequence[Found]) -> ExitCode:
    """Something billed is left, something could not be looked at, or nothing is left."""
    billed = [item for item in found if item.billed]
    if any(item.ids for item in billed):
        return ExitCode.PROBLEMS
    return ExitCode.INCONCLUSIVE if any(item.unknown for item in billed) else ExitCode.OK


def _last_words(found: Sequence[Found]) -> list[str]:
    code = exit_code_of(found)
    if code is ExitCode.OK:
        return ["Nothing billable is left."]
    if code is ExitCode.PROBLEMS:
        return ["What is still there is billed on."]
    needs = "`ash-ops iam-policy teardown` prints what is needed."
    return [f"Nothing billable was found, but not everything could be looked at: {needs}"]
