"""Regular expressions that are compiled when they are first used.

A command uses a few of the hundreds that this house declares, and compiling all that a diagnosis
imports took 25 ms of its start (``docs/performance/doctor.md``).
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As ``re.compile``, but later: what is no expression fails when it is first used."""
    return cast("re.Pattern[AnyStr]", _Pattern(source, flags))


def begun(first: str, source: str, flags: int = 0) -> re.Pattern[str]:
    """As ``regex``, with what each match begins with in front: most texts are then seen through at once.

    Python enters a group of alternatives only to leave it; a look at one character takes a fifth of that.
    """
    return regex(f"(?={first})(?:{source})", flags)


class _Pattern:
    """Becomes the compiled one: all that it is asked for is then its own."""

    def __init__(self, source: Any, flags: int) -> None:
        self._declared = (source, flags)

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(*self._declared)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


_METHODS = ("search", "match", "fullmatch", "sub", "findall", "finditer", "split", "pattern")
