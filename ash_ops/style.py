"""Colours for terminals, and none anywhere else."""

from __future__ import annotations

from dataclasses import dataclass

_CODES = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36}


@dataclass(frozen=True, slots=True)
class Style:
    """How to emphasise text.

    Attributes:
        enabled: whether to write escape codes at all.
    """

    enabled: bool = False

    def colour(self, text: str, name: str) -> str:
        """Text in one of the eight colours every terminal has."""
        return self._wrap(text, _CODES[name])

    def bold(self, text: str) -> str:
        """Text that stands out."""
        return self._wrap(text, 1)

    def dim(self, text: str) -> str:
        """Text that stands back."""
        return self._wrap(text, 2)

    def _wrap(self, text: str, code: int) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.enabled else text


PLAIN = Style()


def style_for(*, is_terminal: bool, no_color: str | None) -> Style:
    """Colours only on a terminal, and only without NO_COLOR (https://no-color.org)."""
    return Style(enabled=is_terminal and not no_color)
