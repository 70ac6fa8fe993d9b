"""A deployment that failed: what is told about it. What the doctor adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_ops.aws.client.session import Aws
from ash_ops.causes import UNKNOWN, classify
from ash_ops.checks._findings import ash_command
from ash_ops.deploy.run.evidence import DeadTask, Evidence, repair_of
from ash_ops.errors import OpsError
from ash_ops.examine import examine
from ash_ops.names import Deployment
from ash_ops.report import screen
from ash_ops.report._tree import count

if TYPE_CHECKING:
    from ash_ops.examine import Looked

_MESSAGES = 5


def explain(aws: Aws, deployment: Deployment, evidence: Evidence) -> str:
    """Why the deployment failed: what was seen while it did, then the doctor's first screen of what is left.

    What is left may hold the cause no more: a rollback deletes the service, and ECS forgets.
    """
    try:
        return explain_with(evidence, examine(aws, deployment))
    except OpsError as error:
        told = f"doctor could not look ({error}): run `ash-ops doctor`"
        return "\n".join([*_seen(evidence), "", told]).strip()


def explain_with(evidence: Evidence, looked: Looked) -> str:
    """The same from a look that was taken already.

    The screen comes last: a terminal of 80 x 24 shows all of it above the prompt.
    """
    snapshot, report = looked
    page = screen.render(report, snapshot, more=ash_command(snapshot, "doctor -v"))
    return "\n".join([*_seen(evidence), "", page.rstrip()]).strip()


def _seen(evidence: Evidence) -> list[str]:
    lines: list[str] = []
    for dead, times in evidence.kinds():
        lines += _death(dead, times)
    root = evidence.root()
    if root is not None:
        answer = classify(
            "cfn_event",
            {
                "ResourceStatus": root.status,
                "ResourceStatusReason": root.reason,
                "ResourceType": root.type,
                "LogicalResourceId": root.logical_id,
            },
        )
        title = f" [{answer.cause}] {answer.title}" if answer.cause != UNKNOWN else ""
        lines.append(f"The first failure of the stack: {root.logical_id}{title}")
        lines.append(f"  evidence: cloudformation:DescribeStackEvents {root.reason or root.status}")
    if not lines:
        lines += [f"ECS said: {text}" for text in list(evidence.messages.values())[:_MESSAGES]]
    return lines


def _death(dead: DeadTask, times: int) -> list[str]:
    name = f"[{dead.cause}] " if dead.cause != UNKNOWN else ""
    lines = [f"{count(times, 'task')} died: {name}{dead.title}"]
    lines.append(f"  evidence: ecs:DescribeTasks {dead.id[:8]}: {dead.text}")
    return lines + [f"  fix:      {step}" for step in repair_of(dead.cause)]
