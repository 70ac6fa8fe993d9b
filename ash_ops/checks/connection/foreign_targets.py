"""Does the load balancer send connections to this service's tasks only?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import aws_command, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, items
from ash_ops.checks.connection._members import foreign, targets
from ash_ops.facts.load_balancing import TargetHealth
from ash_ops.facts.snapshot import Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Every target is a task of this service; one that is on its way out is none's concern."""
    if not targets(snapshot):
        raise NotApplicable("no target is registered")
    yield from (_foreign(snapshot, row) for row in foreign(snapshot))


def _foreign(snapshot: Snapshot, row: TargetHealth) -> Finding:
    name = f"{row.target.id}:{row.target.port}"
    gets = (
        "it gets a share of the connections"
        if row.state == "healthy"
        else "it gets connections if no target is healthy"
    )
    return finding(
        "target-foreign",
        "connection",
        f"Target {name} is no task of this service ({row.told}): {gets}, and answers or drops them as it "
        "likes.",
        [quote(snapshot.target_health, f"TargetHealth[{row.target.id}].State", row.told)],
        [_take_out(snapshot, row), verify(snapshot, "connection")],
        severity="error" if row.state == "healthy" else "warning",
        subject=f"target/{name}",
        apart=name,
    )


def _take_out(snapshot: Snapshot, row: TargetHealth) -> Fix:
    """Which of several target groups holds it, DescribeTargetHealth does not say."""
    groups = list(items(snapshot.target_groups))
    why = "Take it out, once you know who registered it and why."
    if len(groups) != 1:
        return Fix(why=f"{why} It is in one of the service's {len(groups)} target groups.")
    port = f",Port={row.target.port}" if row.target.port else ""
    return Fix(
        why=why,
        command=aws_command(
            snapshot,
            f"elbv2 deregister-targets --target-group-arn {groups[0].target_group_arn} "
            f"--targets Id={row.target.id}{port}",
        ),
    )


CHECK = Check(
    id="foreign-targets",
    title="Every target of the load balancer is a task of this service",
    playbook="connection",
    run=run,
    causes=("target-foreign",),
    explains=("conn-reset", "app-unhealthy-5xx"),
    last=True,  # that ours does not answer is told before that another does
)
