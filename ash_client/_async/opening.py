"""A message about to be sent: ``await`` it, or enter it with ``async with``. What was meant for the other client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from ash_client.errors import ConfigurationError

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

    if not TYPE_CHECKING:  # a type checker tells of these before the program runs

        def __iter__(self) -> NoReturn:
            self._was_not_awaited()

        def __aiter__(self) -> NoReturn:
            self._was_not_awaited()

        def __enter__(self) -> NoReturn:
            self._was_not_awaited()

        def __exit__(self, *_: object) -> None: ...

        def __getattr__(self, name: str) -> NoReturn:
            if name.startswith("_"):
                raise AttributeError(name)
            self._was_not_awaited()

    def _was_not_awaited(self) -> NoReturn:
        self._opening.close()  # or Python would warn that it was never awaited
        message = (
            "The message has not been sent: write 'async with client.send_message(...) as stream', or "
            "'stream = await client.send_message(...)'."
        )
        raise ConfigurationError(message)


class MustAwait:
    """Tells whoever takes the asynchronous client for the other one."""

    if not TYPE_CHECKING:

        def __enter__(self) -> NoReturn:
            name = type(self).__name__
            message = f"{name} is entered with 'async with'; for 'with', take {name.removeprefix('Async')}."
            raise ConfigurationError(message)

        def __exit__(self, *_: object) -> None: ...
