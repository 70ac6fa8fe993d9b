"""Can the file system's mount targets move? A new one is made before the old one goes, one a zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ash_ops.checks._findings import finding, quote
from ash_ops.checks.base import Check, Finding, Fix, asked, items
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.network import Subnet

_PLACES = 2  # the templates make a mount target in each of the first two subnets


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """No subnet is changed for another of a zone that has a mount target."""
    before = asked(planned.mounted_subnets) or ()
    known = {subnet.subnet_id: subnet for subnet in items(planned.snapshot.subnets)}
    stuck = _stuck(before, [known[id_] for id_ in planned.task_subnets if id_ in known])
    if stuck is None:
        return
    kept = ",".join(subnet.subnet_id for subnet in before)
    yield finding(
        "efs-mount-failed",
        "plan",
        f"The file system has a mount target in {stuck.zone} already, and takes one a zone: another in "
        f"{stuck.subnet_id} would be made before the old one is deleted, and refused.",
        [
            quote(
                planned.mounted_subnets, f"Subnets[{subnet.subnet_id}].AvailabilityZone", stuck.zone
            )
            for subnet in before
            if subnet.zone == stuck.zone
        ],
        [
            Fix(
                why=f"Keep --task-subnets {kept}, in this order; or deploy beside it under another --name and "
                "move."
            )
        ],
        severity="error",
    )


def _stuck(before: Sequence[Subnet], after: Sequence[Subnet]) -> Subnet | None:
    """A subnet whose mount target could not be made; each place of the list has its own target."""
    taken = {subnet.zone for subnet in before[:_PLACES]}
    pairs = zip(before, after[:_PLACES], strict=False)
    moved = (new for old, new in pairs if old.subnet_id != new.subnet_id)
    return next((subnet for subnet in moved if subnet.zone in taken), None)


CHECK = Check(
    id="mount-targets",
    title="Mount targets can be moved",
    playbook="plan",
    run=run,
    causes=("efs-mount-failed",),
)
