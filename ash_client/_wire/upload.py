"""The contents of files on their way up: bytes, text or a path, written as base64 into a JSON body, piece by piece."""

from __future__ import annotations

import base64
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

import httpx

from ash_client.errors import InvalidArgument

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

Content: TypeAlias = "bytes | bytearray | memoryview | str | os.PathLike[str]"
"""What is in a file: bytes, text (written as UTF-8), or the path of a file on this machine."""

FileContents: TypeAlias = "Mapping[str, Content]"
"""Each file's content by its path on the server."""

# A multiple of 3, so that each piece is base64 without padding but the last.
_PIECE = 3 * 16 * 1024
# A body up to this size is put together at once, so that mocks, recorders and retries see plain bytes.
_SMALL = 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file's content, read when it is sent."""

    size: int
    data: bytes | None
    file: Path | None = None

    def pieces(self) -> Iterator[bytes]:
        """The content as base64.

        Raises:
            InvalidArgument: The file cannot be read any more, or has changed its size.
        """
        if self.data is not None:
            for start in range(0, self.size, _PIECE):
                yield base64.b64encode(self.data[start : start + _PIECE])
            return
        left = self.size
        try:
            with Path(self.file or "").open("rb") as opened:
                while piece := opened.read(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        break
                    yield base64.b64encode(piece)
        except OSError as error:
            raise _unreadable(self.file, error) from error
        if left:
            message = f"{self.file} changed while it was being sent."
            raise InvalidArgument(message)

    @property
    def encoded_size(self) -> int:
        """How long it is as base64."""
        return (self.size + 2) // 3 * 4


def upload(content: Any, what: str) -> Upload:
    """A file's content, looked at but not read yet.

    Raises:
        InvalidArgument: It is neither bytes nor text nor the path of a readable file.
    """
    if isinstance(content, str):
        try:
            data = content.encode()
        except UnicodeEncodeError as error:
            message = f"{what}: the text cannot be written as UTF-8 ({error.reason})."
            raise InvalidArgument(message) from None
        return Upload(len(data), data)
    if isinstance(content, bytes | bytearray | memoryview):
        data = bytes(content)
        return Upload(len(data), data)
    if isinstance(content, os.PathLike):
        return _upload_of_file(Path(content))
    message = f"{what}: the content must be bytes, text or a path, not {type(content).__name__}."
    raise InvalidArgument(message)


def _upload_of_file(path: Path) -> Upload:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            message = f"{path} is not a file."
            raise InvalidArgument(message)
        with path.open("rb"):
            return Upload(status.st_size, None, path)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path | None, error: OSError) -> InvalidArgument:
    return InvalidArgument(f"{path} cannot be read: {error.strerror or error}.")


def named_uploads(files: Any) -> list[dict[str, Any]]:
    """The files as the server takes them, their contents not read yet.

    Raises:
        InvalidArgument: They are no files, or there are none.
    """
    if not isinstance(files, Mapping) or not files:
        message = (
            "files must be a mapping of each file's path to its content: bytes, text or a Path."
        )
        raise InvalidArgument(message)
    for path in files:
        if not isinstance(path, str) or not path:
            message = f"{path!r} is no path of a file on the server; pass text."
            raise InvalidArgument(message)
    return [{"path": path, "content": upload(content, path)} for path, content in files.items()]


class JsonBody(httpx.AsyncByteStream, httpx.SyncByteStream):
    """A JSON body with uploads in it, never whole in memory; it can be sent more than once."""

    def __init__(self, body: Any) -> None:
        mark = uuid4().hex
        self._uploads: list[Upload] = []

        def hold_place(value: Any) -> str:
            if not isinstance(value, Upload):
                message = f"Object of type {type(value).__name__} is not JSON serializable"
                raise TypeError(message)
            self._uploads.append(value)
            return mark

        text = json.dumps(
            body, default=hold_place, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
        self._texts = [part.encode() for part in text.split(mark)]
        self.length = sum(map(len, self._texts)) + sum(u.encoded_size for u in self._uploads)

    def __iter__(self) -> Iterator[bytes]:
        yield self._texts[0]
        for content, text in zip(self._uploads, self._texts[1:], strict=True):
            yield from content.pieces()
            yield text

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def written(body: Any) -> JsonBody | bytes:
    """A body with uploads in it: whole where it is small, else to be read while it is sent."""
    streamed = JsonBody(body)
    return b"".join(streamed) if streamed.length <= _SMALL else streamed


def holds_upload(body: Any) -> bool:
    """Whether a body is to be written by :class:`JsonBody`."""
    if isinstance(body, dict):
        return any(holds_upload(value) for value in body.values())
    if isinstance(body, list):
        return any(holds_upload(value) for value in body)
    return isinstance(body, Upload)


def batches(
    files: list[dict[str, Any]],
    most_bytes: int,
    size_of: Callable[[dict[str, Any]], int],
    most_files: int | None = None,
) -> Iterator[list[dict[str, Any]]]:
    """The files in groups that the server takes in one request each; one too large for any stands alone."""
    group: list[dict[str, Any]] = []
    total = 0
    for file in files:
        size = size_of(file)
        if group and (total + size > most_bytes or len(group) == most_files):
            yield group
            group, total = [], 0
        group.append(file)
        total += size
    if group:
        yield group


def decoded_size(file: dict[str, Any]) -> int:
    """Bytes of a file's content."""
    size: int = file["content"].size
    return size


def size_in_json(file: dict[str, Any]) -> int:
    """Bytes of a file inside a request's body, the comma behind it included."""
    return JsonBody(file).length + 1
