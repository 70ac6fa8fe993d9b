"""Network ACLs and security groups are read as AWS applies them."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.checks.network import internet_blockers
from ash_ops.checks.network.acl import allows
from ash_ops.checks.network.groups import admits, admits_network, is_private
from ash_ops.facts.model import fact_of
from ash_ops.facts.network import IpPermission, NetworkAcl
from ash_ops.facts.reading import CannotTell
from tests.support import scenarios

PORT = (4100, 4100)


def entry(number: int, action: str, **more: Any) -> dict[str, Any]:
    base = {"RuleNumber": number, "RuleAction": action, "Egress": False, "Protocol": "6"}
    return {**base, "CidrBlock": "0.0.0.0/0", **more}


def acl(*entries: dict[str, Any]) -> NetworkAcl:
    return fact_of(NetworkAcl, {"NetworkAclId": "acl-1", "Entries": entries})


def span(first: int, last: int) -> dict[str, Any]:
    return {"PortRange": {"From": first, "To": last}}


ACLS = [
    ("no rule at all was not read: each ACL has one that denies the rest", (), "0.0.0.0/0", None),
    ("the lower number wins", (entry(100, "allow"), entry(90, "deny")), "0.0.0.0/0", False),
    (
        "and does not when it is higher",
        (entry(100, "allow"), entry(110, "deny")),
        "0.0.0.0/0",
        True,
    ),
    ("all protocols have no ports", (entry(1, "allow", Protocol="-1"),), "0.0.0.0/0", True),
    ("a protocol by its name", (entry(1, "allow", Protocol="tcp"),), "0.0.0.0/0", True),
    ("UDP is another thing", (entry(1, "allow", Protocol="17"),), "0.0.0.0/0", False),
    ("other ports are others", (entry(1, "allow", **span(1, 1024)),), "0.0.0.0/0", False),
    ("the other direction is another", (entry(1, "allow", Egress=True),), "0.0.0.0/0", False),
    (
        "a rule for the very network that knocks",
        (entry(1, "allow", CidrBlock="10.0.0.0/16"),),
        "10.0.2.0/24",
        True,
    ),
    (
        "a denial of somebody else's network settles nothing here",
        (entry(1, "deny", CidrBlock="192.0.2.0/24"), entry(2, "allow")),
        "10.0.2.0/24",
        True,
    ),
    (
        "a rule for a part of the network that knocks",
        (entry(1, "allow", CidrBlock="10.0.2.0/28"),),
        "10.0.2.0/24",
        None,
    ),
]


@pytest.mark.parametrize(("why", "entries", "cidr", "expected"), ACLS, ids=[a[0] for a in ACLS])
def test_acl_rules_are_tried_in_order(
    why: str, entries: tuple[dict[str, Any], ...], cidr: str, expected: bool | None
) -> None:
    if expected is None:
        with pytest.raises(CannotTell):
            allows(acl(*entries), PORT, egress=False, cidr=cidr)
        return
    assert allows(acl(*entries), PORT, egress=False, cidr=cidr) is expected, why


def test_answers_that_some_addresses_get_hide_no_request_that_is_denied() -> None:
    """One side of an ACL that cannot be told must not take with it what is sure of the other."""
    some = entry(1, "allow", CidrBlock="198.51.100.0/24")
    guarded = {
        "NetworkAclId": "acl-1",
        "VpcId": "vpc-1",
        "Associations": [{"SubnetId": "subnet-aaa"}, {"SubnetId": "subnet-bbb"}],
        "Entries": [some],
    }
    found = internet_blockers(scenarios.snapshot({"network_acls": {"value": [guarded]}}))
    assert [o.sentence for o in found["subnet-aaa"]] == [
        "Network ACL acl-1 of subnet subnet-aaa does not let TCP 443 out."
    ]


def rule(**more: Any) -> IpPermission:
    return fact_of(IpPermission, {"IpProtocol": "tcp", "FromPort": 4100, "ToPort": 4100, **more})


LISTS = {"pl-office": ("198.51.100.0/24",)}
RULES = [
    ("a range", rule(IpRanges=[{"CidrIp": "10.0.0.0/16"}]), "10.0.1.0/24", True),
    ("half a range", rule(IpRanges=[{"CidrIp": "10.0.1.0/25"}]), "10.0.1.0/24", False),
    ("a prefix list", rule(PrefixListIds=[{"PrefixListId": "pl-office"}]), "198.51.100.7", True),
    ("an unknown list", rule(PrefixListIds=[{"PrefixListId": "pl-x"}]), "198.51.100.7", False),
    ("IPv6 for IPv6", rule(Ipv6Ranges=[{"CidrIpv6": "::/0"}]), "2001:db8::1", True),
    ("IPv6 for IPv4", rule(Ipv6Ranges=[{"CidrIpv6": "::/0"}]), "203.0.113.7", False),
    ("a range of ports", rule(FromPort=4000, IpRanges=[{"CidrIp": "0.0.0.0/0"}]), "1.2.3.4", True),
    ("another port", rule(FromPort=22, ToPort=22, IpRanges=[{"CidrIp": "0.0.0.0/0"}]), "1.2.3.4", False),
    ("every protocol", rule(IpProtocol="-1", IpRanges=[{"CidrIp": "0.0.0.0/0"}]), "1.2.3.4", True),
    ("UDP", rule(IpProtocol="udp", IpRanges=[{"CidrIp": "0.0.0.0/0"}]), "1.2.3.4", False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "permission", "cidr", "expected"), RULES, ids=[r[0] for r in RULES]
)
def test_a_security_group_rule_admits_whole_networks(
    why: str, permission: IpPermission, cidr: str, expected: bool
) -> None:
    assert admits_network([permission], 4100, cidr, LISTS) is expected, why


def test_a_rule_may_name_another_group() -> None:
    named = rule(UserIdGroupPairs=[{"GroupId": "sg-nlb"}])
    assert admits([named], 4100, None, "sg-nlb")
    assert not admits([named], 4100, None, "sg-other")


@pytest.mark.parametrize(
    ("address", "private"),
    [("10.1.2.3", True), ("172.16.0.0/12", True), ("203.0.113.7", False), ("0.0.0.0/0", False)],
)
def test_only_private_networks_are_private(address: str, private: bool) -> None:
    """Addresses of documentation and tests stand for public ones: they are no private network."""
    assert is_private(address) is private
