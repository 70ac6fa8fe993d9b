"""Do the security groups let a caller through to the load balancer, and on to the task?"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ash_ops.aws import operations as op
from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._findings import change, deploy_fix, finding, quote, verify
from ash_ops.checks._past_the_stack import moved
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, items
from ash_ops.checks.connection._chain import (
    asked_port,
    container_port,
    entrance,
    forwarding,
    got_through,
    hides_callers,
    listener_port,
    seen_address,
    stands_in,
    subnets_of_balancer,
)
from ash_ops.checks.connection._reached import is_reached, severity_of_a_block, through, unreached
from ash_ops.checks.network import placement
from ash_ops.checks.network.groups import admits, admits_network, groups_of, lists_of, require_lists
from ash_ops.facts.load_balancing import LoadBalancer
from ash_ops.facts.network import IpPermission, SecurityGroup
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.wanted import GROUP, INGRESS


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Caller -> load balancer -> task: each hop is admitted."""
    balancer = entrance(snapshot)
    if balancer is None:
        raise NotApplicable("there is no load balancer")
    cannot_tell: CannotTell | None = None
    for hop in (_balancer_to_task, _out_of_balancer, _caller_to_balancer, _behind_the_others):
        try:
            yield from hop(snapshot, balancer)
        except CannotTell as unclear:
            cannot_tell = cannot_tell or unclear
    if cannot_tell:
        raise cannot_tell


def _behind_the_others(snapshot: Snapshot, balancer: LoadBalancer) -> Iterator[Finding]:
    """Another balancer of the service has a group of its own, and its own way to the task."""
    for other in items(snapshot.load_balancers):
        if other is balancer:
            continue
        yield from _entered_by_nobody(snapshot, other)
        alone = through(snapshot, other)
        if alone is None or is_reached(alone):
            continue
        for found in (*_balancer_to_task(alone, other), *_out_of_balancer(alone, other)):
            name = other.load_balancer_name
            yield replace(found, id=f"{found.cause}:{name}", subject=f"balancer/{name}")


def _entered_by_nobody(snapshot: Snapshot, other: LoadBalancer) -> Iterator[Finding]:
    """Nobody asks through it from here, so that all of its callers are shut out would show nowhere else."""
    groups = groups_of(snapshot, other.security_groups)
    mine = [x for x in forwarding(snapshot) if x.load_balancer_arn == other.load_balancer_arn]
    ports = [x.port for x in mine if x.port]
    rules = _rules(groups)
    if not groups or not ports or any(_is_about(rule, port) for rule in rules for port in ports):
        return
    found = _nobody_admitted(snapshot, other, groups[0].group_id, ports[0])
    why = f"Admit the networks of its callers on TCP {ports[0]} in {groups[0].group_id}; whom, you must say."
    steps = (*(moved(snapshot) or [Fix(why=why)]), verify(snapshot, "connection"))
    yield replace(
        found, id=f"{found.cause}:{other.load_balancer_name}", severity="warning", fix=steps
    )


def _rules(groups: list[SecurityGroup]) -> list[IpPermission]:
    return [rule for group in groups for rule in group.ip_permissions]


def _balancer_to_task(snapshot: Snapshot, balancer: LoadBalancer) -> Iterator[Finding]:
    groups = groups_of(snapshot, placement(snapshot).security_groups)
    if not groups:
        raise CannotTell("the service names no security group for its tasks")
    rules, port, lists = _rules(groups), container_port(snapshot), lists_of(snapshot)
    if any(admits(rules, port, None, group) for group in balancer.security_groups):
        return
    nodes, tasks = subnets_of_balancer(snapshot, balancer), unreached(snapshot)
    if not nodes and not balancer.security_groups and not is_reached(snapshot):
        raise CannotTell("the load balancer's subnets were not found")
    if is_reached(snapshot):  # a node that reaches a healthy target may stand in any other zone
        nodes = [n for n in nodes if n.availability_zone in {t.availability_zone for t in tasks}]
    networks = [s.cidr_block or "" for s in nodes]
    wanted = networks or ([] if is_reached(snapshot) else ["0.0.0.0/0"])
    shut_out = [n for n in wanted if not admits_network(rules, port, n, lists)]
    if shut_out:
        require_lists(rules, port, lists)
        yield _task_blocks(snapshot, balancer, groups[0].group_id, port, shut_out)
    elif not hides_callers(snapshot):
        yield from _callers_at_task(snapshot, rules, groups[0].group_id, port)


