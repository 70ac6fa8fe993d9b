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
# Zero width, marks and turns of direction, line separators, tags, variation selectors, fillers:
# every character of Unicode's category Cf, and those of the others that have no width.
_UNSEEN = (
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U00013455\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# What makes one picture of several, and what Persian and the scripts of India are written with,
# is text where it stands so; anywhere else it is as good as any to hide behind.
_PICTURE = "\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_JOINING = "\u0620-\u06d3\u0900-\u0dff"
_JOINERS = (
    rf"(?<![{_PICTURE}])\ufe0f(?!\u20e3)"
    rf"|\u200d(?!(?<=[{_PICTURE}\ufe0f]\u200d)[{_PICTURE}]|(?<=[{_JOINING}]\u200d)[{_JOINING}])"
    rf"|\u200c(?!(?<=[{_JOINING}]\u200c)[{_JOINING}])"
)
_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
# A character written as JSON writes it, at any depth; of a pair of surrogates both at once.
_WRITTEN = (
    r"(?<!\\)\\{1,8}u(?:(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\{1,8}u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?P<one>[0-9a-fA-F]{4}))"
)
_NUMBERED = r"%(?P<percent>[4-7][0-9A-Fa-f])|&#(?:0{0,4}(?P<decimal>\d{2,3})|[xX]0{0,4}(?P<hex>[4-7][0-9A-Fa-f]));"
_SHORT = r"(?<!\\)(?P<before>(?:\\\\){0,8})\\(?P<letter>[bf]|r(?:\\n)?)"
_JSON_BEGINS = ("{", "[", '"')
_HARMLESS = bytes(range(ord(" "), ord("~") + 1)) + b"\n\t"


def is_clean(text: str) -> bool:
    """Whether nothing in the text acts."""
    if text.isascii():  # of ASCII, everything but tabs and line ends is printable or acts
        return not text.encode().translate(None, _HARMLESS)
    return _foreign().search(text) is None


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

    Whoever decodes the JSON that a text holds would else find what nobody has looked at. JSON's
    ``\b`` and ``\f`` are put in too; its ``\r``, behind which a line is written over, begins a new
    line. Elsewhere these three are parts of paths and patterns.
    """
    if "\\" not in text:
        return text
    if text.lstrip()[:1] in _JSON_BEGINS and ("\\r" in text or "\\b" in text or "\\f" in text):
        text = _short().sub(_put_in_short, text)
    return _written().sub(_put_in, text) if "\\u" in text else text


def _put_in_short(found: re.Match[str]) -> str:
    return found["before"] + {"b": "\b", "f": "\f"}.get(found["letter"], "\\n")


def without_numbers(text: str) -> str:
    """The text with letters put in that stand as ``%70`` or ``&#112;`` in it."""
    if "%" not in text and ("&" not in text or "&#" not in text):
        return text
    return _numbered().sub(_put_in_letter, text)


def _put_in_letter(found: re.Match[str]) -> str:
    code = int(found["decimal"] or found["hex"] or found["percent"], 10 if found["decimal"] else 16)
    return chr(code) if code < 0x80 and (chr(code).isalpha() or code == ord("_")) else found[0]


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
def _numbered() -> re.Pattern[str]:
    return re.compile(_NUMBERED)


@cache
def _short() -> re.Pattern[str]:
    return re.compile(_SHORT)


@cache
def _sequences() -> re.Pattern[str]:
    return re.compile(_SEQUENCE)


@cache
def _foreign() -> re.Pattern[str]:
    return re.compile(f"[{_CONTROLS}{_UNSEEN}]|{_JOINERS}")
