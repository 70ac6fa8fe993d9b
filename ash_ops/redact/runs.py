"""Long random runs: keys that nobody has named and whose form is nobody's."""

from __future__ import annotations

import re

from ash_ops.patterns import always_whole
from ash_ops.redact.held import Held
from ash_ops.redact.values import is_in_arn, is_random
from ash_ops.secret import MASK

_LEAST = 32
_RUN = always_whole(rf"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{{{_LEAST},}}={{0,2}}")
# What AWS gives out to be handed back to it: its encoded refusals, the ids of S3's answers; and
# digests, as OpenSSH and Go write them.
_HANDED_BACK = always_whole(
    r"(?:failure message|host ?id|id-2|x-amz-cf-id|request ?id|integrity)[\"']?\s{0,3}[:=]?\s{0,3}[\"']?\Z|\b(?:h1|sha\d{1,3}):\Z",
    re.I,
)
_BETWEEN = "\"':= \t\n"
_LAST = (
    "deyDEY"  # how those words end; the expression takes ten times as long to find that it fits not
)


# The CDK calls what one stack gives to another so: the name of an export, made of the ids of its resources.
_EXPORTED = always_whole(r"ExportsOutput(?:Ref|FnGetAtt)[A-Z][A-Za-z0-9]+\Z")


def may_hold(held: Held) -> bool:
    """Whether a text holds such a run."""
    found = _RUN.findall(held.runs(_LEAST))
    return any(is_random(run) for run in found if not (run.islower() or run.isupper()))


def mask_runs(text: str) -> str:
    """The text with every such run masked."""
    return _RUN.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    start = found.start()
    if not is_random(found[0]) or is_in_arn(found.string, start) or _EXPORTED.match(found[0]):
        return found[0]
    return found[0] if _is_handed_back(found.string[max(0, start - 40) : start]) else MASK


def _is_handed_back(before: str) -> bool:
    """Whether the words before a run say that AWS gave it out to be handed back."""
    last = before.rstrip(_BETWEEN)[-1:]
    if not last or (last.isascii() and last.isalpha() and last not in _LAST):
        return False
    return _HANDED_BACK.search(before) is not None
