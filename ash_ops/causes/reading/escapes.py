"""What was escaped on its way into a paste: percent signs of addresses, colours that are shown, letters of print."""

from __future__ import annotations

import re
from typing import Final

from ash_ops.patterns import regex

_PRINTED: Final = str.maketrans(
    {
        "\u00ad": None,
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\uff08": "(",
        "\uff09": ")",
        "\uff1a": ": ",
        "\uff0c": ", ",
    }
)
"""What a page of print or a keyboard of East Asia has for the letters and signs that a program wrote."""
_TOKEN: Final = regex(r"[^\s\"'<>]{0,2000}%[0-9A-Fa-f]{2}[^\s\"'<>]{0,20000}")
_BLANKS: Final = 3
"""Blanks that an address must hold, written as it writes them, to be a sentence."""
_PLUS: Final = regex(r"(?<=[\w.:,])\+(?=\w)")
_GIVEN: Final = regex(
    r"(?:^|[?&#])(?:error(?:_?(?:message|description))?|message|msg|(?:stopped|status)?_?reason|text|body|details?|description|title|cause|log)=([^&\s]{1,20000})",
    re.IGNORECASE,
)
_COLOUR: Final = regex(
    r"(?:\^\[|\\(?:x1[bB]|033|e|u001[bB]))\[[0-9;]{0,16}[mK]|(?<![^\s\"'(|>:m])\[(?:\d{1,2};){0,3}\d{1,2}m(?=[A-Za-z\"'(\[*✗✘])|(?<=[\w.)\"'!:])\[0?m(?!\S)"
)
"""Colours of a terminal whose first character was lost, or is shown."""
_END_OF_COLOUR: Final = regex(r"\[[0-9;]{0,16}[mK]")
"""What all of them hold: it begins with a bracket, so that a long text is quickly seen through."""


def as_written(text: str) -> str:
    """A text as the program wrote it that printed it."""
    if not text.isascii():
        for wide in ("\uff1a", "\uff0c"):
            text = text.replace(f"{wide} ", wide)
        text = text.translate(_PRINTED)
    if "%" in text:
        text = _TOKEN.sub(_sentence, text)
    return _COLOUR.sub("", text) if _END_OF_COLOUR.search(text) else text


def _sentence(token: re.Match[str]) -> str:
    """A sentence that stood in an address, on a line of its own where it was given by a name; any other as it was.

    Of what has names only what is named as a message is read: a secret stays one word behind its name.
    """
    said = token.group()
    return _GIVEN.sub(_value, said) if "=" in said else _plainly(said)


def _value(given: re.Match[str]) -> str:
    plain = _plainly(given.group(1))
    return given.group() if plain == given.group(1) else f"\n{plain}\n"


def _plainly(said: str) -> str:
    from urllib.parse import unquote, unquote_plus  # few texts need it

    if said.count("%20") >= _BLANKS:
        return unquote(said)
    return unquote_plus(said) if len(_PLUS.findall(said)) >= _BLANKS else said
