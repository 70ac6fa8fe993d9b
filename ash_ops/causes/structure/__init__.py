"""What the structure of a message decides before any of its words: codes, states, counts."""

from collections.abc import Callable, Iterator
from typing import Final

from ash_ops.causes.structure import answers, services, stacks, tasks
from ash_ops.causes.structure.hints import Fields, Hint, number

__all__ = ["READERS", "Fields", "Hint", "number"]

READERS: Final[dict[str, Callable[[Fields], Iterator[Hint]]]] = {
    "stopped_task": tasks.stopped_task,
    "service_event": services.service_event,
    "target_health": services.target_health,
    "cfn_event": stacks.stack_event,
    "api_error": stacks.api_error,
    "http": answers.http,
}

"""The reader of each kind of message that has a structure."""
