"""What terminals, mails, chats and tables put around a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ash_ops.causes.reading.commands import is_command, is_continued
from ash_ops.patterns import begun, regex

_STAMP: Final = (
    r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?[ ]?(?:Z|UTC|[+-]\d\d:?\d\d)?"
)
_DATED: Final = begun(
    r"[ \t]|\[?(?:\d|[A-Z][a-z])",
    rf"""[ \t]{{0,40}}\[?
    (?: {_STAMP}\]?
        (?:[ \t]+ [\w.#-]{{1,100}}/[\w.-]{{1,100}}/[\w-]{{1,60}} (?=[ ]))?      # aws logs tail: the stream
        (?:[ \t]+ (?:stdout|stderr) \b (?:[ ][FP]\b)?)?                        # containerd
      | \d\d:\d\d:\d\d(?:[.,]\d{{1,6}})? (?:\]|[ ](?=\S))
      | [A-Z][a-z]{{2}}[ ]{{1,2}}\d{{1,2}}[ ]\d\d:\d\d:\d\d[ ][\w.-]{{1,100}}[ ][\w./\[\]-]{{1,100}}:  # syslog
    )[ \t]{{0,8}}""",
    re.VERBOSE,
)
"""A time in front of a line: each such line is an entry of a log."""

_BARRED: Final = regex(
    r"""(?x)[ \t]{0,400}
    (?: \|(?!\|)                                                    # a table
      | [A-Za-z][\w.-]{0,80}[-_]\d{1,3}[ ]{1,20}\|[ ]               # docker compose
      | [a-z][a-z0-9]{0,40}(?:[-_.][a-z0-9]{1,40}){1,8}[ ]{1,40}\|[ ] # the same, with a name of one's own
      | [a-z][a-z0-9]{2,40}[ ]{2,40}\|[ ]
    )"""
)
_MARKED: Final = begun(
    r"[ \t>│┃║\#:]|app\[|\[(?:\d|pod)|\[?(?:ERR|WARN|FATAL|CRIT)",
    r"""[ \t]{0,400}
    (?: >{1,4}[ ]?                                                  # quoted in a mail
      | \[(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4},?[ ])?\d{1,2}:\d\d(?::\d\d)?(?:[ ]?[AaPp][Mm])?(?:,[ ]\d{1,2}[./-]\d{1,2}[./-]\d{2,4})?\][ ]
            [A-Z][a-z]{1,20}(?:[ ][A-Z][a-z]{1,20}){0,2}:[ ]           # said in a chat
      | [│┃║]                                                       # a box
      | app\[(?:web|worker|release|run)[\w.-]{0,20}\]:[ ]              # a dyno's own output
      | app\[[0-9a-f]{8,20}\][ ][a-z]{3}[ ]\[\w{4,7}\][ ]?           # a machine's own output
      | \[pod/[\w.-]{1,100}/[\w.-]{1,80}\][ ]                        # kubectl logs --prefix
      | \#\#\[(?:error|warning|debug|group)\]
      | :(?=[a-z_]{0,30}[a-z])[a-z0-9_+-]{2,40}:[ ]                    # an emoji as chats write it
      | \[?(?:WARN|ERR|CRIT)\]?[ ]{2}(?=\S)                            # as wide as the longer levels
      | \[?(?:ERROR|ERR|ERRO|WARN|WARNING|FATAL|CRITICAL)\]?(?=[ \t:])
            (?::[\w.]{1,80}:|:?[ \t])
    )""",
    re.VERBOSE,
)
_COMMAND: Final = regex(
    r"""(?x)[ \t]{0,20}
    (?: [\w.-]{1,40}@[\w.-]{1,80}[: ][~/\w.-]{0,80}[ ]?[$%\#][ ]{1,3}
      | (?:[~/][\w./-]{0,80}[ ])?[$%\u276f➜][ ]{1,3}
      | PS[ ][A-Za-z]:[^>\n]{0,200}>[ ]?
      | [A-Za-z]:\\[^>\n]{0,200}>[ ]?
    )(?=[a-z./])"""
)
"""A shell's prompt with a command behind it."""

_SIGNS: Final = "$%#>\u276f➜"
"""Characters one of which ends each prompt."""
_MAY_PROMPT: Final = regex(f"[{_SIGNS}]")
_PROMPT_ALONE: Final = regex(
    r"[ \t]{0,20}(?:[\w.-]{1,40}@[\w.-]{1,80}[: ][~/\w.-]{0,80}[$%#]|[$%#\u276f])\s{0,4}$"
)
_RULE: Final = regex(r"[ \t]{0,200}[-=+|_*~`╷╵─━┌┐└┘├┤┬┴┼╭╮╰╯ ]{3,400}$|[ \t]{0,20}[╷╵]$")
_FENCE: Final = regex(r"[ \t]{0,20}(?:```|~~~)[\w-]{0,20}[ \t]*$")
_END: Final = regex(r"[ \t]*[│┃║|]?[ \t]*$")

_GITLAB_FRAME: Final = regex(
    r"^(?:\W?\[?[\d;]{0,6}[mK])*(?:section_(?:start|end):\d{5,12}:[\w.-]{1,80}|(?:ERROR: )?Job failed: exit (?:code|status) \d{1,3}\W*$)"
)
"""What GitLab writes around the output of a job: https://docs.gitlab.com/ci/jobs/job_logs/"""
_JOB_FRAME: Final = begun(
    r"[ \t\#EPs+FCA]|\[P",
    r"""[ \t]{0,8}(?:
      (?:\#\#\[(?:endgroup|error)\])?(?:Error:[ ])?Process[ ]completed[ ]with[ ]exit[ ]code[ ]1\.
      | \#\#\[(?:group\]Run[ ].{0,200}|endgroup\])
      | shell:[ ]/\S{1,60}[ ].{0,80}
      | \[Pipeline\][ ].{0,80} | \+[ ]\./[\w./-]{1,80}
      | ERROR:[ ]script[ ]returned[ ]exit[ ]code[ ]1 | Finished:[ ]FAILURE
      | \#!/bin/(?:ba)?sh[ ]-e.{0,20}
      | Exited[ ]with[ ]code[ ]exit[ ]status[ ]1 | CircleCI[ ]received[ ]exit[ ]code[ ]1
      | \#\#\[section\].{1,200} | \#\#\[error\](?:Bash|PowerShell)[ ]exited[ ]with[ ]code[ ]'1'\.
      | Cancelling[ ]nested[ ]steps[ ]due[ ]to[ ]timeout
      | Cleaning[ ]up[ ]project[ ]directory[ ]and[ ]file[ ]based[ ]variables.{0,12}
      | Attaching[ ]to[ ][\w., -]{1,300}
    )[ \t]*$""",
    re.VERBOSE,
)
"""What a job's runner, or Compose, prints around the output of what it ran: it says where that ran, not what failed."""


_STEP: Final = regex(r"[ \t]{0,8}Run [\w-]{1,40}/[\w./-]{1,80}@[\w.-]{1,60}[ \t]*$")
"""The title of a job's step, in front of what the step prints."""


class Line(Struct, frozen=True, gc=False):
    """One line without what was put around it.

    Attributes:
        text: what is left of it.
        number: its place in what was pasted, from 1.
        dated: whether a time stood in front of it: it begins an entry of a log.
        command: whether it is a command line behind a prompt.
        lost: how many characters stood in front of it.
        warns: whether a level stood in front of it that is no error's.
    """

    text: str
    number: int
    dated: bool = False
    command: bool = False
    lost: int = 0
    warns: bool = False

    @property
    def length(self) -> int:
        """How long it was."""
        return len(self.text) + self.lost


Choice = Callable[[list[tuple[int, str]]], list[tuple[int, str]]]
"""Chooses lines, each with its number, that are read."""


def unwrapped(text: str, chosen: Choice | None = None) -> Iterator[Line]:
    """The lines of a text without prompts, quote marks, borders and times. Blank ones stay.

    Args:
        text: the text.
        chosen: what chooses those that are read; all are.
    """
    goes_on = False
    may_prompt = any(sign in text for sign in _SIGNS)
    of_gitlab = "section_end:" in text or "Cleaning up project directory" in text
    lines = text.splitlines()
    own = _uncommented(lines)
    numbered = list(_numbered(own))
    if chosen and own is lines and len(numbered) == len(lines) and not of_gitlab:
        numbered = chosen(numbered)
    for number, raw in numbered:
        if raw[:1] in _INNOCENT and not (goes_on or of_gitlab):
            yield Line(raw.rstrip(), number)  # most lines of a log in JSON: no mark and no command
            continue
        line = line_of(raw, number, may_prompt=may_prompt)
        if is_of_a_runner(raw, number) or (of_gitlab and _GITLAB_FRAME.search(line.text)):
            line = Line("", number)
        if goes_on or (not line.command and is_command(line.text)):
            line = replace(line, command=True)
        goes_on = line.command and is_continued(raw)
        yield line


def is_of_a_runner(raw: str, number: int) -> bool:
    """Whether a line is one that a job's runner puts around the output of a step."""
    return bool(_JOB_FRAME.match(raw) or (number == 1 and _STEP.match(raw)))


def _numbered(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines with their places; without blank ones where a page put some behind every part of a message."""
    apart = not any(line.strip(_BLANK) and after.strip(_BLANK) for line, after in pairwise(lines))
    told = [line.strip() for line in lines if apart and line.strip(_BLANK)]
    colons = sum(line.endswith(":") and not _ANNOUNCES.search(line) for line in told)
    spread = colons > 1 or (1 < len(told) <= _PARTS and _NAMED_ALONE.fullmatch(told[0]) is not None)
    for number, line in enumerate(lines, start=1):
        if line.strip() or not spread:
            yield number, line


_ANNOUNCES: Final = regex(
    r"(?i)\b(?:this|that|these|following|below|says?|said|got|getting|sees?|seeing|saw|shows?|later|also|then|now|next|first|second)\W{0,2}:$"
)
"""The end of a line in which a person says that a message comes: it is no part of one."""
_BLANK: Final = "` \t"
"""What a line holds that says nothing: the fence around a message, too."""
_PARTS: Final = 12
"""Lines up to which a message that begins with its name alone may be spread."""
_NAMED_ALONE: Final = regex(r"(?:[-*>] )?[\"'*]{0,3}[A-Z][A-Za-z]{2,40}(?:Error|Exception)\W{0,4}")
"""The name of an error, by itself on a line."""


def _uncommented(lines: list[str]) -> list[str]:
    """The lines without the mark of a comment or a heading that all of them begin with."""
    found = _COMMENTED.match(next(filter(str.strip, lines), ""))
    mark = found[1] if found else ""
    if mark == "//":
        lines = list(_of_one_line_each(lines))
    if not mark or not all(line.lstrip().startswith(mark) for line in lines if line.strip()):
        return lines
    told = [line.replace(mark, " " * len(mark), 1) for line in lines]
    alone = mark[0] != "#" and sum(map(bool, map(str.strip, lines))) == 1  # a comment of a program
    # What a program printed has no prompt: where all is commands, the mark may be one.
    return lines if alone or all(map(is_command, filter(str.strip, told))) else told


def _of_one_line_each(lines: list[str]) -> Iterator[str]:
    """The lines with the mark of a comment before each line of one that goes over several."""
    within = False
    for line in lines:
        opens = line.lstrip().startswith("/*")
        if not (within or opens):
            yield line
            continue
        within = "*/" not in line
        yield "// " + line.lstrip().removeprefix("/*").replace("*/", "")


_COMMENTED: Final = regex(r"[ \t]{0,40}(\#{1,6}|//|;;?)[ \t]")


def line_of(raw: str, number: int, *, may_prompt: bool = True) -> Line:
    """A line without what was put around it."""
    first = raw.lstrip()[:1]
    if first in _INNOCENT:  # most lines: nothing can stand in front of them
        return Line(raw.rstrip(), number)
    if not first.isalnum() and (_FENCE.match(raw) or _RULE.match(raw) or _PROMPT_ALONE.match(raw)):
        return Line("", number)
    command = _COMMAND.match(raw) if may_prompt and _MAY_PROMPT.search(raw, 0, 200) else None
    if command:
        return Line(raw[command.end() :], number, command=True)
    return _without_marks(raw, number)


_LEVELS: Final = ("INFO ", "DEBUG ", "TRACE ")
"""Words behind a time that are what the line says: no mark stands in front of them."""
_INNOCENT: Final = frozenset('"{}]')


def _without_marks(raw: str, number: int) -> Line:
    at, dated, bordered, warns = 0, False, False, False
    for _ in range(4):
        found = _DATED.match(raw, at)
        dated = dated or found is not None
        if found is None:
            found = ("|" in raw and _BARRED.match(raw, at)) or _MARKED.match(raw, at)
            bordered = bordered or (found is not None and found.group()[-1:] in "│┃║|")
        if found is None or found.end() == at:
            break
        warns = warns or "WARN" in found.group()
        at = found.end()
        if dated and raw.startswith(_LEVELS, at):
            break
    text = raw[at:].rstrip()
    if bordered and (inner := _END.sub("", text)) != text:
        return Line(inner, number, dated=dated)  # a box is as wide as its border, not its text
    return Line(text, number, dated=dated, lost=at, warns=warns)
