"""Do the security groups let a caller through to the load balancer, and on to the task?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._findings import aws_command, change, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, items, present
from ash_ops.checks.network import placement
from ash_ops.checks.network.groups import admits, groups_of, open_to_world
from ash_ops.deployment import ASH_PORT
from ash_ops.snapshot.models import IpPermission, LoadBalancer, Snapshot
from ash_ops.snapshot.reading import CannotTell


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Caller -> load balancer -> task: each hop is admitted."""
    balancer = next(items(snapshot.load_balancers), None)
    if balancer is None:
        return
    yield from _balancer_to_task(snapshot, balancer)
    yield from _caller_to_balancer(snapshot, balancer)


def _port(snapshot: Snapshot) -> int:
    service = present(snapshot.service)
    return next((b.container_port for b in service.load_balancers if b.container_port), ASH_PORT)


def _balancer_to_task(snapshot: Snapshot, balancer: LoadBalancer) -> Iterator[Finding]:
    groups = groups_of(snapshot, placement(snapshot).security_groups)
    rules = [rule for group in groups for rule in group.ip_permissions]
    port = _port(snapshot)
    through_group = any(admits(rules, port, None, group) for group in balancer.security_groups)
    if through_group or open_to_world(rules, port) or _admits_vpc(snapshot, balancer, rules, port):
        return
    first = groups[0].group_id if groups else "<security group>"
    yield finding(
        "task-security-group-blocks",
        "connection",
        f"Security group {first} of the task does not admit the load balancer on TCP {port}.",
        [
            quote(
                snapshot.security_groups,
                f"SecurityGroups[{first}].IpPermissions",
                f"no rule for TCP {port}",
            )
        ],
        [
            _admit_balancer(snapshot, balancer, first, port),
            verify(snapshot, "connection"),
        ],
        severity="error",
    )


def _admit_balancer(snapshot: Snapshot, balancer: LoadBalancer, group: str, port: int) -> Fix:
    why = "Admit the load balancer."
    if not balancer.security_groups:
        command = (
            f"ec2 authorize-security-group-ingress --group-id {group} --protocol tcp "
            f"--port {port} --cidr <VPC CIDR>"
        )
        return Fix(why=why, command=aws_command(snapshot, command))
    source = [{"GroupId": balancer.security_groups[0]}]
    rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": source}
    return change(
        snapshot,
        why,
        "ec2",
        "authorize_security_group_ingress",
        GroupId=group,
        IpPermissions=[rule],
    )


def _admits_vpc(
    snapshot: Snapshot, balancer: LoadBalancer, rules: list[IpPermission], port: int
) -> bool:
    """Whether addresses of the load balancer's own subnets are admitted."""
    wanted = {z.subnet_id for z in balancer.availability_zones}
    networks = [
        s.cidr_block for s in items(snapshot.subnets) if s.subnet_id in wanted and s.cidr_block
    ]
    return any(admits(rules, port, cidr.split("/")[0], None) for cidr in networks)


def _caller_to_balancer(snapshot: Snapshot, balancer: LoadBalancer) -> Iterator[Finding]:
    if not balancer.security_groups:
        return
    rules = [
        rule
        for group in groups_of(snapshot, balancer.security_groups)
        for rule in group.ip_permissions
    ]
    port = next((x.port for x in items(snapshot.listeners) if x.port), ASH_PORT)
    if open_to_world(rules, port):
        return
    probe = snapshot.probe.get()
    address = probe.caller_ip if probe else None
    if address is None:
        tcp = probe.rung("tcp") if probe else None
        if tcp is not None and tcp.outcome == "ok":
            return
        raise CannotTell(
            "this machine's public address is not known, so whether it is admitted is not either"
        )
    if not admits(rules, port, address, None):
        yield _caller_blocked(snapshot, balancer.security_groups[0], address, port)


def _caller_blocked(snapshot: Snapshot, group: str, address: str, port: int) -> Finding:
    return finding(
        "caller-address-blocked",
        "connection",
        f"Your address {address} is not admitted by security group {group} of the load balancer "
        f"on TCP {port}.",
        [
            quote(
                snapshot.security_groups,
                f"SecurityGroups[{group}].IpPermissions",
                f"none admits {address}",
            )
        ],
        [
            change(
                snapshot,
                "Admit it.",
                "ec2",
                "authorize_security_group_ingress",
                GroupId=group,
                IpProtocol="tcp",
                FromPort=port,
                ToPort=port,
                CidrIp=f"{address}/32",
            ),
            verify(snapshot, "connection"),
        ],
        severity="error",
    )


CHECK = Check(
    id="security-groups",
    title="The security groups admit the caller and the load balancer",
    playbook="connection",
    run=run,
    causes=("task-security-group-blocks", "caller-address-blocked"),
    needs=("ec2:DescribeSecurityGroups",),
    explains=(
        *NOTHING_ANSWERS,
        "target-timeout",
        "elb-healthcheck-failed",
        "crash-loop",
        "circuit-breaker",
    ),
)
