"""The network checks say of random VPCs what an independent solver says, packet by packet."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ash_ops.checks.base import NotApplicable
from ash_ops.checks.commands import command_of
from ash_ops.checks.network import internet_blockers
from ash_ops.checks.network.acl import allows
from ash_ops.checks.network.groups import admits_network
from ash_ops.checks.network.private import missing_endpoints
from ash_ops.checks.pending import egress_path
from ash_ops.facts.model import fact_of, parsed, plain
from ash_ops.facts.network import IpPermission, NetworkAcl
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.repairs.effects import effect
from tests.support import packets, scenarios

World = dict[str, Any]
MANY = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))

ANYWHERE = "0.0.0.0/0"
# About HTTPS, about answers to Linux' ephemeral ports, and one off each of their edges.
SPANS: list[tuple[int, int] | None] = [
    None,
    (443, 443),
    (443, 444),
    (444, 65535),
    (0, 442),
    (0, 65535),
    (32768, 60999),
    (32768, 61000),
    (1024, 65535),
    (1024, 60998),
    (32769, 60999),
    (60999, 65535),
    (61000, 65535),
]
PORTS = st.sampled_from(SPANS)
# Whole, of the VPC, or of another private network: on none of these must anybody guess.
WHOLE = st.sampled_from([ANYWHERE, ANYWHERE, ANYWHERE, "10.0.0.0/16", "192.168.0.0/16"])
PARTS = st.sampled_from([ANYWHERE, "0.0.0.0/1", "128.0.0.0/1", "198.51.100.0/24", "10.0.0.0/16"])


def entries(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[list[World]]:
    def rule(action: str, protocol: str, block: str, ports: tuple[int, int] | None) -> World:
        row: World = {"RuleAction": action, "Protocol": protocol, "CidrBlock": block}
        if ports and protocol != "-1":
            row["PortRange"] = {"From": ports[0], "To": ports[1]}
        return row

    one = st.builds(
        rule,
        st.sampled_from(["allow", "allow", "deny"]),
        st.sampled_from(["-1", "6", "6", "17"]),
        blocks,
        PORTS,
    )
    numbers = st.sampled_from([1, 2, 90, 99, 100, 101, 200, 32766])
    numbered = st.dictionaries(numbers, one, min_size=1, max_size=4)

    def both(ins: dict[int, World], outs: dict[int, World], turned: bool) -> list[World]:
        found = [
            {**row, "RuleNumber": number, "Egress": egress}
            for egress, side in ((False, ins), (True, outs))
            for number, row in side.items()
        ]
        last = {"RuleAction": "deny", "Protocol": "-1", "CidrBlock": ANYWHERE, "RuleNumber": 32767}
        found += [{**last, "Egress": egress} for egress in (True, False)]
        return found[::-1] if turned else found

    everything = st.just({100: {"RuleAction": "allow", "Protocol": "-1", "CidrBlock": ANYWHERE}})
    return st.builds(both, everything | numbered, everything | numbered, st.booleans())


def permissions(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[list[World]]:
    def rule(protocol: str, block: str | None, ports: tuple[int, int] | None) -> World:
        row: World = {"IpProtocol": protocol}
        row |= (
            {"IpRanges": [{"CidrIp": block}]}
            if block
            else {"UserIdGroupPairs": [{"GroupId": "sg-x"}]}
        )
        if ports and protocol != "-1":
            row |= {"FromPort": ports[0], "ToPort": ports[1]}
        return row

    one = st.builds(rule, st.sampled_from(["-1", "tcp", "6", "udp"]), blocks | st.none(), PORTS)
    everything = st.just([{"IpProtocol": "-1", "IpRanges": [{"CidrIp": ANYWHERE}]}])
    return everything | st.lists(one, max_size=3)


LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
TARGETS = st.sampled_from(
    [
        {"GatewayId": "igw-1", "State": "active"},
        {"GatewayId": "igw-1", "State": "active"},
        {"GatewayId": "igw-2", "State": "active"},
        {"GatewayId": "igw-gone", "State": "blackhole"},
        {"NatGatewayId": "nat-1", "State": "active"},
        {"NatGatewayId": "nat-1", "State": "active"},
        {"NatGatewayId": "nat-gone", "State": "blackhole"},
        {"TransitGatewayId": "tgw-1", "State": "active"},
        None,
    ]
)


def routes(target: World | None, halves: bool, turned: bool) -> list[World]:
    ranges = ["0.0.0.0/1", "128.0.0.0/1"] if halves else [ANYWHERE]
    more = [{**target, "DestinationCidrBlock": r} for r in ranges] if target else []
    found = [LOCAL, *more]
    return found[::-1] if turned else found


@st.composite
def worlds(draw: st.DrawFn, blocks: st.SearchStrategy[str] = WHOLE) -> World:
    """A VPC with two subnets of the service and one of the NAT gateway, each with a table or none."""
    world = scenarios.healthy()
    home = {"SubnetId": "subnet-nat", "VpcId": "vpc-1", "CidrBlock": "10.0.9.0/24"}
    world["subnets"]["value"].append(home)
    tables = [
        {
            "RouteTableId": f"rtb-{name}",
            "VpcId": "vpc-2" if name == "alien" else "vpc-1",
            "Associations": [{"Main": True}] if name in {"main", "alien"} else [{"SubnetId": name}],
            "Routes": routes(draw(TARGETS), draw(st.booleans()), draw(st.booleans())),
        }
        for name in ("alien", "main", "subnet-aaa", "subnet-nat")
        if name == "main" or draw(st.booleans())
    ]
    world["route_tables"]["value"] = draw(st.permutations(tables))
    world["nat_gateways"]["value"] = [
        {
            "NatGatewayId": "nat-1",
            "State": draw(
                st.sampled_from(["available", "available", "failed", "deleted", "pending"])
            ),
            "SubnetId": "subnet-nat",
            "ConnectivityType": draw(st.sampled_from(["public", "public", "private"])),
        }
    ]
    world["internet_gateways"]["value"] = [
        {"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]},
        {"InternetGatewayId": "igw-2", "Attachments": [{"VpcId": "vpc-2", "State": "available"}]},
    ]
    acls: list[World] = [
        {"NetworkAclId": "acl-0", "VpcId": "vpc-1", "IsDefault": True, "Associations": []},
        {"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-aaa"}]},
    ]
    for acl in acls:
        # Of an ACL that lets packets to private networks alone the checks say that they cannot tell.
        acl["Entries"] = draw(entries(st.just(ANYWHERE) if blocks is WHOLE else blocks))
    world["network_acls"]["value"] = draw(st.permutations(acls))
    task: World = world["security_groups"]["value"][0]
    other: World = {"GroupId": "sg-two", "VpcId": "vpc-1"}
    task["IpPermissionsEgress"] = draw(permissions(blocks))
    other["IpPermissionsEgress"] = draw(permissions(blocks))
    world["security_groups"]["value"].append(other)
    place = world["service"]["value"]["networkConfiguration"]["awsvpcConfiguration"]
    place["securityGroups"] = draw(st.sampled_from([["sg-task"], ["sg-task", "sg-two"]]))
    place["assignPublicIp"] = draw(st.sampled_from(["ENABLED", "DISABLED"]))
    world["vpcs"]["value"][0]["EnableDnsSupport"] = draw(st.sampled_from([True, True, True, False]))
    return world


def said(world: World) -> dict[str, bool] | None:
    """Which subnets the checks call shut; ``None`` where they cannot tell."""
    try:
        found = internet_blockers(parsed(Snapshot, world))
    except CannotTell:
        return None
    return {subnet: bool(blockers) for subnet, blockers in found.items()}


def truth(world: World) -> dict[str, packets.Verdict]:
    return {subnet: packets.verdict(world, subnet) for subnet in ("subnet-aaa", "subnet-bbb")}


@MANY
@given(worlds())
def test_where_rules_are_whole_the_checks_say_what_the_packets_do(world: World) -> None:
    true, found = truth(world), said(world)
    if found is None:
        assert "unknown" in true.values() or "depends" in true.values()
        assert "shut" not in true.values()
        return
    for subnet, verdict in true.items():
        assert found[subnet] is (verdict == "shut"), (subnet, verdict)
    # What nobody could look into is passed over only beside something that is surely in the way.
    assert "shut" in true.values() or set(true.values()) == {"open"}


@MANY
@given(worlds(PARTS))
def test_where_rules_are_of_parts_nothing_is_called_open_or_shut_that_is_not(world: World) -> None:
    true, found = truth(world), said(world)
    if found is None:
        return
    for subnet, shut in found.items():
        if shut:
            assert true[subnet] == "shut"
    if not any(found.values()):
        # A denial of some addresses before a rule for all is passed over; one of all is not.
        assert "shut" not in true.values()


@MANY
@given(worlds())
def test_the_repair_of_a_shut_subnet_lets_its_packets_out(world: World) -> None:
    """The printed steps, carried out on the facts one after the other: then the reference agrees."""
    snapshot = parsed(Snapshot, world)
    try:
        found = internet_blockers(snapshot)
    except CannotTell:
        return
    facts, whole = snapshot, True
    done: set[str] = set()
    for blocker in (o for blockers in found.values() for o in blockers):
        whole = whole and bool(blocker.fix)
        for step in blocker.fix:
            command = command_of(step)
            if command is None or step.command is None or "<" in step.command:
                whole = False  # a person has a part in it
                continue
            if step.command in done:
                continue
            done.add(step.command)
            after = effect(facts, command)
            if after.refusal:
                whole = False  # it was done for the other subnet, or the judge of repairs drops it
                continue
            facts = after.facts or facts
    if whole:
        after_all = plain(facts)
        left = {v for s, v in truth({**world, **after_all}).items() if found.get(s)}
        assert "shut" not in left, [o.sentence for f in found.values() for o in f] + sorted(done)


@MANY
@given(entries(PARTS), st.booleans(), st.sampled_from([(443, 443), (32768, 60999), (4100, 4100)]))
def test_an_acl_lets_through_what_its_first_matching_rules_do(
    rules: list[World], egress: bool, ports: tuple[int, int]
) -> None:
    acl = fact_of(NetworkAcl, {"NetworkAclId": "acl-1", "Entries": rules})
    spans = [e["PortRange"] for e in rules if "PortRange" in e]
    edges = {ports[0], *(p for s in spans for p in (s["From"], s["To"] + 1))}
    asked = [p for p in edges if ports[0] <= p <= ports[1]]
    passed = {
        packets.acl_passes(rules, address, port, egress=egress)
        for address in packets.pieces(packets.cidrs_of(rules))
        for port in asked
    }
    try:
        said_ = allows(acl, ports, egress=egress)
    except CannotTell:
        # A denial of a part is not subtracted from a later rule for that part: it is told as a doubt.
        denied_part = any(e["RuleAction"] == "deny" and e["CidrBlock"] != ANYWHERE for e in rules)
        assert True in passed or denied_part
        return
    assert said_ in passed
    assert said_ or passed == {False}


@MANY
@given(permissions(PARTS), st.sampled_from(["10.0.2.0/24", "198.51.100.7", ANYWHERE, "0.0.0.0/1"]))
def test_a_group_admits_a_network_if_it_admits_its_every_address(
    rules: list[World], network: str
) -> None:
    whole = packets.span(network)
    asked = [a for a in packets.pieces([*packets.cidrs_of(rules), network]) if a in whole]
    expected = all(packets.group_passes(rules, address, 443) for address in asked)
    facts = [fact_of(IpPermission, rule) for rule in rules]
    assert admits_network(facts, 443, network, {}) is expected


def endpoint(service: str, kind: str, state: str, dns: bool, tables: list[str]) -> World:
    return {
        "VpcEndpointId": f"vpce-{service}-{kind}",
        "VpcEndpointType": kind,
        "VpcId": "vpc-1",
        "ServiceName": f"com.amazonaws.us-east-1.{service}",
        "State": state,
        "PrivateDnsEnabled": dns,
        "RouteTableIds": tables,
        "Groups": [{"GroupId": "sg-nlb"}],
    }


SERVICES = ("ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager")
ENDPOINTS = st.builds(
    endpoint,
    st.sampled_from([*SERVICES, "ssm"]),
    st.sampled_from(["Interface", "Gateway"]),
    st.sampled_from(["available", "available", "available", "pending"]),
    st.sampled_from([True, True, False]),
    st.sampled_from([["rtb-main", "rtb-subnet-aaa"], ["rtb-main"], ["rtb-subnet-aaa"], []]),
)
COMPLETE = [
    endpoint(s, "Gateway" if s == "s3" else "Interface", "available", True, ["rtb-main", "rtb-subnet-aaa"])
    for s in SERVICES
]  # fmt: skip


@MANY
@given(worlds(), st.lists(ENDPOINTS, max_size=6), st.sampled_from(SERVICES), st.booleans())
def test_endpoints_make_up_for_the_internet_where_they_serve_all_that_a_start_needs(
    world: World, some: list[World], without: str, complete: bool
) -> None:
    name = f"com.amazonaws.us-east-1.{without}"
    known = [e for e in COMPLETE if not complete or e["ServiceName"] != name] + some
    world["vpc_endpoints"]["value"] = known
    container = world["task_definition"]["value"]["containerDefinitions"][0]
    container["image"] = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ash:1"
    snapshot, shut = parsed(Snapshot, world), ["subnet-aaa", "subnet-bbb"]
    lacking = sorted(s for s in SERVICES if not packets.served(world, shut, s))
    if len(lacking) < len(SERVICES):
        assert missing_endpoints(snapshot, shut) == lacking
    found = said(world)
    if found is None or not any(found.values()):
        return
    blocked = [s for s, is_shut in found.items() if is_shut]
    if all(packets.served(world, blocked, s) for s in SERVICES):
        with pytest.raises(NotApplicable):
            list(egress_path.run(snapshot))
    else:
        assert len(list(egress_path.run(snapshot))) == 1
