"""One line under a log line whose meaning is known."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

Explain = Callable[[str], str | None]

# The catalogue takes 0.3 ms a line; a line that cannot be news does not get there.
_WORTH_A_LOOK = re.compile(
    r'"level":(?:[456]0|"(?:warn|error|fatal))|error|fail|exception|fatal|denied|refused|cannot'
    r"|could not|unable|invalid|tim(?:ed )?e?out|crash|kill|corrupt|missing|not (?:found|available)"
    r"|unauthori|forbidden|panic|abort|exceeded|overload|security|warn|e[a-z]{2,20}(?:refused|reset)",
    re.IGNORECASE,
)
# Of a longer message this much is looked at: what it means stands near its beginning.
_LONGEST = 4000
# Lines after which a hint may be repeated: a crash loop would say it for ever.
_REPEAT_AFTER = 200


class Hints:
    """Says what lines mean.

    Args:
        notice: prints a hint.
        explain: what a line means in one sentence, or ``None``.
    """

    def __init__(self, notice: Callable[[str], None], explain: Explain | None = None) -> None:
        self._notice = notice
        self._explain = lru_cache(maxsize=1024)(explain or from_catalogue)
        self._lines = 0
        self._said_at: dict[str, int] = {}

    def consider(self, message: str) -> None:
        """Print the hint of a line, if there is one."""
        self._lines += 1
        message = message[:_LONGEST]
        if not _WORTH_A_LOOK.search(message):
            return
        hint = self._explain(message)
        if hint is None:
            return
        said = self._said_at.get(hint)
        if said is None or self._lines - said > _REPEAT_AFTER:
            self._said_at[hint] = self._lines
            self._notice(f"  ^ {hint}")


def from_catalogue(message: str) -> str | None:
    """What the catalogue of causes knows about a line, and how to read more."""
    from ash_ops.causes import classify

    found = classify("log_line", {"logs": [message]})
    if found.severity not in ("error", "warning"):
        return None
    return f"{found.title} (`ash-ops explain {found.cause}`)"
