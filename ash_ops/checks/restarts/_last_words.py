"""What a task that died said at the end, and what that adds to ECS's own reason."""

from __future__ import annotations

from ash_ops.causes import Classification, classify
from ash_ops.checks.base import items
from ash_ops.checks.restarts._signals import SEGFAULT, end_of
from ash_ops.facts.model import plain
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task
from ash_ops.patterns import regex

_LAST_LINES = 40
_DATABASE = frozenset({"ASH_DATABASE_URL", "DATABASE_HOST"})
_NO_SUCH_NAME = regex(r"getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ")
_OF_ITS_OWN = regex(r"Cannot find module '\.{1,2}/")
# packages/runner/src/registration.ts, at 7d26aee.
_NOT_REGISTERED = ("[runner] Registration failed: ", "[runner] Failed to register ")


def as_message(snapshot: Snapshot, task: Task) -> dict[str, object]:
    """A task as the catalogue reads it: the fields of DescribeTasks and its last log lines."""
    fields: dict[str, object] = plain(task)
    lines = last_lines(snapshot, task)
    return {**fields, "logs": lines} if lines else fields


def last_lines(snapshot: Snapshot, task: Task) -> list[str]:
    """The last lines that a task wrote, oldest first; none if logs were not read."""
    try:
        lines = [
            line.message for line in items(snapshot.log_lines) if line.stream.endswith(task.id)
        ]
    except CannotTell:
        return []
    return lines[-_LAST_LINES:]


def _lacks_a_part(lines: list[str]) -> bool:
    """Whether Node.js found the program, and not a module that it names by a relative path."""
    return any(_OF_ITS_OWN.search(line) for line in lines)


def _asked_for_its_database(snapshot: Snapshot, lines: list[str]) -> bool:
    """Whether it ended of a name that nobody resolves: at its start it calls its database, and nobody else."""
    task = snapshot.task_definition.value
    container = task.container() if task else None
    given = (
        {e.name for e in container.environment} | {x.name for x in container.secrets}
        if container
        else set()
    )
    return bool(given & _DATABASE) and any(_NO_SUCH_NAME.search(line) for line in lines)


def named(snapshot: Snapshot, task: Task, known: Classification) -> str:
    """The cause of a death: a signal that ended the process tells more than that it ended.

    A file that the server's own code asks for beside itself is a fault of that code, not of its command.
    A runner's own health check asks whether its coordinator knows it: so does what it said of that.
    """
    if known.cause == "container-healthcheck-failed":
        said = [x for x in last_lines(snapshot, task) if x.startswith(_NOT_REGISTERED)]
        return classify("log_line", {"logs": said[-1:]}).cause if said else known.cause
    if known.cause == "entrypoint-missing" and _lacks_a_part(last_lines(snapshot, task)):
        return "app-crash"
    if known.cause == "app-crash" and _asked_for_its_database(snapshot, last_lines(snapshot, task)):
        return "db-unreachable"
    fallen = end_of(task)
    segfault = fallen is not None and fallen.exit_code == SEGFAULT
    return "exit-139" if known.cause == "app-crash" and segfault else known.cause
