"""The hops of a connection, one fact after the other: which balancer, listener, port, subnet and address it takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ash_ops.checks.connection import _chain as chain
from ash_ops.checks.connection import _reached as reached
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from tests.support.each import each
from tests.support.ladders import DNS, HTTP, REFUSED, SILENT, TCP, rule, rungs, second
from tests.support.one_check import GONE, facts, snapshot, unread

PAIR = "acl-of-the-second-balancers-subnets-drops-the-port"
HOST = "ash-cloud-nlb-0123.elb.us-east-1.amazonaws.com"
ARN = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/"
OTHER = f"{ARN}other/0123456789abcdef"
LB = "service.loadBalancers"
AWSVPC = "service.networkConfiguration.awsvpcConfiguration"
GROUP, NLB = "security_groups.0.IpPermissions", "security_groups.1.IpPermissions"
NO_URL: dict[str, Any] = {"deployment.url": None}
Hop = tuple[Callable[[Snapshot], Any], str, dict[str, Any], Any]


def to(group: str) -> list[dict[str, str]]:
    return [{"Type": "forward", "TargetGroupArn": group}]


def turned(*readings: str) -> dict[str, Any]:
    """The pair of balancers, listeners or groups, the second one first."""
    whole = facts(PAIR)
    return {name: whole[name]["value"][::-1] for name in readings}


def entrance(seen: Snapshot) -> str | None:
    balancer = chain.entrance(seen)
    return balancer.load_balancer_name if balancer else None


def listening(seen: Snapshot) -> list[int | None]:
    return [listener.port for listener in chain.forwarding(seen)]


def nodes(seen: Snapshot) -> list[str]:
    balancer = chain.entrance(seen)
    return [s.subnet_id for s in chain.subnets_of_balancer(seen, balancer)] if balancer else []


def stands(seen: Snapshot) -> list[str]:
    return [s.subnet_id for s in chain.subnets_of_tasks(seen)]


def unreached(seen: Snapshot) -> list[str]:
    return [s.subnet_id for s in reached.unreached(seen)]


def admitting(seen: Snapshot) -> str:
    fix = chain.admit_balancer_group(seen)
    return (fix.command or "") if fix else "nothing"


def inside(address: str) -> Callable[[Snapshot], bool | None]:
    return lambda seen: chain.stands_in(seen, address)


def behind(name: str) -> Callable[[Snapshot], Any]:
    """What stands behind a balancer: its groups, the states of their targets, and the service's ports there."""

    def told(seen: Snapshot) -> Any:
        (balancer,) = (b for b in seen.load_balancers.get() or () if b.load_balancer_name == name)
        alone = reached.through(seen, balancer)
        if alone is None:
            return None
        assert alone.load_balancers.get() == (balancer,)
        service = alone.service.get()
        return (
            [group.target_group_name for group in alone.target_groups.get() or ()],
            [target.state for target in alone.target_health.get() or ()],
            [each.container_port for each in service.load_balancers] if service else None,
        )

    return told


