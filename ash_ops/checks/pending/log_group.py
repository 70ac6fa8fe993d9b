"""Does the log group of the task exist, in the region the task writes to?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import ash_container, at_next_start
from ash_ops.checks._findings import change, deploy_fix, finding, quote, redeploy, verify
from ash_ops.checks.base import Check, Finding, NotApplicable
from ash_ops.snapshot.models import Snapshot
from ash_ops.snapshot.reading import CannotTell


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The awslogs options are complete and name a group that is there."""
    config = ash_container(snapshot).log_configuration
    if config is None or config.log_driver != "awslogs":
        raise NotApplicable("the container does not log to CloudWatch")
    group, region = config.options.get("awslogs-group"), config.options.get("awslogs-region")
    if not group or not region:
        yield _incomplete(snapshot, "awslogs-group" if not group else "awslogs-region")
        return
    if region != snapshot.deployment.region:
        raise CannotTell(f"the log group {group} is in {region}, which was not read")
    creates = config.options.get("awslogs-create-group", "").lower() == "true"
    if snapshot.log_group.get() is None and not creates:
        yield _absent(snapshot, group)


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
        severity=at_next_start(snapshot),
    )


def _absent(snapshot: Snapshot, group: str) -> Finding:
    return finding(
        "log-group-missing",
        "pending",
        f"Log group {group} does not exist, so no task can start.",
        [quote(snapshot.log_group, f"logGroups[{group}]", "not found")],
        [
            change(snapshot, "Make it.", "logs", "create_log_group", logGroupName=group),
            redeploy(snapshot),
            verify(snapshot, "pending"),
        ],
        severity=at_next_start(snapshot),
    )


CHECK = Check(
    id="log-group",
    title="The log group of the task exists",
    playbook="pending",
    run=run,
    causes=("log-group-missing", "log-driver-config"),
    needs=("logs:DescribeLogGroups",),
    explains=NO_TASK,
)
