"""The HTTP answer beside what it was read as."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

from ash_client.raw import RawResponse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ash_client._async.base import AsyncBase

P = ParamSpec("P")
T = TypeVar("T")


def with_answer(
    client: AsyncBase, method: Callable[P, Awaitable[T]]
) -> Callable[P, Awaitable[RawResponse[T]]]:
    """The method, returning the HTTP answer with its value in it."""
    name: str = method.__name__

    async def call(*args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        copy, answers = client._with_answers()
        same: Callable[P, Awaitable[T]] = getattr(copy, name)
        value = await same(*args, **kwargs)
        return RawResponse(answers[-1], value)

    call.__name__ = name
    call.__doc__ = method.__doc__
    return call
