"""A disk or a file system that is kept: it must be there, ours, free, and within reach of the task.

EBS attaches a volume in its own zone, to one instance at a time; EFS takes one mount target a zone, all
in one VPC (AWS: "Amazon EBS volumes", "Managing mount targets").
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.ownership import Claims, NotOurs
from ash_ops.deploy.plan.data_volume import place_data
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.placement import Placement
from ash_ops.deploy.plan.request import Request, read_request
from ash_ops.errors import Inconclusive, OpsError
from ash_ops.facts.network import Subnet
from ash_ops.facts.stacks import StackResource
from ash_ops.names import Deployment
from tests.support.account import ANOTHERS, OURS, Account, Raw
from tests.support.deploying import User, settings_of

FILES, DISK = "fs-0123456789abcdef0", "vol-0123456789abcdef0"
EFS = DeployOptions(efs=True, file_system=FILES)
EC2 = DeployOptions(launch_type="ec2", volume=DISK)
SUBNETS = tuple(
    Subnet(subnet_id=f"subnet-{zone}", vpc_id="vpc-1", availability_zone=f"us-east-1{zone}")
    for zone in "ab"
)
HERE = Placement(vpc="vpc-1", balancer_subnets=SUBNETS, task_subnets=SUBNETS, tables=())


def file_system(**more: Any) -> Raw:
    return {"FileSystemId": FILES, "LifeCycleState": "available", "Tags": OURS, **more}


def disk(zone: str = "us-east-1a", **more: Any) -> Raw:
    told = {"VolumeId": DISK, "AvailabilityZone": zone, "State": "available", "Size": 50}
    return {**told, "Tags": OURS, **more}


def target(zone: str, vpc: str = "vpc-1", **more: Any) -> Raw:
    return {
        "MountTargetId": "fsmt-1",
        "FileSystemId": FILES,
        "VpcId": vpc,
        "SubnetId": "subnet-9",
        "AvailabilityZoneName": zone,
        "LifeCycleState": "available",
        **more,
    }


class World:
    """An account with what is to be attached, and whoever deploys."""

    def __init__(self, aws: Aws) -> None:
        self.aws, self.user, self.account = aws, User(), Account({})
        self.answers = self.account.answers
        self.account.serve(aws)

    def have(self, *things: Raw, targets: tuple[Raw, ...] = ()) -> None:
        self.answers["DescribeFileSystems"] = {
            "FileSystems": [thing for thing in things if "FileSystemId" in thing]
        }
        self.answers["DescribeVolumes"] = {
            "Volumes": [thing for thing in things if "VolumeId" in thing]
        }
        self.answers["DescribeMountTargets"] = {"MountTargets": list(targets)}

    def place(
        self,
        options: DeployOptions,
        *own: StackResource,
        before: dict[str, str] | None = None,
        placement: Placement = HERE,
        **claims: Any,
    ) -> Request:
        request = replace(read_request(settings_of(), options), previous=before or {})
        asks = Claims(aws=self.aws, names=Deployment(), dialogue=self.user, **claims)
        return place_data(asks, request, placement, own)

    def looks(self) -> list[str]:
        return [name for name, _ in self.account.calls]


@pytest.fixture
def world(aws: Aws) -> World:
    return World(aws)


def refused(world: World, options: DeployOptions, *own: StackResource) -> OpsError:
    with pytest.raises(OpsError) as caught:
        world.place(options, *own)
    assert world.user.asked == []
    return caught.value


def test_a_file_system_that_is_ours_and_mounted_nowhere_is_taken(world: World) -> None:
    world.have(file_system())
    assert world.place(EFS).given["FileSystemId"] == FILES
    assert world.looks() == ["DescribeFileSystems", "DescribeMountTargets"]


@pytest.mark.parametrize(
    "options",
    [DeployOptions(), DeployOptions(efs=True)],
)
def test_where_nothing_is_to_be_attached_nothing_is_asked(
    world: World, options: DeployOptions
) -> None:
    world.have()
    asked = read_request(settings_of(), options)
    assert world.place(options) == asked
    assert world.looks() == []


@pytest.mark.parametrize(
    ("options", "parameter", "id_"),
    [(EFS, "FileSystemId", FILES), (EC2, "DataVolumeId", DISK)],
)
def test_what_is_attached_already_is_not_looked_at_again(
    world: World, options: DeployOptions, parameter: str, id_: str
) -> None:
    world.have()
    before = {parameter: id_, "DataZone": "us-east-1b"}
    assert world.place(options, before=before).given[parameter] == id_
    assert world.looks() == []


@pytest.mark.parametrize(
    ("options", "what", "advice"),
    [
        (EFS, f"There is no file system {FILES} in us-east-1", "efs describe-file-systems"),
        (EC2, f"There is no volume {DISK} in us-east-1", "ec2 describe-volumes"),
    ],
)
@pytest.mark.parametrize("gone", [False, True])
def test_what_is_not_there_or_on_its_way_out_is_refused(
    world: World, options: DeployOptions, what: str, advice: str, gone: bool
) -> None:
    if gone:
        world.have(file_system(LifeCycleState="deleting"), disk(State="deleting"))
    else:
        world.have()
    error = refused(world, options)
    assert error.what == what
    assert f"`aws {advice}` lists them" in error.next_step
    assert "does not know it in this account and region" in error.why


@pytest.mark.parametrize(
    ("options", "type_", "id_", "option"),
    [
        (EFS, "AWS::EFS::FileSystem", FILES, "--file-system"),
        (EC2, "AWS::EC2::Volume", DISK, "--volume"),
    ],
)
def test_the_stacks_own_cannot_be_named_as_anothers(
    world: World, options: DeployOptions, type_: str, id_: str, option: str
) -> None:
    world.have(file_system(), disk())
    own = StackResource(logical_id="Data", physical_id=id_, type=type_, status="CREATE_COMPLETE")
    error = refused(world, options, own)
    assert error.what == f"{id_} is this deployment's own already"
    assert error.next_step == f"Leave {option} out: it stays where it is."
    assert world.looks() == []


@pytest.mark.parametrize("options", [EFS, EC2])
def test_anothers_is_left_alone_and_adopted_only_when_both_were_said(
    world: World, options: DeployOptions
) -> None:
    world.have(file_system(Tags=ANOTHERS), disk(Tags=ANOTHERS))
    with pytest.raises(NotOurs, match="not ours"):
        world.place(options)
    world.user.answers = [False]
    with pytest.raises(NotOurs):
        world.place(options, adopt=True)
    assert {"TagResource", "CreateTags"}.isdisjoint(world.looks())
    world.user.answers = [True]
    world.place(options, adopt=True)
    (tagging,) = world.account.asked("TagResource" if options is EFS else "CreateTags")
    assert tagging["Tags"] == OURS
    kind, id_ = ("file system", FILES) if options is EFS else ("disk", DISK)
    assert world.user.asked[-1].startswith(f"The {kind} {id_} is not ours: ")


def test_a_plan_that_only_looks_tags_nothing(world: World) -> None:
    world.have(disk(Tags=ANOTHERS))
    world.user.answers = [True]
    world.place(EC2, adopt=True, look_only=True)
    assert "CreateTags" not in world.looks()


@pytest.mark.parametrize(
    ("options", "call", "what", "action"),
    [
        (EFS, "DescribeFileSystems", "the file system", "elasticfilesystem:DescribeFileSystems"),
        (EC2, "DescribeVolumes", "the disk", "ec2:DescribeVolumes"),
    ],
)
def test_whose_it_is_may_not_be_read(
    world: World, options: DeployOptions, call: str, what: str, action: str
) -> None:
    world.answers[call] = "AccessDeniedException"
    with pytest.raises(Inconclusive, match=f"Whose {what} ") as caught:
        world.place(options)
    assert f"Allow {action} " in caught.value.next_step


def test_a_file_system_of_one_zone_is_no_place_for_a_task_that_may_start_in_two(
    world: World,
) -> None:
    world.have(file_system(AvailabilityZoneName="us-east-1a"))
    error = refused(world, EFS)
    assert error.what == f"{FILES} cannot be attached"
    assert "it lives in the zone us-east-1a alone" in error.why
    assert "regional file system" in error.next_step


@pytest.mark.parametrize(
    ("mounted", "why"),
    [
        (target("us-east-1a"), "it has a mount target in us-east-1a already (fsmt-1)"),
        (target("us-east-1c", "vpc-2"), "it is mounted in vpc-2 (fsmt-1), the task is in vpc-1"),
        (target("us-east-1a", "vpc-2"), "it is mounted in vpc-2 (fsmt-1), the task is in vpc-1"),
        (target("us-east-1c"), None),
        (target("us-east-1c", ""), None),
        (target("us-east-1a", LifeCycleState="deleted"), None),
    ],
)
def test_a_mount_target_is_in_the_way_in_a_zone_of_the_task_or_in_another_vpc(
    world: World, mounted: Raw, why: str | None
) -> None:
    world.have(file_system(), targets=(target("us-east-1f"), mounted))
    if why is None:
        assert world.place(EFS).given["FileSystemId"] == FILES
        return
    error = refused(world, EFS)
    assert error.what == f"{FILES} cannot be attached"
    assert error.why.startswith(why)
    assert "`aws efs delete-mount-target --mount-target-id fsmt-1`" in error.next_step


def test_the_stacks_own_mount_target_is_in_nobodys_way(world: World) -> None:
    world.have(file_system(), targets=(target("us-east-1a"),))
    own = StackResource(
        logical_id="MountTargetA",
        physical_id="fsmt-1",
        type="AWS::EFS::MountTarget",
        status="CREATE_COMPLETE",
    )
    assert world.place(EFS, own).given["FileSystemId"] == FILES


@pytest.mark.parametrize("zone", ["a", "b"])
def test_the_instance_goes_to_the_zone_of_the_disk(world: World, zone: str) -> None:
    world.have(disk(f"us-east-1{zone}"))
    given = world.place(EC2).given
    assert (given["DataZone"], given["DataSubnetId"]) == (f"us-east-1{zone}", f"subnet-{zone}")


def test_a_new_disk_goes_to_the_first_subnet_and_stays_in_its_zone_ever_after(
    world: World,
) -> None:
    plain = DeployOptions(launch_type="ec2")
    assert world.place(plain).given["DataSubnetId"] == "subnet-a"
    given = world.place(plain, before={"DataZone": "us-east-1b"}).given
    assert (given["DataZone"], given["DataSubnetId"]) == ("us-east-1b", "subnet-b")


def test_another_disk_than_before_is_followed_to_its_zone(world: World) -> None:
    world.have(disk("us-east-1b"))
    before = {"DataZone": "us-east-1a", "DataVolumeId": "vol-old"}
    assert world.place(EC2, before=before).given["DataZone"] == "us-east-1b"


def test_a_disk_in_no_zone_of_the_task_is_refused_with_the_way_to_move_it(world: World) -> None:
    world.have(disk("us-east-1f"))
    everywhere = tuple(
        structs.replace(
            SUBNETS[0], subnet_id=f"subnet-{zone}", availability_zone=f"us-east-1{zone}"
        )
        for zone in "ecbda"
    )
    with pytest.raises(OpsError) as caught:
        world.place(EC2, placement=replace(HERE, task_subnets=everywhere))
    error, zones = caught.value, ", ".join(f"us-east-1{zone}" for zone in "abcde")
    where = f"us-east-1f, and the task's subnets are in {zones}"
    assert error.what == f"The disk with /data is in {where}"
    assert error.why == "a disk can be attached in its own zone only"
    assert "Name a subnet in us-east-1f with --task-subnets" in error.next_step


@pytest.mark.parametrize("state", ["in-use", "creating", "error"])
def test_a_disk_that_is_not_free_is_refused_as_what_it_is(world: World, state: str) -> None:
    world.have(disk(State=state))
    error = refused(world, EC2)
    assert error.what == f"{DISK} cannot be attached"
    assert error.why == f"it is {state}: a disk is attached to one instance at a time"
    assert error.next_step == "Detach it from the other instance first."
