"""Lines that belong to a document: lists, tables and glossaries of what may go wrong.

A line of a document tells of no event, whatever its words are. What it belongs to is seen from the lines
around it: a heading, the head of a table, other entries of the same form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ash_ops.causes.speech.signs import AS_GIVEN
from ash_ops.patterns import regex

TEMPLATE: Final = r"(?<!> )(?<!>)<(?:the )?(?:reason|error|message|details?|cause|description|error[ _-](?:message|code|details?)|reason text)>(?!<|[^<]{0,400}</)"
"""What stands in a document where a message has its reason (folded)."""
_LIST_OF_ERRORS: Final = regex(
    r"^\W{0,10}(?:[\w-]{1,40}: ?(?:[\w.-]{1,20} )?){0,4}[\w.-]{0,40}(?:retr(?:y|ies)|ignore|expect|allow|skip|exclude)[\w.-]{0,40} ?[:=] ?(?:\[|- \w{1,60})?$",
    re.I,
)
_HEADING: Final = regex(
    r"^\W{0,8}(?:what.{0,2}s new|changelog|changes|release notes|(?:error|exception|failure)[ -]handling (?:guide|guidelines|rules|policy|conventions|strategy)|why (?:this|it|that) happens|what(?:'s| is) (?:actually )?happening|(?:root|likely|possible) causes?|the error you(?:'ll| will) see|(?:bug ?)?fix(?:ed|es)|changed|added|improved|"
    r"(?:common|typical|possible|known|usual|frequent) [a-z ]{3,40}|glossary|(?:error|exit|stop|status) (?:codes?|reasons?)(?![ :=]*\d|(?<=reason): \S)|"
    r"meanings?)\b.{0,40}$|^\W{0,8}v?\d{1,4}\.\d{1,4}(?:\.\d{1,4})?(?![\d.])\b.{0,40}$",
    re.I,
)
"""The heading of a list of changes, or of what may go wrong."""
_TABLE: Final = regex(
    r"^\W{0,8}(?:table(?: \d{1,3})?[:.]? )?(?:error|symptom|message|problem|issue|exit|status|stop|code)s?(?: (?:code|message|reason)s?)?(?: ?/ ?[a-z]{3,12} description|[ |\t]{1,9}what (?:it|this|they) means?|"
    r"[ \t]{0,9}[|\t][ |\t]{0,9}(?:its |likely |root |probable |possible )?(?:meaning|cause|fix|solution|description|explanation|resolution|remedy)s?|[ \t]{1,9}(?:meaning|solution|fix|remedy))(?![\w:=])",
    re.I,
)
"""The head of a table of errors, each with what it means: its rows are no events."""
_BULLET: Final = regex(
    r"^\s{0,20}(?:[-*•]|\d{1,2}[.)]) |^[^:\u2013\u2014]{3,80}[\u2013\u2014] ?\S|^[^\u2013\u2014]{3,80}\w[\u2013\u2014] \S"
)
_ADVISED: Final = regex(
    r"\W{0,8}\w{3,60}(?:Error|Exception|Failure)\b[ :\u2013\u2014-]{1,4}(?:check|make sure|ensure|verify|confirm|increase|add|use|look|review|see) ",
    re.I,
)
"""An entry of a list of advice: an error's name and what to do about it."""
_EXIT_CODE: Final = regex(
    r"\W{0,12}exit(?:ed)?(?: with)? (?:code|status) (\d{1,3})\b\W{0,4}[:=(\u2013\u2014-]", re.I
)
"""An entry of a list of exit codes: the code and what it means."""
_ENTITLED: Final = regex(
    r"^\s{0,20}(?:[-*•] (?!(?:DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|CRITICAL)\b)(?!\[[\w.:-]{1,80}\] - [A-Z]{4,8} - )\S.{1,80} [^\w\s,.;:!?'\"()/] \S|\*\*(?!\d{1,2}:\d\d).{1,60}\*\*:? |`[^`]{1,60}`:? [^\w\s,.;:!?'\"()/]? ?\S)"
)
"""An entry of a glossary: a name and what it means."""
_EXPLAINED: Final = regex(
    r"\W{0,8}(?:common|typical|possible|known|usual|frequent) [a-z ]{3,40}: [^\u2013\u2014]{1,200}[\u2013\u2014][^\u2013\u2014]{1,200}[\u2013\u2014]",
    re.I,
)
"""The same on one line: several names under one heading, each with what it means."""
_SUBJECT: Final = regex(
    r"\W{0,8}(?:[\w()/'-]+ ){0,7}?(?:[Ff]ailures|[Ee]rrors|[Pp]roblems|[Ii]ssues|[Tt]imeouts|[Cc]rashes|[Rr]estarts|limits|exhaustion|misconfigur\w+)(?: \([^()]{1,60}\))?(?: ?[\u2013\u2014-]| set too low:|:) "
    r"(?:[Tt]he|[Aa]n?|[Yy]our|[Ii]f|[Ww]hen|[Tt]his|[Tt]hese|[Tt]asks?|[Cc]ontainers?|[Cc]heck|[Mm]ake sure|[Ee]nsure|[Uu]sually|[Oo]ften|[Cc]aused|[Oo]ccurs?|[Hh]appens?)\b"
)
"""An entry of a list of troubles: a kind of failure, in the plural, and what there is to say about it."""
_RUNBOOK: Final = regex(
    r"\W{0,8}(?:[Ee]st(?:\.|imated) (?:resolution )?time|[Ee]scalation (?:timeout|path|policy|protocol)|[Ll]ast (?:tested|reviewed|updated)|[Pp]rerequisites?\b|[Rr]unbook\b|[Pp]laybook:|[Ii]nvestigation (?:[Ss]teps|[Aa]ctions)|[Rr]emediation\b|[Qq]uick [Aa]ssessment|[Rr]ecovery [Ff]low|[Ss]tep \d{1,2}: |[Cc]ommon (?:[Cc]auses|[Ff]ailure)|[Ii]mmediate [Cc]hecks|[Pp]ost-?incident|If this fails:|Expected output:)"
)
"""Heads of a text that tells people what to do some day."""
_HEADWORD: Final = regex(
    r"\W{0,4}_?((?:[A-Z][A-Za-z0-9]{1,40}){1,8}(?:Error|Exception|Exceeded|Denied|Failure|NotFound|Expired))(?: ?\||\([\w: ]{3,80}\),?|$)"
)
"""An error's name at the head of a row, of a member of an enumeration, of an entry of a reference."""
_MEANING: Final = regex(
    r"\W{0,4}(?:This (?:error|exception)|These|The specified|You (?:can|cannot|attempted|do)|Occurs|Indicates)\b[^:]{10,400}\.(?: |$)"
)
"""The sentence below it that says what it means."""
_ENTRY: Final = regex(r"\s{1,20}[a-z][\w.]{2,40}: ?[\"'][A-Z][^\"']{8,300}[\"'],?$")
"""An entry of a catalogue of messages: a key, and what a program would say."""
_TERM: Final = regex(r"[A-Z][\w -]{2,40}: [a-zA-Z]")
_BOLD: Final = regex(r"\*\*[^*\n]{1,60}\*\*:")
_MAY_FOLLOW: Final = regex(
    r".{0,200}\b(?:(?:catches|covers|handles|detects) (?:many|several|most|the following)\b.{0,60}\b(?:failures|errors|problems|issues):$|(?:may|might|can|could) (?:stop|fail|occur|happen|be|return|see|get)\b.{0,80}:|(?:for )?one of the following (?:reasons|errors|causes)\b.{0,40}:|following (?:are|is) (?:the )?(?:common|possible|typical|some)\b.{0,120}[:.]|(?:add|write|cover|run) (?:unit |e2e )?tests? (?:for|of)\b.{0,80}:)(?:\W{0,4}$|[ *]{0,3}[-*•] )",
    re.I,
)
"""What announces a list of what may happen, or is to be tested."""
_BARE_NAME: Final = regex(r"^\W{0,12}((?:[A-Z][A-Za-z0-9]{1,40}){2,8}(?:Error|Exception))\W{0,6}$")
"""An error's name alone on its line: a heading or an entry of a list."""
_ALERT: Final = regex(r"\W{0,20}alert: \w")
_OF_MYSQL: Final = regex(r"Error number: [\w-]{1,12}; Symbol: ER_")
"""An entry of MySQL's reference of errors, whose message stands below it."""
_EXPRESSION: Final = regex(r"\W{0,20}expr: \S")
"""A rule of Prometheus: what it would say, should it ever happen."""
_ONE_WORD: Final = regex(r"^\W{0,10}[\w.]{1,60}\W{0,3}$")
_PATTERN: Final = regex(r"[a-z]\.\*[a-z]")
"""A regular expression: several are what a tool looks for in logs."""


