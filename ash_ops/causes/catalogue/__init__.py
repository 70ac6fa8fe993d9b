"""Every cause by its slug: what the modules of this folder declare, found by looking for them.

A module that declares ``CAUSES`` is part of the catalogue; nothing lists it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Final

from ash_ops.causes.base import CATEGORIES, Cause, Signature
from ash_ops.causes.catalogue import kept
from ash_ops.errors import UsageProblem


def declared() -> tuple[Cause, ...]:
    """All causes as the modules declare them, category by category."""
    from ash_ops.modules import modules_of  # the first run alone imports them all

    found = chain.from_iterable(getattr(each, "CAUSES", ()) for each in modules_of(__name__))
    return tuple(sorted(found, key=lambda entry: CATEGORIES.index(entry.category)))


ORDER: Final = kept.causes(declared)
"""All causes, category by category."""

CAUSES: Final[Mapping[str, Cause]] = MappingProxyType({entry.slug: entry for entry in ORDER})
"""All causes by slug."""


def closest(slug: str) -> list[str]:
    """The names of causes that are most like a mistyped one, the best first, three at most."""
    from difflib import get_close_matches  # loaded only to help after a mistake

    return get_close_matches(slug, CAUSES, n=3, cutoff=0.6)


def cause(slug: str) -> Cause:
    """The cause of that name.

    Raises:
        UsageProblem: there is none; the error names the closest ones.
    """
    found = CAUSES.get(slug)
    if found is not None:
        return found
    close = closest(slug)
    raise UsageProblem(
        f"There is no cause {slug!r}",
        f"the closest are {', '.join(close)}" if close else "no name is close to it",
        "`ash-ops explain --list` prints all of them.",
    )


@cache
def signatures() -> tuple[tuple[Cause, Signature], ...]:
    """All signatures, each with its cause, in catalogue order."""
    return tuple((entry, signature) for entry in ORDER for signature in entry.signatures)
