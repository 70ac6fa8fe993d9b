"""Is there a load balancer that is up and listens for the service?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._findings import ash_command, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, items, present
from ash_ops.snapshot.models import LoadBalancer, Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """A load balancer is active, a listener forwards to the service's target group, zones agree."""
    present(snapshot.service)
    groups = list(items(snapshot.target_groups))
    balancers = list(items(snapshot.load_balancers))
    arns = {g.target_group_arn for g in groups}
    if groups and not _forwarding(snapshot, arns):
        yield _unattached(snapshot, sorted(arns)[0])
    for balancer in balancers:
        state = balancer.state.code if balancer.state else None
        if state in {"provisioning", "failed"}:
            yield _not_up(snapshot, balancer, state)
        yield from _zones(snapshot, balancer)


def _forwarding(snapshot: Snapshot, arns: set[str]) -> bool:
    return any(
        action.target_group_arn in arns
        for listener in items(snapshot.listeners)
        for action in listener.default_actions
    )


def _unattached(snapshot: Snapshot, arn: str) -> Finding:
    return finding(
        "target-group-not-attached",
        "connection",
        f"No listener forwards to the service's target group {arn.split(':')[-1]}.",
        [
            quote(
                snapshot.listeners,
                "Listeners[].DefaultActions[].TargetGroupArn",
                "another, or none",
            )
        ],
        [
            Fix(
                why="Deploy again: that makes the listener.",
                command=ash_command(snapshot, "deploy"),
            ),
            verify(snapshot, "connection"),
        ],
        severity="error",
    )


def _not_up(snapshot: Snapshot, balancer: LoadBalancer, state: str) -> Finding:
    provisioning = state == "provisioning"
    return finding(
        "balancer-provisioning" if provisioning else "elb-internal-error",
        "connection",
        f"Load balancer {balancer.load_balancer_name} is {state}"
        + (": that takes one to three minutes." if provisioning else "."),
        [
            quote(
                snapshot.load_balancers,
                f"LoadBalancers[{balancer.load_balancer_name}].State.Code",
                state,
            )
        ],
        [Fix(why="Wait, then look again.", command=ash_command(snapshot, "doctor connection"))],
        severity="info" if provisioning else "error",
    )


def _zones(snapshot: Snapshot, balancer: LoadBalancer) -> Iterator[Finding]:
    served = {z.zone_name for z in balancer.availability_zones if z.zone_name}
    for task in items(snapshot.tasks):
        zone = task.availability_zone
        if served and zone and zone not in served:
            yield finding(
                "target-az-not-enabled",
                "connection",
                f"The task runs in {zone}, but the load balancer serves only {', '.join(sorted(served))}.",
                [
                    quote(snapshot.tasks, f"tasks[{task.id[:8]}].availabilityZone", zone),
                    quote(
                        snapshot.load_balancers,
                        "LoadBalancers[0].AvailabilityZones",
                        ", ".join(sorted(served)),
                    ),
                ],
                [
                    Fix(
                        why="Deploy with the same subnets for tasks and load balancer.",
                        command=ash_command(snapshot, "deploy"),
                    ),
                    verify(snapshot, "connection"),
                ],
                severity="error",
            )
            return


CHECK = Check(
    id="load-balancer",
    title="The load balancer is up and forwards to the service",
    playbook="connection",
    run=run,
    causes=(
        "target-group-not-attached",
        "balancer-provisioning",
        "elb-internal-error",
        "target-az-not-enabled",
    ),
    needs=("elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeListeners"),
    explains=(*NOTHING_ANSWERS, "dns-nxdomain", "target-initial-wait"),
)
