"""Log lines: what stands on them, and which are normal."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import merge
from itertools import accumulate, groupby
from typing import Any, Final

from ash_ops.causes.base import Rank
from ash_ops.causes.evidence import log_lines
from ash_ops.causes.matching import find, folded
from ash_ops.causes.reading import loggers
from ash_ops.causes.structure import Hint
from ash_ops.patterns import regex

ALARM: Final = (
    "error|fail|exception|fatal|denied|refused|unable|cannot|could not|invalid|timed out|timeout|crash|kill|"
    "corrupt|missing|not found|unauthorized|forbidden|panic|abort|econn|enoent|eacces|exceeded|overloaded|unsuccessful|did not run|non-zero|already locked"
)
"""Words of a line that may be a failure."""
_ASH_PREFIX: Final = (
    "~(?:^|: |\\| |\\[)\\[(?:entrypoint|pool|db|server|sandbox:[^\\] ]{1,60}|sessions?|agents?|coordinator|runner|eval-runner|"
    "resource-limits|telemetry|tracing|bridge|bridge-tracing|local-backend|queue|queue-processor|usage|"
    "state-persistence|snapshot-s3|snapshot-gcs)\\]"
)
_NORMAL: Final = (
    "auto-generated api key has been saved|read that file to retrieve your key|/data/initial-api-key|==========|"
    "strict mode: |listening on|listening at|swagger ui|plain http. in production|dashboard has no authentication|"
    "dashboard available|data directory: |bridge entry: |api key authentication enabled|shutting down|"
    "request completed|incoming request|deprecationwarning|experimentalwarning|(use 'node --trace|"
    "security warning: the ssl modes|npm notice|npm warn|received sigterm|received sigint|elb-healthchecker|"
    "rollout desired running failed pending"  # the head of Copilot's table of deployments
)
_CHECK_REFUSED: Final = regex(
    r"(?:http/\d(?:\.\d)?['\"]? |\bstatus(?:_?code)?['\"]?[=:] ?['\"]?|\b(?:get|head) /\S{0,200} )[13-5]\d\d\b"
)
"""The answer to a health check that only a 2xx passes; redirected, the checker does not follow."""
_NORMAL_UNLESS_ALARM: Final = (
    "started server|migration|migrated|migrating|npm start|server listening|ready in "
)
"""Words of a sound server that may stand in a failure's line as well."""
OF_A_SERVER: Final = (
    _NORMAL,
    _NORMAL_UNLESS_ALARM,
    "|".join(f"[{name}" for name in re.findall(r"[a-z][a-z-]+", _ASH_PREFIX)),
    "exited code=|[telemetry]",
)
"""Terms of which each line that a sound server writes holds one."""
BESIDE_THE_POINT: Final = "[telemetry]"
"""Lines about what the server reports home: their failures never matter to it."""


def alarmed(texts: Sequence[str]) -> Iterator[int]:
    """The numbers of those texts (in lower case) that may tell of a failure, ascending.

    Each word is looked for once in all of them, and no further than somebody asks.
    """
    whole = "\n".join(texts)
    ends = list(accumulate(len(text) + 1 for text in texts))
    found = (_numbers(word, whole, ends) for word in ALARM.split("|"))
    return (number for number, _ in groupby(merge(*found)))


def _numbers(word: str, whole: str, ends: Sequence[int]) -> Iterator[int]:
    at = whole.find(word)
    while at >= 0:
        number = bisect_right(ends, at)
        yield number
        at = whole.find(word, ends[number])


_LEVELS: Final = (
    *("INFO", "DEBUG", "TRACE", "[INFO", "[DEBUG", "[ info]", "[info]", "level=info"),
    *("[WARN", "[ warn]", "[warn]", "level=warn", "[ERROR]", "[error]", "level=error"),
)
BROKEN_AT_MOST: Final = 40
"""Lines that may be one message; more are a log."""


def may_be_broken(texts: list[str]) -> bool:
    """Whether lines may be one message that was broken; with levels of their own at three of them they are a log."""
    return 1 < len(texts) <= BROKEN_AT_MOST and sum(t.startswith(_LEVELS) for t in texts) < 3


def entries(lines: list[str]) -> list[str]:
    """The entries of a log: a line together with the indented ones that continue it."""
    found: list[str] = []
    for line in lines:
        if found and line[:1] in (" ", "\t"):
            found[-1] += f" {line.strip()}"
        else:
            found.append(line)
    return found


