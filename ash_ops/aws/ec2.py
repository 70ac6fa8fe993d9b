"""EC2: the network between a task and what it needs to reach, and the machines of a cluster.

All of it is asked for by a filter, so that an absent thing is an empty answer and not an error; by
VPC, which makes one round of calls of what would be three if each named the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, fact, facts, if_there, rows, tags_of
from ash_ops.aws.client.session import Aws
from ash_ops.aws.operations import Operation
from ash_ops.errors import ReadFailed
from ash_ops.facts.hosts import LaunchTemplateData, LaunchTemplateReference
from ash_ops.facts.model import T
from ash_ops.facts.network import (
    InternetGateway,
    NatGateway,
    NetworkAcl,
    PrefixList,
    RouteTable,
    SecurityGroup,
    Subnet,
    Vpc,
    VpcEndpoint,
)
from ash_ops.facts.tagged import GONE, Disk, NetworkInterface, Tagged

# How each kind is asked for by VPC.
_IN_VPC: dict[type[Any], tuple[Operation, str]] = {
    # Of the whole region: one that was detached, and that a route still leads to, is in no VPC.
    InternetGateway: (op.DESCRIBE_INTERNET_GATEWAYS, ""),
    NatGateway: (op.DESCRIBE_NAT_GATEWAYS, "vpc-id"),
    NetworkAcl: (op.DESCRIBE_NETWORK_ACLS, "vpc-id"),
    RouteTable: (op.DESCRIBE_ROUTE_TABLES, "vpc-id"),
    SecurityGroup: (op.DESCRIBE_SECURITY_GROUPS, "vpc-id"),
    Subnet: (op.DESCRIBE_SUBNETS, "vpc-id"),
    Vpc: (op.DESCRIBE_VPCS, "vpc-id"),
    VpcEndpoint: (op.DESCRIBE_VPC_ENDPOINTS, "vpc-id"),
}


def in_vpcs(aws: Aws, kind: type[T], vpc_ids: Sequence[str]) -> tuple[T, ...]:
    """Everything of one kind in VPCs, for instance ``in_vpcs(aws, RouteTable, ["vpc-1"])``.

    Main route tables are among them; deleted NAT gateways stay listed for about an hour. Internet
    gateways are those of the whole region, whatever they are attached to.

    Raises:
        ReadFailed: it could not be read.
    """
    operation, name = _IN_VPC[kind]
    return facts(aws, operation, kind, **({"Filters": [_filter(name, vpc_ids)]} if name else {}))


def _filter(name: str, values: Sequence[str]) -> Answer:
    return {"Name": name, "Values": list(values)}


def default_vpc(aws: Aws) -> Vpc | None:
    """The region's default VPC, if there is one.

    Raises:
        ReadFailed: the question could not be answered.
    """
    found = facts(aws, op.DESCRIBE_VPCS, Vpc, Filters=[_filter("is-default", ["true"])])
    return next(iter(found), None)


def subnets_named(aws: Aws, ids: Sequence[str]) -> tuple[Subnet, ...]:
    """The subnets of these ids, in this order; those that do not exist are left out.

    Raises:
        ReadFailed: they could not be read.
    """
    # A filter, unlike SubnetIds, does not fail for all when one is not there.
    found = facts(aws, op.DESCRIBE_SUBNETS, Subnet, Filters=[_filter("subnet-id", ids)])
    by_id = {subnet.subnet_id: subnet for subnet in found}
    return tuple(by_id[id_] for id_ in ids if id_ in by_id)


def security_groups_named(aws: Aws, ids: Sequence[str]) -> tuple[SecurityGroup, ...]:
    """The security groups of these ids; those that do not exist are left out.

    Raises:
        ReadFailed: they could not be read.
    """
    return facts(
        aws, op.DESCRIBE_SECURITY_GROUPS, SecurityGroup, Filters=[_filter("group-id", ids)]
    )


def admit(aws: Aws, group: str, permissions: Sequence[Mapping[str, Any]]) -> None:
    """Add inbound rules to a security group; one that is there already is no fault.

    Raises:
        ReadFailed: EC2 refused.
    """
    for each in permissions:
        with _already("InvalidPermission.Duplicate"):
            asked: dict[str, Any] = {"GroupId": group, "IpPermissions": [dict(each)]}
            call(aws, op.AUTHORIZE_SECURITY_GROUP_INGRESS, **asked)


def shut_out(aws: Aws, group: str, permissions: Sequence[Mapping[str, Any]]) -> None:
    """Take inbound rules out of a security group; one that is not there is no fault.

    Raises:
        ReadFailed: EC2 refused.
    """
    for each in permissions:
        with _already("InvalidPermission.NotFound"):
            asked: dict[str, Any] = {"GroupId": group, "IpPermissions": [dict(each)]}
            call(aws, op.REVOKE_SECURITY_GROUP_INGRESS, **asked)


@contextmanager
def _already(code: str) -> Iterator[None]:
    """Pass over the refusal that says that it is so already."""
    try:
        yield
    except ReadFailed as error:
        if error.code != code:
            raise


def public_addresses(aws: Aws, descriptions: Sequence[str]) -> int:
    """How many network interfaces that are so described have a public address.

    Raises:
        ReadFailed: they could not be read.
    """
    asked = [_filter("description", descriptions)]
    found = rows(aws, op.DESCRIBE_NETWORK_INTERFACES, Filters=asked)
    return sum("PublicIp" in face.get("Association", {}) for face in found)


def vpc_switch(aws: Aws, vpc_id: str, attribute: str) -> bool | None:
    """One of the VPC's DNS switches: ``enableDnsSupport`` or ``enableDnsHostnames``."""
    answer = call(aws, op.DESCRIBE_VPC_ATTRIBUTE, VpcId=vpc_id, Attribute=attribute)
    switch = answer.get(attribute[0].upper() + attribute[1:]) or {}
    value = switch.get("Value")
    return value if isinstance(value, bool) else None


