"""Errors of AWS as SDKs print them in full, put as the others say them: the code, and the message that belongs to it."""

from __future__ import annotations

import re
from typing import Final

from ash_ops.patterns import regex

_OF_RUST: Final = regex(
    r"\b([A-Z]\w{3,80})\((?:\1 \{ )?(?:\w{1,40}(?: \{ )?)?message: Some\(\"((?:[^\"\\]|\\.){1,2000})\"\)(?:, meta: ErrorMetadata \{[^{}\n]{0,2000}(?:\{[^{}\n]{0,500}\}[^{}\n]{0,200})?\})?"
)
"""``ThrottlingException(ThrottlingException { message: Some("Rate exceeded")``, as Rust's ``{:?}`` writes it."""
_HEAD: Final = regex(
    r"^(?:< )?HTTP/[\d.]{1,3} [45]\d\d[^\n]{0,60}\n(?:(?:< )?[\w-]{1,60}: [^\n]{0,2000}\n){1,40}(?=(?:<?[ \t\r]{0,4}\n){1,3}[ \t]{0,8}[{<])",
    re.MULTILINE,
)
"""The head of an answer that has a body."""
_OF_AWS: Final = regex(r"(?i)\bx-amzn?-request-?id: ")


def as_others_say(text: str) -> str:
    """A text in which such an error reads ``Code: message``, with its lines as many as before."""
    if "message: Some(" in text:
        text = _OF_RUST.sub(_coded, text)
    if "HTTP/" in text and "x-am" in text.lower():
        text = _HEAD.sub(_without_status, text)
    return text


def _coded(error: re.Match[str]) -> str:
    code, message = error.groups()
    return f"{code}: {message} ErrorMetadata {{ }}"  # by that it is known as AWS's


def _without_status(head: re.Match[str]) -> str:
    """Nothing of the head of an answer of AWS: what its body says decides, not the status that all its refusals have."""
    return "\n" * head.group().count("\n") if _OF_AWS.search(head.group()) else head.group()
