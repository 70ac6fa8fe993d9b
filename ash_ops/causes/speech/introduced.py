"""Messages that a page introduces: "you may encounter the error 'SqliteError: database is locked'".

The sentence speaks in general. Who pastes it has the message in quotes before him: it is told as it stands,
and of the sentence nothing else.
"""

from __future__ import annotations

from typing import Final

from ash_ops.patterns import regex

_SAID: Final = (
    r"(?:(?<![a-z])'(?P<a>[^'\n]{12,400})'(?![a-z])|\"(?P<b>[^\"\n]{12,400})\"|\u300c(?P<c>[^\u300d\n]{12,400})\u300d|"
    r"\u00ab ?(?P<d>[^\u00bb\n]{12,400})\u00bb|\u201e(?P<e>[^\"\n]{12,400})\")"
)
"""A quotation: a message is longer than a name."""
_MEETS: Final = r"(?:encounter|run into|see|get|receive|face|hit|experience|notice|find)"
_OFTEN: Final = r"(?:(?:may|might|can|could|will|would|often|sometimes|frequently|commonly|usually|typically|regularly|also) ){1,3}"
"""Without one of these, "if you see" is an advice."""
_ERROR: Final = r"(?:errors?|exceptions?|messages?|failures?|\w{2,40}(?:error|exception))"
_BEFORE: Final = (
    rf"\b(?:you|users|developers|customers|people|many|they) {_OFTEN}{_MEETS}\b[^\"'.!?]{{0,80}}\b{_ERROR}\b[^\"'.!?]{{0,40}}|"
    rf"\b(?:you|users|developers|customers|people|many|they) {_OFTEN}{_MEETS}\b[^\"'.!?]{{0,80}}(?=[\"'](?:fatal|panic|error|\w{{2,40}}(?:error|exception))\b ?:)|"
    rf"\b(?:encountering|running into|seeing|receiving|facing|hitting) [^\"'.!?]{{0,80}}\b{_ERROR}\b[^\"'.!?]{{0,40}}|"
    r"\b(?:fehler(?:meldung)?|meldung|erreur|(?:el|un|este|del) error|mensaje|errore|erro|mensagem|messaggio|ошибк\w{1,3})\b[^\"'.!?]{0,40}|"
    r"(?:遇到|出现|出現|提示|报错|錯誤|错误|エラー|오류|에러)[^\"'\u300c。]{0,20}"
)
"""What stands before it."""
_BEHIND: Final = r" ?(?:的|という|との|の|라는|이라는)? ?[^\"'\u300c。]{0,24}(?:错误|錯誤|报错|异常|例外|提示|信息|エラー|メッセージ|exception|오류|에러|메시지)"
"""What stands behind it in Chinese, Japanese and Korean."""
_INTRODUCED: Final = regex(f"(?:{_BEFORE}){_SAID}")
_NAMED: Final = regex(f"{_SAID}{_BEHIND}")
_WORDS: Final = 2
"""Blanks of a quotation from which on it is a message."""


def introduced(folded: str) -> str:
    """The messages in quotes that a text (folded) introduces as such."""
    found = [*_INTRODUCED.finditer(folded), *_NAMED.finditer(folded)]
    said = (next(filter(None, one.groups())) for one in found)
    return " | ".join(dict.fromkeys(one for one in said if one.count(" ") >= _WORDS))
