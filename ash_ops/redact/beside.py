"""Secrets whose name stands beside them in another way than with a sign between.

Pairs of a name and a value as two fields (ECS's ``environment``, CloudFormation's parameters),
options of a command line, forms of several parts, elements of XML.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ash_ops.patterns import always_whole
from ash_ops.redact.held import Held
from ash_ops.redact.named import kind_of
from ash_ops.redact.values import is_random, tells_nothing
from ash_ops.secret import MASK

_Q = r"\\{0,8}[\"']?"
_NAME = r"[\w.-]{2,80}"
_FIELD = r"(?:name|key|variable|parameterkey|outputkey|parametername)"
_VALUE = r"(?:value|parametervalue|outputvalue)"
_PAIR = always_whole(
    rf"(?i)(?P<kept>\b{_FIELD}{_Q}\s{{0,9}}[:=]\s{{0,9}}{_Q}(?P<name>{_NAME}){_Q}(?:\s|,|;|\\n|\\r){{0,40}}"
    rf"{_Q}\b{_VALUE}{_Q}\s{{0,9}}[:=]\s{{0,9}}(?P<quote>\\{{0,8}}[\"'])?)"
    r"(?P<value>(?(quote)(?:(?!(?P=quote))[^\n])*|[^\s\"',;}\]\\]+))",
)
_REVERSED = always_whole(
    rf"(?i)(?P<kept>\b{_VALUE}(?P<quote>\\{{0,8}}[\"'])\s{{0,9}}:\s{{0,9}}(?P=quote))(?P<value>[^\n\"']{{1,4000}})"
    rf"(?=(?P=quote)\s{{0,40}},\s{{0,40}}(?P=quote){_FIELD}(?P=quote)\s{{0,9}}:\s{{0,9}}(?P=quote)(?P<name>{_NAME})(?P=quote))",
)
# What stands before an option is looked at behind its first sign: Python finds the sign faster alone.
_FLAG = always_whole(
    r"(?P<kept>-(?<![\w-]-)-?(?P<name>[A-Za-z][\w.-]{2,60})(?:[ \t]{1,9}|[\"'],[ \t]{0,9}(?=[\"'])))(?P<value>\"[^\"\n]*|'[^'\n]*|[^\s\"'`-][^\s\"'`]*)"
)
_PART = always_whole(
    r"(?P<kept>\bname=\\{0,8}\"(?P<name>[\w.-]{2,80})\\{0,8}\"(?:\r?\n|\\r\\n|\\n)(?:[^\n\\]{1,200}(?:\r?\n|\\r\\n|\\n)){0,3}(?:\r?\n|\\r\\n|\\n))"
    r"(?P<value>(?:(?!\\r|\\n)[^\r\n])+)"
)
_ELEMENT = always_whole(
    r"(?P<kept><(?P<name>[A-Za-z][\w.:-]{1,80})(?:\s[^<>\n]{0,300})?>)(?P<value>[^<>]{1,4000})(?=</)"
)
# Settings of Java, .NET and Spring: <entry key="password">...</entry>, <add key="DbPassword" value="..."/>.
_ATTRIBUTE = always_whole(
    r"(?P<kept><[A-Za-z][\w.:-]{0,80}\s(?:[^<>\n]{0,200}\s)?(?:key|name)=[\"'](?P<name>[\w.:-]{2,80})[\"']"
    r"(?:\s[^<>\n]{0,200}?\bvalue=(?P<quote>[\"'])|(?:\s[^<>\n]{0,200})?>(?=[^<>]{1,4000}</)))"
    r"(?P<value>(?(quote)(?:(?!(?P=quote))[^\n])*|[^<>]{1,4000}))"
)
# Dockerfiles' ENV, and commands that set a name to a value.
_SET = always_whole(
    r"(?P<kept>\b(?:ENV|setenv|(?i:config|configure)[ \t]+set)[ \t]+(?P<name>[\w./:-]{2,120})[ \t]+)"
    r"(?P<value>\"[^\"\n]*|'[^'\n]*|[^\s\"'=]+)(?!\S*=)"
)
# What botocore, click and argparse say of a value that they refuse.
_REFUSED = always_whole(
    r"(?P<kept>(?:parameter (?P<name>\w{2,80}), value: ))(?P<value>[^,\n]{1,4000})"
)
_REFUSED_OPTION = always_whole(
    r"(?P<kept>\b(?:for|argument) [\"']?--?(?P<name>[\w-]{2,80})[\"']?: (?:invalid [\w ]{0,40}value:? )?[\"'])"
    r"(?P<value>[^\"'\n]{1,4000})"
)
# "password is ...", "token ...": only what can be no word and no name.
_PROSE = always_whole(
    # Python passes quickly over what none of these characters begins.
    r"(?P<kept>(?P<name>[aApPsStT\u017f](?<!\w.)(?i:(?<=p)(?:assword|asswd|assphrase|wd)|(?<=a)pi[ _-]?key|(?<=t)oken|(?<=s)ecret[ _-]key))"
    r"(?:(?:[ \t](?:for user [\w.-]{1,64}(?: is| was)?|is set to|is|was)\b:?|[ \t]{0,3}->|:)?[ \t]{1,3}[\"'`]?|[ \t]{0,3}\|[ \t]{0,3}))"
    r"(?P<value>[^\s\"'`,;)\]|]{6,200})"
)
_FORMS = (
    ("value", _PAIR), ("value", _REVERSED), (" -", _FLAG), ("--", _FLAG), ("name=", _PART), ("parameter ", _REFUSED), ("--", _REFUSED_OPTION),
    ("env ", _SET), ("set ", _SET), ("setenv ", _SET), ("</", _ELEMENT), ("key=", _ATTRIBUTE), ("name=", _ATTRIBUTE),
)  # fmt: skip


def masker(held: Held) -> Callable[[str], str]:
    """What masks every such value of a text, or of lines that were joined to it."""
    forms = [(hint, pattern) for hint, pattern in _FORMS if held.has(hint)]
    prose = [word for word in _IN_PROSE if held.has(word)]

    def mask(text: str) -> str:
        lower = text.lower()
        if any(_names_in_prose(word, lower) for word in prose):
            text = _PROSE.sub(_masked_in_prose, text)
        for hint, pattern in forms:
            if hint in lower:
                text = pattern.sub(_masked, text)
        return text

    return mask


_IN_PROSE = ("pass", "pwd", "key", "token")
_BEHIND_NAME = always_whole(r"\w{0,6}[ \t|:]")


def _names_in_prose(word: str, lower: str) -> bool:
    """Whether a text (in lower case) has a word with what ``_PROSE`` asks for behind it."""
    at = lower.find(word)
    while at >= 0 and not _BEHIND_NAME.match(lower, at + len(word)):
        at = lower.find(word, at + 1)
    return at >= 0


def _masked_in_prose(found: re.Match[str]) -> str:
    value = found["value"].rstrip(".:!?")
    if tells_nothing(value) or not (_has(value, str.isalpha) and _has(value, str.isdigit)):
        return found[0]
    odd = re.search(r"[^\w./:=<>(){}\[\]-]", value) is not None
    if odd or is_random(value) or _is_no_name(value, found["name"].lower()):
        return f"{found['kept']}{MASK}{found['value'][len(value) :]}"
    return found[0]


def _is_no_name(value: str, name: str) -> bool:
    """Whether letters and digits behind a password's or a key's name are no name and no place."""
    if re.search(r"[/=:]", value):
        return False
    if name.startswith("p"):
        return True
    mixed = value.isalnum() and _has(value, str.isupper) and _has(value, str.islower)
    return mixed and len(value) >= (8 if name.startswith("a") else 10)


def _has(value: str, kind: Callable[[str], bool]) -> bool:
    return any(map(kind, value))


def _masked(found: re.Match[str]) -> str:
    kind = kind_of(found["name"])
    value = found["value"]
    if kind in (None, "key") or tells_nothing(value) or (kind != "password" and value.isdigit()):
        return found[0]
    quote = value[0] if value[0] in "\"'" and "quote" not in found.re.groupindex else ""
    return f"{found['kept']}{quote}{MASK}"
