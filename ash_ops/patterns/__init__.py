"""Regular expressions of which no more is compiled than a text asks for.

A command uses a few of the hundreds that this house declares, and a short text a few of the alternatives of
these. Compiling all of them took two fifths of the time in which one message was explained
(``docs/performance/doctor.md``, ``docs/performance.md``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, AnyStr, Final, cast

from ash_ops.patterns.kept import compiled
from ash_ops.patterns.needed import known


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As ``re.compile``, but later: what is no expression fails when it is first used."""
    return cast("re.Pattern[AnyStr]", Expression(source, flags))


def always_whole(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As ``regex``, but never in parts: what hides a secret depends on nobody's reading of its expression."""
    return cast("re.Pattern[AnyStr]", Expression(source, flags, in_parts=False))


def begun(first: str, source: str, flags: int = 0) -> re.Pattern[str]:
    """As ``regex``, with what each match begins with in front: most texts are then seen through at once.

    Python enters a group of alternatives only to leave it; a look at one character takes a fifth of that.
    """
    return regex(f"(?={first})(?:{source})", flags)


class Expression:
    """Becomes the compiled one when it is used often: all that it is asked for is then its own.

    Until then a text that lacks the words which each match holds is told by them, and another one is
    compared with those alternatives alone whose words it holds. What they find is the same.
    """

    def __init__(self, source: Any, flags: int, *, in_parts: bool = True) -> None:
        self.pattern = source
        self._flags = flags
        self.is_plain = in_parts and isinstance(source, str) and _is_plain(source, flags)
        self._saved = len(source) * _COMPILED if self.is_plain else 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole(), name)

    def search(self, text: Any, *place: int) -> Any:
        """As ``re.Pattern.search``."""
        found = self._for(text)
        return found and found.search(text, *place)

    def match(self, text: Any, *place: int) -> Any:
        """As ``re.Pattern.match``."""
        found = self._for(text)
        return found and found.match(text, *place)

    def fullmatch(self, text: Any, *place: int) -> Any:
        """As ``re.Pattern.fullmatch``."""
        found = self._for(text)
        return found and found.fullmatch(text, *place)

    def sub(self, put: Any, text: Any, count: int = 0) -> Any:
        """As ``re.Pattern.sub``."""
        found = self._for(text)
        return found.sub(put, text, count) if found else text

    def _whole(self) -> re.Pattern[Any]:
        whole = compiled(self.pattern, self._flags)
        self.__dict__.update({method: getattr(whole, method) for method in _METHODS})
        return whole

    def _for(self, text: Any) -> re.Pattern[Any] | None:
        """What finds in a text what the whole expression finds; None when that is nothing."""
        if self._saved <= 0:
            return self._whole()
        of_it = known(self.pattern)
        holds = _in_any_case(text) if self._flags & re.IGNORECASE else text.__contains__
        held = [one for one in of_it.alternatives if one.may_match(holds)]
        self._saved -= _LOOK if len(self.pattern) < _LARGE else 0
        if len(held) == len(of_it.alternatives) or (held and of_it.numbers_groups):
            return self._whole()
        part = "|".join(self.pattern[one.start : one.end] for one in held)
        self._saved -= len(part) * _COMPILED
        return compiled(part, self._flags) if held else None


_METHODS: Final = ("search", "match", "fullmatch", "sub", "findall", "finditer", "split")
_COMPILED: Final = 1
"""What it takes to compile one character of an expression: about a microsecond."""
_LOOK: Final = 2
"""What it takes to look for the words of an expression in a short text."""
_LARGE: Final = 400
"""Characters of an expression from which on to compare a text with all of it takes longer than to look for its words."""
_SAME_WORDS: Final = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.ASCII
"""Flags with which an expression is written as without."""


def _is_plain(source: str | bytes, flags: int) -> bool:
    """Whether the words of an expression can be read from it."""
    return (
        isinstance(source, str) and not flags & ~_SAME_WORDS and not source.startswith(_OWN_FLAGS)
    )


_OWN_FLAGS: Final = tuple(f"(?{flag}" for flag in "aiLmsux")


def _in_any_case(text: str) -> Callable[[str], bool]:
    """Whether a text holds a word, in whatever case; of letters outside ASCII all may be one."""
    if not text.isascii():
        return lambda _: True
    lowered = text.lower()
    return lambda word: word.lower() in lowered
