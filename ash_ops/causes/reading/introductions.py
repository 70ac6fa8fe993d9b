"""Sentences of a page that introduce the message on the next line: "you see an error similar to the following:".

They speak in general, and the message below does not: it is an utterance of its own.
"""

from __future__ import annotations

from typing import Final

from ash_ops.patterns import regex

_COLONS: Final = ":\uff1a"
_ENDS: Final = regex(
    r"(?:\b(?:errors?|messages?|exceptions?|following|events?|outputs?)(?: (?:messages?|below|to the following|in [\w ]{3,40}|for the \w{3,20}|is (?:shown|returned|displayed)|occurs|appears))?\W{0,3}:|"
    r"\b(?:the|this|following|an) (?:error|exception)(?: message)?|"
    r"\b(?:suivante?s?|folgende\w? \w{3,30}|siguientes? [\w ]{2,40}|seguintes? [\w ]{2,40}|seguenti? [\w ]{2,40}|\u0441\u043b\u0435\u0434\u0443\u044e\u0449\w{2,4} \w{4,20}) ?:|"
    rf"(?:\u4ee5\u4e0b|\u6b21\u306e|\u4e0b\u8a18|\u5982\u4e0b|\u4e0b\u5217|\u7c7b\u4f3c)[^{_COLONS}]{{0,40}}[{_COLONS}\u3002])\s{{0,9}}$"
)
"""The end of such a sentence."""
_OF_ANY: Final = regex(
    r"(?i)\byou\b|\bfollowing\b|\bsimilar to\b|\b(?:may|might|can)\b|\breturns\b|\bdisplays\b|\bsuivante?s?\b|\bfolgende|\bsiguiente|\bseguint|\bseguent|"
    r"\b\u0441\u043b\u0435\u0434\u0443\u044e\u0449|[\u4ee5\u6b21\u4e0b\u5982\u7c7b]"
)
_OF_ONE: Final = regex(
    r"\b(?:I|I'm|we|We|my|My|our|Our|me|us)\b|^\W{0,9}(?:ERROR|FATAL|WARN)|\b[Oo]ccurred\b"
)
"""Who tells of his own failure says in the sentence what failed: it belongs to the message; so does a program."""
_GOES_ON: Final = regex(r"\s{0,80}[a-z]")
"""The rest of a sentence that was wrapped: it stopped at no colon."""
_ANSWER: Final = regex(r"\s{0,80}(?:User: arn:aws|An error occurred \()")
"""The beginning of an answer of AWS, which goes on no sentence, whatever its language."""
_END: Final = 120
"""Characters at the end of a line in which the introduction stands."""


def introduces(text: str, below: str) -> bool:
    """Whether a line introduces the message below it, and says nothing of its own."""
    if text.rstrip()[-1:] == ":" and _ANSWER.match(below) is not None:
        return _OF_ONE.search(text) is None
    found = _ENDS.search(text, max(0, len(text) - _END))
    if found is None or (found.group()[-1:].isalpha() and _GOES_ON.match(below) is not None):
        return False
    return _OF_ANY.search(text) is not None and _OF_ONE.search(text) is None
