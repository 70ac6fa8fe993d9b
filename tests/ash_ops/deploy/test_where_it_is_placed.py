"""Where a deployment goes: what was named, else what is in use, else two good subnets of the default VPC."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.placement import Placement, choose_network
from ash_ops.deploy.plan.request import read_request
from ash_ops.errors import OpsError
from tests.support.account import Account, Raw
from tests.support.deploying import settings_of


def subnet(name: str, zone: str, free: int = 100, vpc: str = "vpc-1", zone_id: str = "") -> Raw:
    return {
        "SubnetId": name,
        "VpcId": vpc,
        "AvailabilityZone": f"us-east-1{zone}",
        "AvailabilityZoneId": zone_id or f"use1-az{' abcdef'.index(zone) + 3}",
        "AvailableIpAddressCount": free,
    }


def table(*subnets: str, gateway: str = "igw-1", vpc: str = "vpc-1", **route: Any) -> Raw:
    way = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway, "State": "active", **route}
    named = [{"SubnetId": each, "Main": False} for each in subnets] or [{"Main": True}]
    return {"RouteTableId": "rtb", "VpcId": vpc, "Associations": named, "Routes": [way]}


class Network:
    """A region with these subnets and tables; vpc-1 is its default VPC."""

    def __init__(self, aws: Aws, subnets: list[Raw], tables: list[Raw] | None = None) -> None:
        self.aws, self.subnets = aws, subnets
        self.tables = [table()] if tables is None else tables
        self.default = [{"VpcId": "vpc-1", "IsDefault": True}]
        account = Account({})
        account.answers |= {
            "DescribeSubnets": lambda given: {"Subnets": self.filtered(self.subnets, given)},
            "DescribeRouteTables": lambda given: {"RouteTables": self.filtered(self.tables, given)},
            "DescribeVpcs": lambda _: {"Vpcs": self.default},
        }
        account.serve(aws)

    @staticmethod
    def filtered(rows: list[Raw], given: Raw) -> list[Raw]:
        member = {"vpc-id": "VpcId", "subnet-id": "SubnetId"}
        (asked,) = given["Filters"]
        return [row for row in rows if row[member[asked["Name"]]] in asked["Values"]]

    def chosen(self, previous: dict[str, str] | None = None, **options: Any) -> Placement:
        return choose_network(
            self.aws, read_request(settings_of(), DeployOptions(**options), previous)
        )

    def ids(self, previous: dict[str, str] | None = None, **options: Any) -> str:
        """Of the balancer, and of the tasks where those are others."""
        found = self.chosen(previous, **options)
        balancer, tasks = (
            " ".join(each.subnet_id for each in subnets)
            for subnets in (found.balancer_subnets, found.task_subnets)
        )
        return balancer if balancer == tasks else f"{balancer} | {tasks}"


@pytest.mark.parametrize(
    ("subnets", "tables", "chosen"),
    [
        pytest.param(
            [subnet("s-b", "b"), subnet("s-a", "a"), subnet("s-c", "c")], None, "s-a s-b",
            id="alike: by the zone",
        ),
        pytest.param(
            [subnet("s-2", "a"), subnet("s-1", "a"), subnet("s-3", "b")], None, "s-1 s-3",
            id="one of each zone, by its id",
        ),
        pytest.param(
            [subnet("s-a", "a"), subnet("s-b", "b"), subnet("s-c", "c")],
            [table("s-b", "s-c"), table("s-a", gateway="", NatGatewayId="nat-1")], "s-b s-c",
            id="public ones first",
        ),
        pytest.param(
            [subnet("s-a", "a", free=9), subnet("s-b", "b", free=10), subnet("s-c", "c", free=11)],
            None, "s-c s-b", id="those with most room, where there is little",
        ),
        pytest.param(
            [subnet("s-a", "a", free=16), subnet("s-b", "b", free=4000), subnet("s-c", "c", free=17)],
            None, "s-a s-b", id="sixteen are enough for all",
        ),
        pytest.param(
            [subnet("s-a", "a", free=15), subnet("s-b", "b", free=16), subnet("s-c", "c", free=4000)],
            None, "s-b s-c", id="and fifteen are not",
        ),
        pytest.param(
            [subnet("s-a", "a", free=3), subnet("s-b", "b", free=50), subnet("s-c", "c", free=50)],
            [table("s-a"), table("s-b", "s-c", gateway="", NatGatewayId="nat-1")], "s-a s-b",
            id="public before roomy",
        ),
        pytest.param(
            [subnet("s-a", "a", zone_id="use1-az3"), subnet("s-b", "b"), subnet("s-c", "c")],
            None, "s-b s-c", id="a zone without Fargate last",
        ),
        pytest.param(
            [subnet("s-a", "a", zone_id="use1-az3"), subnet("s-b", "b")], None, "s-b s-a",
            id="but better than none",
        ),
        pytest.param(
            [subnet("s-a", "a"), subnet("s-b", "b"), subnet("s-c", "c")],
            [table("s-a", State="blackhole"), table("s-b", "s-c")], "s-b s-c",
            id="a route to a gateway that is gone leads nowhere",
        ),
        pytest.param(
            [subnet("s-a", "a"), subnet("s-b", "b"), subnet("s-x", "c", vpc="vpc-2")],
            None, "s-a s-b", id="of that VPC alone",
        ),
    ],
)  # fmt: skip
def test_two_subnets_of_two_zones_are_taken_the_best_first(
    aws: Aws, subnets: list[Raw], tables: list[Raw] | None, chosen: str
) -> None:
    assert Network(aws, subnets, tables).ids() == chosen


HERE = [subnet(f"s-{zone}", zone) for zone in "abcd"] + [
    subnet("s-x", "a", vpc="vpc-2"),
    subnet("s-y", "b", vpc="vpc-2"),
]
BEFORE = {"VpcId": "vpc-1", "SubnetIds": "s-c,s-d", "TaskSubnetIds": "s-a,s-b"}


@pytest.mark.parametrize(
    ("previous", "options", "chosen"),
    [
        ({}, {"subnets": ("s-d", "s-b")}, "s-d s-b"),
        ({}, {"subnets": ("s-d", "s-b"), "task_subnets": ("s-a", "s-c")}, "s-d s-b | s-a s-c"),
        ({}, {"task_subnets": ("s-d", "s-c")}, "s-a s-b | s-d s-c"),
        ({}, {"task_subnets": ("s-a", "s-b")}, "s-a s-b"),
        ({}, {"vpc": "vpc-2"}, "s-x s-y"),
        (BEFORE, {}, "s-c s-d | s-a s-b"),
        ({**BEFORE, "TaskSubnetIds": ""}, {}, "s-c s-d"),
        (BEFORE, {"task_subnets": ("s-b", "s-c")}, "s-c s-d | s-b s-c"),
        # Other subnets for the balancer move the tasks too, unless theirs are named as well.
        (BEFORE, {"subnets": ("s-a", "s-c")}, "s-a s-c"),
        (BEFORE, {"subnets": ("s-a", "s-c"), "task_subnets": ("s-b", "s-d")}, "s-a s-c | s-b s-d"),
        ({"VpcId": "vpc-2"}, {}, "s-x s-y"),
    ],
)
def test_what_was_named_goes_before_what_is_in_use_and_that_before_a_choice(
    aws: Aws, previous: dict[str, str], options: dict[str, Any], chosen: str
) -> None:
    assert Network(aws, HERE).ids(previous, **options) == chosen


def test_the_vpc_is_that_of_the_subnets_and_its_tables_are_read(aws: Aws) -> None:
    other = table("s-x", "s-y", gateway="igw-2", vpc="vpc-2")
    network = Network(aws, HERE, [table("s-a"), other])
    found = network.chosen(subnets=("s-x", "s-y"))
    assert found.vpc == "vpc-2"
    assert [each.vpc_id for each in found.tables] == ["vpc-2"]
    first = found.balancer_subnets[0]
    route = found.default_route(first)
    assert (route.target if route else None, found.has_internet_gateway(first)) == ("igw-2", True)


@pytest.mark.parametrize(
    ("more", "leads", "public"),
    [
        ({}, True, True),
        ({"GatewayId": "", "NatGatewayId": "nat-1"}, True, False),
        ({"State": "blackhole"}, False, False),
        ({"DestinationCidrBlock": "10.0.0.0/8"}, False, False),
    ],
)
def test_a_way_out_is_one_that_is_alive(
    aws: Aws, more: dict[str, Any], *, leads: bool, public: bool
) -> None:
    found = Network(aws, HERE[:2], [table(**{"gateway": "igw-1", **more})]).chosen()
    subnets = found.balancer_subnets
    assert [found.default_route(each) is not None for each in subnets] == [leads] * 2
    assert [found.has_internet_gateway(each) for each in subnets] == [public] * 2


def test_a_subnet_without_any_table_has_no_way_out(aws: Aws) -> None:
    found = Network(aws, HERE[:2], [table("s-a")]).chosen()
    assert [found.default_route(each) is not None for each in found.balancer_subnets] == [
        True,
        False,
    ]


@pytest.mark.parametrize("option", ["subnets", "task_subnets"])
def test_a_subnet_that_is_not_there_is_named(aws: Aws, option: str) -> None:
    with pytest.raises(OpsError) as refused:
        Network(aws, HERE).chosen(**{option: ("s-a", "s-none")})
    assert refused.value.what == "There is no subnet s-none here"
    assert refused.value.why == "it does not exist in this account and region"
    assert "ASH_ECS_SUBNET_IDS" in refused.value.next_step


@pytest.mark.parametrize("subnets", [[], [subnet("s-a", "a"), subnet("s-b", "a")]])
def test_a_balancer_wants_two_zones(aws: Aws, subnets: list[Raw]) -> None:
    with pytest.raises(OpsError) as refused:
        Network(aws, subnets).chosen()
    assert refused.value.what == "vpc-1 has no subnets in two zones"
    assert refused.value.why == "the load balancer wants two subnets in two zones"
    assert "--vpc" in refused.value.next_step


def test_without_a_default_vpc_one_must_be_named(aws: Aws) -> None:
    network = Network(aws, HERE)
    network.default = []
    assert network.ids(vpc="vpc-2") == "s-x s-y"
    with pytest.raises(OpsError) as refused:
        network.chosen()
    assert refused.value.what == "There is no network to deploy into"
    assert refused.value.why == "this region has no default VPC and none was named"
    assert "--vpc" in refused.value.next_step
