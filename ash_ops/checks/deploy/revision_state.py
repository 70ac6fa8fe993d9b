"""May ECS still start tasks of the revision that the service names, and is it what answers?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._attempts import at_next_start
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import ash_container, definition, running
from ash_ops.checks._findings import ash_command, finding, quote, verify
from ash_ops.checks.base import Check, Effect, Finding, Fix, NotApplicable, present
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.patterns import regex

# "Existing services that reference an INACTIVE task definition can still scale"; one that is being
# deleted cannot be run at all (ECS developer guide, "Task definition states").
_RELEASE = regex(
    r"ghcr\.io/ash-ai-org/ash:v?(\d+\.\d+\.\d+)"
)  # what is published has its version for a tag
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


def version(snapshot: Snapshot) -> Iterator[Finding]:
    """The server that answers is of the version that its image's tag promises, where no rollout is under way."""
    probe, task = present(snapshot.probe), definition(snapshot)
    tag = _RELEASE.fullmatch(ash_container(snapshot).image)
    if tag is None or probe.version is None:
        raise NotApplicable("the image's tag or the server tells no version")
    arn = task.task_definition_arn
    tasks = running(snapshot)
    if not tasks or any(each.task_definition_arn not in {None, arn} for each in tasks):
        raise NotApplicable("no task runs, or tasks of two revisions do")
    if probe.version == tag[1]:
        return
    yield finding(
        "version-differs",
        "deploy",
        f"{probe.url} is answered by version {probe.version}, and every task that runs is of {tag[1]}: another server "
        "than this one answers there, or the tag was given to another image.",
        [
            quote(snapshot.probe, "health.version", probe.version),
            quote(snapshot.task_definition, "containerDefinitions[ash].image", tag[0]),
        ],
        [
            Fix(
                why="See whom the name leads to; the load balancer's own name leads to this server.",
                command=ash_command(snapshot, "status"),
            ),
            Fix(
                why="If it is this one, deploy the version that was meant, by its digest if need be (`ash-ops rollout TAG`)."
            ),
            verify(snapshot, "deploy"),
        ],
        severity="error",
        confidence="likely",
        effect=Effect.ANSWERS,
    )


VERSION = Check(
    id="server-version",
    title="The server is of the version that its image promises",
    playbook="deploy",
    run=version,
    causes=("version-differs",),
)
CHECK = Check(
    id="revision-state",
    title="The service's task definition is active",
    playbook="deploy",
    run=run,
    causes=("service-task-definition-inactive",),
    explains=NO_TASK,
)
