"""Security groups beside what the stack wants of them: rule by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.drift.difference import Difference
from ash_ops.drift.rules import Rule, rules_of, wanted_rules
from ash_ops.facts.network import SecurityGroup
from ash_ops.facts.wanted import EGRESS, GROUP, INGRESS, WantedResource


def of_groups(
    resources: Sequence[WantedResource], there: Iterable[SecurityGroup]
) -> Iterator[Difference]:
    """Which rules are lacking, and which are there that nobody asked for."""
    groups = {group.group_id: group for group in there}
    for resource in resources:
        if resource.type == GROUP and resource.physical_id in groups:
            group = groups[resource.physical_id]
            yield from _of_group(resource, group, resources, inward=True)
            yield from _of_group(resource, group, resources, inward=False)


def _of_group(
    wanted: WantedResource,
    group: SecurityGroup,
    resources: Sequence[WantedResource],
    *,
    inward: bool,
) -> Iterator[Difference]:
    asked = _asked_rules(wanted, resources, inward=inward)
    if asked is None:
        return
    has = set(rules_of(group.ip_permissions if inward else group.ip_permissions_egress))
    direction = "from" if inward else "to"
    name = f"the security group {group.group_id} ({wanted.logical_id})"
    about: dict[str, Any] = {
        "logical_id": wanted.logical_id,
        "type": GROUP,
        "subject": name,
        "on": {"GroupId": group.group_id},
    }
    lacking, extra = sorted(asked - has, key=repr), sorted(has - asked, key=repr)
    for rule in lacking:
        yield Difference(
            **about,
            what=f"{rule.told(direction)}",
            runs="not allowed",
            wants="it allowed",
            call=op.AUTHORIZE_SECURITY_GROUP_INGRESS
            if inward
            else op.AUTHORIZE_SECURITY_GROUP_EGRESS,
            change={"IpPermissions": [rule.permission]},
        )
    for rule in extra:
        yield Difference(
            **about,
            what=f"{rule.told(direction)}",
            runs="allowed",
            wants="it not allowed",
            call=op.REVOKE_SECURITY_GROUP_INGRESS if inward else op.REVOKE_SECURITY_GROUP_EGRESS,
            change={"IpPermissions": [rule.permission]},
        )


def _asked_rules(
    wanted: WantedResource, resources: Iterable[WantedResource], *, inward: bool
) -> set[Rule] | None:
    """The rules that the stack asks for; ``None`` where they are not known.

    A group without egress rules of its own has EC2's, which lets everything out.
    """
    name = "SecurityGroupIngress" if inward else "SecurityGroupEgress"
    if name in wanted.unknown or (not inward and name not in wanted.properties):
        return None
    apart = [r for r in resources if r.type == (INGRESS if inward else EGRESS)]
    if any("GroupId" in r.unknown for r in apart):
        return None
    own = [r.properties for r in apart if r.properties.get("GroupId") == wanted.physical_id]
    try:
        return set(wanted_rules([*(wanted.properties.get(name) or ()), *own]))
    except (ValueError, KeyError):
        return None
