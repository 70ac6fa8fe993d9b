"""How a reading is declared: beside the function that makes it, and nowhere else.

The step that makes it, the operations that the policy of ``doctor`` allows for it, and what a check
cannot tell without it follow from here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import Struct

from ash_ops.aws.operations import Operation
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.fan_out import PATIENCE, Step

Read = TypeVar("Read", bound=Callable[[ReadingContext], Any])


class Declared(Struct, frozen=True, kw_only=True):
    """A reading.

    Attributes:
        name: the snapshot's field, or a name starting with ``_`` for what only readings need.
        read: makes the calls.
        operations: those whose answers it is made of.
        after: the readings whose outcome it looks at.
        client: of one that looks at none, the client that it begins with.
        call: the call as evidence quotes it.
        patience: seconds after which it is given up.
    """

    name: str
    read: Callable[[ReadingContext], Any]
    operations: tuple[Operation, ...]
    after: tuple[str, ...]
    client: str
    call: str
    patience: float

    def step(self, context: ReadingContext) -> Step:
        """The step that makes it."""
        return Step(
            name=self.name,
            call=self.call,
            read=lambda: self.read(context),
            after=self.after,
            patience=self.patience,
        )


DECLARED: dict[str, Declared] = {}
"""By name: those whose modules were imported."""


def reading(
    *operations: Operation,
    name: str = "",
    after: tuple[str, ...] = (),
    client: str = "",
    call: str = "",
    patience: float = PATIENCE,
) -> Callable[[Read], Read]:
    """Declare a function as a reading, of its own name unless another is given.

    Without ``call`` the first of the operations is quoted.
    """

    def declare(read: Read) -> Read:
        named = name or read.__name__
        DECLARED[named] = Declared(
            name=named,
            read=read,
            operations=operations,
            after=after,
            client=client,
            call=call or operations[0].action,
            patience=patience,
        )
        return read

    return declare
