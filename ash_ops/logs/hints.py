"""One line under a log line whose meaning is known."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_REPEAT_AFTER = 200


class Hints:
    """Says what lines mean, through the catalogue of causes.

    The same hint is not repeated within 200 lines: a crash loop would say it for ever.

    Args:
        notice: prints a hint.
        explain: what a line means in one sentence, or ``None``.
    """

    def __init__(
        self,
        notice: Callable[[str], None],
        explain: Callable[[str], str | None] | None = None,
    ) -> None:
        self._notice = notice
        self._explain = lru_cache(maxsize=1024)(explain or _catalogue())
        self._lines = 0
        self._said_at: dict[str, int] = {}

    def consider(self, message: str) -> None:
        """Print the hint of a line, if there is one."""
        self._lines += 1
        hint = self._explain(message)
        if hint is None:
            return
        said = self._said_at.get(hint)
        if said is None or self._lines - said > _REPEAT_AFTER:
            self._said_at[hint] = self._lines
            self._notice(f"hint: {hint}")


def _catalogue() -> Callable[[str], str | None]:
    if find_spec("ash_ops.causes") is None:
        return lambda message: None
    return lambda message: None
