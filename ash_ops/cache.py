"""Files in the user's cache: what takes long to make and is the same the next time.

Every file is as good as none: one that is missing, damaged or of something else is made again by who
reads it, and where nothing can be written nothing is kept.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path


def cache_directory() -> Path:
    """The user's cache directory for ash-ops, by the XDG convention.

    Raises:
        RuntimeError: the user has no home directory.
    """
    named = os.environ.get("XDG_CACHE_HOME")
    # The convention has relative paths ignored.
    base = Path(named) if named and Path(named).is_absolute() else Path.home() / ".cache"
    return base / "ash-ops"


def read_kept(name: str) -> bytes | None:
    """What a file of that name below the directory holds; None when it cannot be read, or is not the user's own.

    Commands that are printed, and expressions that hide secrets, come from there: where others may write
    (``XDG_CACHE_HOME=/tmp``), what others wrote is not believed.
    """
    try:
        with (cache_directory() / name).open("rb") as file:
            return file.read() if _is_own(os.fstat(file.fileno())) else None
    except (OSError, RuntimeError):
        return None


def _is_own(file: os.stat_result) -> bool:
    """Whether nobody but the user could have written it; where there are no such users, everything is."""
    if not hasattr(os, "getuid"):
        return True
    return file.st_uid == os.getuid() and not file.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def keep(name: str, content: bytes) -> None:
    """Keep a file of that name below the directory, where one can be written."""
    with suppress(OSError, RuntimeError):
        write_at_once(cache_directory() / name, content)


def write_at_once(path: Path, content: bytes) -> None:
    """Write all of a file or nothing: two commands may do so at the same time.

    Raises:
        OSError: it cannot be written.
    """
    import tempfile  # takes as long to load as all that is read here

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
