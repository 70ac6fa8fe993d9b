"""What the overlay asks of the world that lives above it. ``world.engine`` puts itself in here when it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]


def _nobody(*_: Any, **__: Any) -> Any:
    raise RuntimeError("the emulated world was not loaded")


@dataclass(slots=True)
class Living:
    """The world's answers.

    Attributes:
        advance: brings everything to the present.
        begin: lets a task begin its life.
        is_alive: whether a task has not stopped.
        stop: ends a task: the task, the reason, the stop code.
        serves: whether a task takes a connection on a port, for a load balancer.
        from_client: whether a client's packets come to a balancer's port, by its groups and subnet.
    """

    advance: Callable[[], None] = _nobody
    begin: Callable[[Record], None] = _nobody
    is_alive: Callable[[Record], bool] = _nobody
    stop: Callable[..., None] = _nobody
    serves: Callable[[Record, int, Record | None], bool] = _nobody
    from_client: Callable[[Record, str, int, str], bool] = _nobody


LIVING = Living()
