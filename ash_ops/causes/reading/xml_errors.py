"""Errors that AWS answers in XML, put on one line: the code, and the message that belongs to it."""

from __future__ import annotations

import re
from typing import Final

from ash_ops.patterns import regex

_ERROR: Final = regex(
    r"<Error>\s{0,200}(?:<Type>\w{1,20}</Type>\s{0,200})?<Code>([\w.]{2,80})</Code>\s{0,200}<Message>([^<]{1,2000})</Message>(?:\s{0,200}</Error>)?(?:\s{0,200}<(?:Resource|Key|BucketName)>[^<]{0,1000}</\w{3,10}>){0,3}(?:\s{0,200}<RequestI[dD]>([\w=-]{8,80})</RequestI[dD]>)?"
)
"""What the query and REST-XML protocols give: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html"""


def on_one_line(text: str) -> str:
    """A text in which each error of AWS's XML reads ``Code: message``, with its lines as many as before."""
    return _ERROR.sub(_told, text) if "<Code>" in text else text


def _told(error: re.Match[str]) -> str:
    from html import unescape  # its table takes 1 ms to load, and few texts need it

    code, message, request = error.groups()
    lines = error.group().count("\n")
    answered = f" (request id: {request})" if request else ""
    return f"{code}: {' '.join(unescape(message).split())}{answered}" + "\n" * lines
