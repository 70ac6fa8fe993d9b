"""What a change is called: titles of commits and requests, lines of changelogs, requests for features.

Such a line says what was done to a program, mostly with the verb first and without a subject. What failed
when, and whether it ever did, it does not say.
"""

from __future__ import annotations

from typing import Final

from ash_ops.patterns import regex

_NOUNS_TOO: Final = r"log|limit|change|update|output|report|return|cap|pass|document|show|handle|support|guard|drop|raise|warn|wrap|fix|print|test|increase|decrease|release|retry"
"""Verbs that are names of things as well: ``log group does not exist`` is no change."""
_VERBS: Final = (
    "add|allow|avoid|backport|bump|catch|clarify|classify|clean up|convert|correct|deprecate|detect|disable|emit|enable|enforce|ensure|expose|extend|extract|harden|hide|"
    "ignore|implement|improve|include|introduce|lower|merge|migrate|move|prevent|propagate|recover|reduce|refactor|remove|rename|reorder|replace|respect|"
    "restore|reuse|revert|rework|silence|simplify|skip|speed up|split|stop|suppress|surface|switch|swallow|tolerate|treat|tweak|upgrade|validate|verify|rewrite|shorten"
)
_OBJECT: Final = (
    r"(?:the|an?|all|any|each|every|some|more|better|when|if|on|for|unless|issues?|bugs?|errors?|cases?|where|whether|exit codes?|stop reasons?|timeouts?|tests?|metrics?|'|\"|"
    r"(?:\w+ ){1,3}(?:errors?|exceptions?|failures?|timeouts?|rollbacks?|retries|checks?|messages?|tests?|limits?|handling|support|codes?)\b)"
)
_SCOPE: Final = r"^\W{0,6}(?:\[[\w ./-]{1,30}\] ?)?(?:[a-z][\w./ -]{1,40}(?:\([^)]{1,40}\))?\*{0,2}!?:\*{0,2} )?(?:also |please )?"
_BASE: Final = rf"(?:(?:{_VERBS})s?|(?:{_NOUNS_TOO})(?:s|es)?(?= {_OBJECT})|(?:update|change|support|increase|handle|document|test)(?= [a-z]+ [^:]{{10,}}$))(?![\w:(=]|-\w)"
_PAST: Final = r"(?:added|allowed|avoided|bumped|changed|clarified|disabled|enabled|ensured|fixed|handled|improved|increased|introduced|made|moved|prevented|reduced|refactored|removed|renamed|replaced|reworked|simplified|switched|updated|upgraded)"
_TITLE: Final = regex(rf"{_SCOPE}(?:{_BASE}|{_PAST}(?=[^:;]*$)) ")
_NAMED: Final = regex(
    r"^[^.:;!?]{8,120}\b(?:enhancements?|improvements?|refactor(?:ing)?|clean-?ups?|handling|rework|redesign|proposal|spec|faq|cheat ?sheet|guide|overview|explained|tutorial|checklist|runbook|playbook|test cases?|test plan|release notes)(?: \(?#?\d{1,7}\)?)?[.!]?$"
)
"""A title without a verb: what was worked on, or what kind of document it is."""
_TELLS: Final = regex(
    r"(?:, but|\bbut (?:it|the|now|still|nothing|tasks?)|\b(?:now|still|yet|since|again|however|and (?:then|the|it|my|every|all|tasks?|nothing)|after (?:that|which)|keeps?|today|yesterday|this morning|suddenly|my|our|i|we))\b|"
    r"^[^:]{0,80}: [^:]{0,80}(?:[a-z]{4,40}(?:error|exception)\b|denied|refused|failed|timed out)|"
    # Terraform's own message in quotes, with the name of what it was to make.
    r"['\"]error: [a-z]{3,12}ing [^'\"()]{3,80} \([^()]{2,100}\): |"
    r"\((?:service|error code|request ?id): |^[a-z_.]{2,60}(?:error|exception): "
)
"""Signs of one who tells what came of it."""
_AFTER: Final = regex(
    r" (?:when|if|that|which|where|whose|while|after|before|until|unless|instead of|rather than|so|to|for|on|of|as|with|because|caused by|whenever) |[('\"]"
)
"""Where the main clause of a title ends."""
_FAILED: Final = regex(
    r"\b(?:failed|fails|failing|timed out|was|were|is|are|has|have|had|cannot|could not|did not|does not|exited|exceeded|denied|refused|not found|missing|reached|stuck|unhealthy|in progress|blocked|rolled back|error)\b"
)
_LONGEST: Final = 260


def is_title(folded: str) -> bool:
    """Whether a text (folded) is what a change or a document is called."""
    if len(folded) > _LONGEST or _TELLS.search(folded) is not None:
        return False
    if _NAMED.search(folded) is not None:
        return True
    found = _TITLE.match(folded)
    if found is None:
        return False
    rest = folded[found.end() - 1 :]
    return _FAILED.search(_AFTER.split(rest, maxsplit=1)[0]) is None