def _callers_at_task(
    snapshot: Snapshot, rules: list[IpPermission], group: str, port: int
) -> Iterator[Finding]:
    """Where the balancer keeps the callers' addresses, the task's own group must admit those."""
    probe, address = snapshot.probe.get(), seen_address(snapshot)
    http = probe.rung("http") if probe else None
    if address is None or (http is not None and http.outcome == "ok"):
        return
    if not admits(rules, port, address, None, lists_of(snapshot)):
        require_lists(rules, port, lists_of(snapshot))
        yield _caller_blocked(
            snapshot, group, address, port, "of the task (the load balancer keeps your address)"
        )


def _task_blocks(
    snapshot: Snapshot, balancer: LoadBalancer, group: str, port: int, networks: list[str]
) -> Finding:
    return finding(
        "task-security-group-blocks",
        "connection",
        f"Security group {group} of the task does not admit the load balancer on TCP {port}.",
        [
            quote(
                snapshot.security_groups,
                f"SecurityGroups[{group}].IpPermissions",
                f"no rule admits TCP {port} from the load balancer",
            )
        ],
        [
            *(moved(snapshot) or [_admit_balancer(snapshot, balancer, group, port, networks)]),
            verify(snapshot, "connection"),
        ],
        severity=severity_of_a_block(snapshot),
    )


def _admit_balancer(
    snapshot: Snapshot, balancer: LoadBalancer, group: str, port: int, networks: list[str]
) -> Fix:
    rule: dict[str, object] = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    if balancer.security_groups:
        rule["UserIdGroupPairs"] = [{"GroupId": balancer.security_groups[0]}]
    else:
        rule["IpRanges"] = [{"CidrIp": network} for network in networks]
    return change(
        snapshot,
        "Admit the load balancer.",
        op.AUTHORIZE_SECURITY_GROUP_INGRESS,
        GroupId=group,
        IpPermissions=[rule],
    )


def _out_of_balancer(snapshot: Snapshot, balancer: LoadBalancer) -> Iterator[Finding]:
    """The balancer's own group lets it out to the tasks: its health checks obey those rules too."""
    groups = groups_of(snapshot, balancer.security_groups)
    if not groups:
        return
    rules = [rule for group in groups for rule in group.ip_permissions_egress]
    port, lists = container_port(snapshot), lists_of(snapshot)
    targets = placement(snapshot).security_groups
    if any(admits(rules, port, None, group) for group in targets):
        return
    networks = [s.cidr_block for s in unreached(snapshot) if s.cidr_block]
    if not networks and is_reached(snapshot):
        return
    if networks and all(admits_network(rules, port, n, lists) for n in networks):
        return
    if not networks and admits_network(rules, port, "0.0.0.0/0", lists):
        return
    if not networks:
        raise CannotTell("the subnets of the tasks were not found")
    require_lists(rules, port, lists)
    yield _balancer_shut_in(snapshot, groups[0].group_id, targets, networks, port)


def _balancer_shut_in(
    snapshot: Snapshot, group: str, targets: tuple[str, ...], networks: list[str], port: int
) -> Finding:
    rule: dict[str, object] = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    if targets:
        rule["UserIdGroupPairs"] = [{"GroupId": target} for target in targets]
    else:
        rule["IpRanges"] = [{"CidrIp": network} for network in networks]
    let_out = change(
        snapshot,
        "Let it out to the tasks.",
        op.AUTHORIZE_SECURITY_GROUP_EGRESS,
        GroupId=group,
        IpPermissions=[rule],
    )
    return finding(
        "egress-blocked",
        "connection",
        f"Security group {group} of the load balancer does not let it out to the tasks on TCP {port}.",
        [
            quote(
                snapshot.security_groups,
                f"SecurityGroups[{group}].IpPermissionsEgress",
                f"no rule lets TCP {port} out to the tasks",
            )
        ],
        [
            *(moved(snapshot) or [let_out]),
            verify(snapshot, "connection"),
        ],
        severity=severity_of_a_block(snapshot),
    )


