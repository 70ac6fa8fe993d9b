"""How does the latest rollout stand, and which revision really serves?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._attempts import failed_with_another
from ash_ops.checks._facts import HOUR, RECENT, ago, serves
from ash_ops.checks._findings import ash_command, finding, quote, verify, version_fix
from ash_ops.checks.base import Check, Finding, Fix, present
from ash_ops.checks.deploy._rollback import find_out
from ash_ops.checks.deploy.rollout_progress import is_late
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.services import Service, ServiceRollout
from ash_ops.facts.snapshot import Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The primary deployment is complete, and nothing was rolled back."""
    service = present(snapshot.service)
    primary = next((d for d in service.deployments if d.status == "PRIMARY"), None)
    if primary is None:
        return
    rolled_back = _rolled_back(service, primary)
    if primary.rollout_state == "FAILED":
        yield _failed(snapshot, primary)
    elif rolled_back:
        yield _went_back(snapshot, primary, rolled_back)
    elif primary.rollout_state == "IN_PROGRESS":
        yield _in_progress(snapshot, primary)


def _rolled_back(service: Service, primary: ServiceRollout) -> str | None:
    """The words that say that the primary deployment is the result of a rollback."""
    reason = primary.rollout_state_reason or ""
    if (
        "rollback" in reason.lower()
        or "rolled back" in reason.lower()
        or "rolling back" in reason.lower()
    ):
        return reason
    for event in service.events:
        older = primary.created_at and event.created_at and event.created_at < primary.created_at
        text = event.message.lower()
        if "rolling back to deployment" in text and not older and primary.id in event.message:
            return event.message
    return None


def _revision(arn: str | None) -> str:
    return (arn or "an unknown revision").rsplit("/", 1)[-1]


def _subject(primary: ServiceRollout) -> str:
    name = (primary.task_definition or "").rsplit(":", 1)[-1]
    return f"revision/{name}" if name else ""


def _failed(snapshot: Snapshot, primary: ServiceRollout) -> Finding:
    return finding(
        "circuit-breaker",
        "deploy",
        f"The rollout of {_revision(primary.task_definition)} failed after "
        f"{primary.failed_tasks or 'several'} failed tasks.",
        [
            quote(
                snapshot.service, "deployments[PRIMARY].rolloutState", "FAILED", primary.updated_at
            ),
            quote(
                snapshot.service,
                "deployments[PRIMARY].rolloutStateReason",
                primary.rollout_state_reason or "",
                primary.updated_at,
            ),
        ],
        [
            version_fix(snapshot, "Go back to the version that worked.", "rollback"),
            verify(snapshot, "deploy"),
        ],
        severity="error",
        subject=_subject(primary),
    )


def _went_back(snapshot: Snapshot, primary: ServiceRollout, words: str) -> Finding:
    before = _revision(primary.task_definition)
    state = "serves" if serves(snapshot) else "is to serve again"
    return finding(
        "deployment-rolled-back",
        "deploy",
        f"ECS rolled the last rollout back: {before} {state}, not the version that was deployed last.",
        [
            quote(
                snapshot.service,
                "deployments[PRIMARY].rolloutStateReason",
                words,
                primary.updated_at,
            ),
            quote(
                snapshot.service,
                "deployments[PRIMARY].taskDefinition",
                primary.task_definition or "",
            ),
        ],
        [
            find_out(snapshot),
            verify(snapshot, "deploy"),
        ],
        severity="error" if _just_now(snapshot, primary) else "warning",
        subject=f"service/{snapshot.deployment.service}",
    )


def _just_now(snapshot: Snapshot, primary: ServiceRollout) -> bool:
    """Whether somebody is still waiting for what was rolled back."""
    if failed_with_another(snapshot):
        return False
    when = primary.updated_at or primary.created_at
    return when is not None and snapshot.taken_at - when < HOUR


def _in_progress(snapshot: Snapshot, primary: ServiceRollout) -> Finding:
    began = primary.created_at or snapshot.taken_at
    waiting = snapshot.taken_at - began
    try:
        late = is_late(snapshot)
    except CannotTell:  # how long one takes here, or how far this one is, was not read
        late = waiting > RECENT
    return finding(
        "deployment-in-progress",
        "deploy",
        f"A rollout of {_revision(primary.task_definition)} began {ago(began, snapshot.taken_at)} ago "
        f"({primary.running_count or 0} of {primary.desired_count or 0} tasks run).",
        [quote(snapshot.service, "deployments[PRIMARY].rolloutState", "IN_PROGRESS", began)],
        [Fix(why="Watch it.", command=ash_command(snapshot, "status"))],
        severity="warning" if late else "info",
        subject=_subject(primary),
    )


CHECK = Check(
    id="rollout-state",
    title="The latest rollout is complete and was not rolled back",
    playbook="deploy",
    run=run,
    causes=("circuit-breaker", "deployment-rolled-back", "deployment-in-progress"),
    explains=("cfn-not-stabilized",),
    vital=True,
)