def only_listed(texts: Sequence[str]) -> frozenset[int]:
    """The numbers of lines that are names in a list of settings: what to try again, what to ignore."""
    heads = frozenset(n for n, text in enumerate(texts) if _LIST_OF_ERRORS.match(text))
    if not heads:
        return heads
    return heads | {n for n, text in enumerate(texts) if _ONE_WORD.match(text)}


def only_tabled(texts: Sequence[str]) -> frozenset[int]:
    """The numbers of the lines of a block from the head of a table of errors on."""
    head = next((n for n, text in enumerate(texts) if _TABLE.match(text)), len(texts))
    cells = head < len(texts) and "|" in texts[head]
    rest = range(head, len(texts))
    # Below a table that was pasted with its bars stands the message that somebody got.
    return frozenset(n for n in rest if not cells or "|" in texts[n] or not _is_report(texts[n]))


_REPORT: Final = regex(
    r"\W{0,3}(?:(?:[A-Z][a-z]+){2,6}(?:Error|Exception)|Error|API Error|curl|bwrap|[Ff]atal|Task failed)\b(?: \d{3})?(?:: (?![^<]{0,300}<)(?=\S)| (?:ELB|container) health)"
)
"""A program's error with its reason, and nothing to be filled in."""
_OF_TERMS: Final = ("glossary", "terms", "definitions", "terminology")


