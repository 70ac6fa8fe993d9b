"""Does a zonal shift keep callers away from the tasks?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._findings import aws_command, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable
from ash_ops.checks.connection._members import own
from ash_ops.facts.load_balancing import TargetHealth
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

# The states of TargetAdministrativeOverrideStateEnum.
_ACTIVE = frozenset({"zonal_shift_active", "zonal_shift_delegated_to_dns"})
_NONE = frozenset({"no_override"})


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """No target's zone is shifted away."""
    rows = [row for row in own(snapshot) if row.administrative_override is not None]
    if not rows:
        raise NotApplicable("the load balancer tells of no override")
    shifted = [row for row in rows if _is_shifted(row)]
    if shifted:
        left = [row for row in own(snapshot) if row not in shifted and row.state == "healthy"]
        yield _shifted(snapshot, shifted, whole=not left)


def _is_shifted(row: TargetHealth) -> bool:
    """Whether a shift is active.

    Raises:
        CannotTell: the load balancer does not know, or names a state that is not known here.
    """
    override = row.administrative_override
    state = (override.state or "") if override else ""
    reason = (override.reason or "") if override else ""
    if state in _ACTIVE or "ZonalShift" in reason:
        return True
    if state in _NONE or "NoOverride" in reason:
        return False
    raise CannotTell(
        f"whether target {row.target.id} is shifted away is not known: {state or reason}"
    )


def _shifted(snapshot: Snapshot, rows: list[TargetHealth], *, whole: bool) -> Finding:
    zones = ", ".join(sorted({row.target.availability_zone or "?" for row in rows}))
    effect = "no other task serves callers" if whole else "tasks in other zones serve callers"
    return finding(
        "zonal-shift",
        "connection",
        f"Zone {zones} is shifted away from the load balancer: its targets get no connections; {effect}.",
        [
            quote(
                snapshot.target_health,
                f"TargetHealth[{row.target.id}].AdministrativeOverride",
                override.told,
            )
            for row in rows
            if (override := row.administrative_override)
        ],
        [
            Fix(
                why="See who shifted it, why, and until when; it ends by itself, or whoever started it ends it "
                "(`aws arc-zonal-shift cancel-zonal-shift`). AWS starts some by itself, when a zone is sick.",
                command=aws_command(snapshot, "arc-zonal-shift list-zonal-shifts --status ACTIVE"),
            ),
            verify(snapshot, "connection"),
        ],
        severity="error" if whole else "warning",
        subject=f"zone/{zones}",
    )


CHECK = Check(
    id="zonal-shift",
    title="No zone of the tasks is shifted away",
    playbook="connection",
    run=run,
    causes=("zonal-shift",),
    explains=(*NOTHING_ANSWERS, "balancer-address-silent"),
)
