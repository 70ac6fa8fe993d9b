"""What the server says about files it was to write. No input or output here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ash_client._lazy import models
from ash_client.errors import AshError, FilesRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ash_client.agents import AgentFile
    from ash_client.models import FileInfo, WrittenFile

# What the server's list of an agent's files leaves out (packages/server/src/routes/agents.ts).
_UNLISTED_NAMES: Final = frozenset(
    {
        "node_modules", ".git", "__pycache__", ".cache", ".npm", ".pnpm-store", ".yarn", ".venv", "venv", ".tmp", "tmp",
    }
)  # fmt: skip
_UNLISTED_ENDINGS: Final = (".sock", ".lock", ".pid")

_MOST_SHOWN = 10


def all_written(told: list[WrittenFile]) -> list[WrittenFile]:
    """The files as written.

    Raises:
        FilesRefused: Some were not.
    """
    refused = [file for file in told if not file.written]
    if not refused:
        return told
    written = [file for file in told if file.written]
    raise FilesRefused(_sentence(refused, len(told)), refused=refused, written=written)


def _sentence(refused: Sequence[WrittenFile], total: int) -> str:
    shown = [f"{file.path!r} ({file.error or 'no reason given'})" for file in refused[:_MOST_SHOWN]]
    if len(refused) > _MOST_SHOWN:
        shown.append(f"and {len(refused) - _MOST_SHOWN} more")
    others = total - len(refused)
    rest = f" Written: {others}." if others else " None was written."
    return f"The server refused {len(refused)} of {total} files: {', '.join(shown)}.{rest}"


def note_written(error: AshError, told: Sequence[WrittenFile]) -> None:
    """Add to the error of a later request what the earlier ones had written."""
    written = [file.path for file in told if file.written]
    if written:
        error.add_note(f"Before that, {len(written)} files had been written: {', '.join(written)}.")


def refuse_outside(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The files of an agent, if the server would write each of them: it leaves others out without a word.

    Raises:
        FilesRefused: Some paths leave the agent's folder.
    """
    outside = [f["path"] for f in files if ".." in f["path"] or f["path"].startswith("/")]
    if not outside:
        return files
    why = "the path leaves the agent's folder"
    refused = [models.WrittenFile(path=path, written=False, error=why) for path in outside]
    listed = ", ".join(map(repr, outside[:_MOST_SHOWN]))
    message = (
        f"{listed}: {why}, and the server would leave it out without a word. Nothing was sent."
    )
    raise FilesRefused(message, refused=refused)


def check_arrived(sent: Sequence[AgentFile], there: Sequence[FileInfo]) -> list[str]:
    """What the server has beside the files that were sent.

    Raises:
        FilesRefused: A file that was sent is not there, or has another size.
    """
    sizes = {file.path: file.size for file in there}
    told = [
        models.WrittenFile(path=f.path, written=sizes.get(f.path, f.size) == f.size, size=f.size)
        if f.path in sizes or _is_unlisted(f.path)
        else models.WrittenFile(path=f.path, written=False)
        for f in sent
    ]
    why = "it is not on the server afterwards, or has another size"
    all_written([f if f.written else f.model_copy(update={"error": why}) for f in told])
    return sorted(set(sizes) - {file.path for file in sent})


def _is_unlisted(path: str) -> bool:
    names = path.split("/")
    return not _UNLISTED_NAMES.isdisjoint(names) or path.endswith(_UNLISTED_ENDINGS)
