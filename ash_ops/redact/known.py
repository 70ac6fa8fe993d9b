"""Secrets that are known by value: this machine's configuration, and what a command has met."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from ash_ops.redact.words import words
from ash_ops.secret import MASK

# A value this short, or this common, would be found inside ordinary words.
_SHORTEST, _SHORTEST_NAMED = 16, 6
_TELLING = re.compile(
    r"key|secret|token|passw|pwd|credential|auth|dsn|signature|cookie|_url$|connection", re.I
)
_COMMON = words(
    "postgres password localhost standalone production development default testing emulator"
)


class KnownValues:
    """The values learnt so far.

    Attributes:
        forms: every spelling in which they turn up, the longest first; another tuple after more
            was learnt.

    Threads may learn and look at the same time: what is looked with is replaced as a whole.
    """

    def __init__(self) -> None:
        self._values: frozenset[str] = frozenset()
        self.forms: tuple[str, ...] = ()

    def learn(self, value: str, *, name: str = "") -> None:
        """Remember a secret. Short or everyday values are not: they would mask whole sentences."""
        value = value.strip()
        shortest = _SHORTEST_NAMED if _TELLING.search(name) else _SHORTEST
        for secret in (value, _password(value)):
            if secret and _is_telling(secret, shortest) and secret not in self._values:
                self._values |= {secret}
        # The longest first: one secret may begin with another, and the tail of the longer one
        # would stay. Then by letters: a set's order differs from run to run.
        forms = {form for known in self._values for form in _spellings(known)}
        self.forms = tuple(sorted(forms, key=lambda form: (-len(form), form)))

    def forget(self) -> None:
        """Begin anew: what one test learns is no secret to the next."""
        self._values, self.forms = frozenset(), ()

    def found_in(self, text: str) -> tuple[str, ...]:
        """The forms that a text holds, the longest first."""
        return tuple(form for form in self.forms if form in text)

    def mask(self, text: str) -> str:
        """The text without the values."""
        for form in self.forms:
            if form in text:
                text = text.replace(form, MASK)
        return text


def _is_telling(value: str, shortest: int) -> bool:
    return (
        len(value) >= shortest
        and " " not in value
        and not value.isdigit()
        and not (value.isalpha() and len(value) < 10)
        and value.lower() not in _COMMON
        and MASK not in value
    )


def _password(value: str) -> str | None:
    try:
        return urlsplit(value).password if "://" in value else None
    except ValueError:
        return None


def _spellings(value: str) -> Iterable[str]:
    """The forms in which a value turns up in logs: as it is, in JSON, in a URL, in base64."""
    once = json.dumps(value)[1:-1]
    encoded = base64.b64encode(value.encode("utf-8", "replace")).decode().rstrip("=")
    return {value, once, json.dumps(once)[1:-1], quote(value, safe="", errors="replace"), encoded}
