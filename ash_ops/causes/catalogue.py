"""Every cause by its slug."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from ash_ops.causes import agents, auth, connection, healthy, observed, pending, restart
from ash_ops.causes.access import CAUSES as ACCESS
from ash_ops.causes.base import Cause, Signature
from ash_ops.causes.deploy import CAUSES as DEPLOY
from ash_ops.errors import UsageProblem

_DECLARED: Final = (
    *pending.CAUSES,
    *connection.CAUSES,
    *restart.CAUSES,
    *agents.CAUSES,
    *auth.CAUSES,
    *DEPLOY,
    *ACCESS,
    *observed.CAUSES,
    *healthy.CAUSES,
)
_CATEGORIES: Final = tuple(dict.fromkeys(entry.category for entry in _DECLARED))

ORDER: Final = tuple(sorted(_DECLARED, key=lambda entry: _CATEGORIES.index(entry.category)))
"""All causes, category by category."""

CAUSES: Final[Mapping[str, Cause]] = MappingProxyType({entry.slug: entry for entry in ORDER})
"""All causes by slug."""


def cause(slug: str) -> Cause:
    """The cause of that name.

    Raises:
        UsageProblem: there is none; the error names the closest ones.
    """
    found = CAUSES.get(slug)
    if found is not None:
        return found
    from difflib import get_close_matches  # loaded only to help after a mistake

    close = get_close_matches(slug, CAUSES, n=3, cutoff=0.5)
    raise UsageProblem(
        f"There is no cause {slug!r}",
        f"the closest are {', '.join(close)}" if close else "no name is close to it",
        "`ash-ops explain --list` prints all of them.",
    )


@cache
def signatures(kind: str) -> tuple[tuple[Cause, Signature], ...]:
    """The signatures that apply to a kind of message, with their causes, in catalogue order."""
    return tuple(
        (entry, signature)
        for entry in ORDER
        for signature in entry.signatures
        if not signature.kinds or kind in signature.kinds
    )
