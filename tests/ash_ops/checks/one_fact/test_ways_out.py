"""The way of a start to the internet, and what endpoints make up for it: each fact that decides, and its repair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ash_ops.checks.network import path, private
from ash_ops.facts.snapshot import Snapshot
from tests.support.each import each
from tests.support.one_check import GONE, Row, holds, snapshot, unread

AWSVPC = "service.networkConfiguration.awsvpcConfiguration"
SERVER = "task_definition.containerDefinitions.0"
PRIVATE = {f"{AWSVPC}.assignPublicIp": "DISABLED"}
LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
UNASKED: dict[str, Any] = {"probe.rungs": [], "target_health": []}
MISSING, HOLE = "warning route-missing", "warning route-blackhole"
NO_NAT = "Make a NAT gateway in a public subnet (the VPC has none that works)"
BY_NAT = "ec2 {}-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --nat-gateway-id {} --region us-east-1"
BY_GATEWAY = "ec2 {}-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --gateway-id {} --region us-east-1"


def via(target: str, state: str = "active", to: str = "0.0.0.0/0") -> dict[str, Any]:
    kind = "NatGatewayId" if target.startswith("nat") else "GatewayId"
    return {"DestinationCidrBlock": to, kind: target, "State": state}


def routed(*routes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"route_tables.0.Routes": [LOCAL, *routes], **more}


def nat(name: str = "nat-1", **more: Any) -> dict[str, Any]:
    whole = {"NatGatewayId": name, "State": "available", "SubnetId": "subnet-nat", "VpcId": "vpc-1"}
    return {**whole, "ConnectivityType": "public", **more}


def home(*routes: dict[str, Any], vpc: str = "vpc-1") -> dict[str, Any]:
    """A subnet for NAT gateways with a table of its own."""
    table = {"RouteTableId": "rtb-nat", "VpcId": vpc, "Associations": [{"SubnetId": "subnet-nat"}]}
    return {
        "subnets.+": {"SubnetId": "subnet-nat", "VpcId": vpc, "CidrBlock": "10.0.9.0/24"},
        "route_tables.+": {**table, "Routes": [LOCAL, *routes]},
    }


def gateways(*each_of: tuple[str, str]) -> dict[str, Any]:
    """Internet gateways, each with the VPC that it is attached to, or none."""
    return {"internet_gateways": [
        {"InternetGatewayId": name, "Attachments": [{"VpcId": vpc, "State": "available"}] if vpc else []}
        for name, vpc in each_of
    ], **UNASKED}  # fmt: skip


OPEN = home(via("igw-1"))
TO_NAT: dict[str, Any] = {**routed(), **PRIVATE, **OPEN}
OUT: dict[str, Row] = {
    "both halves of the internet lead out": ("egress-path", "", routed(via("igw-1", to="0.0.0.0/1"), via("igw-1", to="128.0.0.0/1")), "sound"),
    "one half does": ("egress-path", "", routed(via("igw-1", to="0.0.0.0/1")), MISSING, "10.0.0.0/16 -> local, 0.0.0.0/1 -> igw-1"),
    "told in small letters, tasks are public all the same": ("egress-path", "", {**routed(), f"{AWSVPC}.assignPublicIp": "enabled"}, MISSING, BY_GATEWAY.format("create", "igw-1")),
    "no gateway of this VPC": ("egress-path", "", {**routed(), **gateways(("igw-9", "vpc-9"))}, MISSING, NO_NAT, BY_NAT.format("create", "<NAT-GATEWAY-ID>")),
    "the second gateway is this VPC's": ("egress-path", "", {**routed(), **gateways(("igw-9", "vpc-9"), ("igw-2", "vpc-1"))}, MISSING, BY_GATEWAY.format("create", "igw-2")),
    "the gateways were not read": ("egress-path", "", {**routed(), "internet_gateways": unread()}, MISSING, NO_NAT),
    "one NAT gateway": ("egress-path", "", {**TO_NAT, "nat_gateways": [nat()]}, MISSING, "Point the default route at the VPC's NAT gateway nat-1.", BY_NAT.format("create", "nat-1")),
    "one of which nobody told whether it is public": ("egress-path", "", {**TO_NAT, "nat_gateways": [nat(ConnectivityType=None)]}, MISSING, BY_NAT.format("create", "nat-1")),
    "two of which one comes up": ("egress-path", "", {**TO_NAT, "nat_gateways": [nat(), nat("nat-2", State="pending")]}, MISSING, BY_NAT.format("create", "nat-1")),
    "one in a subnet that was not read": ("egress-path", "", {**routed(), **PRIVATE, "nat_gateways": [nat()]}, MISSING, NO_NAT),
    "one in another VPC's subnet": ("egress-path", "", {**routed(), **PRIVATE, **home(via("igw-1"), vpc="vpc-9"), "nat_gateways": [nat()]}, MISSING, NO_NAT),
    "one in a subnet that leads nowhere": ("egress-path", "", {**routed(), **PRIVATE, **home(), "nat_gateways": [nat()]}, MISSING, NO_NAT),
    "one in a subnet that leads to another": ("egress-path", "", {**routed(), **PRIVATE, **home(via("nat-2")), "nat_gateways": [nat()]}, MISSING, NO_NAT),
    "one in a subnet without a table": (
        "egress-path", "", {**routed(), **PRIVATE, "subnets.+": home()["subnets.+"], "nat_gateways": [nat()],
                            "route_tables.0.Associations": [{"SubnetId": "subnet-aaa"}, {"SubnetId": "subnet-bbb"}]}, MISSING, NO_NAT,
    ),
    "the NAT gateways were not read": ("egress-path", "", {**TO_NAT, "nat_gateways": unread()}, MISSING, NO_NAT),
    "through one that failed": (
        "egress-path", "", {**routed(via("nat-1")), **PRIVATE, **OPEN, "nat_gateways": [nat(State="failed", FailureMessage="no address"), nat("nat-2")]}, HOLE,
        "The default route of rtb-main leads to nat-1, which is failed (no address).", BY_NAT.format("replace", "nat-2"), "value='failed (no address)'",
    ),
    "through one in a state that nobody knows": ("egress-path", "", {**routed(via("nat-1")), **PRIVATE, **OPEN, "nat_gateways": [nat(State="resting")]}, "sound"),
    "through one that the route calls gone and that stands": (
        "egress-path", "", {**routed(via("nat-1", "blackhole")), **PRIVATE, **OPEN, "nat_gateways": [nat()]}, HOLE, NO_NAT, "leads to nat-1, which no longer exists (blackhole).",
    ),
    "through one whose subnet has a gateway that is gone": (
        "egress-path", "", {**routed(via("nat-1")), **PRIVATE, **home(via("igw-9", "blackhole")), "nat_gateways": [nat()]}, MISSING,
        "nat-1 stands in subnet-nat, which itself has no route to an internet gateway.", "Move the NAT gateway to a subnet whose default route is an internet gateway.", "NatGateways[nat-1].SubnetId", "value='subnet-nat'",
    ),
    "into a hole where a gateway was detached": (
        "egress-path", "", {**routed(via("igw-1", "blackhole")), **gateways(("igw-1", ""))}, HOLE, "Attach it.", "attach-internet-gateway --internet-gateway-id igw-1 --vpc-id vpc-1",
    ),
    "into a hole where a gateway serves another": ("egress-path", "", {**routed(via("igw-1", "blackhole")), **gateways(("igw-1", "vpc-9"), ("igw-2", "vpc-1"))}, HOLE, BY_GATEWAY.format("replace", "igw-2"), "!attach"),
    "into a hole that is this VPC's only gateway": ("egress-path", "", {**routed(via("igw-1", "blackhole")), **gateways(("igw-1", "vpc-1"))}, HOLE, NO_NAT),
    "into a hole, for private tasks": ("egress-path", "", {**routed(via("igw-9", "blackhole")), **PRIVATE, **OPEN, "nat_gateways": [nat()]}, HOLE, BY_NAT.format("replace", "nat-1")),
    "to a gateway that another VPC has, and this one's stands": (
        "egress-path", "", {**routed(via("igw-9")), **gateways(("igw-9", "vpc-9"), ("igw-1", "vpc-1"))}, HOLE, "Internet gateway igw-9 is not attached to VPC vpc-1.",
        "InternetGateways[igw-9].Attachments", BY_GATEWAY.format("replace", "igw-1"),
    ),
    "by halves to a gateway that is gone": (
        "egress-path", "", {**routed(via("igw-9", to="0.0.0.0/1"), via("igw-9", to="128.0.0.0/1")), **gateways(("igw-1", "vpc-1"))}, HOLE, "--destination-cidr-block 0.0.0.0/1 --gateway-id igw-1",
    ),
    "detached, and whether tasks are public was not told": ("egress-path", "", {**gateways(("igw-1", "")), f"{AWSVPC}.assignPublicIp": GONE}, HOLE, "Attach it."),
    "detached, for private tasks": (
        "egress-path", "", {**gateways(("igw-1", "")), **PRIVATE}, "warning route-blackhole; warning public-ip-missing", "Attach it.", "Give the tasks public addresses",
    ),
    "one of its attachments was not told": ("egress-path", "", {**gateways(("igw-1", "")), "internet_gateways.0.Attachments": [{"State": "available"}]}, "? an internet gateway was not read whole"),
    "one subnet was not found, the other is shut": ("egress-path", "", {**routed(), f"{AWSVPC}.subnets": ["subnet-gone", "subnet-bbb"]}, MISSING),
    "one subnet was not found, the other is open": ("egress-path", "", {f"{AWSVPC}.subnets": ["subnet-gone", "subnet-bbb"]}, "? subnet subnet-gone was not found"),
    "no subnet is named": ("egress-path", "", {f"{AWSVPC}.subnets": []}, "? the service's network configuration names no subnets"),
    "no network is": ("egress-path", "", {"service.networkConfiguration": GONE}, "? the service's network configuration names no subnets"),
    "whether names are resolved was not told": ("egress-path", "", {"vpcs.0.EnableDnsSupport": GONE}, "sound"),
    "another VPC resolves none": ("egress-path", "", {"vpcs.0.EnableDnsSupport": False, "vpcs.0.VpcId": "vpc-9"}, "sound"),
    "the second group lets it out": (
        "egress-path", "", {"security_groups.0.IpPermissionsEgress": [], f"{AWSVPC}.securityGroups": ["sg-task", "sg-nlb"]}, "sound",
    ),
    "the second group does not either": (
        "egress-path", "", {"security_groups.0.IpPermissionsEgress": [], "security_groups.1.IpPermissionsEgress": [], f"{AWSVPC}.securityGroups": ["sg-nlb", "sg-task"]},
        "warning egress-blocked stops next start", "Security group sg-nlb does not let", "SecurityGroups[sg-nlb].IpPermissionsEgress", "--group-id sg-nlb ", '"FromPort": 443, "ToPort": 443',
    ),
    "a rule of its group was not told whole": ("egress-path", "", {"security_groups.0.IpPermissionsEgress": [{"IpProtocol": "tcp"}]}, "? a rule of a security group was not read whole"),
    "a range of its group is none": (
        "egress-path", "", {"security_groups.0.IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "anybody"}]}]},
        "? sg-task lets HTTPS out to some addresses only; whether the registry is among them cannot be told",
    ),
}  # fmt: skip


@each("case", OUT)
def test_which_way_out_there_is_and_how_it_is_mended(case: Row) -> None:
    holds(case)


ON_HOSTS = {"service.launchType": "EC2", **PRIVATE}
Told = tuple[Callable[[Snapshot], Any], dict[str, Any], Any]


def addressed(seen: Snapshot) -> str:
    found = path.internet_blockers(seen)["subnet-aaa"]
    return "; ".join(f"{b.cause}: {step.why}" for b in found for step in b.fix)


def closed(seen: Snapshot) -> list[tuple[str, str]]:
    """Each thing in the way of the first subnet, with the subnet that lacks its way to a gateway."""
    return [(each_.cause, each_.closed) for each_ in path.internet_blockers(seen)["subnet-aaa"]]


def placed(seen: Snapshot) -> Any:
    place = path.placement(seen)
    return place.subnets, place.security_groups, place.public_ip


def missing(*subnets: str) -> Callable[[Snapshot], list[str]]:
    return lambda seen: private.missing_endpoints(seen, list(subnets))


def unfit(seen: Snapshot) -> list[str]:
    lacking = private.missing_endpoints(seen, ["subnet-aaa", "subnet-bbb"])
    found = private.unfit_endpoints(seen, ["subnet-aaa", "subnet-bbb"], lacking)
    return [
        f"{each_.sentence}: {(each_.fix.command or '').partition(' --region')[0]}"
        for each_ in found
    ]


def endpoint(service: str, kind: str = "Interface", **more: Any) -> dict[str, Any]:
    named = {
        "VpcEndpointId": f"vpce-{service}",
        "ServiceName": f"com.amazonaws.us-east-1.{service}",
    }
    whole = {"VpcEndpointType": kind, "VpcId": "vpc-1", "State": "available"}
    reached = (
        {"PrivateDnsEnabled": True} if kind == "Interface" else {"RouteTableIds": ["rtb-main"]}
    )
    return {**named, **whole, **reached, **more}


ECR = {f"{SERVER}.image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ash:1"}
NAMES = ("ecr.api", "ecr.dkr", "logs", "secretsmanager")
BOTH = ("subnet-aaa", "subnet-bbb")


def served(*more: dict[str, Any], but: str = "") -> dict[str, Any]:
    """An image in ECR, and endpoints for all but S3, which has what is given."""
    return {**ECR, "vpc_endpoints": [*(endpoint(n) for n in NAMES if n != but), *more]}


S3 = endpoint("s3", "Gateway")
SPLIT = {
    "route_tables.0.Associations": [{"SubnetId": "subnet-aaa"}],
    "route_tables.+": {"RouteTableId": "rtb-b", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-bbb"}], "Routes": [LOCAL]},
}  # fmt: skip
TOLD: dict[str, Told] = {
    "tasks on instances get no address of their own": (
        addressed, ON_HOSTS, "public-ip-missing: Route the subnet through a NAT gateway: a task on an instance gets no public address of its own.",
    ),
    "others may": (addressed, PRIVATE, "public-ip-missing: Give the tasks public addresses (or route the subnet through a NAT gateway)."),
    "closed: without a route": (closed, routed(), [("route-missing", "subnet-aaa")]),
    "closed: by a hole": (closed, routed(via("igw-9", "blackhole")), [("route-blackhole", "subnet-aaa")]),
    "closed: by a gateway that is detached": (closed, gateways(("igw-1", "")), [("route-blackhole", "subnet-aaa")]),
    "closed: by a NAT gateway's own subnet": (closed, {**routed(via("nat-1")), **PRIVATE, **home(), "nat_gateways": [nat()]}, [("route-missing", "subnet-nat")]),
    "not closed: a NAT gateway that is gone": (closed, routed(via("nat-1")), [("route-blackhole", "")]),
    "not closed: no address, no way out of the group": (closed, {**PRIVATE, "security_groups.0.IpPermissionsEgress": []}, [("public-ip-missing", ""), ("egress-blocked", "")]),
    "placed with public addresses": (placed, {}, (("subnet-aaa", "subnet-bbb"), ("sg-task",), True)),
    "placed without": (placed, {f"{AWSVPC}.assignPublicIp": "disabled"}, (("subnet-aaa", "subnet-bbb"), ("sg-task",), False)),
    "placed nobody knows how": (placed, {f"{AWSVPC}.assignPublicIp": None}, (("subnet-aaa", "subnet-bbb"), ("sg-task",), None)),
    "needed: a log and secrets": (private.needed_services, {}, {"logs", "secretsmanager"}),
    "needed: no log of CloudWatch's": (private.needed_services, {f"{SERVER}.logConfiguration.logDriver": "json-file"}, {"secretsmanager"}),
    "needed: no log": (private.needed_services, {f"{SERVER}.logConfiguration": GONE}, {"secretsmanager"}),
    "needed: parameters": (private.needed_services, {f"{SERVER}.secrets": [{"name": "A", "valueFrom": "arn:aws:ssm:us-east-1:1:parameter/p"}]}, {"logs", "ssm"}),
    "needed: an image of ECR": (private.needed_services, {**ECR, f"{SERVER}.secrets": []}, {"logs", "ecr.api", "ecr.dkr", "s3"}),
    "missing: none": (missing(*BOTH), served(S3), []),
    "missing: the internet, for an image elsewhere": (missing(*BOTH), {"vpc_endpoints": [endpoint("logs")]}, ["internet"]),
    "missing: the internet, where no endpoint is of use": (missing(*BOTH), {**ECR, "vpc_endpoints": [endpoint("sqs")]}, ["internet"]),
    "missing: the internet, where there is no task definition": (missing(*BOTH), {"task_definition": None, "service": None}, ["internet"]),
    "missing: two": (missing(*BOTH), served(but="logs"), ["logs", "s3"]),
    "missing: one that is not up": (missing(*BOTH), served({**S3, "State": "pending"}), ["s3"]),
    "missing: one of no state": (missing(*BOTH), served({**S3, "State": None}), ["s3"]),
    "missing: not one that is up in capitals": (missing(*BOTH), served({**S3, "State": "Available"}), []),
    "missing: one whose name is its own": (missing(*BOTH), served(S3, endpoint("logs", PrivateDnsEnabled=False), but="logs"), ["logs"]),
    "missing: one that is in the table of one subnet": (missing(*BOTH), {**served(S3), **SPLIT}, ["s3"]),
    "missing: not for that subnet": (missing("subnet-aaa"), {**served(S3), **SPLIT}, []),
    "missing: but for the other": (missing("subnet-bbb"), {**served(S3), **SPLIT}, ["s3"]),
    "unfit: it waits": (unfit, served({**S3, "State": "pendingAcceptance"}), ["that of s3, vpce-s3, is in state pendingAcceptance: aws ec2 describe-vpc-endpoints --vpc-endpoint-ids vpce-s3"]),
    "unfit: it has no state": (unfit, served({**S3, "State": None}), ["that of s3, vpce-s3, is in state unknown: aws ec2 describe-vpc-endpoints --vpc-endpoint-ids vpce-s3"]),
    "unfit: in no table of two": (
        unfit, {**served({**S3, "RouteTableIds": []}), **SPLIT},
        ["that of s3, vpce-s3, is not in route table rtb-b, rtb-main: aws ec2 modify-vpc-endpoint --vpc-endpoint-id vpce-s3 --add-route-table-ids rtb-b rtb-main"],
    ),
    "unfit: its name is its own": (
        unfit, served(S3, endpoint("logs", PrivateDnsEnabled=False), but="logs"),
        ["that of logs, vpce-logs, has no private DNS: aws ec2 modify-vpc-endpoint --vpc-endpoint-id vpce-logs --private-dns-enabled"],
    ),
    "unfit: the first of two of one service": (unfit, served({**S3, "State": "failed"}, {**S3, "VpcEndpointId": "vpce-2", "State": "pending"}), ["that of s3, vpce-s3, is in state failed: aws ec2 describe-vpc-endpoints --vpc-endpoint-ids vpce-s3"]),
    "unfit: none is there": (unfit, served(), []),
    "unfit: none where the internet is missing": (unfit, {"vpc_endpoints": [{**endpoint("internet"), "State": "failed"}]}, []),
}  # fmt: skip


@each("case", TOLD)
def test_what_a_place_and_its_endpoints_offer(case: Told) -> None:
    find, changes, expected = case
    told = find(snapshot("", changes))
    assert told == expected, told
