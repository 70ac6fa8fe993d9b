"""A message about to be sent: ``await`` it, or enter it with ``async with``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator
    from types import TracebackType

    from ash_client._async.stream import AsyncMessageStream


class AsyncOpening:
    """What ``AsyncAshClient.send_message`` returns. The message is sent when this is awaited or entered."""

    __slots__ = ("_opening", "_stream")

    def __init__(self, opening: Coroutine[Any, Any, AsyncMessageStream]) -> None:
        self._opening = opening
        self._stream: AsyncMessageStream | None = None

    def __await__(self) -> Generator[Any, Any, AsyncMessageStream]:
        return self._opening.__await__()

    async def __aenter__(self) -> AsyncMessageStream:
        self._stream = await self._opening
        return self._stream

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._stream is not None:
            await self._stream.close()
