"""Do the VPC's interface endpoints let the tasks in?

An interface endpoint with private DNS takes over its service's name in the whole VPC: a task then
talks to the endpoint even where the internet is open, and only if the endpoint's security group
admits it (AWS documentation, "Access an AWS service using an interface VPC endpoint").
"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.aws import operations as op
from ash_ops.checks._attempts import Stage, at_next_start
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._findings import change, finding, fresh_tasks, quote, verify
from ash_ops.checks.base import Check, Finding, NotApplicable, items
from ash_ops.checks.network import placement
from ash_ops.checks.network.groups import admits, admits_network, groups_of, lists_of, require_lists
from ash_ops.checks.network.private import needed_services, service_of
from ash_ops.facts.network import VpcEndpoint
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

_HTTPS = 443


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Each endpoint that answers for a service the task needs admits the task on 443."""
    needed = needed_services(snapshot)
    relevant = [
        e
        for e in items(snapshot.vpc_endpoints)
        if e.vpc_endpoint_type == "Interface" and e.private_dns_enabled and service_of(e) in needed
    ]
    if not relevant:
        raise NotApplicable("no interface endpoint answers for what the task needs")
    for endpoint in relevant:
        if not _admits_tasks(snapshot, endpoint):
            yield _blocked(snapshot, endpoint)


def _admits_tasks(snapshot: Snapshot, endpoint: VpcEndpoint) -> bool:
    place = placement(snapshot)
    groups = groups_of(snapshot, [g.group_id for g in endpoint.groups])
    if not groups:
        raise CannotTell(f"endpoint {endpoint.vpc_endpoint_id} names no security group")
    rules = [rule for group in groups for rule in group.ip_permissions]
    if any(admits(rules, _HTTPS, None, group) for group in place.security_groups):
        return True
    cidrs = [s.cidr_block for s in items(snapshot.subnets) if s.subnet_id in place.subnets]
    lists = lists_of(snapshot)
    if bool(cidrs) and all(c and admits_network(rules, _HTTPS, c, lists) for c in cidrs):
        return True
    require_lists(rules, _HTTPS, lists)
    return False


def _blocked(snapshot: Snapshot, endpoint: VpcEndpoint) -> Finding:
    group, place = endpoint.groups[0].group_id, placement(snapshot)
    rule: dict[str, object] = {"IpProtocol": "tcp", "FromPort": _HTTPS, "ToPort": _HTTPS}
    if place.security_groups:
        rule["UserIdGroupPairs"] = [{"GroupId": g} for g in place.security_groups]
    else:
        cidrs = [s.cidr_block for s in items(snapshot.subnets) if s.subnet_id in place.subnets]
        rule["IpRanges"] = [{"CidrIp": cidr} for cidr in cidrs if cidr]
    return finding(
        "endpoint-security-group-blocks",
        "pending",
        f"Endpoint {endpoint.vpc_endpoint_id} answers for {service_of(endpoint)} in the whole VPC, but "
        f"its security group {group} does not admit the tasks on TCP 443.",
        [
            quote(
                snapshot.vpc_endpoints,
                f"VpcEndpoints[{endpoint.vpc_endpoint_id}].PrivateDnsEnabled",
                "true",
            ),
            quote(
                snapshot.security_groups,
                f"SecurityGroups[{group}].IpPermissions",
                "no rule for TCP 443 from the tasks",
            ),
        ],
        [
            change(
                snapshot,
                "Admit the tasks.",
                op.AUTHORIZE_SECURITY_GROUP_INGRESS,
                GroupId=group,
                IpPermissions=[rule],
            ),
            *fresh_tasks(snapshot),
            verify(snapshot, "pending"),
        ],
        severity=at_next_start(snapshot, Stage.PULLED),
        apart=service_of(endpoint),
    )


CHECK = Check(
    id="vpc-endpoints",
    title="The VPC's endpoints admit the tasks",
    playbook="pending",
    run=run,
    causes=("endpoint-security-group-blocks",),
    explains=(*NO_TASK, "init-network", "image-pull-network", "task-stuck"),
)
