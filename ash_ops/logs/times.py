"""Times as people give them and as they are printed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from ash_ops.errors import UsageProblem

_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdw])")
_SPAN = re.compile(rf"(?:{_PART.pattern})+")


def duration(text: str, option: str) -> int:
    """A length of time such as ``90s``, ``5m``, ``2h``, ``1h30m`` or ``1d``, in milliseconds.

    Raises:
        UsageProblem: it is none.
    """
    plain = text.strip().lower().removesuffix(" ago").replace(" ", "")
    if plain.isdecimal():
        return int(plain) * 1000
    if not _SPAN.fullmatch(plain):
        raise _bad(option, text, "a length of time is a number and s, m, h or d, such as 90s or 2h")
    return round(sum(float(n) * _SECONDS[unit] * 1000 for n, unit in _PART.findall(plain)))


def moment(text: str, option: str, now: float, *, local: bool) -> int:
    """A point in time, in milliseconds since 1970.

    Args:
        text: a length of time before now (``5m``), or a date and time
            (``2026-11-22T10:00``, with or without an offset; a date alone; seconds since 1970).
        option: where it was given, for the complaint.
        now: seconds since 1970.
        local: a time without an offset is this machine's, not UTC.

    Raises:
        UsageProblem: it is neither.
    """
    plain = text.strip()
    if plain.lower() == "now":
        return int(now * 1000)
    if plain.isdecimal() and len(plain) >= 10:
        return int(plain) * (1000 if len(plain) < 13 else 1)
    if _SPAN.fullmatch(plain.lower().removesuffix(" ago").replace(" ", "")):
        return int(now * 1000) - duration(plain, option)
    try:
        at = datetime.fromisoformat(plain)
    except ValueError:
        why = "a time is 5m, 2h or 1d (ago), or a date such as 2026-11-22T10:00"
        raise _bad(option, text, why) from None
    if at.tzinfo is None:
        at = at.astimezone() if local else at.replace(tzinfo=UTC)
    return int(at.timestamp() * 1000)


class Stamps:
    """Milliseconds since 1970 as RFC 3339 text; the second's part is computed once a second.

    Args:
        local: in this machine's time zone instead of UTC.
    """

    def __init__(self, *, local: bool) -> None:
        self._local = local
        self._second = -1
        self._head = self._tail = ""

    def text(self, at: int) -> str:
        """For instance ``2026-11-22T10:00:00.123Z``."""
        second, millis = divmod(at, 1000)
        if second != self._second:
            self._second = second
            self._render(second)
        return f"{self._head}.{millis:03d}{self._tail}"

    def _render(self, second: int) -> None:
        try:
            when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
        except OverflowError:
            when = datetime.max.replace(tzinfo=UTC)
        if not self._local:
            self._head, self._tail = when.strftime("%Y-%m-%dT%H:%M:%S"), "Z"
            return
        text = when.astimezone().isoformat(timespec="seconds")
        self._head, self._tail = text[:19], text[19:]


def _bad(option: str, text: str, why: str) -> UsageProblem:
    return UsageProblem(f"{option} {text!r} cannot be used", why, f"Correct {option}.")
