"""What the rules of ACLs and security groups do, told by each of their facts alone."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.checks.network import acl as acls
from ash_ops.checks.network import groups
from ash_ops.facts.model import fact_of
from ash_ops.facts.network import IpPermission, NetworkAcl, SecurityGroup
from ash_ops.facts.reading import CannotTell
from tests.support.each import each
from tests.support.ladders import rule
from tests.support.one_check import snapshot

ANYWHERE = "0.0.0.0/0"


def entry(
    number: int | None,
    action: str = "allow",
    cidr: str = ANYWHERE,
    ports: tuple[int, int] | None = None,
    **more: Any,
) -> dict[str, Any]:
    span = {"PortRange": {"From": ports[0], "To": ports[1]}} if ports else {}
    side = {"Ipv6CidrBlock": cidr} if ":" in cidr else {"CidrBlock": cidr}
    return {"RuleNumber": number, "RuleAction": action, "Egress": False, "Protocol": "6" if ports else "-1", **side, **span, **more}  # fmt: skip


def of(*entries: dict[str, Any]) -> NetworkAcl:
    return fact_of(NetworkAcl, {"NetworkAclId": "acl-1", "Entries": entries})


LAST = entry(32767, "deny")
NET, PART, SIX = "10.0.2.0/24", "10.0.2.128/25", "2001:db8::/64"
# What passes on TCP 4100 to 4200: all, nothing, or what cannot be told.
PASSES: dict[str, tuple[tuple[dict[str, Any], ...], str, bool | None]] = {
    "ports around them": ((entry(1, ports=(4000, 4300)), LAST), NET, True),
    "those very ports": ((entry(1, ports=(4100, 4200)), LAST), NET, True),
    "all but the first": ((entry(1, ports=(4101, 4200)), LAST), NET, None),
    "all but the last": ((entry(1, ports=(4100, 4199)), LAST), NET, None),
    "the first alone": ((entry(1, ports=(1, 4100)), LAST), NET, None),
    "those below": ((entry(1, ports=(1, 4099)), LAST), NET, False),
    "those above": ((entry(1, ports=(4201, 9999)), LAST), NET, False),
    "a denial of some of them before all": ((entry(1, "deny", ports=(4150, 4150)), entry(2), LAST), NET, True),
    "a denial of a part on all of them, before all": ((entry(1, "deny", PART, (4100, 4200)), entry(2), LAST), NET, None),
    "a denial of a part of the world before all": ((entry(1, "deny", PART, (4100, 4200)), entry(2), LAST), ANYWHERE, True),
    "a denial of a part, and then of all": ((entry(1, "deny", PART, (4100, 4200)), LAST), NET, False),
    "a part, and then a denial of all": ((entry(1, "allow", PART), LAST), NET, None),
    "a part, and then all": ((entry(1, "allow", PART), entry(2), LAST), NET, True),
    "by a number that was not told it comes last": ((entry(None), entry(32766, "deny")), NET, False),
    "all of ports that were not told": ((entry(1, ports=(4100, 4200), PortRange={}), LAST), NET, True),
    "all of ports of which the end was not told": ((entry(1, ports=(4100, 4200), PortRange={"From": 9999}), LAST), NET, True),
    "of every protocol whatever ports stand there": ((entry(1, Protocol="-1", PortRange={"From": 1, "To": 2}), LAST), NET, True),
    "by the name of all protocols": ((entry(1, Protocol="ALL"), LAST), NET, True),
    "by the name of TCP in capitals": ((entry(1, Protocol="TCP"), LAST), NET, True),
    "of a protocol that was not told": ((entry(1, Protocol=None), LAST), NET, True),
    "of a range that is none": ((entry(1, cidr="anybody"), LAST), NET, False),
    "of IPv6 for IPv6": ((entry(1, cidr="::/0"), LAST), SIX, True),
    "of a part of IPv6": ((entry(1, cidr="2001:db8::/65"), LAST), SIX, None),
    "of other addresses of IPv6": ((entry(1, cidr="2001:db9::/64"), LAST), SIX, False),
    "of IPv6 for IPv4": ((entry(1, cidr="::/0"), LAST), NET, False),
    "of IPv4 for IPv6, where no rule of IPv6 was read": ((entry(1), LAST), SIX, None),
    "no rule was read": ((), NET, None),
    "a rule without its side": ((entry(1, "deny", CidrBlock=None), LAST), NET, None),
    "a rule of no action": ((entry(1, "deny", "192.0.2.0/24", RuleAction="ask"), LAST), NET, None),
    "a rule without its protocol": ((entry(1, "deny", "192.0.2.0/24", Protocol=""), LAST), NET, None),
    "a rule without its direction": ((entry(1, "deny", Egress=None), LAST), NET, None),
}  # fmt: skip


@each("case", PASSES)
def test_what_an_acl_lets_through(
    case: tuple[tuple[dict[str, Any], ...], str, bool | None],
) -> None:
    entries, cidr, expected = case
    if expected is None:
        with pytest.raises(CannotTell):
            acls.allows(of(*entries), (4100, 4200), egress=False, cidr=cidr)
    else:
        assert acls.allows(of(*entries), (4100, 4200), egress=False, cidr=cidr) is expected


def test_the_rules_of_one_direction_are_told_in_their_order() -> None:
    acl = of(entry(20, cidr=SIX), entry(10, "deny", NET, (22, 22)), LAST)
    assert (
        acls.described(acl, egress=False)
        == f"10 deny 6 {NET}; 20 allow -1 {SIX}; 32767 deny -1 0.0.0.0/0"
    )
    assert acls.described(acl, egress=True) == "none"


def opened(*entries: dict[str, Any], cidr: str = NET, beside: int = 0) -> list[str]:
    """The numbers, verbs and sides of the rules that open TCP 4100 in an ACL."""
    steps = acls.allow_entry(snapshot(), of(*entries), (4100, 4100), egress=False, cidr=cidr, beside=beside)  # fmt: skip
    for step in steps:
        words = (step.command or "").split()
        assert not words or words[words.index("--network-acl-id") + 1] == "acl-1"
        assert not words or words[-2:] == ["--region", "us-east-1"]
    return [
        (step.command or step.why)
        .partition(" --region")[0]
        .removeprefix("aws ec2 ")
        .replace("--network-acl-id acl-1 ", "")
        for step in steps
    ]


def allowed(number: int, verb: str = "create", side: str = f"--cidr-block {ANYWHERE}") -> str:
    return f"{verb}-network-acl-entry --ingress --rule-number {number} --protocol tcp --port-range From=4100,To=4100 {side} --rule-action allow"


BELOW = [entry(n) for n in range(1, 100)]
OPENED: dict[str, tuple[list[str], list[str]]] = {
    "before the denial": (opened(entry(90, "deny"), LAST), [allowed(89)]),
    "a second one before that": (opened(entry(90, "deny"), LAST, beside=1), [allowed(88)]),
    "the number before is taken": (opened(entry(90, "deny"), entry(89), LAST), [allowed(88)]),
    "at a hundred at most": (opened(entry(300, "deny"), LAST), [allowed(99)]),
    "below a hundred all are taken": (opened(*BELOW, entry(300, "deny"), LAST), [allowed(299)]),
    "nothing denies it": (opened(entry(10, ports=(22, 22))), [allowed(99)]),
    "a denial of UDP is not in its way": (opened(entry(10, "deny", ports=(4100, 4100), Protocol="17"), LAST), [allowed(99)]),
    "a denial of another port": (opened(entry(10, "deny", ports=(22, 22)), LAST), [allowed(99)]),
    "a rule that lets it in": (opened(entry(10, ports=(4100, 4100)), entry(50, "deny"), LAST), [allowed(49)]),
    "for IPv6": (opened(entry(90, "deny", "::/0"), cidr=SIX), [allowed(89, side="--ipv6-cidr-block ::/0")]),
    "the first number denies": (
        opened(entry(1, "deny", NET, (4000, 4200)), LAST),
        [f"create-network-acl-entry --ingress --rule-number 2 --protocol 6 --port-range From=4000,To=4200 --cidr-block {NET} --rule-action deny", allowed(1, "replace")],
    ),
    "the first number denies IPv6": (
        opened(entry(1, "deny", SIX), cidr=SIX),
        [f"create-network-acl-entry --ingress --rule-number 2 --protocol -1 --ipv6-cidr-block {SIX} --rule-action deny", allowed(1, "replace", "--ipv6-cidr-block ::/0")],
    ),
    "the second does, and the first is taken": (
        opened(entry(1), entry(2, "deny"), LAST), ["create-network-acl-entry --ingress --rule-number 3 --protocol -1 --cidr-block 0.0.0.0/0 --rule-action deny", allowed(2, "replace")],
    ),
    "and the third": (
        opened(entry(1), entry(2, "deny"), entry(3), LAST),
        ["No number before rule 2, which denies it, is free: renumber the rules of acl-1, so that one that allows it comes first."],
    ),
}  # fmt: skip


@each("case", OPENED)
def test_where_the_rule_goes_that_opens_an_acl(case: tuple[list[str], list[str]]) -> None:
    told, expected = case
    assert told == expected


def said(**more: Any) -> IpPermission:
    return fact_of(IpPermission, more)


MATCHES: dict[str, tuple[dict[str, Any], bool]] = {
    "its first port": ({"IpProtocol": "tcp", "FromPort": 4100, "ToPort": 5000}, True),
    "its last": ({"IpProtocol": "6", "FromPort": 4000, "ToPort": 4100}, True),
    "one above": ({"IpProtocol": "tcp", "FromPort": 4101, "ToPort": 5000}, False),
    "one below": ({"IpProtocol": "tcp", "FromPort": 4000, "ToPort": 4099}, False),
    "no first": ({"IpProtocol": "tcp", "ToPort": 4100}, True),
    "no last": ({"IpProtocol": "tcp", "FromPort": 4100}, True),
    "nothing of ports": ({"IpProtocol": "tcp"}, True),
    "every protocol": ({"IpProtocol": "-1", "FromPort": 1, "ToPort": 2}, True),
    "every protocol by its name": ({"IpProtocol": "all"}, True),
    "UDP": ({"IpProtocol": "udp", "FromPort": 4100, "ToPort": 4100}, False),
    "a protocol that was not told": ({"FromPort": 4100, "ToPort": 4100}, False),
}  # fmt: skip


@each("case", MATCHES)
def test_which_rules_are_about_a_port(case: tuple[dict[str, Any], bool]) -> None:
    told, expected = case
    assert groups.matches_port(said(**told), 4100) is expected


LISTS = {"pl-1": ("198.51.100.0/24",)}
LISTED = rule(PrefixListIds=[{"PrefixListId": "pl-1"}])
OUT: dict[str, tuple[list[dict[str, Any]], bool]] = {
    "to the range": ([rule("192.0.2.0/24")], True),
    "to a part of it": ([rule("192.0.2.128/32")], True),
    "to another": ([rule("203.0.113.0/24")], False),
    "on another port": ([rule("192.0.2.0/24", first=1, last=2)], False),
    "to a group, whose addresses nobody knows": ([rule(group="sg-x")], True),
    "to a list that was read": ([LISTED], False),
    "to one that was not": ([rule(PrefixListIds=[{"PrefixListId": "pl-2"}])], True),
    "to what is no range": ([rule("anybody")], True),
    "to IPv6": ([{**rule(), "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}], False),
    "the second rule does": ([rule("203.0.113.0/24"), rule("192.0.2.0/24")], True),
    "not the one of another port before it": ([rule("192.0.2.0/24", first=1, last=2), rule("192.0.2.0/24")], True),
    "none": ([], False),
}  # fmt: skip


@each("case", OUT)
def test_whether_a_rule_may_let_something_out(case: tuple[list[dict[str, Any]], bool]) -> None:
    rules, expected = case
    told = groups.lets_out([said(**each_) for each_ in rules], 4100, ["192.0.2.0/24"], LISTS)
    assert told is expected


COVERED: dict[str, tuple[list[dict[str, Any]], str, bool]] = {
    "the very network": ([rule("10.0.2.0/24")], NET, True),
    "by any address in it": ([rule("10.0.2.9/24")], "10.0.2.7/24", True),
    "by its neighbours together": ([rule("10.0.2.0/25"), rule(PART)], NET, True),
    "by one of them": ([rule("10.0.2.0/25"), rule("10.0.3.0/25")], NET, False),
    "from its first address on": ([rule("10.0.2.0/25")], NET, False),
    "to its last": ([rule(PART)], NET, False),
    "by another version": ([rule("0.0.0.0/0")], "2001:db8::7", False),
    "by what is no range": ([rule("anybody")], NET, False),
    "where it is none itself": ([rule("0.0.0.0/0")], "anybody", False),
    "by a list that was read": ([LISTED], "198.51.100.7", True),
    "by one that was not": ([rule(PrefixListIds=[{"PrefixListId": "pl-2"}])], "198.51.100.7", False),
    "by a list without its name": ([rule(PrefixListIds=[{}])], "198.51.100.7", False),
}  # fmt: skip


@each("case", COVERED)
def test_which_networks_a_group_admits(case: tuple[list[dict[str, Any]], str, bool]) -> None:
    rules, network, expected = case
    made = [said(**each_) for each_ in rules]
    assert groups.admits_network(made, 4100, network, LISTS) is expected
    assert groups.admits(made, 4100, network, "sg-x", LISTS) is expected
    assert groups.admits(made, 4100, None, None, LISTS) is False


SIDES: list[dict[str, Any]] = [
    {"IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
    {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
    {"UserIdGroupPairs": [{"GroupId": "sg-x"}]},
    {"PrefixListIds": [{"PrefixListId": "pl-1"}]},
]


@each("side", SIDES)
def test_a_rule_is_whole_with_a_protocol_and_one_side(side: dict[str, Any]) -> None:
    groups.require_whole([said(IpProtocol="tcp", **side)])
    for half in (side, {"IpProtocol": "tcp"}, {"IpProtocol": "tcp", **{k: [{}] for k in side}}):
        with pytest.raises(CannotTell, match=r"^a rule of a security group was not read whole$"):
            groups.require_whole([said(IpProtocol="tcp", **side), said(**half)])


def test_a_list_that_a_rule_names_must_have_been_read_if_it_is_about_the_port() -> None:
    groups.require_lists([said(**LISTED)], 4100, LISTS)
    groups.require_lists([said(**LISTED)], 4101, {})
    with pytest.raises(CannotTell, match=r"^prefix list pl-1, which a rule admits, was not read$"):
        groups.require_lists([said(**LISTED)], 4100, {})


def test_outbound_rules_are_told_group_by_group_with_every_side() -> None:
    several = {
        "IpRanges": [{"CidrIp": NET}, {}],
        "PrefixListIds": [{"PrefixListId": "pl-1"}, {}],
        "UserIdGroupPairs": [{"GroupId": "sg-x"}, {}],
    }
    made = [
        fact_of(SecurityGroup, {"GroupId": "sg-1", "IpPermissionsEgress": [{**rule(), **several}]}),
        fact_of(SecurityGroup, {"GroupId": "sg-2", "IpPermissionsEgress": [{"IpProtocol": "-1"}]}),
    ]
    assert groups.outbound_rules(made) == f"tcp 4100-4100 to {NET},?,pl-1,?,sg-x,?; -1 to "
    assert groups.outbound_rules([]) == "no rule at all"


WORLD: dict[str, tuple[list[dict[str, Any]], bool]] = {
    "the world": ([rule(ANYWHERE)], True),
    "a quarter of it, by two rules": ([rule("0.0.0.0/3"), rule("32.0.0.0/3")], True),
    "an eighth of it": ([rule("0.0.0.0/3"), rule("32.0.0.0/3", first=22, last=22)], False),
    "the world of IPv6": ([{**rule(), "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}], True),
    "on another port": ([rule(ANYWHERE, first=22, last=22)], False),
    "a network": ([rule("203.0.113.0/24")], False),
    "a range that was not told": ([{**rule(), "IpRanges": [{}]}], False),
}  # fmt: skip


@each("case", WORLD)
def test_whether_the_world_may_connect(case: tuple[list[dict[str, Any]], bool]) -> None:
    rules, expected = case
    assert groups.open_to_world([said(**each_) for each_ in rules], 4100) is expected
