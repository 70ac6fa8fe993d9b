"""Do the security groups let runners in at the coordinator, and the coordinator in at the runners?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.aws import operations as op
from ash_ops.checks._findings import change, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, items, present
from ash_ops.checks.fleet._runners import CONSEQUENCES, require_runners
from ash_ops.checks.network.groups import (
    admits,
    admits_network,
    groups_of,
    lists_of,
    matches_port,
    ranges_of,
    require_lists,
)
from ash_ops.facts.network import IpPermission
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.services import Service
from ash_ops.facts.snapshot import Snapshot
from ash_ops.names import ASH_PORT

RUNNER_PORT = 4200


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Each admits a group of the other on the port that it is asked on."""
    runners, coordinator = require_runners(snapshot), present(snapshot.service)
    yield from _hop(
        snapshot,
        "coordinator-unreachable",
        (runners, coordinator, ASH_PORT),
        "the coordinator does not admit the runners: none of them can register",
    )
    yield from _hop(
        snapshot,
        "runner-unreachable",
        (coordinator, runners, RUNNER_PORT),
        "the runners do not admit the coordinator: every new session fails",
    )


def _hop(
    snapshot: Snapshot, cause: str, way: tuple[Service, Service, int], told: str
) -> Iterator[Finding]:
    caller, called, port = way
    groups = groups_of(snapshot, _groups(called))
    own = groups[-1].group_id  # those of the template before it only tell whose member a task is
    rules = [rule for group in groups for rule in group.ip_permissions]
    callers = _groups(caller)
    if any(admits(rules, port, None, group) for group in callers):
        return
    if _admits_subnets(snapshot, caller, rules, port):
        return
    yield finding(
        cause,
        "agents",
        f"Security group {own} of {called.service_name}, TCP {port}: {told}.",
        [
            quote(
                snapshot.security_groups,
                f"SecurityGroups[{own}].IpPermissions",
                f"no rule admits TCP {port} from {' or '.join(callers)}",
            )
        ],
        [admit(snapshot, own, callers[0], port), verify(snapshot, "agents")],
        subject=f"service/{called.service_name}",
    )


def _groups(service: Service) -> tuple[str, ...]:
    """The groups of a service's tasks.

    Raises:
        CannotTell: it names none.
    """
    found = service.awsvpc.security_groups if service.awsvpc else ()
    if not found:
        raise CannotTell(f"service {service.service_name} names no security group")
    return found


def _admits_subnets(
    snapshot: Snapshot, caller: Service, rules: list[IpPermission], port: int
) -> bool:
    """Whether rules admit every address of the subnets in which the callers stand.

    Raises:
        CannotTell: a rule admits addresses, and a subnet's or a list's are not known.
    """
    lists = lists_of(snapshot)
    require_lists(rules, port, lists)
    if not any(ranges_of(rule, lists) for rule in rules if matches_port(rule, port)):
        return False
    known = {subnet.subnet_id: subnet.cidr_block for subnet in items(snapshot.subnets)}
    networks = [known.get(id_) for id_ in (caller.awsvpc.subnets if caller.awsvpc else ())]
    if not networks or not all(networks):
        raise CannotTell(f"a subnet of {caller.service_name} was not read")
    return all(admits_network(rules, port, network or "", lists) for network in networks)


def admit(snapshot: Snapshot, group: str, caller: str, port: int) -> Fix:
    """Let the members of one security group in at another on a TCP port."""
    rule = {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        "UserIdGroupPairs": [{"GroupId": caller}],
    }
    return change(
        snapshot,
        "Admit it.",
        op.AUTHORIZE_SECURITY_GROUP_INGRESS,
        GroupId=group,
        IpPermissions=[rule],
    )


CHECK = Check(
    id="runners-reach",
    title="The coordinator and its runners let each other in",
    playbook="agents",
    run=run,
    causes=("coordinator-unreachable", "runner-unreachable"),
    explains=CONSEQUENCES,
)