def prefix_lists(aws: Aws) -> tuple[PrefixList, ...]:
    """The prefix lists of AWS's gateway endpoints (S3, DynamoDB), with their ranges."""
    return facts(aws, op.DESCRIBE_PREFIX_LISTS, PrefixList)


def own_prefix_list(aws: Aws, prefix_list_id: str) -> PrefixList:
    """A customer's own prefix list, with its ranges."""
    found = rows(aws, op.GET_MANAGED_PREFIX_LIST_ENTRIES, PrefixListId=prefix_list_id)
    cidrs = tuple(row["Cidr"] for row in found if row.get("Cidr"))
    return PrefixList(prefix_list_id=prefix_list_id, cidrs=cidrs)


def instances(aws: Aws, ids: Sequence[str]) -> list[Answer]:
    """The machines of these ids.

    Raises:
        ReadFailed: they could not be read, or one is not there.
    """
    found = rows(aws, op.DESCRIBE_INSTANCES, InstanceIds=list(ids)) if ids else ()
    return [instance for reservation in found for instance in reservation["Instances"]]


def instances_tagged(aws: Aws, tag: tuple[str, str]) -> list[Answer]:
    """The machines that carry a tag, in full.

    Raises:
        ReadFailed: they could not be read.
    """
    found = rows(aws, op.DESCRIBE_INSTANCES, Filters=_carrying(tag))
    return [
        instance
        for reservation in found
        for instance in reservation.get("Instances") or ()
        if tags_of(instance.get("Tags")).get(tag[0]) == tag[1]
    ]


def launch_template(aws: Aws, reference: LaunchTemplateReference) -> LaunchTemplateData | None:
    """What one version of a launch template starts; ``None`` when there is none.

    Raises:
        ReadFailed: it could not be read.
    """
    operation = op.DESCRIBE_LAUNCH_TEMPLATE_VERSIONS
    asked = {"LaunchTemplateId": reference.launch_template_id, "Versions": [reference.version]}
    for version in if_there(lambda: list(rows(aws, operation, **asked))) or ():
        return fact(operation, LaunchTemplateData, version.get("LaunchTemplateData") or {})
    return None


def volumes_gb(aws: Aws, ids: Sequence[str]) -> int:
    """The size of these volumes together.

    Raises:
        ReadFailed: they could not be read, or one is not there.
    """
    found = rows(aws, op.DESCRIBE_VOLUMES, VolumeIds=list(ids)) if ids else ()
    return sum(int(volume["Size"]) for volume in found)


