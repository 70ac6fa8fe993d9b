"""The catalogue as an earlier run has read it from its modules.

To import a hundred modules takes 33 ms of CPU, a sixth of what one message was explained in; to read what
they declare takes three.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final
from zlib import crc32

from msgspec import MsgspecError, Struct, msgpack

from ash_ops.cache import keep, read_kept
from ash_ops.causes.base import Cause

_HERE: Final = Path(__file__).parent
NAME: Final = f"causes-{crc32(str(_HERE).encode()):08x}.msgpack"
"""Each installation has its own, which the next version put in its place writes anew."""


class Source(Struct, frozen=True, array_like=True):
    """A file or folder of which the catalogue was made, and what tells that it has changed since.

    Attributes:
        path: its path.
        changed: when, in nanoseconds since 1970.
        size: in bytes.
    """

    path: str
    changed: int
    size: int

    @classmethod
    def of(cls, path: str) -> Source:
        """As it is now; one that is gone has changed."""
        try:
            found = os.stat(path)  # noqa: PTH116 -- two hundred of them, a third of the time
        except OSError:
            return cls(path, 0, -1)
        return cls(path, found.st_mtime_ns, found.st_size)


class Kept(Struct, frozen=True, array_like=True):
    """What the file holds.

    Attributes:
        sources: what the causes were made of.
        causes: all of them, in their order.
    """

    sources: tuple[Source, ...]
    causes: tuple[Cause, ...]


def causes(declared: Callable[[], tuple[Cause, ...]]) -> tuple[Cause, ...]:
    """The causes that an earlier run has kept, or what is declared; that is kept then.

    As byte code, what was kept is believed only while everything that it was made of is as it was.
    """
    found = _read()
    if found is not None:
        return found
    every = declared()
    keep(NAME, msgpack.encode(Kept(tuple(map(Source.of, _sources())), every)))
    return every


def _read() -> tuple[Cause, ...] | None:
    content = read_kept(NAME)
    if content is None:
        return None
    try:
        kept = msgpack.decode(content, type=Kept)
    except MsgspecError:  # damaged, or of a version whose causes had other attributes
        return None
    return kept.causes if kept.sources == tuple(Source.of(s.path) for s in kept.sources) else None


def _sources() -> list[str]:
    """Every module of ours that has been loaded, and the folders in which a new one may stand.

    More than the catalogue was made of are among them: which ones it asked for nobody has written down.
    """
    ours = (module for name, module in sys.modules.items() if name.startswith("ash_ops."))
    files = {str(file) for module in ours if (file := getattr(module, "__file__", None))}
    folders = {str(_HERE), *(str(path) for path in _HERE.iterdir() if path.is_dir())}
    return sorted(files | folders | {str(_HERE.parents[1] / "templates" / "parameters.json")})
