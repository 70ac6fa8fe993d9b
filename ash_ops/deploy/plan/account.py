"""What is counted for a whole account, or once for a file system, and can be known to be full."""

from __future__ import annotations

from collections.abc import Sequence

from ash_ops.aws import logs
from ash_ops.aws.client.session import Aws
from ash_ops.aws.ec2 import subnets_named
from ash_ops.deploy.plan.placement import Placement
from ash_ops.deploy.plan.request import Request
from ash_ops.facts.deploying.deployments import Outcome, Verdict
from ash_ops.facts.network import Subnet

MOST_LOG_POLICIES = 10
"""CloudWatch Logs takes so many resource policies in a region of an account (its quotas page)."""


def check_log_policies(aws: Aws) -> Outcome:
    """Whether the event archive can be allowed to write: a new deployment needs a policy for it."""
    name, found = "log-policies", logs.resource_policies(aws)
    if len(found) < MOST_LOG_POLICIES:
        return Outcome(check=name, verdict=Verdict.PASSED, text=f"{len(found)} of 10 are taken")
    return Outcome(
        check=name,
        verdict=Verdict.REFUSED,
        text=f"CloudWatch Logs takes {MOST_LOG_POLICIES} resource policies in a region, and there are "
        f"{len(found)}: {', '.join(found)}.",
        fix="Delete one that nothing needs any more (`aws logs delete-resource-policy --policy-name NAME`), "
        "or deploy in another region.",
    )


def check_mount_targets(aws: Aws, request: Request, placement: Placement) -> Outcome:
    """Whether mount targets can move: a new one is made before the old one goes, one a zone."""
    before = tuple(i for i in request.previous.get("TaskSubnetIds", "").split(",") if i)
    after = placement.task_subnets
    stuck = _stuck(subnets_named(aws, before), after) if before else None
    if stuck is None:
        text = "the file system's mount targets stay, or move to zones without one"
        return Outcome(check="mount-targets", verdict=Verdict.PASSED, text=text)
    return Outcome(
        check="mount-targets",
        verdict=Verdict.REFUSED,
        text=f"the file system has a mount target in {stuck.zone} already, and takes one a zone: another in "
        f"{stuck.subnet_id} would be made before the old one is deleted, and refused.",
        fix=f"Keep --task-subnets {','.join(before)}, in this order; or deploy beside it under another "
        "--name and move.",
    )


def _stuck(before: Sequence[Subnet], after: Sequence[Subnet]) -> Subnet | None:
    """A subnet whose mount target could not be made; each place of the list has its own target."""
    taken = {subnet.zone for subnet in before[:2]}
    moved = (
        new for old, new in zip(before, after[:2], strict=False) if old.subnet_id != new.subnet_id
    )
    return next((subnet for subnet in moved if subnet.zone in taken), None)