def _is_report(text: str) -> bool:
    """Whether a line of a document is a message as it was given, which somebody added to it."""
    return AS_GIVEN.search(text.lower()) is not None or _REPORT.match(text) is not None


def _is_reference(texts: Sequence[str]) -> bool:
    """Whether lines are a reference of errors: names with meanings below them, or many names in a row."""
    heads = [number for number, text in enumerate(texts) if _HEADWORD.match(text)]
    explained = any(map(_MEANING.match, (texts[n + 1] for n in heads if n + 1 < len(texts))))
    names = {bare.group(1) for text in texts if (bare := _BARE_NAME.match(text))}
    catalogue = {text for text in texts if _ENTRY.match(text)}
    runbook = {found.group().lower() for text in texts if (found := _RUNBOOK.match(text))}
    return explained or len(heads) > 2 or max(map(len, (names, catalogue, runbook))) > 1


_FIELD: Final = regex(
    r"(?i)[^|]{1,200}\|[ `*']{0,4}(?:string|str|int(?:eger)?|float|bool(?:ean)?|structure|array|duration|object)[ `*']{0,4}(?:\||$)"
)
"""A row of a reference of settings or fields: the name, and its type."""
_A_STATE: Final = regex(r"(?i)(?<![\w|])[`*']{0,3}[a-z]{2,20}(?:_[a-z]{2,20}){1,4}[`*']{0,3} ?\|")
_OWN_STATE: Final = regex(
    r"(?i)(?<![\w|])[`*']{0,3}(?:(?!(?:create|update|delete|rollback|import|review)_)[a-z]{3,20}_(?:failed|needed|required)|rolling_back)[`*']{0,3} ?\|"
)
"""A row that explains a state, be it joined with others; and one of a program that is no stack of CloudFormation."""


def _of_a_reference(texts: Sequence[str]) -> set[int]:
    """The numbers of rows of settings, and of the states of a program of somebody's own."""
    rows = [number for number, text in enumerate(texts) if "|" in text]
    found = {number for number in rows if _FIELD.match(texts[number])}
    states = {number: len(_A_STATE.findall(texts[number])) for number in rows}
    own = sum(states.values()) > 1 and any(_OWN_STATE.search(texts[number]) for number in rows)
    return found | ({number for number in rows if states[number]} if own else set())


def only_described(texts: Sequence[str]) -> frozenset[int]:
    """The numbers of lines that are items of a list of changes, or of names with what they mean."""
    if any(map(_ALERT.match, texts)) and any(map(_EXPRESSION.match, texts)):
        return frozenset(range(len(texts)))
    if any(map(_OF_MYSQL.match, texts)):
        return frozenset(range(len(texts)))
    if sum(map(bool, map(_PATTERN.search, texts))) > 1:
        return frozenset(n for n, text in enumerate(texts) if not _is_report(text))
    if _is_reference(texts):
        return frozenset(n for n, text in enumerate(texts) if not _is_report(text))
    return frozenset(_entries(texts) | _below_headings(texts) | _of_a_reference(texts))


def _entries(texts: Sequence[str]) -> set[int]:
    """The numbers of entries of glossaries and of lists of advice, known by their form."""
    entitled = {n for n, text in enumerate(texts) if _ENTITLED.match(text)}
    several = len(entitled) > 1 or any(len(_BOLD.findall(texts[n])) > 1 for n in entitled)
    found = entitled if several else set()
    found |= {n for n, text in enumerate(texts) if _EXPLAINED.match(text) or _SUBJECT.match(text)}
    advised = {n for n, text in enumerate(texts) if _ADVISED.match(text)}
    found |= advised if len(advised) > 1 else set()
    codes = {n: code.group(1) for n, text in enumerate(texts) if (code := _EXIT_CODE.match(text))}
    return found | (set(codes) if len(set(codes.values())) > 1 else set())


def _below_headings(texts: Sequence[str]) -> set[int]:
    """The numbers of the headings of such lists, and of the items below them."""
    terms = any(text.strip(" #*:").lower() in _OF_TERMS for text in texts)
    found: set[int] = set()
    under = False
    for number, text in enumerate(texts):
        is_item = bool(_BULLET.match(text) or (terms and _TERM.match(text)))
        announced = _HEADING.match(text) is not None or _MAY_FOLLOW.match(text) is not None
        under = announced or (under and is_item)
        if under:
            found.add(number)
    return found
