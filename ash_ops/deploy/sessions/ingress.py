"""Letting nobody new in: the inbound rules of the load balancer, taken away and put back.

The server (0.2.0) cannot be told to admit no new sessions. What its Network Load Balancer lets in
can: connections that are open go on, because EC2 tracks what passes a Network Load Balancer (EC2
user guide, "Security group connection tracking"), and new ones are not made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ash_ops.aws import cloudformation, ec2
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.ownership import require_service
from ash_ops.drift.rules import Rule, rules_of
from ash_ops.errors import ReadFailed
from ash_ops.facts.stacks import Stack
from ash_ops.names import Deployment

_GROUP = "LoadBalancerSecurityGroup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingress:
    """What a load balancer lets in.

    Attributes:
        group: its security group.
        rules: the inbound rules as they were found, as EC2 takes them.
        key: what is let in alone while the rest is shut out: this machine, to watch the sessions.
    """

    aws: Aws
    group: str
    rules: tuple[Mapping[str, Any], ...]
    key: tuple[Mapping[str, Any], ...]

    def shut(self) -> None:
        """Let in nobody but this machine.

        Raises:
            ReadFailed: EC2 refused.
        """
        ec2.admit(self.aws, self.group, self.key)
        ec2.shut_out(self.aws, self.group, self._others)

    def open(self) -> None:
        """Let in who was let in before.

        Raises:
            ReadFailed: EC2 refused.
        """
        ec2.admit(self.aws, self.group, self.rules)
        ec2.shut_out(self.aws, self.group, [rule for rule in self.key if rule not in self.rules])

    @property
    def _others(self) -> Sequence[Mapping[str, Any]]:
        return [rule for rule in self.rules if rule not in self.key]


def ingress_of(aws: Aws, names: Deployment, stack: Stack, address: str) -> Ingress | None:
    """The inbound rules of a deployment; ``None`` where its stack has none that could be shut.

    Args:
        aws: where.
        names: the deployment.
        stack: its stack, known to be ours.
        address: this machine's, as the load balancer sees it.

    Raises:
        NotOurs: the service is not this deployment's.
        ReadFailed: a read failed.
    """
    require_service(aws, names)
    listed = cloudformation.resources(aws, stack.id)
    named = next((r.physical_id for r in listed if r.logical_id == _GROUP), None)
    groups = ec2.security_groups_named(aws, [named]) if named else ()
    if not groups:
        return None
    rules = tuple(rules_of(groups[0].ip_permissions))
    ports = dict.fromkeys((rule.protocol, rule.first, rule.last) for rule in rules)
    own = (Rule(*port, "IpRanges", "CidrIp", f"{address}/32") for port in ports)
    return Ingress(
        aws=aws,
        group=groups[0].group_id,
        rules=tuple(rule.permission for rule in rules),
        key=tuple(rule.permission for rule in own),
    )


def reopened(ingress: Ingress, say: Callable[[str], None]) -> None:
    """Open it again; where that is refused, say how."""
    try:
        ingress.open()
    except ReadFailed as error:
        say(
            f"The load balancer still lets nobody new in ({error.call}: {error.code}). "
            "`ash-ops deploy` puts its rules back."
        )
