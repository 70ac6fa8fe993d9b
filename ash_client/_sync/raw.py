# Generated from ash_client/_async by `make generate`; edit there.
"""The HTTP answer beside what it was read as."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

from ash_client.raw import RawResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_client._sync.base import Base

P = ParamSpec("P")
T = TypeVar("T")


def with_answer(client: Base, method: Callable[P, T]) -> Callable[P, RawResponse[T]]:
    """The method, returning the HTTP answer with its value in it."""
    name: str = method.__name__

    def call(*args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        copy, answers = client._with_answers()
        same: Callable[P, T] = getattr(copy, name)
        value = same(*args, **kwargs)
        return RawResponse(answers[-1], value)

    call.__name__ = name
    call.__doc__ = method.__doc__
    return call
