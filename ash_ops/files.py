"""Writing a file that holds facts: whole or not at all, for its owner's eyes, where it was named."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from ash_ops.errors import OpsError

_OWN_NAMES = (("dev", "fd"), ("dev", "stdin"), ("dev", "stdout"), ("dev", "stderr"))


def write_file(path: str | Path, text: str, *, option: str) -> None:
    """Replace a file at once. What is there before stays until all of the new one is written.

    A symbolic link is replaced and not followed: a link that somebody else has put there must not
    turn the writing upon another file. A device or a pipe (``/dev/stdout``) is written to.

    Args:
        path: the file; its directory must exist.
        text: what to write, in UTF-8.
        option: the option that named the file, for the complaint.

    Raises:
        OpsError: it cannot be written.
    """
    try:
        if _is_channel(Path(path)):
            with open(path, "w", encoding="utf-8", errors="backslashreplace") as channel:  # noqa: PTH123 -- not a file
                channel.write(text)
        else:
            _replace(Path(path), text)
    except OSError as error:
        raise _cannot_be_written(path, error, option) from None


def require_writable(path: str | Path, *, option: str) -> None:
    """Make sure that a file can be written, before what it is to tell of is done.

    Raises:
        OpsError: it cannot be written.
    """
    try:
        if not _is_channel(Path(path)):
            with tempfile.TemporaryFile(dir=Path(path).parent):
                return
    except OSError as error:
        raise _cannot_be_written(path, error, option) from None


def _cannot_be_written(path: str | Path, error: OSError, option: str) -> OpsError:
    return OpsError(
        f"{path} cannot be written",
        error.strerror or type(error).__name__,
        f"Give {option} a file in a directory that exists and that you may write to.",
    )


def _is_channel(path: Path) -> bool:
    """Whether it is a device or a pipe, or one of the names under which processes know theirs."""
    # Not all of /dev: in /dev/shm are files, and anybody may put a link there.
    if path.is_absolute() and (path.parts[1:2] == ("proc",) or path.parts[1:3] in _OWN_NAMES):
        return True
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
