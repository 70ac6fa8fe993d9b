"""Two private subnets behind a NAT gateway, in the zones of the default network's first two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def private_subnets(client: Callable[[str], Any]) -> list[str]:
    """Make them; answers with their ids."""
    ec2 = client("ec2")
    public = ec2.describe_subnets()["Subnets"][:2]
    vpc = public[0]["VpcId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=public[0]["SubnetId"], AllocationId=address)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(
        RouteTableId=table,
        DestinationCidrBlock="0.0.0.0/0",
        NatGatewayId=gateway["NatGateway"]["NatGatewayId"],
    )
    made = []
    for number, subnet in enumerate(public):
        block = f"172.31.{128 + 16 * number}.0/20"
        place = {"VpcId": vpc, "AvailabilityZone": subnet["AvailabilityZone"]}
        id_ = ec2.create_subnet(CidrBlock=block, **place)["Subnet"]["SubnetId"]
        ec2.associate_route_table(RouteTableId=table, SubnetId=id_)
        made.append(id_)
    return made
