"""May ECS assume the task's roles, and may the execution role do what a start needs?"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

from ash_ops.causes.denials import denier
from ash_ops.checks._attempts import Stage, at_next_start
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import definition
from ash_ops.checks._findings import aws_command, deploy_fix, finding, fresh_tasks, quote, verify
from ash_ops.checks.base import Check, Finding, Fix
from ash_ops.checks.pending._grants import TASKS_PRINCIPAL, trust
from ash_ops.facts.reading import CannotTell, Reading
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import Role, SimulatedAction
from ash_ops.facts.task_definitions import TaskDefinition

# What the first denied action of a start means for the task; a call of another service is the server's own.
DENIED = {
    "elasticfilesystem": "efs-mount-failed",
    "secretsmanager": "secret-access-denied",
    "ssm": "secret-access-denied",
    "kms": "secret-access-denied",
    "logs": "log-access-denied",
    "ecr": "image-pull-denied",
}
# The stage that a task past it proves to be allowed.
_DENIES = {
    "secret-access-denied": Stage.FETCHED,
    "image-pull-denied": Stage.PULLED,
    "log-access-denied": Stage.STARTED,
    "efs-mount-failed": Stage.STARTED,
}
_OF_THE_SERVER = "role-call-denied"


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Both roles exist and trust ECS; the execution role is allowed what a start needs."""
    wanted = definition(snapshot)
    readings = {
        "executionRoleArn": (wanted.execution_role_arn, snapshot.execution_role),
        "taskRoleArn": (wanted.task_role_arn, snapshot.task_role),
    }
    if not wanted.execution_role_arn and _needs_execution_role(wanted):
        yield _lacking(snapshot)
    cannot_tell: CannotTell | None = None
    for field, (arn, reading) in readings.items():
        if not arn:
            continue
        try:
            yield from _role(snapshot, field, arn, reading)
        except CannotTell as unclear:
            cannot_tell = cannot_tell or unclear
    if cannot_tell:
        raise cannot_tell


def _role(snapshot: Snapshot, field: str, arn: str, reading: Reading[Role]) -> Iterator[Finding]:
    role = reading.get()
    if role is None or not role.exists:
        yield _unusable(snapshot, field, arn, reading, "does not exist", exists=False)
        return
    if role.trusted_services and TASKS_PRINCIPAL not in role.trusted_services:
        why = f"trusts {', '.join(role.trusted_services)} but not {TASKS_PRINCIPAL}"
        yield _unusable(snapshot, field, arn, reading, why, exists=True)
    denied = [row for row in role.simulated if row.decision in {"implicitDeny", "explicitDeny"}]
    by_cause: dict[str, list[SimulatedAction]] = {}
    for row in denied:
        by_cause.setdefault(DENIED.get(row.action.split(":")[0], _OF_THE_SERVER), []).append(row)
    for cause, rows in by_cause.items():
        yield _may_not(snapshot, reading, role, cause, rows)
    unclear = [row for row in role.simulated if row.decision == "inconclusive"]
    if unclear and not denied:
        raise CannotTell(
            f"IAM's simulation of {unclear[0].action} for {role.name} depends on context it lacks: "
            + (
                ", ".join(unclear[0].missing_context)
                or "a permissions boundary or an organisation policy"
            )
        )


def _unusable(
    snapshot: Snapshot, field: str, arn: str, reading: Reading[Role], why: str, *, exists: bool
) -> Finding:
    name = arn.rsplit("/", 1)[-1]
    return finding(
        "role-assume-failed",
        "pending",
        f"ECS cannot assume role {name}: it {why}.",
        [
            quote(snapshot.task_definition, f"taskDefinition.{field}", arn),
            quote(reading, f"Role[{name}]", why),
        ],
        [
            trust(snapshot, name, reading.value) if exists else _make(snapshot, name),
            *fresh_tasks(snapshot),
            verify(snapshot, "pending"),
        ],
        severity=at_next_start(snapshot, Stage.FETCHED),
        subject=f"role/{name}",
        apart=field,
    )


