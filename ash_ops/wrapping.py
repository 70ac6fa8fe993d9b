"""Sentences on a terminal: broken at spaces, but never inside a command in backquotes."""

from __future__ import annotations

import textwrap

from ash_ops.patterns import regex

_QUOTED = regex(r"`[^`\n]*`")
# Stands for a space that is not to be broken at; no text from outside has it (`redact` strips it).
_HELD = "\x1f"


def wrapped(text: str, width: int | None, hanging: str = "  ") -> str:
    """Every line of a text on as many lines as it takes.

    Args:
        text: the lines; what stands in backquotes is there to be copied, and stays whole.
        width: columns; ``None`` or 0 breaks nothing, for nobody looks at a screen.
        hanging: what the second line of each is indented by, beside its own indent.
    """
    if not width:
        return text
    return "\n".join(_line(line, width, hanging) for line in text.split("\n"))


def _line(line: str, width: int, hanging: str) -> str:
    if len(line) <= width:
        return line
    indent = line[: len(line) - len(line.lstrip())] + hanging
    held = _QUOTED.sub(lambda found: found[0].replace(" ", _HELD), line)
    rows = textwrap.wrap(
        held, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(rows).replace(_HELD, " ") if rows else line
