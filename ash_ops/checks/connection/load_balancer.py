"""Is there a load balancer that is up and listens for the service?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._facts import running, short
from ash_ops.checks._findings import ash_command, deploy_fix, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, items, present
from ash_ops.facts.load_balancing import LoadBalancer
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """A load balancer is active, and has nodes in the zones of the tasks."""
    service = present(snapshot.service)
    balancers = list(items(snapshot.load_balancers))
    if not balancers and not service.load_balancers:
        yield _none(snapshot)
    for balancer in balancers:
        state = balancer.state.code if balancer.state else None
        if state in {"provisioning", "failed"}:
            yield _not_up(snapshot, balancer, state)
        yield from _zones(snapshot, balancer)


def _none(snapshot: Snapshot) -> Finding:
    facts = snapshot.deployment
    return finding(
        "target-group-not-attached",
        "connection",
        f"Service {facts.service} stands behind no load balancer: it has no address that stays.",
        [quote(snapshot.service, "services[0].loadBalancers", "[]")],
        [
            deploy_fix(snapshot, "Deploy the bundled template: it makes a load balancer."),
            verify(snapshot, "connection"),
        ],
        severity="warning",
    )


def _not_up(snapshot: Snapshot, balancer: LoadBalancer, state: str) -> Finding:
    provisioning = state == "provisioning"
    reason = balancer.state.reason if balancer.state else None
    told = f" ({reason})" if reason else ""
    became = (
        "is still being made: that takes one to three minutes."
        if provisioning
        else f"could not be made{told}: it never answers."
    )
    return finding(
        "balancer-provisioning" if provisioning else "elb-internal-error",
        "connection",
        f"Load balancer {balancer.load_balancer_name} {became}",
        [
            quote(
                snapshot.load_balancers,
                f"LoadBalancers[{balancer.load_balancer_name}].State.Code",
                f"{state}{told}",
            )
        ],
        [_next(snapshot, provisioning=provisioning, reason=reason)],
        severity="info" if provisioning else "error",
        subject=f"balancer/{balancer.load_balancer_name}",
    )


def _next(snapshot: Snapshot, *, provisioning: bool, reason: str | None) -> Fix:
    if provisioning:
        return Fix(why="Wait, then look again.", command=ash_command(snapshot, "doctor connection"))
    named = f" ({reason})" if reason else ""
    return deploy_fix(
        snapshot,
        f"Waiting mends nothing. Remove what AWS names{named}, delete the load balancer that failed, "
        "and deploy again.",
    )


def _zones(snapshot: Snapshot, balancer: LoadBalancer) -> Iterator[Finding]:
    served = {z.zone_name for z in balancer.availability_zones}
    tasks = [t for t in running(snapshot) if t.availability_zone]
    outside = [t for t in tasks if t.availability_zone not in served]
    if outside and not all(served):
        raise CannotTell(f"a zone of {balancer.load_balancer_name} was told without its name")
    names = {zone for zone in served if zone}
    if names and outside:
        yield _unserved(snapshot, outside[0], names, whole=len(outside) == len(tasks))


def _unserved(snapshot: Snapshot, task: Task, served: set[str], *, whole: bool) -> Finding:
    zone = task.availability_zone or ""
    return finding(
        "target-az-not-enabled",
        "connection",
        f"Task {short(task)} runs in {zone}, but the load balancer serves only "
        f"{', '.join(sorted(served))}.",
        [
            quote(snapshot.tasks, f"tasks[{short(task)}].availabilityZone", zone),
            quote(
                snapshot.load_balancers,
                "LoadBalancers[0].AvailabilityZones",
                ", ".join(sorted(served)),
            ),
        ],
        [
            deploy_fix(snapshot, "Deploy with the same subnets for tasks and load balancer."),
            verify(snapshot, "connection"),
        ],
        severity="error" if whole else "warning",
        subject=f"task/{task.id}",
    )


CHECK = Check(
    id="load-balancer",
    title="The load balancer is up and serves the zones of the tasks",
    playbook="connection",
    run=run,
    causes=(
        "target-group-not-attached",
        "balancer-provisioning",
        "elb-internal-error",
        "target-az-not-enabled",
    ),
    explains=(
        *NOTHING_ANSWERS,
        "dns-nxdomain",
        "target-initial-wait",
        "elb-healthcheck-failed",
    ),
    vital=True,
)