def network_interfaces(aws: Aws, name: str, value: str) -> Iterator[NetworkInterface]:
    """The network interfaces that a filter lets through, for instance one by ``description``.

    Raises:
        ReadFailed: they could not be read.
    """
    for raw in rows(aws, op.DESCRIBE_NETWORK_INTERFACES, Filters=[_filter(name, [value])]):
        yield NetworkInterface(
            id=raw["NetworkInterfaceId"],
            tags=tags_of(raw.get("TagSet")),
            description=raw.get("Description", ""),
        )


def tagged(aws: Aws, id_: str) -> Tagged:
    """Something of EC2's by its id, with its tags; what has none, and what is not there, has none.

    Raises:
        ReadFailed: the tags could not be read.
    """
    found = rows(aws, op.DESCRIBE_EC2_TAGS, Filters=[_filter("resource-id", [id_])])
    return Tagged(id=id_, tags=tags_of(tag for tag in found if tag.get("ResourceId") == id_))


def _carrying(tag: tuple[str, str]) -> list[Answer]:
    return [_filter(f"tag:{tag[0]}", [tag[1]])]


def tagged_instances(aws: Aws, tag: tuple[str, str]) -> Iterator[Tagged]:
    """The machines that carry a tag and are not gone.

    Raises:
        ReadFailed: they could not be read.
    """
    for reservation in rows(aws, op.DESCRIBE_INSTANCES, Filters=_carrying(tag)):
        for raw in reservation.get("Instances") or ():
            if (raw.get("State") or {}).get("Name") not in GONE:
                yield Tagged(id=raw["InstanceId"], tags=tags_of(raw.get("Tags")))


def tagged_addresses(aws: Aws, tag: tuple[str, str]) -> Iterator[Tagged]:
    """The public addresses that carry a tag, by address.

    Raises:
        ReadFailed: they could not be read.
    """
    for raw in rows(aws, op.DESCRIBE_ADDRESSES, Filters=_carrying(tag)):
        id_ = raw.get("PublicIp") or raw["AllocationId"]
        yield Tagged(id=id_, tags=tags_of(raw.get("Tags")))


def tagged_nat_gateways(aws: Aws, tag: tuple[str, str]) -> Iterator[Tagged]:
    """The NAT gateways that carry a tag and are not gone.

    Raises:
        ReadFailed: they could not be read.
    """
    for raw in rows(aws, op.DESCRIBE_NAT_GATEWAYS, Filters=_carrying(tag)):
        if raw.get("State") not in GONE:
            yield Tagged(id=raw["NatGatewayId"], tags=tags_of(raw.get("Tags")))


def tagged_disks(aws: Aws, tag: tuple[str, str]) -> Iterator[Disk]:
    """The EBS volumes that carry a tag and are not gone.

    Raises:
        ReadFailed: they could not be read.
    """
    for raw in rows(aws, op.DESCRIBE_VOLUMES, Filters=_carrying(tag)):
        disk = _disk(raw)
        # Compared here once more: an endpoint that ignores the filter would name every volume.
        if disk.tags.get(tag[0]) == tag[1] and disk.state not in GONE:
            yield disk


def find_disk(aws: Aws, id_: str) -> Disk | None:
    """The EBS volume of an id; ``None`` when there is none, or it is being deleted.

    Raises:
        ReadFailed: the question could not be answered.
    """
    found = if_there(lambda: list(rows(aws, op.DESCRIBE_VOLUMES, VolumeIds=[id_]))) or ()
    disks = map(_disk, found)
    return next((disk for disk in disks if disk.id == id_ and disk.state not in GONE), None)


def _disk(raw: Mapping[str, Any]) -> Disk:
    return Disk(
        id=raw["VolumeId"],
        zone=raw.get("AvailabilityZone", ""),
        state=raw.get("State", ""),
        size_gb=int(raw.get("Size") or 0),
        tags=tags_of(raw.get("Tags")),
    )


def tag_disk(aws: Aws, id_: str, tag: tuple[str, str]) -> None:
    """Put a tag on an EBS volume.

    Raises:
        ReadFailed: AWS refused.
    """
    call(aws, op.CREATE_TAGS, Resources=[id_], Tags=[{"Key": tag[0], "Value": tag[1]}])


def delete_disk(aws: Aws, id_: str) -> None:
    """Delete an EBS volume with all that is on it.

    Raises:
        ReadFailed: AWS refused, for instance because it is attached.
    """
    call(aws, op.DELETE_VOLUME, VolumeId=id_)
