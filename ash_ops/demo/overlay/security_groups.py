"""EC2: rules of security groups as AWS keeps them, one for each source or destination.

Stock ministack compares the permissions of a call with those it stores as whole records: a rule that
is described in another form, or one range of several, is not found, and nobody is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ministack.services import ec2

from ash_ops.demo.overlay import state

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]
Handler = Callable[[Record], Answer]

# Where a permission names whom it is about, and by which of their fields.
_SOURCES = {
    "IpRanges": "CidrIp",
    "Ipv6Ranges": "CidrIpv6",
    "PrefixListIds": "PrefixListId",
    "UserIdGroupPairs": "GroupId",
}
_SIDES = {"Ingress": "IpPermissions", "Egress": "IpPermissionsEgress"}


def install() -> None:
    """Replace the four calls that add rules and take them away."""
    for direction, side in _SIDES.items():
        for verb, wrap in (("Authorize", _adding), ("Revoke", _revoking)):
            name = f"{verb}SecurityGroup{direction}"
            ec2._ACTION_MAP[name] = wrap(ec2._ACTION_MAP[name], side)


def _source(entry: Any, field: str) -> str:
    return str(entry.get(field, "") if isinstance(entry, dict) else entry)


def _rules(permission: Record) -> Iterator[tuple[Any, ...]]:
    """The rules that a permission stands for."""
    protocol = str(permission.get("IpProtocol", "-1"))
    ports = (permission.get("FromPort"), permission.get("ToPort")) if protocol != "-1" else ()
    for kind, field in _SOURCES.items():
        for entry in permission.get(kind, []):
            yield (protocol, *map(str, ports), kind, _source(entry, field))


def _without(permission: Record, gone: set[tuple[Any, ...]]) -> Record:
    kept = dict(permission)
    for kind, field in _SOURCES.items():
        kept[kind] = [
            entry
            for entry in permission.get(kind, [])
            if not gone & set(_rules({**permission, **_only(kind, entry)}))
            or not _source(entry, field)
        ]
    return kept


def _only(kind: str, entry: Any) -> Record:
    return {name: [entry] if name == kind else [] for name in _SOURCES}


def _asked(params: Record) -> tuple[Record | None, set[tuple[Any, ...]]]:
    group = state.security_groups().get(ec2._p(params, "GroupId"))
    permissions = ec2._parse_ip_permissions(params, "IpPermissions")
    return group, {rule for permission in permissions for rule in _rules(permission)}


def _refused(code: str, text: str) -> Answer:
    answer: Answer = ec2._error(code, text, 400)
    return answer


def _adding(original: Handler, side: str) -> Handler:
    def authorize(params: Record) -> Answer:
        group, asked = _asked(params)
        there = {rule for p in (group or {}).get(side, []) for rule in _rules(p)}
        if asked & there:
            return _refused(
                "InvalidPermission.Duplicate", "the specified rule already exists in the group"
            )
        return original(params)

    return authorize


def _revoking(original: Handler, side: str) -> Handler:
    def revoke(params: Record) -> Answer:
        group, asked = _asked(params)
        if group is None or not asked:
            return original(params)
        there = {rule for permission in group[side] for rule in _rules(permission)}
        if not asked <= there:
            return _refused(
                "InvalidPermission.NotFound", "The specified rule does not exist in this group."
            )
        left = [_without(permission, asked) for permission in group[side]]
        group[side] = [permission for permission in left if any(_rules(permission))]
        return original(params)

    return revoke
