"""What a test has asked for: the next answers, and the faults of the next requests."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ash_client.testing._http.exchange import RequestHead
    from ash_client.testing.answers import Answer, Answerer, Event, Prompt
    from ash_client.testing.faults import Fault


@dataclass(frozen=True)
class Verbatim:
    """An answer that is sent event by event, with nothing added."""

    events: tuple[Event, ...]


@dataclass
class _Due:
    """A fault, the requests it is meant for, and how often; None is always."""

    fault: Fault
    on: str | None
    times: int | None


class Script:
    """Answers and faults in the order they were asked for.

    Args:
        otherwise: Makes the answers nobody asked for.
    """

    def __init__(self, otherwise: Answerer) -> None:
        self._otherwise = otherwise
        self._answers: deque[Answer | Verbatim] = deque()
        self._due: list[_Due] = []
        self._lock = threading.Lock()

    def add_answers(self, *answers: Answer | Verbatim) -> None:
        """Queue answers."""
        with self._lock:
            self._answers.extend(answers)

    def next_answer(self, prompt: Prompt) -> Answer | Verbatim:
        """The answer to this message."""
        with self._lock:
            if self._answers:
                return self._answers.popleft()
        return self._otherwise(prompt)

    def add_fault(self, fault: Fault, on: str | None, times: int | None) -> None:
        """Queue a fault."""
        with self._lock:
            self._due.append(_Due(fault, on, times))

    def take_fault(self, head: RequestHead) -> Fault | None:
        """The first fault that is due for this request."""
        with self._lock:
            for due in self._due:
                if due.fault.matches(head.method, head.path, due.on):
                    self._used(due)
                    return due.fault
        return None

    def heal(self) -> None:
        """Forget every fault."""
        with self._lock:
            self._due.clear()

    def _used(self, due: _Due) -> None:
        if due.times is None:
            return
        due.times -= 1
        if due.times <= 0:
            self._due.remove(due)
