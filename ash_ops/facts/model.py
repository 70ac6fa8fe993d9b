"""What a fact is: a frozen record whose fields are named as the API that answered names them.

Facts are ``msgspec`` structs: building their classes costs next to nothing at start, and making
one of an answer checks the types of its fields. Fields that a fact does not know are dropped:
what is kept is known to be safe.
"""

# No ``from __future__ import annotations`` in modules of facts: msgspec would have to evaluate
# every annotation again.

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, dataclass_transform

from msgspec import Meta, Struct, ValidationError, convert, field, to_builtins

from ash_ops.patterns import regex

T = TypeVar("T")

# A moment with a zone, so that two of them can be compared whoever wrote them.
Instant = Annotated[datetime, Meta(tz=True)]


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Model(Struct, frozen=True):
    """A frozen value."""


class Camel(Model, rename="camel"):
    """A value of ECS or CloudWatch Logs: ``camelCase`` names."""


class Pascal(Model, rename="pascal"):
    """A value of EC2, ELB, IAM, CloudFormation or Secrets Manager: ``PascalCase`` names."""


class NameValue(Camel):
    """A setting or an environment variable. A value that may be secret is masked as it is read.

    Attributes:
        masked: whether ``value`` is a mask; the facts below were taken before masking.
        is_empty: whether the value is empty or only white space.
        is_placeholder: whether it looks like an example's, for instance ``changeme``.
        flaws: what is wrong with its form, as in ``LocalKey``.
    """

    name: str = ""
    value: str | None = None
    masked: bool = False
    is_empty: bool | None = None
    is_placeholder: bool | None = None
    flaws: tuple[str, ...] = ()


class Tag(Pascal):
    """A tag."""

    key: str = ""
    value: str = ""


def parsed(kind: type[T], document: Any) -> T:
    """A fact out of a file, in which every value must be of its type.

    Raises:
        ValidationError: ``place_of`` tells where it is not.
    """
    return _converted(document, kind)


# msgspec 0.22 works out a type when it is first asked for it, by running Python code; a second thread that
# asks meanwhile finds half of it, and the process ends with a segmentation fault. Readings are made in threads.
_ONE_AT_A_TIME = threading.Lock()


def _converted(document: Any, kind: type[T], *, strict: bool = True) -> T:
    with _ONE_AT_A_TIME:
        return convert(document, kind, strict=strict)


def plain(fact: Any) -> Any:
    """A fact as the API would show it: JSON's types, the API's names, no field that is absent."""
    return _without_none(to_builtins(fact))


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_without_none(item) for item in value]
    return value


# How msgspec ends its message: where the value lies that is not as it must be.
_PLACE = regex(r" - at `\$(?P<path>[^`]*)`$")
_ABSENT = regex(r"missing required field `(?P<key>[^`]+)`")
_STEP = regex(r"\.(?P<key>[^.\[]+)|\[(?P<index>\d+)\]")
_WRONG_FIELDS = 200  # beyond this the answer is another thing than what was asked for


def place_of(error: ValidationError) -> tuple[str | int, ...]:
    """Where in a document the first value lies that is not as it must be; a path of keys."""
    found, absent = _PLACE.search(str(error)), _ABSENT.search(str(error))
    steps = _STEP.finditer(found["path"]) if found else ()
    place = tuple(step["key"] or int(step["index"]) for step in steps)
    return (*place, absent["key"]) if absent else place


def fact_of(kind: type[T], answer: Any) -> T:
    """A fact made of an answer. A field of another type than documented is taken as left out.

    Numbers for texts, and moments without a zone (emulators send both), are put right.

    Args:
        kind: the fact's type.
        answer: what came, of JSON's types and ``datetime``; it may be changed.

    Raises:
        ValueError: it cannot be read even so.
    """
    for _ in range(_WRONG_FIELDS):
        try:
            return _converted(answer, kind, strict=False)
        except ValidationError as error:
            if not _mended(answer, place_of(error), str(error)):
                raise
    raise ValueError(f"more than {_WRONG_FIELDS} fields are not as documented")


def _mended(answer: Any, place: tuple[str | int, ...], problem: str) -> bool:
    """Put the value at a place right, or take it out of its record; false if that cannot be."""
    *_, (holder, key) = [({}, None), *_holders(answer, place)]
    if not isinstance(holder, dict) or key not in holder:
        return False
    value = holder[key]
    if isinstance(value, (int, float)) and "Expected `str" in problem:
        holder[key] = str(value)
    elif isinstance(value, datetime) and value.tzinfo is None:
        holder[key] = value.replace(tzinfo=UTC)
    elif isinstance(value, str) and "timezone" in problem:
        holder[key] = f"{value}Z"
    else:
        del holder[key]
    return True


def _holders(value: Any, place: tuple[str | int, ...]) -> Iterator[tuple[Any, Any]]:
    """Each record or list on the way to a place, and the key in it."""
    for key in place:
        within = key in value if isinstance(value, Mapping) else isinstance(value, (tuple, list))
        if not within:
            return
        yield value, key
        value = value[key]