def readable(line: str) -> str:
    """The text of a line: for a JSON line its message and error, else the line."""
    entry = _entry(line)
    return line if entry is None else loggers.readable(entry) or line


def _entry(line: str) -> Mapping[str, Any] | None:
    if line.lstrip()[:1] != "{" or len(line) > 200_000:
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    recognised = isinstance(value, dict) and ("msg" in value or "level" in value)
    return value if recognised else None


def normal(message: Mapping[str, Any]) -> Iterator[Hint]:
    """A hint at ``healthy-log`` when every line is one a sound server writes."""
    lines = log_lines(message.get("logs", message.get("log", message.get("message"))))
    if lines and all(map(is_normal, dict.fromkeys(lines))) and not still_tries(lines):
        yield Hint("healthy-log", Rank.GENERIC, "log", lines[-1][:200])


_TRIES: Final = regex(
    r"\b(?:re-?try(?:ing)?|re-?connect(?:ing)?|trying again|try again|will (?:try|retry) again|back(?:ing)?[ -]?off|attempt(?:s|ing)?|giving up|gave up|lost connection|connection (?:lost|closed|ended|dropped)|disconnected|"
    r"still waiting|waiting for (?:the )?(?:\w{2,20} )?(?:database|db|redis|postgres\w{0,4}|mysql|mongo\w{0,2}|rabbitmq|kafka|connection|server|host|port|service)|waiting to (?:re)?connect|(?:not|never|no longer) (?:yet )?(?:ready|reachable|available|connected|responding|up))\b"
)
"""A line, in lower case, whose program has not got what it asks for."""
_STARTS_FIRST: Final = "[runner] retrying registration"
"""What a runner of Ash says of a coordinator that starts later."""
_GOT: Final = regex(
    r"\b(?:(?<!dis)connected|connection (?:established|restored|ok)|re-?established|recovered|reconnected|succeeded|ready|listening|completed|available)\b"
)
"""One that tells that it got it."""


def still_tries(lines: Iterable[str]) -> bool:
    """Whether lines of a log end without what the program tries to get again and again, so that not all is well."""
    tries = False
    for line in map(str.lower, lines):
        if _TRIES.search(line) and _STARTS_FIRST not in line:
            tries = True
        elif _GOT.search(line):
            tries = False
    return tries


def is_normal(line: str) -> bool:
    """Whether a line is one that a sound server writes."""
    entry = _entry(line)
    if entry is not None:
        return loggers.is_normal(entry)
    if "ELB-HealthChecker" in line and _CHECK_REFUSED.search(line[:_LONGEST].lower()):
        return False
    return _is_normal(_VARIES.sub("#", folded(line[:_LONGEST])))


_VARIES: Final = regex(r"(?<!code=)\b[0-9a-f]{0,64}\d[0-9a-f]{0,64}\b")
"""Numbers and ids, in which lines of one kind differ."""


_COMPLAINT: Final = regex(
    r"\b(?:i(?! pid)|we|my|our) (?!/)[a-z]{2,20}\b|\b(?:after|since) (?:the |our )?(?:last )?migrat|\b(?:does|do|did|will) not (?:answer|respond|reply|work|come|load|start|open|show|stay|connect)\b|"
    r"\b(?:make sure|this (?:kind of |silent )*error|your (?:deployed )?app(?:lication)?|error can also|not listening|must ensure)\b|"
    r"\bnothing (?:happens|works|comes|loads|shows)\b|\b(?:stuck|unhealthy|disconnected|blank)\b|\bstays? (?:white|empty|down|pending)\b|\b(?:restarts?|stops|dies) (?:again|all the time|after #|every)\b|\b(?:returns|answers|gives|shows) (?:an? |only )?#(?!\w)"
)
"""What a person says who uses a server's own words ("migrating", "listening on") to tell that it does not work."""


@lru_cache(maxsize=4096)
def _is_normal(text: str) -> bool:
    """Whether a line (folded, without what varies) is one that a sound server writes."""
    if _COMPLAINT.search(text):
        return False
    if find(_NORMAL, text) or text.startswith(BESIDE_THE_POINT):
        return True
    if find("~exited code=(?:0|143|null) signal=", text):
        return True
    if "exited code=" in text:
        return False
    calm = find(_NORMAL_UNLESS_ALARM, text) or find(_ASH_PREFIX, text)
    return calm is not None and find(ALARM, text) is None


_LONGEST: Final = 20_000
