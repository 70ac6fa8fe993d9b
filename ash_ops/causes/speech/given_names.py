"""Names that people give: "throttle-api" is a service, and nothing that was throttled."""

from __future__ import annotations

import re
from typing import Final

from ash_ops.patterns import regex

_HOLDS: Final = ("arn:aws", "(service ", "amazonaws.com/", "-")
"""What a text holds some of if such a name stands in it where it is known for one."""
_RESOURCE: Final = r"\barn:aws[\w-]{0,12}:[a-z0-9-]{1,40}:[a-z0-9-]{0,30}:[\w*<>-]{0,24}:[^\s\"'|,;(){}\[\]]{1,400}"
_IMAGE: Final = r"\.dkr\.ecr\.[a-z0-9-]{4,30}\.amazonaws\.com(?:\.cn)?/[\w./-]{2,200}"
_OF_A_SERVICE: Final = r"\(service [\w-]{2,255}(?=[,)])"
_COMPOUND: Final = (
    r"\b(?:services?|containers?|clusters?|stacks?|repository|task[ -]?definition|family|target[ -]group|role|bucket|queue)"
    r"(?:[:=] ?| )['\"]?(?!(?:health|out|not|service|time|log|exit|re|pre|non|auto|self|read|run|start|sub|cross|multi|least|status|level|wide|specific)-)"
    r"[a-z][a-z0-9]{1,30}(?:-[a-z0-9]{1,30}){1,8}\b"
)
_NAMED: Final = regex(f"{_RESOURCE}|{_IMAGE}|{_OF_A_SERVICE}|{_COMPOUND}")
"""Where a name stands: in an ARN, in the address of an image, as ECS's events write it, behind what it is the name of."""
_KIND: Final = regex(
    r"arn:[^:]{0,20}:[^:]{0,40}:[^:]{0,30}:[^:]{0,24}:(?:[a-z-]{2,40}[:/])?|[^/ :=]{1,80}[/ :=]{1,2}"
)
"""What stands in front of it: of what kind it is."""
_FAILING: Final = (
    r"throttl(?:e[dr]?|ing)?|quotas?|limit(?:s|ed|er|ing|exceeded)?|rate|oom|memory|time-?outs?|den(?:y|ied|ial)|errors?|fail(?:s|ed|ing|ures?)?|"
    r"crash(?:es|ed|er)?|missing|health(?:y|check)?|unhealthy|secrets?|disks?|storage|efs|mounts?|volumes?|dns|resol(?:ve[dr]?|ution)|capacity|spot|retr(?:y|ies)|"
    r"cert(?:s|ificates?)?|tls|ssl|tokens?|auth(?:n|z|entication|orization)?|permissions?|credentials?|keys?|networks?|kill(?:ed|er|s)?|abort(?:ed)?|exceed(?:ed|s)?|"
    r"expir(?:y|ed|es|ation)|invalid|resets?|refus(?:ed|al)|block(?:ed|er|s)?|drain(?:ed|er|ing)?|stuck|rollbacks?|terminat(?:or|ed|ion)|found|alarms?"
)
"""Words of failures, and of what fails, that stand in such names."""
_WORDS: Final = regex(rf"(?<![a-z])(?:{_FAILING})(?![a-z])")


def without_given(text: str) -> str:
    """A text in lower case, as long as it was, in which no name that people give holds words of a failure."""
    if not any(part in text for part in _HOLDS):
        return text
    return _NAMED.sub(_masked, text)


def _masked(named: re.Match[str]) -> str:
    whole = named.group()
    kind = _KIND.match(whole)
    at = kind.end() if kind else 0
    return whole[:at] + _WORDS.sub(lambda word: "x" * len(word.group()), whole[at:])
