"""The names a message holds, for the commands that prove and repair its cause."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_ARN: Final = r"arn:aws[a-z-]{0,10}:"
_NAME: Final = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"

_PATTERNS: Final[tuple[tuple[str, str], ...]] = (
    ("secret", rf"({_ARN}(?:secretsmanager|ssm):[^\s'\",\\\]}}]{{1,300}})"),
    ("role-arn", rf"({_ARN}iam::\d{{0,12}}:role/[^\s'\",\\\]}}]{{1,200}})"),
    (
        "role",
        rf"(?:assumed-role|:role)/(?:[A-Za-z0-9_.-]{{1,60}}/){{0,3}}?({_NAME})(?=[/\s'\",\\]|$)",
    ),
    ("principal", rf"User:? ({_ARN}(?:iam|sts)::[^\s'\",]{{1,200}})"),
    ("action", r"(?:perform:? |API: )([a-z0-9-]{2,40}:[A-Za-z]{3,60})"),
    (
        "target-group",
        rf"({_ARN}elasticloadbalancing:[^\s'\",)]{{1,120}}:targetgroup/[^\s'\",)]{{1,80}})",
    ),
    (
        "load-balancer",
        rf"({_ARN}elasticloadbalancing:[^\s'\",)]{{1,120}}:loadbalancer/[^\s'\",)]{{1,80}})",
    ),
    ("cluster", rf"(?:{_ARN}ecs:[a-z0-9-]{{1,30}}:\d{{0,12}}:(?:cluster|task|service)/)({_NAME})"),
    (
        "service",
        rf"(?:\(service |\bservice[ /](?:[A-Za-z0-9_-]{{1,60}}/)?)(?:arn:\S{{1,80}}/)?(?!is |was |has |linked|role|to |did |with )\(?({_NAME})",
    ),
    ("task", r"(?:\btask[ /](?:[A-Za-z0-9_-]{1,60}/)?)([0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f-]{27})"),
    ("family", rf"(?:task-definition/)({_NAME}(?::\d+)?)"),
    ("subnet", r"\b(subnet-[0-9a-f]{6,17})"),
    ("security-group", r"\b(sg-[0-9a-f]{6,17})"),
    ("vpc", r"\b(vpc-[0-9a-f]{6,17})"),
    ("file-system", r"\b(fs-[0-9a-f]{6,17})"),
    ("log-group", r"log[- ]group:? ?['\"]?(/?[A-Za-z0-9_./#-]{3,200})"),
    ("stack", rf"(?:stack/|Stack:? ?\[|Stack with id )({_NAME})"),
    (
        "image",
        (
            r"(?:resolve ref(?:erence)? \"?|[Pp]ull(?:ing)? (?:image |command failed: )?[\"']?|[Mm]anifest for "
            r"|access denied for |[Ii]mage:? [\"']?)"
            r"((?:[a-z0-9.-]{1,100}(?::\d{1,5})?/[a-z0-9._/-]{1,150}(?::[A-Za-z0-9._-]{1,128})?"
            r"|[a-z0-9._-]{1,100}:[A-Za-z0-9._-]{1,128})(?:@sha256:[0-9a-f]{64})?)"
        ),
    ),
    ("host", r"https?://([A-Za-z0-9.-]{3,200})"),
)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(dict(_PATTERNS)[name])


def names_in(text: str) -> dict[str, str]:
    """What a text names: images, secrets, roles, clusters and so on, by placeholder."""
    seen = text[:200_000]
    found: dict[str, str] = {}
    for name, _ in _PATTERNS:
        match = _pattern(name).search(seen)
        if match:
            found[name] = match.group(1).rstrip(".:,;)'\"")
    return found