ENTRANCES: dict[str, Hop] = {
    "the balancer of the deployment's address": (entrance, PAIR, turned("load_balancers"), "ash-cloud-nlb"),
    "without an address the one whose listener leads to the service": (entrance, PAIR, {**NO_URL, **turned("load_balancers"), "listeners.1.DefaultActions": to(OTHER)}, "ash-cloud-nlb"),
    "of several that lead to it the first": (entrance, PAIR, {**NO_URL, **turned("load_balancers")}, "ash-internal"),
    "by the address of another machine, too": (entrance, PAIR, {"deployment.url": "http://ash.example.com:4100", **turned("load_balancers"), "listeners.1.DefaultActions": to(OTHER)}, "ash-cloud-nlb"),
    "where none leads to it the first": (entrance, PAIR, {**NO_URL, "listeners": []}, "ash-cloud-nlb"),
    "where the listeners were not read the first": (entrance, PAIR, {**NO_URL, "listeners": unread()}, "ash-cloud-nlb"),
    "none": (entrance, "", {"load_balancers": []}, None),
    "a service of no balancer: the groups that were found": (entrance, PAIR, {**NO_URL, **turned("load_balancers"), LB: [], "target_groups": facts(PAIR)["target_groups"]["value"][:1]}, "ash-cloud-nlb"),
    "of blue and green either may lead to it": (
        entrance, PAIR, {**NO_URL, **turned("load_balancers"), "listeners.0.DefaultActions": to(OTHER), "listeners.1.DefaultActions": to("arn:nobody"),
                         f"{LB}.0.advancedConfiguration": {"alternateTargetGroupArn": OTHER}}, "ash-cloud-nlb",
    ),
}  # fmt: skip
PORTS: dict[str, Hop] = {
    "the service's own": (chain.container_port, "", {f"{LB}.0.containerPort": 8080}, 8080),
    "the first that is told": (chain.container_port, PAIR, {f"{LB}.0.containerPort": None, f"{LB}.1.containerPort": 8080}, 8080),
    "else Ash's": (chain.container_port, "", {LB: []}, 4100),
    "listeners that lead to it, that of Ash's port first": (listening, PAIR, {"listeners.0.Port": 80}, [4100, 80]),
    "those that lead elsewhere are none": (listening, PAIR, {"listeners.0.DefaultActions": to(OTHER)}, [4100]),
    "callers use the first": (chain.listener_port, "", {"listeners.0.Port": 8080}, 8080),
    "callers use Ash's where none is told": (chain.listener_port, "", {"listeners.0.Port": None}, 4100),
    "callers use Ash's where none leads to it": (chain.listener_port, "", {"listeners": []}, 4100),
    "asked at the address": (chain.asked_port, "", {"probe.url": f"http://{HOST}:8080"}, 8080),
    "asked by https": (chain.asked_port, "", {"probe.url": f"https://{HOST}"}, 443),
    "asked by http, which names none": (chain.asked_port, "", {"probe.url": f"http://{HOST}"}, None),
    "asked at what is no port": (chain.asked_port, "", {"probe.url": f"http://{HOST}:x"}, None),
    "nobody asked": (chain.asked_port, "", {"probe": None}, None),
    "callers are hidden where it says so": (chain.hides_callers, "", {"target_group_attributes": {"preserve_client_ip.enabled": "false"}}, True),
    "or where it says nothing": (chain.hides_callers, "", {"target_group_attributes": {}}, True),
    "or has nothing to say": (chain.hides_callers, "", {"target_group_attributes": None}, True),
    "else they are seen": (chain.hides_callers, "", {}, False),
}  # fmt: skip
ON_HOSTS = {
    "service.launchType": "EC2",
    AWSVPC: GONE,
    "container_instances": [
        {"containerInstanceArn": "x/h", "attributes": [{"name": "ecs.subnet-id", "value": "subnet-bbb"}]}
    ],
}  # fmt: skip
SUBNETS: dict[str, Hop] = {
    "of the balancer: those of its nodes": (nodes, "", {"load_balancers.0.AvailabilityZones": [{"ZoneName": "us-east-1b", "SubnetId": "subnet-bbb"}]}, ["subnet-bbb"]),
    "of the balancer: those whose range is told": (nodes, "", {"subnets.0.CidrBlock": None}, ["subnet-bbb"]),
    "of the tasks: where they stand": (stands, "", {}, ["subnet-aaa"]),
    "of the tasks: all that they may use, where none stands": (stands, "", {"tasks": []}, ["subnet-aaa", "subnet-bbb"]),
    "of the tasks: all that they may use, where they were not read": (stands, "", {"tasks": unread()}, ["subnet-aaa", "subnet-bbb"]),
    "of the tasks: those of their instances": (stands, "", ON_HOSTS, ["subnet-bbb"]),
    "unreached: none where the health checks come through": (unreached, "", {}, []),
    "unreached: all where none does": (unreached, "", {"target_health.0.TargetHealth.State": "unhealthy"}, ["subnet-aaa"]),
    "unreached: that of the task that is sick": (unreached, "", second("unhealthy"), ["subnet-bbb"]),
    "unreached: none where nobody knows the healthy one's": (unreached, "", {**second("unhealthy"), "tasks.0.attachments.0.details.0.value": None}, []),
    "unreached: none where the tasks were not read, and one is healthy": (unreached, "", {"tasks": unread()}, []),
    "unreached: all where this machine is cut off": (unreached, "", {"probe.rungs": SILENT}, ["subnet-aaa"]),
}  # fmt: skip
INTERNAL = {"load_balancers.0.Scheme": "internal"}
ADDRESSES: dict[str, Hop] = {
    "inside: of the VPC": (inside("10.0.7.7"), "", {}, True),
    "inside: a network that reaches into it": (inside("10.0.0.0/8"), "", {}, True),
    "inside: of a subnet alone": (inside("192.168.7.7"), "", {"subnets.0.CidrBlock": "192.168.7.0/24"}, True),
    "inside: of the world": (inside("203.0.113.7"), "", {}, False),
    "inside: of a private network": (inside("192.168.1.7"), "", {}, None),
    "inside: of carriers' networks": (inside("100.64.0.7"), "", {}, None),
    "inside: of IPv6": (inside("2001:db8::7"), "", {}, None),
    "inside: no address": (inside("here"), "", {}, None),
    "inside: the VPC's range is odd": (inside("203.0.113.7"), "", {"vpcs.0.CidrBlock": "odd"}, None),
    "inside: the subnets were not read": (inside("203.0.113.7"), "", {"subnets": unread()}, False),
    "seen as its own": (chain.seen_address, "", {}, "203.0.113.7"),
    "seen by an internal balancer: not from outside": (chain.seen_address, "", INTERNAL, None),
    "seen by an internal balancer: from inside": (chain.seen_address, "", {**INTERNAL, "probe.caller_ip": "10.0.7.7"}, "10.0.7.7"),
    "seen by an internal balancer: from a network that may lead there": (chain.seen_address, "", {**INTERNAL, "probe.caller_ip": "192.168.1.7"}, "192.168.1.7"),
    "seen by an internal balancer: it is not known": (chain.seen_address, "", {**INTERNAL, "probe.caller_ip": None}, None),
    "seen where there is no balancer": (chain.seen_address, "", {"load_balancers": []}, "203.0.113.7"),
    "seen by nobody who did not ask": (chain.seen_address, "", {"probe": None}, None),
    "calls from, and got through": (chain.caller_address, "", {}, None),
    "calls from, and did not": (chain.caller_address, "", {"probe.rungs": SILENT}, "203.0.113.7"),
    "got through": (chain.got_through, "", {}, True),
    "got through: no connection was made by who was refused": (chain.got_through, "", {"probe.rungs": REFUSED}, False),
    "got through to silence": (chain.got_through, "", {"probe.rungs": SILENT}, False),
    "got through, and nobody asked": (chain.got_through, "", {"probe": None}, False),
    "got through, and it was not read": (chain.got_through, "", {"probe": unread()}, False),
    "cut off by silence": (chain.is_cut_off, "", {"probe.rungs": SILENT}, True),
    "cut off after the greeting": (chain.is_cut_off, "", {"probe.rungs": rungs(DNS, TCP, ("http", "ConnectionResetError", "reset"))}, True),
    "cut off by an answer: no": (chain.is_cut_off, "", {"probe.rungs": rungs(DNS, TCP, ("http", "busy", 503))}, False),
    "cut off: not who comes through": (chain.is_cut_off, "", {"probe.rungs": rungs(DNS, TCP, HTTP)}, False),
    "cut off: nobody asked": (chain.is_cut_off, "", {"probe": None}, False),
}  # fmt: skip
RANGE = {GROUP: [rule("10.0.0.0/8")]}
GUESTS: dict[str, Hop] = {
    "all come by the balancer's own group": (chain.shut_out, "", {}, []),
    "whom the balancer admits and the task does not": (chain.shut_out, "", RANGE, ["203.0.113.7/32"]),
    "whom both admit": (chain.shut_out, "", {GROUP: [rule("203.0.113.0/24")]}, []),
    "on another port they are nobody's": (chain.shut_out, "", {**RANGE, NLB: [rule("203.0.113.7/32", first=22, last=22)]}, []),
    "twice is once": (chain.shut_out, "", {**RANGE, NLB: [rule("203.0.113.7/32"), rule("203.0.113.7/32"), rule("198.51.100.0/24")]}, ["203.0.113.7/32", "198.51.100.0/24"]),
    "of IPv6 they have the balancer's address": (chain.shut_out, "", {**RANGE, NLB: [{**rule(), "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]}, []),
    "by a list": (chain.shut_out, "", {**RANGE, NLB: [rule(PrefixListIds=[{"PrefixListId": "pl-1"}])], "prefix_lists": [{"PrefixListId": "pl-1", "Cidrs": ["198.51.100.0/24"]}]}, ["198.51.100.0/24"]),
    "a list that the task admits": (chain.shut_out, "", {NLB: [rule("198.51.100.0/24")], GROUP: [rule(PrefixListIds=[{"PrefixListId": "pl-1"}])], "prefix_lists": [{"PrefixListId": "pl-1", "Cidrs": ["198.51.100.0/24"]}]}, []),
    "the world, of a balancer without groups": (chain.shut_out, "", {**RANGE, "load_balancers.0.SecurityGroups": []}, ["0.0.0.0/0"]),
    "the VPC, of an internal one": (chain.shut_out, "", {GROUP: [rule("192.168.0.0/16")], **INTERNAL, "load_balancers.0.SecurityGroups": []}, ["10.0.0.0/16"]),
    "the world, of an internal one in a VPC that was not told": (chain.shut_out, "", {**RANGE, **INTERNAL, "load_balancers.0.SecurityGroups": [], "vpcs": []}, ["0.0.0.0/0"]),
    "let the balancer's group in": (
        admitting, "", {}, """aws ec2 authorize-security-group-ingress --group-id sg-task --ip-permissions '[{"IpProtocol": "tcp", "FromPort": 4100, "ToPort": 4100, "UserIdGroupPairs": [{"GroupId": "sg-nlb"}]}]' --region us-east-1""",
    ),
    "there is no balancer to let in": (admitting, "", {"load_balancers": []}, "nothing"),
    "it has no group": (admitting, "", {"load_balancers.0.SecurityGroups": []}, "nothing"),
    "the tasks have none": (admitting, "", {f"{AWSVPC}.securityGroups": []}, "nothing"),
}  # fmt: skip
BEHIND: dict[str, Hop] = {
    "the second: its group, its target, its port": (behind("ash-internal"), PAIR, {f"{LB}.1.containerPort": 8080}, (["ash-cloud-tg2"], ["unhealthy"], [8080])),
    "the first": (behind("ash-cloud-nlb"), PAIR, {f"{LB}.1.containerPort": 8080}, (["ash-cloud-tg"], ["healthy"], [4100])),
    "a target whose group is told by its port": (behind("ash-internal"), PAIR, {f"{LB}.1.containerPort": 8080, "target_health.1.TargetGroupArn": GONE, "target_health.1.Target.Port": 8080}, (["ash-cloud-tg2"], ["unhealthy"], [8080])),
    "a target whose group nothing tells": (behind("ash-internal"), PAIR, {"target_health.1.TargetGroupArn": GONE}, None),
    "no group hangs at it": (behind("ash-internal"), PAIR, {"target_groups.1.LoadBalancerArns": []}, None),
    "no target": (behind("ash-internal"), PAIR, {"target_health": []}, (["ash-cloud-tg2"], [], [4100])),
}  # fmt: skip


@each("case", ENTRANCES | PORTS | SUBNETS | ADDRESSES | GUESTS | BEHIND)
def test_each_hop_is_told_by_what_was_read_of_it(case: Hop) -> None:
    hop, base, changes, expected = case
    told = hop(snapshot(base, changes))
    assert told == expected, told


@each("lost", ["load_balancers", "security_groups", f"{AWSVPC}.securityGroups"])
def test_whom_rules_shut_out_is_not_known_without_both_ends(lost: str) -> None:
    with pytest.raises(CannotTell):
        chain.shut_out(snapshot("", {lost: []}))
