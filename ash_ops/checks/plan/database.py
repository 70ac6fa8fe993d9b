"""Does somebody expect a database of their own to be used, which a fleet does not do?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import finding
from ash_ops.checks.base import Check, Evidence, Finding, Fix, NotApplicable
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.template_parameters import MULTI_MACHINE


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """No variable names a database that would not be used."""
    if planned.mode != MULTI_MACHINE:
        raise NotApplicable("one server uses the database that it is given")
    if planned.has_own_database:
        yield finding(
            "database-not-used",
            "plan",
            "ASH_DATABASE_URL is not used: this mode makes a PostgreSQL database of its own, and writes nothing to "
            "that one.",
            [Evidence(source="plan:Settings", field="ASH_DATABASE_URL", value="set")],
            [Fix(why="Take it out, or deploy standalone to use it.")],
        )


CHECK = Check(
    id="database",
    title="The database that is named is the one that is used",
    playbook="plan",
    run=run,
    causes=("database-not-used",),
)
