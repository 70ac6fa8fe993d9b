"""Every check: what the modules of this folder declare, found by looking for them.

A module that declares a ``Check`` is part of the catalogue; nothing lists it.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import Any, Final, Literal

from ash_ops.checks.base import Check
from ash_ops.checks.playbooks import PLAYBOOKS
from ash_ops.facts.snapshot import Snapshot
from ash_ops.modules import modules_of

_HERE = "ash_ops.checks"
# What looks at a deployment that is to be, or has just been made; the doctor looks at what is there.
_AROUND_A_DEPLOYMENT = frozenset({"plan", "proof"})


def deployment_checks(playbook: Literal["plan", "proof"]) -> tuple[Check[Any], ...]:
    """The checks that ``deploy`` makes: before it (``plan``) and after it (``proof``)."""
    return _declared(modules_of(f"{_HERE}.{playbook}"))


def _declared(modules: Iterable[ModuleType]) -> tuple[Check[Any], ...]:
    """The checks of some modules, in their order."""
    return tuple(c for module in modules for c in vars(module).values() if isinstance(c, Check))


CHECKS: Final[tuple[Check[Snapshot], ...]] = tuple(
    sorted(
        _declared(modules_of(_HERE, but=_AROUND_A_DEPLOYMENT)),
        key=lambda check: (PLAYBOOKS.index(check.playbook), check.last),
    )
)
"""The doctor's checks, in the order of the playbooks: what breaks first is asked first."""
