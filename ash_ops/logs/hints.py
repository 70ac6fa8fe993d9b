"""One line under a log line whose meaning is known."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate

Explain = Callable[[str], str | None]

# The catalogue takes 0.3 ms a line; a line that cannot be news does not get there. Plain words, looked
# for in a page at a time: an expression for them all takes 27 us a line, this takes about 1.
_WORTH_A_LOOK = (
    *(
        '"level":40',
        '"level":50',
        '"level":60',
        '"level":"warn',
        '"level":"error',
        '"level":"fatal',
    ),
    *("error", "fail", "exception", "fatal", "denied", "refused", "cannot", "could not", "unable"),
    *("invalid", "timeout", "timed out", "crash", "kill", "corrupt", "missing", "not found"),
    *("not available", "unauthori", "forbidden", "panic", "abort", "exceeded", "overload"),
    *("security", "warn", "connreset"),
)
# Of a longer message this much is looked at: what it means stands near its beginning.
_LONGEST = 4000
# Lines after which a hint may be repeated: a crash loop would say it for ever.
_REPEAT_AFTER = 200
_WORDS = re.compile("|".join(map(re.escape, _WORTH_A_LOOK)))


class Hints:
    """Says what lines mean.

    Args:
        explain: what a line means in one sentence, or ``None``.
    """

    def __init__(self, explain: Explain | None = None) -> None:
        self._explain = lru_cache(maxsize=1024)(explain or from_catalogue)
        self._lines = 0
        self._said_at: dict[str, int] = {}

    def of(self, messages: list[str]) -> dict[int, str]:
        """What is known about some of these messages, by their place in the list."""
        found = {number: self._explain(messages[number][:_LONGEST]) for number in worthy(messages)}
        return {number: hint for number, hint in found.items() if hint is not None}

    def passed(self, lines: int) -> None:
        """So many lines were printed."""
        self._lines += lines

    def is_news(self, hint: str) -> bool:
        """Whether a hint was not said lately; it is now."""
        said = self._said_at.get(hint)
        news = said is None or self._lines - said > _REPEAT_AFTER
        if news:
            self._said_at[hint] = self._lines
        return news


def worthy(messages: list[str]) -> list[int]:
    """The places of the messages that may be news."""
    text = "\n".join([message[:_LONGEST] for message in messages]).lower()
    words = [word for word in _WORTH_A_LOOK if word in text]
    if not words:
        return []
    # Lower case may be longer than what it was made of: then each message is looked at by itself.
    lengths = [min(len(message), _LONGEST) + 1 for message in messages]
    if sum(lengths) != len(text) + 1:
        return [n for n, m in enumerate(messages) if _WORDS.search(m[:_LONGEST].lower())]
    ends = list(accumulate(lengths))
    places: set[int] = set()
    for word in words:
        at = text.find(word)
        while at >= 0:
            place = bisect_right(ends, at)
            places.add(place)
            at = text.find(word, ends[place])
    return sorted(places)


def from_catalogue(message: str) -> str | None:
    """What the catalogue of causes knows about a line, and how to read more."""
    from ash_ops.causes import classify

    found = classify("log_line", {"logs": [message]})
    if found.severity not in ("error", "warning"):
        return None
    return f"{found.title} (`ash-ops explain {found.cause}`)"
