r"""Characters that act instead of being read: escape sequences, controls, what turns a text around.

Escape sequences are taken out whole (ECMA-48: CSI, and the strings OSC, DCS, APC, PM, SOS), also
where their end was cut off. Characters that nobody can see are taken out; any other control is
written out (``\x07``, ``<U+202E>``), so that nothing disappears unsaid. Tabs and line ends stay.
"""

from __future__ import annotations

import re
from functools import cache

# A string sequence whose end never comes takes the rest of its line: a terminal would take more.
_SEQUENCE = (
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,16}[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]{0,16}[0-~]?"
)
# Zero width, marks and turns of direction, line separators, tags, variation selectors, fillers.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
# A character written as JSON writes it, at any depth; of a pair of surrogates both at once.
_WRITTEN = (
    r"(?<!\\)\\{1,8}u(?:(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\{1,8}u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?P<one>[0-9a-fA-F]{4}))"
)


def is_clean(text: str) -> bool:
    """Whether nothing in the text acts."""
    return text.isprintable() or _foreign().search(text) is None


def without_sequences(text: str) -> str:
    """The text without escape sequences; carriage returns that end a line go with them."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").removesuffix("\r")
    return _sequences().sub("", text)


def bare(text: str) -> str:
    """The text (without sequences) and without every other foreign character."""
    return _foreign().sub("", text)


def visible(text: str) -> str:
    """The text (without sequences) with its foreign characters written out."""
    return _foreign().sub(lambda found: _shown(ord(found[0])), text)


def _shown(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"<U+{code:04X}>"


def unwritten(text: str) -> str:
    r"""The text with characters that stand in it as ``\u001b`` put in, if they act or are plain.

    Whoever decodes the JSON that a text holds would else find what nobody has looked at.
    """
    return _written().sub(_put_in, text) if "\\u" in text else text


def _put_in(found: re.Match[str]) -> str:
    if found["one"]:
        character = chr(int(found["one"], 16))
    else:
        high, low = int(found["high"], 16) - 0xD800, int(found["low"], 16) - 0xDC00
        character = chr(0x10000 + (high << 10) + low)
    plain = " " <= character <= "~" and character not in "\"'\\"
    return character if plain or _foreign().match(character) else found[0]


@cache
def _written() -> re.Pattern[str]:
    return re.compile(_WRITTEN)


@cache
def _sequences() -> re.Pattern[str]:
    return re.compile(_SEQUENCE)


@cache
def _foreign() -> re.Pattern[str]:
    return re.compile(f"[{_CONTROLS}{_UNSEEN}]")
