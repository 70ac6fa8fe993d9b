"""Secrets that are known by value: this machine's configuration, and what a command has met."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus, urlsplit

from ash_ops.patterns import always_whole
from ash_ops.redact.words import words
from ash_ops.secret import MASK

# A value this short, or this common, would be found inside ordinary words.
_SHORTEST, _SHORTEST_NAMED = 16, 6
_TELLING = always_whole(
    r"key|secret|token|passw|pwd|credential|auth|dsn|signature|cookie|_url$|connection", re.I
)
_COMMON = words(
    "postgres password localhost standalone production development default testing emulator"
)


class KnownValues:
    """The values learnt so far.

    Attributes:
        forms: every spelling in which they turn up; another tuple after more was learnt.

    Threads may learn and look at the same time: what is looked with is replaced as a whole.
    """

    def __init__(self) -> None:
        self._values: frozenset[str] = frozenset()
        self.forms: tuple[str, ...] = ()
        # By what several spellings have in common, which is looked for first.
        self._by_core: dict[str, tuple[str, ...]] = {}

    def learn(self, value: str, *, name: str = "") -> None:
        """Remember a secret. Short or everyday values are not: they would mask whole sentences."""
        value = value.strip()
        shortest = _SHORTEST_NAMED if _TELLING.search(name) else _SHORTEST
        found = {s for s in (value, _password(value)) if s and _is_telling(s, shortest)}
        if found <= self._values:
            return
        self._values |= found
        forms = sorted({form for known in self._values for form in _spellings(known)})
        by_core: dict[str, list[str]] = {}
        for form in forms:
            by_core.setdefault(_core(form), []).append(form)
        self._by_core = {core: tuple(alike) for core, alike in by_core.items()}
        self.forms = tuple(forms)

    def forget(self) -> None:
        """Begin anew: what one test learns is no secret to the next."""
        self._values, self.forms, self._by_core = frozenset(), (), {}

    @property
    def cores(self) -> Iterable[str]:
        """What a text that holds a value holds at least one of, unless the value was wrapped."""
        return self._by_core.keys()

    def may_hold(self, text: str) -> bool:
        """Whether a text may hold a value: it does hold what a spelling is known by."""
        return any(core in text for core in self._by_core) or self._wrapped(text) is not None

    def mask(self, text: str) -> str:
        """The text without the values. Of two that overlap, nothing of either stays."""
        wrapped = self._wrapped(text)
        if wrapped is not None:
            text = wrapped.sub(MASK, text)
        found = sorted(
            place
            for core, forms in self._by_core.items()
            if core in text
            for form in forms
            for place in _places(form, text)
        )
        return _without(found, text) if found else text

    def _wrapped(self, text: str) -> re.Pattern[str] | None:
        """What finds the values that a terminal wrapped, if the text may hold one."""
        if "\n" not in text:
            return None
        begun = [v for v in sorted(self._values) if len(v) >= _SHORTEST and _is_begun(v, text)]
        return re.compile("|".join(map(_with_breaks, begun))) if begun else None


_WRAPPED = 6  # characters of a value before a line's end that are worth a look at the next line


def _is_begun(value: str, text: str) -> bool:
    """Whether a text holds the beginning of a value more often than the value."""
    return text.count(value[:_WRAPPED]) > text.count(value)


def _with_breaks(value: str) -> str:
    return r"(?:\r?\n[ \t]{0,16})?".join(map(re.escape, value))


def _places(form: str, text: str) -> Iterator[tuple[int, int]]:
    at = text.find(form)
    while at >= 0:
        yield at, at + len(form)
        at = text.find(form, at + 1)


def _without(places: list[tuple[int, int]], text: str) -> str:
    """The text with each of some places, in their order, masked; overlapping ones as one."""
    parts: list[str] = []
    done = 0
    for start, end in places:
        if start >= done:
            parts += [text[done:start], MASK]
        done = max(done, end)
    return "".join([*parts, text[done:]])


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
    """The forms in which a value turns up in logs.

    As it is, in JSON (a slash escaped or not), in JSON in JSON, in a text of Python, in a URL (its
    signs in large or small letters, or twice), in HTML, in base64 wherever it begins
    in what was encoded, in hexadecimal.
    """
    import html  # its table of 2,200 names takes 1 ms to load: only who learns a value waits for it

    once = json.dumps(value)[1:-1]
    twice = json.dumps(once)[1:-1]
    told = {
        value,
        once,
        once.replace("/", "\\/"),
        twice,
        json.dumps(twice)[1:-1],
        repr(value)[1:-1],
    }
    told |= {
        json.dumps(value, ensure_ascii=False)[1:-1],
        html.escape(value),
        html.escape(value, quote=False),
    }
    data = value.encode("utf-8", "replace")
    urls = {quote(data, safe=""), quote(data), quote_plus(data)}
    urls |= {_PERCENT.sub(lambda found: found[0].lower(), url) for url in urls}
    told |= urls | {quote(url, safe="") for url in urls}
    told |= {data.hex(), data.hex().upper()}
    if _HEX.fullmatch(value):
        told |= {value.lower(), value.upper()}
    encoded = set(_in_base64(data))
    return told | encoded | {form.translate(_URL_SAFE) for form in encoded}


_PERCENT = always_whole(r"%[0-9A-F]{2}")
_HEX = always_whole(r"[0-9a-fA-F-]+")
_URL_SAFE = str.maketrans("+/", "-_")
_SHORTEST_ENCODED = 8  # characters of base64 that are not found by chance


def _in_base64(data: bytes) -> Iterator[str]:
    """The characters that the data alone decides, with nought, one or two bytes before it."""
    yield base64.b64encode(data).decode().rstrip("=")
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + data).decode()
        first, end = -(-before * 8 // 6), (before + len(data)) * 8 // 6
        if end - first >= _SHORTEST_ENCODED:
            yield encoded[first:end]


def _core(form: str) -> str:
    """The longest run of letters and digits in a form: what several spellings have in common."""
    return max(_PLAIN.findall(form), key=len, default=form)[:_LONGEST_CORE]


_LONGEST_CORE = 12  # characters; more would part what begins alike
_PLAIN = always_whole(r"(?<![\\%&A-Za-z0-9])[A-Za-z0-9]{6,}")
