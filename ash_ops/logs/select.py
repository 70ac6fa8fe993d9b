"""Which events are wanted: by task, by level, by regular expression."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ash_ops.errors import UsageProblem
from ash_ops.logs import pino
from ash_ops.logs.render import task_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.aws.logs import Event
    from ash_ops.logs.steps import Wanted


def wanted(*, task: str | None, level: str | None, grep: str | None) -> Wanted:
    """The conjunction of what the options ask for.

    Raises:
        UsageProblem: ``grep`` is not a regular expression.
    """
    tests: list[Wanted] = []
    if task:
        tests.append(_of_task(task))
    if grep is not None:
        tests.append(_matching(grep))
    if level:
        tests.append(_at_least(pino.LEVELS[level]))
    return tests[0] if len(tests) == 1 else lambda event: all(test(event) for test in tests)


def is_of_task(stream: str, task: str) -> bool:
    """Whether a stream belongs to a task, given by its id, the beginning of it, or its ARN."""
    return task_id(stream).lower().startswith(task_id(task).lower())


def _of_task(task: str) -> Wanted:
    return lambda event: is_of_task(event.get("logStreamName") or "", task)


def _matching(expression: str) -> Wanted:
    try:
        search: Callable[[str], object] = re.compile(expression).search
    except re.error as error:
        raise UsageProblem(
            f"--grep {expression!r} cannot be used",
            f"it is not a regular expression: {error}",
            "Correct it, or give --filter for CloudWatch's own syntax.",
        ) from None
    return lambda event: search(event.get("message") or "") is not None


def _at_least(lowest: int) -> Wanted:
    def test(event: Event) -> bool:
        line = pino.parse(event.get("message") or "")
        level = pino.level_of(line) if line is not None else None
        # A line that states no level may be the crash itself.
        return level is None or level >= lowest

    return test
