"""A value that must not be seen: it prints as a mask, and only ``reveal`` gives it back."""

from __future__ import annotations

from typing import final

MASK = "••••"


@final
class Secret:
    """A secret string. ``str``, ``repr`` and ``format`` never show it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one place that must send it."""
        return self._value

    def fingerprint(self) -> str:
        """Eight hexadecimal digits of its SHA-256: enough to compare two keys, useless to guess one."""
        import hashlib  # OpenSSL takes 3 ms to load: only who compares keys waits for it

        return hashlib.sha256(self._value.encode()).hexdigest()[:8]

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)
