"""Where the server can run so that its agents can: what is not Fargate, the best first."""

from __future__ import annotations

from ash_ops.checks._findings import deploy_fix, other_name
from ash_ops.checks.base import Fix
from ash_ops.facts.snapshot import Snapshot

_MANAGED = (
    "Run the server on ECS Managed Instances, where its container may be privileged and ECS keeps the "
    "machine (not yet proven on an account: the deployment proves it with a session)."
)
_EC2 = "run the server on an EC2 instance of its own, where its container may be privileged."


def where_agents_run(snapshot: Snapshot) -> list[Fix]:
    """Managed Instances, then an EC2 instance: each a second deployment beside this one."""
    managed = _managed(snapshot)
    # What begins with "Or" is another way to the end of a command that stands before it.
    how = "Or" if managed.command else "In public subnets, as they are:"
    return [managed, deploy_fix(snapshot, f"{how} {_EC2}", "--launch-type ec2")]


def _managed(snapshot: Snapshot) -> Fix:
    """In the task's own subnets where they are private; public ones leave others to be named."""
    service = snapshot.service.value
    place = service.awsvpc if service else None
    subnets = place.subnets if place and place.assign_public_ip != "ENABLED" else ()
    known = snapshot.subnets.value or ()
    vpc = next((subnet.vpc_id for subnet in known if subnet.subnet_id in subnets), None)
    if vpc is None or len(subnets) < 2:
        return Fix(
            why=f"{_MANAGED} It wants private subnets behind a NAT gateway, which you have to choose: "
            f"`ash-ops deploy --launch-type managed --name {other_name(snapshot)} --task-subnets A,B`."
        )
    where = f"--vpc {vpc} --task-subnets {','.join(subnets)}"
    return deploy_fix(snapshot, _MANAGED, f"--launch-type managed {where}")
