"""Does the log group of the task exist, in the region the task writes to?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.aws import operations as op
from ash_ops.checks._attempts import Stage, at_next_start
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import ash_container
from ash_ops.checks._findings import change, deploy_fix, finding, fresh_tasks, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable
from ash_ops.facts.snapshot import Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The awslogs options are complete and name a group that is there."""
    config = ash_container(snapshot).log_configuration
    if config is None or config.log_driver != "awslogs":
        raise NotApplicable("the container does not log to CloudWatch")
    group, region = config.options.get("awslogs-group"), config.options.get("awslogs-region")
    if not group or not region:
        yield _incomplete(snapshot, "awslogs-group" if not group else "awslogs-region")
        return
    creates = config.options.get("awslogs-create-group", "").lower() == "true"
    if snapshot.log_group.get() is None and not creates:
        yield _absent(snapshot, group, region)


def _incomplete(snapshot: Snapshot, option: str) -> Finding:
    field = "containerDefinitions[0].logConfiguration.options"
    return finding(
        "log-driver-config",
        "pending",
        f"The container's log driver lacks the option {option}.",
        [quote(snapshot.task_definition, field, f"no {option}")],
        [
            deploy_fix(snapshot, "Deploy again with the bundled template."),
            verify(snapshot, "pending"),
        ],
        severity=at_next_start(snapshot, Stage.STARTED),
    )


def _absent(snapshot: Snapshot, group: str, region: str) -> Finding:
    elsewhere = region != snapshot.deployment.region
    return finding(
        "log-group-missing",
        "pending",
        f"Log group {group} does not exist in {region}"
        + (", where the log driver is told to write" if elsewhere else "")
        + ", so no task can start.",
        [
            quote(snapshot.log_group, f"logGroups[{group}]", "not found"),
            quote(
                snapshot.task_definition,
                "containerDefinitions[0].logConfiguration.options.awslogs-region",
                region,
            ),
        ],
        [
            _elsewhere(group, region)
            if elsewhere
            else change(snapshot, "Make it.", op.CREATE_LOG_GROUP, logGroupName=group),
            *fresh_tasks(snapshot),
            verify(snapshot, "pending"),
        ],
        severity=at_next_start(snapshot, Stage.STARTED),
    )


def _elsewhere(group: str, region: str) -> Fix:
    command = f"aws logs create-log-group --log-group-name {group} --region {region}"
    return Fix(
        why="Make it there, or name the service's own region in awslogs-region.", command=command
    )


CHECK = Check(
    id="log-group",
    title="The log group of the task exists",
    playbook="pending",
    run=run,
    causes=("log-group-missing", "log-driver-config"),
    explains=(*NO_TASK, "task-stuck"),
)
