"""What another's deployment is advised: this tool knows nothing of its stack, whoever deploys it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from ash_ops.causes.base import Step
from ash_ops.patterns import regex

_ASHS: Final = regex(
    r"(?<![A-Za-z0-9])(?:ash(?![a-z0-9])|Ash(?![a-z])|ASH(?![A-Z]))|(?<!\d)4100(?!\d)"
)
"""What a deployment of Ash has in the names of what it made, unless somebody chose others."""
_WHOSE: Final = frozenset(("stack", "service", "cluster", "family"))
"""Names of which one tells whose deployment it is."""
_LISTED: Final = regex(
    r"(?:\bresource\(s\) failed to (?:create|update|delete): \[[^\]\n]{0,400}?|\b[Rr]esource [Nn]ame: \w{0,80}?)"
    r"(?:\bMy[A-Z]|[0-9A-F]{8}\b|Lambda|Dynamo|ApiGateway)"
)
"""Resources that no template of this tool has; their tool's hash ends the names of many."""
_DEPLOYS: Final = regex(
    r"\bash-ops (?:--[a-z-]{2,20} \S{1,100} ){0,4}(?:deploy|rollout|rollback|stop|start|teardown)\b"
)
_DEPLOYS_NOW: Final = regex(
    r"\bash-ops (?:--[a-z-]{2,20} \S{1,100} ){0,4}(?:deploy(?! --plan)|rollout|rollback)\b"
)


def is_anothers(pasted: str, names: Mapping[str, str]) -> bool:
    """Whether a text names a deployment, or resources of one, and nothing in it is called as Ash's are."""
    named = not _WHOSE.isdisjoint(names) or _LISTED.search(pasted) is not None
    return named and not _ASHS.search(pasted)


def without_own(steps: list[Step]) -> list[Step]:
    """Steps without the commands that deploy Ash: what they are for is done with another tool."""
    return [replace(s, command="") if _DEPLOYS.search(s.command) else s for s in steps]


def of_any_task(steps: list[Step], pasted: str) -> list[Step]:
    """Steps for a text that need not be of Ash: none that deploys it, if another one is left."""
    if _ASHS.search(pasted):
        return steps
    return [step for step in steps if not _DEPLOYS_NOW.search(step.command)] or steps
