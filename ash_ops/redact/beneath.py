"""Secrets beneath a name: the items and the fields of what is called ``secrets`` or ``passwords``.

Such a block may as well list names and places ("secrets" of a task definition, of Compose, of
Kubernetes), so that only what looks like no name is masked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from ash_ops.patterns import always_whole
from ash_ops.redact.held import Held
from ash_ops.redact.named import speaks_about
from ash_ops.redact.values import tells_nothing
from ash_ops.redact.words import words
from ash_ops.secret import MASK

_NAMES = words(
    "secrets password passwords tokens credentials creds apikeys api_keys api-keys passphrases stringdata"
)
_HINT = "|".join(map(re.escape, sorted(_NAMES, key=len, reverse=True)))
# Of YAML: what follows a name deeper than the name stands.
_BLOCK = always_whole(
    rf"(?im)(?P<kept>^(?P<indent>[ \t]{{0,40}})[^\n]{{0,200}}?(?<![\w.-])(?:{_HINT})[\"']?:[ \t]{{0,9}}\n)"
    r"(?P<block>(?:(?P=indent)[ \t-][^\n]{0,2000}(?:\n|\Z)){1,200})"
)
_LINE = always_whole(
    r"(?m)(?P<kept>^[ \t]{0,60}(?:- |(?:- )?[\"']?(?P<name>[\w.-]{1,80})[\"']?:)[ \t]{0,9}[\"']?)(?P<value>[^\s\"']+)(?=[\"']?[ \t]{0,9}$)"
)
# Of JSON: an object in one line.
_OBJECT = always_whole(
    rf"(?i)(?P<kept>\b(?:{_HINT})\\{{0,8}}[\"']?\s{{0,9}}[:=]\s{{0,9}})(?P<block>\{{[^{{}}]{{1,4000}}\}}?)"
)
_FIELD = always_whole(
    r"(?P<kept>\b(?P<name>[\w.-]{1,80})\\{0,8}[\"']?\s{0,9}[:=]\s{0,9}\\{0,8}[\"']?)(?P<value>[^\s\"',{}\\]+)"
)
_LIKE_A_NAME = always_whole(r"[a-z][a-z0-9]*(?:[-_./:][a-z0-9*]+)*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")


def may_hold(held: Held) -> bool:
    """Whether a text may hold such a block."""
    return any(map(held.has, _NAMES))


def mask_beneath(text: str) -> str:
    """The text with what is beneath such names masked."""
    if text.isascii() and not _opens_a_block(text.lower()):
        return text
    text = _BLOCK.sub(lambda found: found["kept"] + _LINE.sub(_masked, found["block"]), text)
    return _OBJECT.sub(lambda found: found["kept"] + _FIELD.sub(_masked, found["block"]), text)


def _opens_a_block(lower: str) -> bool:
    """Whether a name in a text (of ASCII, in lower case) has behind it what ``_BLOCK`` or ``_OBJECT`` asks for.

    Those look at every line; this finds the names first, which a log has few of.
    """
    return any(name in lower and _opening(name).search(lower) for name in _NAMES)


@cache
def _opening(name: str) -> re.Pattern[str]:
    return re.compile(rf"{name}(?:[\"']?:[ \t]{{0,9}}\n|\\{{0,8}}[\"']?\s{{0,9}}[:=]\s{{0,9}}\{{)")


def hides_beneath(name: Any, fields: Any) -> bool:
    """Whether the fields of a decoded document stand beneath such a name."""
    return isinstance(name, str) and name.lower() in _NAMES and isinstance(fields, Mapping)


def is_secret_beneath(name: Any, value: Any) -> bool:
    """Whether a field, or an item without a name, is a secret where it stands so."""
    if not isinstance(value, str) or (isinstance(name, str) and speaks_about(name)):
        return False
    has = any(map(str.isalpha, value)) and any(map(str.isdigit, value)) and len(value) >= 6
    return (
        has and " " not in value and not _LIKE_A_NAME.fullmatch(value) and not tells_nothing(value)
    )


def _masked(found: re.Match[str]) -> str:
    if not is_secret_beneath(found["name"], found["value"]):
        return found[0]
    return f"{found['kept']}{MASK}"
