"""Is there a load balancer that is up and listens for the service?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._facts import running, short
from ash_ops.checks._findings import ash_command, deploy_fix, finding, quote, verify
from ash_ops.checks.base import Check, Effect, Finding, Fix, Severity, items, present
from ash_ops.facts.load_balancing import LoadBalancer
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task

_IMPAIRED = "active_impaired"
# What a state other than ``active`` means (API reference, "LoadBalancerState"): its cause, how bad it is, in words.
_STATES: dict[str, tuple[str, Severity, str]] = {
    "provisioning": (
        "balancer-provisioning",
        "info",
        "is still being made: that takes one to three minutes.",
    ),
    "failed": ("elb-internal-error", "error", "could not be made{told}: it never answers."),
    _IMPAIRED: (
        "elb-internal-error",
        "warning",
        "lacks what it needs to scale{told}: it goes on, and may drop connections under load.",
    ),
}


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """A load balancer is active, and has nodes in the zones of the tasks."""
    service = present(snapshot.service)
    balancers = list(items(snapshot.load_balancers))
    if not balancers and not service.load_balancers:
        yield _none(snapshot)
    for balancer in balancers:
        state = balancer.state.code if balancer.state else None
        if state in _STATES:
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
    cause, severity, became = _STATES[state]
    reason = balancer.state.reason if balancer.state else None
    told = f" ({reason})" if reason else ""
    return finding(
        cause,
        "connection",
        f"Load balancer {balancer.load_balancer_name} {became.format(told=told)}",
        [
            quote(
                snapshot.load_balancers,
                f"LoadBalancers[{balancer.load_balancer_name}].State.Code",
                f"{state}{told}",
            )
        ],
        [_next(snapshot, state, reason)],
        severity=severity,
        subject=f"balancer/{balancer.load_balancer_name}",
    )


def _next(snapshot: Snapshot, state: str, reason: str | None) -> Fix:
    if state == "provisioning":
        return Fix(why="Wait, then look again.", command=ash_command(snapshot, "doctor connection"))
    named = f" ({reason})" if reason else ""
    if state == _IMPAIRED:
        return Fix(
            why=f"Give it room to scale{named}: free addresses in its subnets, at least eight in each. If they have "
            "them, ask AWS Support: the node is theirs."
        )
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
    elif names and all(served):
        yield from _next_unserved(snapshot, balancer, names)


def _next_unserved(
    snapshot: Snapshot, balancer: LoadBalancer, served: set[str]
) -> Iterator[Finding]:
    """The next task may be put into a zone in which the balancer sends nobody to it, across zones neither."""
    service = present(snapshot.service)
    wanted = service.awsvpc.subnets if service.awsvpc else ()
    known = {s.subnet_id: s for s in snapshot.subnets.value or ()}
    outside = [known[i] for i in wanted if i in known and known[i].zone not in {"", *served}]
    if not outside:
        return
    zone = outside[0].zone
    yield finding(
        "target-az-not-enabled",
        "connection",
        f"The service may put its next task into subnet {outside[0].subnet_id} in {zone}, but load balancer "
        f"{balancer.load_balancer_name} serves only {', '.join(sorted(served))}: a target there gets no connection.",
        [
            quote(snapshot.subnets, f"Subnets[{outside[0].subnet_id}].AvailabilityZone", zone),
            quote(
                snapshot.load_balancers,
                f"LoadBalancers[{balancer.load_balancer_name}].AvailabilityZones",
                ", ".join(sorted(served)),
            ),
        ],
        [
            deploy_fix(snapshot, "Deploy with the same subnets for tasks and load balancer."),
            verify(snapshot, "connection"),
        ],
        severity="warning",
        subject=f"subnet/{outside[0].subnet_id}",
        effect=Effect.NEXT_START,
        apart=f"{balancer.load_balancer_name}-{outside[0].subnet_id}",
    )


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
