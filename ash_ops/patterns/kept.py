"""Expressions as an earlier command has compiled them.

To compile what one message asks for takes 40 ms of CPU, a fifth of what it was explained in; to read the same
takes two. Python has no way to keep a compiled expression (to pickle one keeps its source), so that this asks
``re``'s own parts for its code. What they make is kept only where it is equal to what ``re.compile`` makes, and
read only by the very Python that made it; where anything is otherwise, all is compiled as ever.
"""

from __future__ import annotations

import re
import sys
from array import array
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any, Final
from zlib import crc32

from msgspec import MsgspecError, Struct, msgpack

from ash_ops.cache import keep, read_kept

NAME: Final = f"expressions-{crc32(sys.version.encode()):08x}.msgpack"
_MOST: Final = 500
"""Expressions that are kept, those of the last command first: a message asks for about 150."""

_Asked = tuple[str, int]


class Code(Struct, frozen=True, array_like=True):
    """A compiled expression, taken apart.

    Attributes:
        source: the expression.
        asked: the flags it was compiled with.
        flags: those it has, with what it says itself.
        code: the numbers that Python's matcher runs, four bytes each.
        groups: how many groups it has.
        names: their numbers by their names.
    """

    source: str
    asked: int
    flags: int
    code: bytes
    groups: int
    names: dict[str, int]


class _Kept(Struct, frozen=True, array_like=True):
    python: str
    checksum: int
    codes: bytes


_made: Final[dict[_Asked, re.Pattern[str]]] = {}
"""What this command has asked for, the first ones first."""


def compiled(source: Any, flags: int) -> re.Pattern[Any]:
    """As ``re.compile``."""
    if not isinstance(source, str):
        return re.compile(source, flags)
    made = _made.get((source, flags))
    if made is None:
        made = _from_code(source, flags) or re.compile(source, flags)
        if len(_made) < _MOST:
            _made[source, flags] = made
    return made


def _from_code(source: str, flags: int) -> re.Pattern[str] | None:
    code = _earlier().get((source, flags))
    return _assembled(code) if code else None


def _assembled(code: Code) -> re.Pattern[str] | None:
    named: list[str | None] = [None] * (code.groups + 1)
    for name, number in code.names.items():
        named[number] = name
    numbers = array("I", code.code).tolist()
    with suppress(AttributeError, ImportError, TypeError, ValueError, RuntimeError):
        make: Any = import_module("_sre").compile
        found: re.Pattern[str] = make(
            code.source, code.flags, numbers, code.groups, code.names, tuple(named)
        )
        return found
    return None


@cache
def _earlier() -> dict[_Asked, Code]:
    """What earlier commands have kept, and this one since."""
    found: dict[_Asked, Code] = {}
    content = read_kept(NAME)
    with suppress(MsgspecError):
        kept = msgpack.decode(content or b"", type=_Kept)
        if kept.python == sys.version and kept.checksum == crc32(kept.codes):
            for code in msgpack.decode(kept.codes, type=list[Code]):
                found[code.source, code.asked] = code
    return found


def keep_compiled() -> None:
    """Keep what this command has compiled for the next one, if it had to compile anything."""
    earlier, made = _earlier(), dict(_made)
    if earlier.keys() >= made.keys():
        return
    for (source, flags), pattern in made.items():
        code = earlier.get((source, flags)) or _code_of(source, flags, pattern)
        if code is None:  # another Python than those known: nothing is kept, and nothing lost
            return
        earlier[source, flags] = code
    last_first = sorted(earlier.items(), key=lambda item: item[0] not in made)
    codes = msgpack.encode([code for _, code in last_first[:_MOST]])
    keep(NAME, msgpack.encode(_Kept(sys.version, crc32(codes), codes)))


def _code_of(source: str, flags: int, made: re.Pattern[str]) -> Code | None:
    """The parts of a compiled expression, if what is made of them is equal to it."""
    with suppress(AttributeError, ImportError, TypeError, ValueError, OverflowError):
        compiler: Any = import_module("re._compiler")
        parser: Any = import_module("re._parser")
        numbers = array("I", compiler._code(parser.parse(source, flags), flags))
        names = dict(made.groupindex)
        code = Code(source, flags, made.flags, numbers.tobytes(), made.groups, names)
        return code if _assembled(code) == made else None
    return None
