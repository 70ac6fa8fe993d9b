"""May ECS still start tasks of the revision that the service names?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._attempts import at_next_start
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import definition
from ash_ops.checks._findings import finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

# "Existing services that reference an INACTIVE task definition can still scale"; one that is being
# deleted cannot be run at all (ECS developer guide, "Task definition states").
_MEANING = {
    "INACTIVE": "was deregistered: no service can be updated to it, and a rollback to it fails",
    "DELETE_IN_PROGRESS": "is being deleted: ECS starts no task of it",
}


_ANEW = (
    "The next change of the task registers a new revision: another version (`ash-ops rollout TAG`) or size "
    "(`ash-ops deploy --memory MB`). Which, you must say; the stack itself sees nothing to change."
)


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The service's task definition is ACTIVE."""
    task = definition(snapshot)
    if task.status in {None, "ACTIVE"}:
        return
    meaning = _MEANING.get(task.status)
    if meaning is None:
        raise CannotTell(f"the task definition is {task.status}, a state that is not known here")
    name = f"{task.family}:{task.revision}"
    yield finding(
        "service-task-definition-inactive",
        "deploy",
        f"Task definition {name}, which the service names, {meaning}.",
        [quote(snapshot.task_definition, "taskDefinition.status", task.status)],
        [
            Fix(why=_ANEW),
            verify(snapshot, "deploy"),
        ],
        severity=at_next_start(snapshot),
        subject=f"revision/{task.revision}",
    )


CHECK = Check(
    id="revision-state",
    title="The service's task definition is active",
    playbook="deploy",
    run=run,
    causes=("service-task-definition-inactive",),
    explains=NO_TASK,
)