def _may_not(
    snapshot: Snapshot, reading: Reading[Role], role: Role, cause: str, rows: list[SimulatedAction]
) -> Finding:
    actions = ", ".join(dict.fromkeys(row.action for row in rows))
    explicit = any(row.decision == "explicitDeny" for row in rows)
    whose = "Task" if reading is snapshot.task_role else "Execution"
    return finding(
        cause,
        "pending",
        f"{whose} role {role.name} may not {actions} on {rows[0].resource}"
        + (" (an explicit deny)." if explicit else "."),
        [
            quote(reading, f"simulation[{r.action}].EvalDecision", f"{r.decision} on {r.resource}")
            for r in rows
        ],
        [
            *_allow(snapshot, role, rows, explicit=explicit),
            *fresh_tasks(snapshot),
            verify(snapshot, "pending"),
        ],
        severity="warning" if cause == _OF_THE_SERVER else at_next_start(snapshot, _DENIES[cause]),
        subject=f"role/{role.name}",
    )


def _policy(*statements: dict[str, object]) -> str:
    return shlex.quote(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def _make(snapshot: Snapshot, name: str) -> Fix:
    return deploy_fix(snapshot, f"Deploy again: that makes the role in the place of {name}.")


def _allow(
    snapshot: Snapshot, role: Role, rows: list[SimulatedAction], *, explicit: bool
) -> list[Fix]:
    """Exactly the actions that were denied, on exactly the resources they were denied on."""
    elsewhere = _denied_elsewhere(snapshot, rows)
    if elsewhere:
        return [Fix(why=elsewhere)]
    if explicit:
        why = "Find the policy that denies it (on the role, its boundary or the organisation) and lift it."
        command = f"iam list-attached-role-policies --role-name {role.name}"
        return [Fix(why=why, command=aws_command(snapshot, command))]
    policy = _policy(
        {
            "Effect": "Allow",
            "Action": sorted({row.action for row in rows}),
            "Resource": sorted({row.resource for row in rows}),
        }
    )
    command = f"iam put-role-policy --role-name {role.name} --policy-name ash-start --policy-document {policy}"
    return [Fix(why="Allow exactly that.", command=aws_command(snapshot, command))]


def _denied_elsewhere(snapshot: Snapshot, rows: list[SimulatedAction]) -> str | None:
    """What to do where a boundary, an organisation or a session denies: no grant can lift that.

    The simulator says it of itself, and ECS in what the tasks died of.
    """
    own = next((row.denied_by for row in rows if row.denied_by), None)
    if own:
        return denier(own)
    words = " ".join(t.stopped_reason or "" for t in snapshot.stopped_tasks.value or ())
    return denier(words) if any(row.action in words for row in rows) else None


def _lacking(snapshot: Snapshot) -> Finding:
    """ECS itself fetches secrets, writes logs and reads ECR: with the execution role, or not at all."""
    return finding(
        "role-assume-failed",
        "pending",
        "The task definition names no execution role, but its secrets, logs or image need one.",
        [quote(snapshot.task_definition, "taskDefinition.executionRoleArn", "not set")],
        [
            deploy_fix(snapshot, "Deploy again: the bundled template makes the role."),
            verify(snapshot, "pending"),
        ],
        severity=at_next_start(snapshot, Stage.FETCHED),
        apart="executionRoleArn",
    )


def _needs_execution_role(task: TaskDefinition) -> bool:
    fargate = "FARGATE" in task.requires_compatibilities
    return any(
        c.secrets
        or ".dkr.ecr." in c.image
        or (fargate and c.log_configuration and c.log_configuration.log_driver == "awslogs")
        for c in task.container_definitions
    )


CHECK = Check(
    id="roles",
    title="ECS may assume the task's roles, and they allow what a start needs",
    playbook="pending",
    run=run,
    causes=("role-assume-failed", *dict.fromkeys(DENIED.values()), _OF_THE_SERVER),
    explains=NO_TASK,
)