def _caller_to_balancer(snapshot: Snapshot, balancer: LoadBalancer) -> Iterator[Finding]:
    groups = groups_of(snapshot, balancer.security_groups)
    if not groups or got_through(snapshot):
        return
    rules, port = _rules(groups), asked_port(snapshot) or listener_port(snapshot)
    if admits_network(rules, port, "0.0.0.0/0", {}):
        return
    if not any(_is_about(rule, port) for rule in rules):
        yield _nobody_admitted(snapshot, balancer, groups[0].group_id, port)
        return
    address = seen_address(snapshot)
    if address is None:
        told = snapshot.probe.value and snapshot.probe.value.caller_ip
        if told:
            return  # no rule lets an address of the internet into an internal balancer
        raise CannotTell(
            "this machine's public address is not known, so whether it is admitted is not either"
        )
    if not admits(rules, port, address, None, lists_of(snapshot)):
        require_lists(rules, port, lists_of(snapshot))
        found = _caller_blocked(snapshot, groups[0].group_id, address, port, "of the load balancer")
        yield replace(found, subject=f"balancer/{balancer.load_balancer_name}")


def _is_about(rule: IpPermission, port: int) -> bool:
    """Whether a rule admits anybody at all on a TCP port."""
    if rule.ip_protocol == "-1":
        return True
    first, last = rule.from_port or 0, 65535 if rule.to_port is None else rule.to_port
    return rule.ip_protocol in {"tcp", "6"} and first <= port <= last


def _nobody_admitted(snapshot: Snapshot, balancer: LoadBalancer, group: str, port: int) -> Finding:
    return finding(
        "caller-address-blocked",
        "connection",
        f"Security group {group} of the load balancer admits nobody on TCP {port}.",
        [
            quote(
                snapshot.security_groups,
                f"SecurityGroups[{group}].IpPermissions",
                f"no rule for TCP {port}",
            )
        ],
        [*_callers_back(snapshot, group, port), verify(snapshot, "connection")],
        severity="error",
        subject=f"balancer/{balancer.load_balancer_name}",
    )


def _callers_back(snapshot: Snapshot, group: str, port: int) -> list[Fix]:
    """The stack's own rules, where it is seen to want others; else whom to admit, its owner knows."""
    from ash_ops.checks.deploy.drift import found_differences

    if back := moved(snapshot):
        return back
    try:
        lost = any(each.type in {GROUP, INGRESS} for each in found_differences(snapshot))
        address = seen_address(snapshot)
    except (CannotTell, NotApplicable):
        lost, address = False, None
    if lost:
        return [deploy_fix(snapshot, "Put the rules back that the stack wants.")]
    if address is None:
        return [
            Fix(
                why=f"Admit the networks of your callers on TCP {port} in {group}; whom, you must say."
            )
        ]
    return [
        _admit_caller(
            snapshot, group, address, port, "Admit your own address; whom else, you must say."
        )
    ]


def _caller_blocked(snapshot: Snapshot, group: str, address: str, port: int, whose: str) -> Finding:
    return finding(
        "caller-address-blocked",
        "connection",
        f"Your address {address} is not admitted by security group {group} {whose} on TCP {port}.",
        [
            quote(
                snapshot.security_groups,
                f"SecurityGroups[{group}].IpPermissions",
                f"none admits {address}",
            )
        ],
        [
            _admit_caller(snapshot, group, address, port, _admission(snapshot, address)),
            verify(snapshot, "connection"),
        ],
        severity="error",
    )


def _admit_caller(snapshot: Snapshot, group: str, address: str, port: int, why: str) -> Fix:
    rule: dict[str, object] = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    if ":" in address:
        rule["Ipv6Ranges"] = [{"CidrIpv6": f"{address}/128"}]
    else:
        rule["IpRanges"] = [{"CidrIp": f"{address}/32"}]
    return change(
        snapshot,
        why,
        op.AUTHORIZE_SECURITY_GROUP_INGRESS,
        GroupId=group,
        IpPermissions=[rule],
    )


def _admission(snapshot: Snapshot, address: str) -> str:
    balancer = entrance(snapshot)
    if balancer is None or balancer.scheme != "internal" or stands_in(snapshot, address):
        return "Admit it."
    return "Admit it, if a VPN or peering leads from here into the VPC; else call from inside."


CHECK = Check(
    id="security-groups",
    title="The security groups admit the caller and the load balancer",
    playbook="connection",
    run=run,
    causes=("task-security-group-blocks", "caller-address-blocked", "egress-blocked"),
    explains=(
        *NOTHING_ANSWERS,
        "target-timeout",
        "elb-healthcheck-failed",
        "crash-loop",
        "circuit-breaker",
    ),
)
