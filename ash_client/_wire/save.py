"""A download on its way to the disk: the file appears when it is whole, or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING
from uuid import uuid4

from ash_client.errors import InvalidArgument

if TYPE_CHECKING:
    from types import TracebackType


class Saving:
    """Writes beside the target, and puts the file in its place when all of it has come."""

    def __init__(self, target: str | os.PathLike[str], name: str) -> None:
        self.path = Path(target)
        if self.path.is_dir():
            self.path /= name
        self._part = self.path.with_name(f".{self.path.name[:200]}.{uuid4().hex}.part")

    def __enter__(self) -> IO[bytes]:
        try:
            self._file = self._part.open("xb")
        except OSError as error:
            message = f"{self.path} cannot be written: {error.strerror or error}."
            raise InvalidArgument(message) from error
        return self._file

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()
        if kind is None:
            self._part.replace(self.path)
            return
        with contextlib.suppress(OSError):
            self._part.unlink()
