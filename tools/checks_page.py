"""``docs/checks.md``, generated from the checks' own attributes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

from msgspec.structs import replace

from ash_ops.checks.base import Check, NotApplicable
from ash_ops.checks.catalogue import CHECKS
from ash_ops.checks.playbooks import PLAYBOOKS
from ash_ops.facts.reading import CannotTell, Gap, Reading
from ash_ops.facts.snapshot import READINGS, Snapshot
from ash_ops.snapshot.plan import READS
from tests.support import scenarios
from tests.support.remembering import Watched

_HEAD = """# The doctor's checks

Generated from the checks themselves (`make generate`). A check answers *passed*, *problem* or *could not tell*.
If AWS did not answer what a check asked, the diagnosis is inconclusive (exit code 4) and not healthy. Where
everything was read and a doubt remains all the same (a route into a transit gateway, a registry that will
not say), only the checks marked **vital** make it inconclusive.
"""


def files() -> dict[str, str]:
    """The page by its path below the project."""
    return {"docs/checks.md": page()}


def page() -> str:
    """The page: one section a playbook, one row a check."""
    return "\n".join([_HEAD, *(line for name in PLAYBOOKS for line in _section(name))]) + "\n"


def _section(playbook: str) -> Iterator[str]:
    yield f"## {playbook}"
    yield ""
    yield "| check | all is well when | can report | cannot tell without |"
    yield "| --- | --- | --- | --- |"
    for check in CHECKS:
        if check.playbook == playbook:
            yield _row(check)
    yield ""


def _row(check: Check[Snapshot]) -> str:
    causes = ", ".join(f"[{slug}](causes/{slug}.md)" for slug in check.causes)
    needed_of = [f"`{action}`" for action in actions(check)]
    if not needed_of or "probe" in needed()[check.id]:
        needed_of.append("the server itself")
    needs = ", ".join(needed_of)
    vital = " **vital**" if check.vital else ""
    return f"| `{check.id}`{vital} | {check.title} | {causes} | {needs} |"


def actions(check: Check[Snapshot]) -> tuple[str, ...]:
    """The IAM actions without which a check cannot tell, in one scenario or another."""
    found = {operation.action for name in needed()[check.id] for operation in READS.get(name, ())}
    return tuple(sorted(found))


@cache
def needed() -> dict[str, frozenset[str]]:
    """The readings without which each check cannot tell: what it looks at is taken away, in every scenario."""
    found: dict[str, set[str]] = {check.id: set() for check in CHECKS}
    for scenario in scenarios.names():
        snapshot, _ = scenarios.load(scenario)
        without = {name: _without(snapshot, name) for name in READINGS}
        for check in CHECKS:
            looked = _looked_at(check, snapshot)
            found[check.id] |= {
                name for name in looked - found[check.id] if _misses(check, without[name], name)
            }
    return {check: frozenset(names) for check, names in found.items()}


def _looked_at(check: Check[Snapshot], snapshot: Snapshot) -> set[str]:
    seen: set[str] = set()
    watched: Any = Watched(snapshot, lambda name, _: seen.add(name))
    with suppress(CannotTell, NotApplicable):
        for _ in check.run(watched):
            pass
    return seen & READINGS.keys()


def _without(snapshot: Snapshot, name: str) -> Snapshot:
    gap = Gap(kind="denied", action=name)
    read: Reading[object] = getattr(snapshot, name)
    return replace(snapshot, **{name: Reading(call=read.call, at=read.at, gap=gap)})


def _misses(check: Check[Snapshot], snapshot: Snapshot, name: str) -> bool:
    """Whether a check cannot tell for want of a reading, whose gap bears its name."""
    try:
        for _ in check.run(snapshot):
            pass
    except CannotTell as cannot_tell:
        return name in cannot_tell.needs
    except NotApplicable:
        return False
    return False
