"""Links as chats and pages write them: what they are called is what was said, their address is not."""

from __future__ import annotations

from typing import Final

from ash_ops.patterns import regex

_OF_A_CHAT: Final = regex(r"<https?://[^\s<>|]{1,2000}\|([^<>|\n]{1,2000})>")
"""``<https://...|words>``: https://api.slack.com/reference/surfaces/formatting"""
_OF_A_PAGE: Final = regex(r"\[([^\n]{12,2000}?)\]\(https?://[^()\s]{1,1000}\)")
_OF_A_CONSOLE: Final = regex(
    r"https://(?:[a-z0-9-]{5,30}\.)?console\.aws\.amazon\.com/[^\s<>\"'|)]{0,2000}"
)


def unlinked(text: str) -> str:
    """A text without the addresses of its links, and of AWS's console, which are no part of a message."""
    if "|" in text and "<http" in text:
        text = _OF_A_CHAT.sub(r"\1", text)
    if "](http" in text:
        text = "\n".join(
            _OF_A_PAGE.sub(r"\1", line) if "](http" in line else line for line in text.split("\n")
        )
    return _OF_A_CONSOLE.sub("", text) if "console.aws." in text else text
