"""Words that are looked for before an expression is compiled and before a signature is compared.

``ash_ops/patterns/words.json`` lists those of each expression that the product declares,
``ash_ops/causes/catalogue/listed.json`` how the words of the catalogue's signatures begin.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from sys import byteorder

from msgspec import to_builtins

import ash_ops
from ash_ops.causes.catalogue import signatures
from ash_ops.causes.catalogue.listed import beginnings, stamp
from ash_ops.causes.foreign import SERVICES
from ash_ops.causes.matching import ANY, pattern_of
from ash_ops.modules import modules_of
from ash_ops.patterns import Expression
from ash_ops.patterns.needed import key, read


def files() -> dict[str, str]:
    """The lists by their paths below the project."""
    return {
        "ash_ops/causes/catalogue/listed.json": _lines(
            {"stamp": stamp(_SIGNATURES), "begun": _begun()}
        ),
        "ash_ops/patterns/words.json": _lines(_words()),
    }


_SIGNATURES = [signature for _, signature in signatures()]


def _begun() -> dict[str, list[int]]:
    letters = {
        "" if gram == ANY else gram.to_bytes(4, byteorder).decode(): [*numbers]
        for gram, numbers in beginnings(_SIGNATURES).items()
    }
    return dict(sorted(letters.items()))


def _words() -> dict[str, object]:
    """What is known of each expression, by its key."""
    made = {key(source): to_builtins(read(source)) for source in sources()}
    return dict(sorted(made.items()))


def sources() -> Iterator[str]:
    """The expressions whose words are looked for."""
    for service in SERVICES:
        yield service.marks
    for signature in _SIGNATURES:
        for term in (*signature.all_of, *signature.none_of):
            if term.startswith("~"):
                yield pattern_of(term)
    for module in modules_of(ash_ops.__name__):
        for value in vars(module).values():
            yield from (one.pattern for one in _expressions(value) if one.is_plain)


def _expressions(value: object) -> Iterator[Expression]:
    """Those that a value is or holds; a text that begins as a term does is one, unless it is to be filled."""
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, str) and value.startswith("~") and "{0}" not in value:
        yield Expression(pattern_of(value), 0)
    elif isinstance(value, Mapping):
        yield from _expressions((*value.keys(), *value.values()))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _expressions(one)


def _lines(rows: Mapping[str, object]) -> str:
    """JSON with a row a line, so that a change is seen as one."""
    made = (
        f"{json.dumps(name)}: {json.dumps(row, ensure_ascii=False)}" for name, row in rows.items()
    )
    return "{\n" + ",\n".join(made) + "\n}\n"
