"""Secrets whose name stands beside them in another way than with a sign between.

Pairs of a name and a value as two fields (ECS's ``environment``, CloudFormation's parameters),
options of a command line, forms of several parts, elements of XML.
"""

from __future__ import annotations

import re

from ash_ops.redact.named import kind_of
from ash_ops.redact.values import tells_nothing
from ash_ops.secret import MASK

_Q = r"\\{0,8}[\"']?"
_NAME = r"[\w.-]{2,80}"
_FIELD = r"(?:name|key|variable|parameterkey|outputkey|parametername)"
_VALUE = r"(?:value|parametervalue|outputvalue)"
_PAIR = re.compile(
    rf"(?i)(?P<kept>\b{_FIELD}{_Q}\s{{0,9}}[:=]\s{{0,9}}{_Q}(?P<name>{_NAME}){_Q}(?:\s|,|;|\\n|\\r){{0,40}}"
    rf"{_Q}\b{_VALUE}{_Q}\s{{0,9}}[:=]\s{{0,9}}(?P<quote>\\{{0,8}}[\"'])?)"
    r"(?P<value>(?(quote)(?:(?!(?P=quote))[^\n])*|[^\s\"',;}\]\\]+))",
)
_REVERSED = re.compile(
    rf"(?i)(?P<kept>\b{_VALUE}(?P<quote>\\{{0,8}}[\"'])\s{{0,9}}:\s{{0,9}}(?P=quote))(?P<value>[^\n\"']{{1,4000}})"
    rf"(?=(?P=quote)\s{{0,40}},\s{{0,40}}(?P=quote){_FIELD}(?P=quote)\s{{0,9}}:\s{{0,9}}(?P=quote)(?P<name>{_NAME})(?P=quote))",
)
_FLAG = re.compile(
    r"(?P<kept>(?<![\w-])--?(?P<name>[A-Za-z][\w.-]{2,60})(?:[ \t]{1,9}|[\"'],[ \t]{0,9}(?=[\"'])))(?P<value>\"[^\"\n]*|'[^'\n]*|[^\s\"'`-][^\s\"'`]*)"
)
_PART = re.compile(
    r"(?P<kept>\bname=\\{0,8}\"(?P<name>[\w.-]{2,80})\\{0,8}\"(?:\r?\n|\\r\\n|\\n)(?:[^\n\\]{1,200}(?:\r?\n|\\r\\n|\\n)){0,3}(?:\r?\n|\\r\\n|\\n))"
    r"(?P<value>(?:(?!\\r|\\n)[^\r\n])+)"
)
_ELEMENT = re.compile(
    r"(?P<kept><(?P<name>[A-Za-z][\w.:-]{1,80})(?:\s[^<>\n]{0,300})?>)(?P<value>[^<>]{1,4000})(?=</)"
)
_FORMS = (
    ("value", _PAIR), ("value", _REVERSED), (" -", _FLAG), ("--", _FLAG), ("name=", _PART), ("</", _ELEMENT),
)  # fmt: skip


def mask_beside(text: str) -> str:
    """The text with every such value masked."""
    lower = text.lower()
    for hint, pattern in _FORMS:
        if hint in lower:
            text = pattern.sub(_masked, text)
    return text


def _masked(found: re.Match[str]) -> str:
    kind = kind_of(found["name"])
    value = found["value"]
    if kind in (None, "key") or tells_nothing(value) or (kind != "password" and value.isdigit()):
        return found[0]
    quote = value[0] if value[0] in "\"'" and "quote" not in found.re.groupindex else ""
    return f"{found['kept']}{quote}{MASK}"
