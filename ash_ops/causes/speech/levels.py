"""What a line may tell at its level: a server that says at INFO how long its timeout is has timed out of nothing."""

from __future__ import annotations

from typing import Final

from ash_ops.causes.matching import folded
from ash_ops.causes.reading.entries import Entry
from ash_ops.patterns import regex

_FIRST: Final = 120
"""Characters of a line among which its level stands."""
_QUIET: Final = regex(
    r"(?:^|[ \t\[|(])(?:INFO|DEBUG|TRACE|NOTICE)(?=[ \t\]:|)-]|$)|\[ ?(?:info|debug|trace|notice) ?\]|"
    r"\blevel[=:] ?\"?(?:info|debug|trace|notice)\b|^(?:info|debug|trace|notice)(?:: | {2,}|\t)"
)
_FAILS: Final = regex(
    r"\bfail(?:s|ed|ing|ures?)?\b|\berror\b(?! (?:report|handl|track|page|log|count|rate|threshold|budget|boundar))|\w(?:error|exception)\b|::errors?::|"
    r"\b(?:cannot|could|unable|denied|refused|reset|timed out|missing|exit(?:ed|s|ing)?|died|dead|dying|kill(?:ed|ing)?|oom|unhealthy|stopp(?:ed|ing)|"
    r"terminat(?:ed|ing)|unreachable|exceed(?:ed|s|ing)?|above|reject(?:ed|ing)?|invalid|unauthorized|forbidden|abort(?:ed|ing)?|panic|fatal|crash(?:ed|ing)?|"
    r"lost|closed|disconnect(?:ed|ing)?|retrying|again|giving up|gave up|dropped|drain(?:ed|ing)|interrupt(?:ed|ion)?|reclaim(?:ed)?|full|out of|too|"
    r"throttl(?:ed|ing)|redirect(?:ed)?|expired|not|no|never|without|corrupt(?:ed)?|conflict|already|deadlock|stuck|waiting|pending|overloaded|trouble|"
    r"blocked|deleted|removed|replaced|rolled|rolling|rollback|warning|problem|broken|bad|wrong|unknown|unexpected|skipp(?:ed|ing)|unavailable)\b|"
    r"\be(?:conn[a-z]{4,8}|noent|acces|perm|notfound|timedout|ai_again|nospc|addr[a-z]{5,8}|pipe|hostunreach|netunreach)\b|http/\d(?:\.\d)?['\"]? [345]\d\d\b|\bstatus(?:[_ ]?code)?[=: ]{1,2}[345]\d\d\b|exit: [1-9]|->stopped|code=[1-9]|exception"
)
"""Words of a line (folded) that says of something that it went wrong, or that it ended."""


def says_nothing_failed(entry: Entry) -> bool:
    """Whether a line of a log has a calm level of its own, and no word of it says that something went wrong."""
    quiet = entry.normal or _QUIET.search(entry.text, 0, _FIRST) is not None
    return bool(quiet) and _FAILS.search(folded(entry.text)) is None
