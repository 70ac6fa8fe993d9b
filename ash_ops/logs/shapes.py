"""Lines of known shapes, shown without being parsed.

A program writes a few shapes of JSON lines again and again: the same keys in the same order, and
only the values differ. When a shape comes for the third time it is learnt from the parsed line: an
expression that such lines match, and what is shown of the groups. A line that matches no shape is
parsed as ever, and a shape is kept only if it shows the line that it was learnt from as the parser
does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from ash_ops.logs import pino

# Sights of the same keys after which they are learnt, and after which no more is tried with them.
_LEARN_AT = 3
_GIVE_UP_AT = 12
_MOST_SHAPES = 64
_MOST_KEYS = 500
# Lines of so many quotes have at most so many shapes, which are tried one after the other.
_MOST_ALIKE = 4
# So long a number is surely written with as many digits as it has.
_EXACT = 15
_KEY = re.compile(r"[A-Za-z_][\w-]{0,60}", re.ASCII)
# Possessive, so that a line that does not match is given up at once.
_TEXT = r'([^"\\\x00-\x1f\x7f]++)'
_WORD = r'([^"\\ =\x00-\x1f\x7f]++)'
_WORDS = r'([^"\\ =\x00-\x1f\x7f]*+[ =][^"\\\x00-\x1f\x7f]*+)'
_INTEGER = r"(0|-?[1-9][0-9]*+)"
_FLOAT = r"(-?(?:0|[1-9][0-9]*+)\.[0-9]++)"
_CONSTANT = r"(true|false|null)"


class Shape:
    """One shape of line.

    Raises:
        ValueError: the line has something in it that no expression is made for.
    """

    def __init__(self, line: dict[str, Any], level: str) -> None:
        self._groups = 0
        self._shown: list[tuple[str, int]] = []
        self._floats: set[int] = set()
        self._message = 0
        self._pattern = re.compile(self._object(line, ""))
        self._order = self._ordered()
        if not self._order:
            raise ValueError("nothing is shown")
        parts = [f"{label}=%s" if label else "%s" for label, _ in self._order]
        self._format = " ".join([level.replace("%", "%%"), *parts])
        self._places = [group for _, group in self._order]
        if len(self._places) == 1:
            raise ValueError("too little to be worth it")
        self._float_at = [n for n, group in enumerate(self._places) if group in self._floats]

    def _ordered(self) -> list[tuple[str, int]]:
        """The labels and groups in the order in which they are shown: the message first."""
        return [("", self._message), *self._shown] if self._message else self._shown

    def show(self, text: str) -> str | None:
        """The line as it is shown; ``None`` if it is of another shape."""
        match = self._pattern.fullmatch(text)
        if match is None:
            return None
        values = match.group(*self._places)
        for at in self._float_at:
            number = values[at]
            # One with three digits behind the point, and no zero at its end, is shown as it is.
            if number[-1] == "0" or number[-4:].find(".") < 0 or len(number) > _EXACT:
                values = (*values[:at], pino.number(float(number)), *values[at + 1 :])
        return self._format % values

    def _object(self, value: dict[str, Any], path: str) -> str:
        return r"\{" + ",".join(self._member(k, v, path) for k, v in value.items()) + r"\}"

    def _member(self, key: str, value: Any, path: str) -> str:
        if not _KEY.fullmatch(key):
            raise ValueError(key)
        name = f'"{re.escape(key)}":'
        if not path and key == "level":
            return name + re.escape(f'"{value}"' if isinstance(value, str) else str(value))
        if not path and key in ("msg", "message"):
            return name + self._text(value)
        if not path and key in pino.OMITTED:
            return name + self._unseen(value)
        return name + self._value(value, f"{path}{key}")

    def _text(self, value: Any) -> str:
        """The message: there is one, and it is text."""
        if type(value) is not str or not value or self._message:
            raise ValueError("no plain message")
        self._groups += 1
        self._message = self._groups
        return f'"{_TEXT}"'

    def _unseen(self, value: Any) -> str:
        if type(value) is str:
            return r'"[^"\\\x00-\x1f\x7f]*+"'
        if type(value) in (int, float):
            return r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?"
        raise ValueError("no plain value")

    def _value(self, value: Any, label: str) -> str:
        if type(value) is dict:
            if not value or label.count(".") >= pino.DEEPEST:
                raise ValueError("nothing, or too much in it")
            return self._object(value, f"{label}.")
        return self._group(label, self._expression(value), is_float=type(value) is float)

    def _expression(self, value: Any) -> str:
        if value is None or type(value) is bool:
            return _CONSTANT
        if type(value) is int:
            return _INTEGER
        if type(value) is float:
            return _FLOAT
        if type(value) is not str or not value:
            raise ValueError("neither text nor a number")
        return _WORDS if " " in value or "=" in value else _WORD

    def _group(self, label: str, expression: str, *, is_float: bool) -> str:
        self._groups += 1
        if is_float:
            self._floats.add(self._groups)
        if expression in (_WORD, _WORDS):
            # What has spaces in it is shown in its quotes.
            quoted = expression is _WORDS
            expression = f'("{expression[1:-1]}")' if quoted else f'"{expression}"'
        self._shown.append((label.replace("%", "%%"), self._groups))
        return expression


class Shapes:
    """The shapes learnt so far.

    Args:
        parsed: what is shown of a line that was parsed.
        level: how a level is shown.
    """

    def __init__(
        self, parsed: Callable[[dict[str, Any]], str], level: Callable[[int | None], str]
    ) -> None:
        self._parsed = parsed
        self._level = level
        # By the number of quotes in the line, which is the same for all lines of a shape.
        self._shapes: dict[int, list[Shape]] = {}
        self._learnt = 0
        self._sights: Counter[tuple[str, ...]] = Counter()

    def show(self, text: str) -> str | None:
        """What is shown of a JSON log line; ``None`` for any other line."""
        plain = text.isascii()
        if plain:
            for shape in self._shapes.get(text.count('"'), ()):
                shown = shape.show(text)
                if shown is not None:
                    return shown
        line = pino.parse(text)
        if line is None:
            return None
        shown = self._parsed(line)
        if plain and self._is_to_learn(line):
            self._learn(text, line, shown)
        return shown

    def _is_to_learn(self, line: dict[str, Any]) -> bool:
        keys = tuple(line)
        if len(self._sights) > _MOST_KEYS or self._learnt >= _MOST_SHAPES:
            return False
        self._sights[keys] += 1
        return _LEARN_AT <= self._sights[keys] < _GIVE_UP_AT

    def _learn(self, text: str, line: dict[str, Any], shown: str) -> None:
        try:
            shape = Shape(line, self._level(pino.level_of(line)))
        except ValueError:
            return
        alike = self._shapes.setdefault(text.count('"'), [])
        if shape.show(text) == shown and len(alike) < _MOST_ALIKE:
            alike.append(shape)
            self._learnt += 1
