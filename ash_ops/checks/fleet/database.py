"""Is the database of a coordinator there, has it room, and does it let the coordinator in?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._findings import aws_command, finding, quote, verify
from ash_ops.checks.base import Check, Effect, Evidence, Finding, Fix, NotApplicable, asked, present
from ash_ops.checks.fleet._runners import require_runners
from ash_ops.checks.fleet.reach import admit
from ash_ops.checks.network.groups import admits, groups_of, lists_of, matches_port, ranges_of
from ash_ops.facts.fleet import RunnerDatabase
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

# RDS user guide, "Viewing Amazon RDS DB instance status": those in which the database answers.
_ANSWERS = (
    *("available", "backing-up", "modifying", "renaming", "converting-to-vpc", "moving-to-vpc"),
    *("configuring-", "storage-optimization", "storage-config-upgrade", "storage-initialization"),
    *("resetting-master-credentials", "delete-precheck"),
)
_DOWN = (
    *("stopped", "stopping", "failed", "deleting", "inaccessible-encryption", "incompatible-"),
    *("insufficient-capacity", "restore-error"),
)
_SOON = ("creating", "maintenance", "rebooting", "starting", "upgrading", "insufficient-resource")


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """RDS says that it answers and has storage left, and its group admits the coordinator."""
    require_runners(snapshot)
    database = asked(snapshot.runner_database)
    if database is None:
        raise NotApplicable("the deployment has no database of its own")
    yield from _state(snapshot, database)
    yield from _reach(snapshot, database)


def _state(snapshot: Snapshot, database: RunnerDatabase) -> Iterator[Finding]:
    """Raises CannotTell for a state that passes by itself, and for one that nobody knows."""
    status = database.status
    if status == "storage-full":
        yield _full(snapshot, database)
    elif status.startswith(_DOWN):
        yield _down(snapshot, database)
    elif not status.startswith(_ANSWERS):
        passing = "is not over yet: look again" if status.startswith(_SOON) else "is not known here"
        raise CannotTell(f"database {database.id} is {status or 'in no state'}, which {passing}")


def _full(snapshot: Snapshot, database: RunnerDatabase) -> Finding:
    return finding(
        "database-full",
        "agents",
        f"Database {database.id} has no storage left: it writes nothing, so no session and no runner can be registered.",
        [_said(snapshot, database)],
        [
            Fix(
                why="Give it more (`aws rds modify-db-instance --allocated-storage GB --apply-immediately`): how "
                "much, and what that costs, is your decision. It was:",
                command=aws_command(
                    snapshot,
                    f"rds describe-db-instances --db-instance-identifier {database.id} "
                    "--query 'DBInstances[].[AllocatedStorage,MaxAllocatedStorage]'",
                ),
            ),
            verify(snapshot, "agents"),
        ],
        subject=f"database/{database.id}",
        effect=Effect.ANSWERS,
    )


def _down(snapshot: Snapshot, database: RunnerDatabase) -> Finding:
    start = aws_command(snapshot, f"rds start-db-instance --db-instance-identifier {database.id}")
    events = aws_command(
        snapshot,
        f"rds describe-events --source-type db-instance --source-identifier {database.id} --duration 1440",
    )
    stopped = database.status == "stopped"
    return finding(
        "db-unreachable",
        "agents",
        f"Database {database.id} is {database.status}: the coordinator cannot keep anything, and ends when it starts anew.",
        [_said(snapshot, database)],
        [
            Fix(why="Start it; that takes some minutes.", command=start)
            if stopped
            else Fix(why="See what became of it, and remove that.", command=events),
            verify(snapshot, "agents"),
        ],
        subject=f"database/{database.id}",
        apart=database.id,
    )


def _said(snapshot: Snapshot, database: RunnerDatabase) -> Evidence:
    path = f"DBInstances[{database.id}].DBInstanceStatus"
    return quote(snapshot.runner_database, path, database.status)


def _reach(snapshot: Snapshot, database: RunnerDatabase) -> Iterator[Finding]:
    place = present(snapshot.service).awsvpc
    callers = place.security_groups if place else ()
    if not callers or not database.groups:
        raise CannotTell("the security groups of the coordinator or of its database are not known")
    rules = [r for group in groups_of(snapshot, database.groups) for r in group.ip_permissions]
    port = database.port
    if any(admits(rules, port, None, group) for group in callers):
        return
    if any(ranges_of(rule, lists_of(snapshot)) for rule in rules if matches_port(rule, port)):
        raise CannotTell(
            "the database's security group admits addresses, which may hold the coordinator"
        )
    group = database.groups[0]
    yield finding(
        "db-unreachable",
        "agents",
        f"Security group {group} of database {database.id} does not admit the coordinator on TCP {port}.",
        [
            quote(
                snapshot.security_groups,
                f"SecurityGroups[{group}].IpPermissions",
                f"no rule admits TCP {port} from {' or '.join(callers)}",
            )
        ],
        [admit(snapshot, group, callers[0], port), verify(snapshot, "agents")],
        subject=f"database/{database.id}",
        apart=f"{database.id}-group",
    )


CHECK = Check(
    id="runners-database",
    title="The coordinator's database answers, has room and lets it in",
    playbook="agents",
    run=run,
    causes=("database-full", "db-unreachable"),
    explains=(
        *NOTHING_ANSWERS,
        "app-crash",
        "crash-loop",
        "fewer-tasks-than-desired",
        "ash-server-error",
    ),
)
