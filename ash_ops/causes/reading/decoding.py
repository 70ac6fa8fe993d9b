"""From bytes to text: compressed, of any Unicode encoding, marked up as HTML."""

from __future__ import annotations

import json
import re
import zlib
from io import BytesIO
from typing import Final

from ash_ops.causes.reading.escapes import as_written
from ash_ops.causes.reading.xml_errors import on_one_line
from ash_ops.patterns import regex

_GZIP: Final = b"\x1f\x8b"
_MOST: Final = 64_000_000
"""Bytes of a compressed text that are unpacked; what is longer is not read to its end."""

_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
"""Byte order marks: https://www.unicode.org/faq/utf_bom.html"""

_UNSEEN: Final = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u200b": None,
        "\u200c": None,
        "\u200d": None,
        "\u2060": None,
        "\ufeff": None,
    }
)
"""Blanks that are not blanks, and characters of no width: chats and web pages put them in."""
_ENTITY: Final = regex(r"&(?:[a-z]{2,6}|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)
_TAG: Final = regex(
    r"</?(?:pre|code|span|b|i|u|em|strong|p|br|div|td|th|tr|li|ul|ol|samp|kbd|blockquote|summary|details|dd|dt|"
    r"message|event|log|entry|description|detail|stdout|stderr|system-out|system-err|output|failure)(?=[\s/>])[^<>]{0,200}>"
)
"""Elements of a page, and those in which reports of tests and exported logs keep what was said."""

_AWS_TAG: Final = regex(
    r"</?(?:ErrorResponse|Response|Errors|Error|Type|Code|Message|RequestI[dD]|HostId|Resource)\b[^<>]{0,200}>"
)
"""The elements of an answer in AWS's query protocol.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""


def decoded(raw: str | bytes) -> str:
    """The text of what was pasted, piped or read from a file; no bytes are an error."""
    text = raw if isinstance(raw, str) else _from_bytes(raw)
    text = text if text.isascii() else text.translate(_UNSEEN)
    text = as_written(_unquoted(_legible(_of_mail(text))))
    if "\\" in text and "\\n" in text:
        text = _REPR.sub(_as_lines, text)
    if "<" in text:
        text = _without_tags(text)
    for _ in range(_TIMES):
        if "&" not in text or not _ENTITY.search(text):
            break
        text = _without_entities(text)
    return text


_TIMES: Final = 3
"""How often a text may have been escaped for a page: by a program, by a mail, by the page itself."""


def _without_tags(text: str) -> str:
    """What the elements of a page or of an answer hold."""
    of_aws = "</Code>" in text
    text = _TAG.sub(" ", _NAMED_TAG.sub(r"\1", _LEAF.sub(r" \2 ", on_one_line(text))))
    return _AWS_TAG.sub(" ", text) if of_aws else text


_LEAF: Final = regex(
    r"<(reason|status|task|member|error|(?:Resource|Stack)?StatusReason|(?:Resource|Stack)Status|stoppedReason|lastStatus)>([^<>]{1,4000})</\1>"
)
"""An element with nothing but a text in it, which says what is wrong; ``<reason>`` alone is a gap to be filled in."""


_NAMED_TAG: Final = regex(
    r"<(?:failure|error)\b[^<>]{0,200}?\bmessage=\"([^\"<>]{1,4000})\"[^<>]{0,200}>"
)
"""The element of a report of tests that gives the message as an attribute."""


def _without_entities(text: str) -> str:
    from html import unescape  # its table takes 1 ms to load, and few texts need it

    return unescape(text)


_QUOTED_PRINTABLE: Final = regex(
    r"^content-transfer-encoding: ?quoted-printable[ \t\r]*$", re.IGNORECASE | re.MULTILINE
)
"""The header of a mail whose lines are cut at 76 characters (RFC 2045, 6.7)."""


def _of_mail(text: str) -> str:
    """A text as it was before a mail carried it."""
    # Every line is looked at only if some has the word; none of its letters has two lower cases.
    header = _QUOTED_PRINTABLE.search(text) if "quoted-pr" in text.lower() else None
    if header is None:
        return text
    from quopri import decodestring  # few texts come by mail

    body = decodestring(text[header.end() :].encode("utf-8", "surrogatepass"))
    return text[: header.end()] + body.decode("utf-8", "replace")


_REPR: Final = regex(
    r"""^([^'"\n{\[]{1,120} [^'"\n{\[]{0,120}[:=] ?)(['"])((?:(?!\2)[^\\\n]|\\[^\n]){0,20000})\2[ \t]*$""",
    re.MULTILINE,
)
"""A line that ends in a text as Python's ``repr`` writes it, behind words of a logger."""


def _as_lines(line: re.Match[str]) -> str:
    """Such a line with the text as it was before: several lines below those words."""
    before, _, quoted = line.groups()
    if "\\n" not in quoted:
        return line.group()
    told = quoted.replace("\\n", "\n").replace("\\t", "\t")
    return f"{before}\n{told}"


_SAMPLE: Final = 4_000
_BINARY: Final = 0.15
"""The share of characters that no text has from which on a file is not text."""
_UNREADABLE: Final = "\ufffd"
"""What stands for bytes that are no text: REPLACEMENT CHARACTER."""
_RUN: Final = regex(r"[ -~\t]{6,}")


def _legible(text: str) -> str:
    """A text as it is; of a file that is none, its runs of letters, as ``strings`` shows them."""
    sample = text[:_SAMPLE] + text[len(text) // 2 :][:_SAMPLE] + text[-_SAMPLE:]
    if _UNREADABLE not in sample and "".join(sample.split()).isprintable():
        return text
    illegible = sum(c == _UNREADABLE or not (c.isprintable() or c.isspace()) for c in sample)
    if illegible <= _BINARY * len(sample):
        return text
    return "\n".join(_RUN.findall(text))


def _unquoted(text: str) -> str:
    """A text that is itself written as a string of JSON, as it was before."""
    stripped = text.strip()
    if stripped[:1] == '"' and stripped[-1:] == '"' and "\\" in stripped:
        try:
            value = json.loads(stripped)
        except (ValueError, RecursionError):
            return text
        return value if isinstance(value, str) else text
    return text


def _from_bytes(raw: bytes) -> str:
    if raw.startswith(_GZIP):
        raw = _unpacked(raw)
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    if raw[1:200:2].count(0) > len(raw[1:200:2]) // 2:  # what PowerShell's > writes, mark lost
        return raw.decode("utf-16-le", "replace")
    return raw.decode("utf-8", "replace")


def _unpacked(raw: bytes) -> bytes:
    """What a gzip file holds, as far as it can be unpacked."""
    from gzip import GzipFile  # few texts are packed

    parts: list[bytes] = []
    try:
        with GzipFile(fileobj=BytesIO(raw)) as file:
            while sum(map(len, parts)) < _MOST and (part := file.read(1_000_000)):
                parts.append(part)
    except (OSError, EOFError, zlib.error):
        if not parts:
            return raw
    return b"".join(parts)
