"""``docs/checks.md``, generated from the checks' own attributes."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks.base import Check
from ash_ops.checks.catalogue import CHECKS
from ash_ops.checks.playbooks import PLAYBOOKS

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
    yield "| check | all is well when | can report | reads |"
    yield "| --- | --- | --- | --- |"
    for check in CHECKS:
        if check.playbook == playbook:
            yield _row(check)
    yield ""


def _row(check: Check) -> str:
    causes = ", ".join(f"[{slug}](causes/{slug}.md)" for slug in check.causes)
    needs = ", ".join(f"`{action}`" for action in check.needs) or "the server itself"
    vital = " **vital**" if check.vital else ""
    return f"| `{check.id}`{vital} | {check.title} | {causes} | {needs} |"
