"""The machines of a deployment: those of the cluster, those with its tag, those its groups want."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ash_ops.aws import ec2
from ash_ops.aws.client.session import Aws
from ash_ops.aws.machines import hosts
from ash_ops.cost.machines import groups_of, other_disks, running
from ash_ops.facts.hosts import ContainerInstance, LaunchTemplateData, ScalingGroup
from ash_ops.facts.model import fact_of
from ash_ops.facts.tagged import Disk
from ash_ops.names import Deployment
from tests.ash_ops.cost.conftest import BillingAws

NAMES = Deployment("blue")
TEMPLATE = {
    "InstanceType": "c7g.large",
    "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 30}}],
    "NetworkInterfaces": [{"AssociatePublicIpAddress": True}],
}
World = Callable[..., Aws]


def machine(number: str, *, volumes: tuple[str, ...] = (), state: str = "running") -> Any:
    mapped = [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": volume}} for volume in volumes]
    return {
        "InstanceId": number,
        "InstanceType": "m6i.large",
        "State": {"Name": state},
        "BlockDeviceMappings": mapped,
    }


def group(*members: str, desired: int, template: bool = True) -> ScalingGroup:
    return fact_of(
        ScalingGroup,
        {
            "AutoScalingGroupName": "blue",
            "DesiredCapacity": desired,
            "Instances": [{"InstanceId": member} for member in members],
            **(
                {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "3"}} if template else {}
            ),
        },
    )


@pytest.fixture
def world(fake_aws: BillingAws, monkeypatch: pytest.MonkeyPatch) -> World:
    """What AWS has: machines by how they are found, and volumes of 40 GB each."""

    def build(*, of_cluster: tuple[Any, ...] = (), tagged: tuple[Any, ...] = ()) -> Aws:
        ids = tuple(ContainerInstance(ec2_instance_id=one["InstanceId"]) for one in of_cluster)
        template = fact_of(LaunchTemplateData, TEMPLATE)
        monkeypatch.setattr(hosts, "cluster_instances", lambda *_: ids)
        monkeypatch.setattr(ec2, "instances", lambda *_: list(of_cluster))
        monkeypatch.setattr(ec2, "instances_tagged", lambda *_: list(tagged))
        monkeypatch.setattr(ec2, "volumes_gb", lambda _, volumes: 40 * len(volumes))
        monkeypatch.setattr(ec2, "launch_template", lambda *_: template)
        return fake_aws.session()

    return build


def test_a_machine_that_has_not_joined_the_cluster_is_counted(world: World) -> None:
    found = running(world(tagged=(machine("i-1", volumes=("vol-1",)),)), NAMES, ())
    assert [(one.instance_type, one.volume_gb) for one in found.instances] == [("m6i.large", 40)]


def test_one_that_is_found_twice_is_counted_once(world: World) -> None:
    one = machine("i-1", volumes=("vol-1", "vol-2"))
    found = running(world(of_cluster=(one,), tagged=(one,)), NAMES, ())
    assert [each.volume_gb for each in found.instances] == [80]
    assert found.volumes == {"vol-1", "vol-2"}


def test_what_a_group_wants_and_has_not_got_is_what_its_template_starts(world: World) -> None:
    here = machine("i-1", volumes=("vol-1",))
    found = running(world(tagged=(here,)), NAMES, (group("i-1", "i-2", desired=3),))
    kinds = [(one.instance_type, one.volume_gb, one.public) for one in found.instances]
    assert kinds == [("m6i.large", 40, False), *[("c7g.large", 30, True)] * 2]


def test_what_a_group_without_a_template_wants_is_not_left_out(world: World) -> None:
    found = running(world(), NAMES, (group(desired=1, template=False),))
    assert [one.volume_gb for one in found.instances] == [None]


def test_a_machine_that_has_no_disk_yet_gets_the_one_of_its_group(world: World) -> None:
    """EC2 tells of volumes once it has made them; what a group starts, its template says."""
    young, alone = machine("i-1"), machine("i-2")
    found = running(world(tagged=(young, alone)), NAMES, (group("i-1", desired=1),))
    assert [one.volume_gb for one in found.instances] == [30, None]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, (False, False, "x86_64", False)),
        ({"InstanceLifecycle": "spot"}, (True, False, "x86_64", False)),
        ({"InstanceLifecycle": "scheduled"}, (False, False, "x86_64", False)),
        ({"PublicIpAddress": "192.0.2.1"}, (False, True, "x86_64", False)),
        ({"Architecture": "arm64"}, (False, False, "arm64", False)),
        ({"Operator": {"Managed": True}}, (False, False, "x86_64", True)),
        ({"Tags": [{"Key": "AmazonECSManaged", "Value": "true"}]}, (False, False, "x86_64", True)),
        (
            {"Tags": [{"Key": "AmazonECSManaged", "Value": "true"}, {"Key": "aws:autoscaling:groupName"}]},
            (False, False, "x86_64", False),
        ),
        ({"State": None}, (False, False, "x86_64", False)),
    ],
)  # fmt: skip
def test_a_machine_is_billed_as_ec2_tells_of_it(
    world: World, more: dict[str, Any], told: tuple[Any, ...]
) -> None:
    one = {**machine("i-1", volumes=("vol-1",)), **more}
    (found,) = running(world(tagged=(one,)), NAMES, ()).instances
    assert (found.spot, found.public, found.arch, found.managed) == told


@pytest.mark.parametrize("state", ["shutting-down", "stopping", "stopped", "terminated"])
def test_one_on_its_way_out_is_wanted_anew_by_its_group(world: World, state: str) -> None:
    leaving = machine("i-1", state=state)
    found = running(world(tagged=(leaving,)), NAMES, (group("i-1", desired=1),))
    assert [one.instance_type for one in found.instances] == ["c7g.large"]


@pytest.mark.parametrize("wanted", [{}, {"DesiredCapacity": None}, {"DesiredCapacity": 0}])
def test_a_group_that_wants_none_or_does_not_say_bills_none(
    world: World, wanted: dict[str, Any]
) -> None:
    none = fact_of(ScalingGroup, {"AutoScalingGroupName": "blue", "Instances": [], **wanted})
    assert running(world(), NAMES, (none,)).instances == ()


def test_a_group_that_has_more_than_it_wants_is_billed_for_what_there_is(world: World) -> None:
    here = tuple(machine(f"i-{n}", volumes=(f"vol-{n}",)) for n in range(3))
    found = running(world(tagged=here), NAMES, (group("i-0", "i-1", "i-2", desired=1),))
    assert [one.instance_type for one in found.instances] == ["m6i.large"] * 3


def test_a_group_is_ours_by_key_and_value_of_its_tag(
    fake_aws: BillingAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tagged(*pairs: tuple[str, str]) -> ScalingGroup:
        rows = [{"Key": key, "Value": value} for key, value in pairs]
        return fact_of(ScalingGroup, {"AutoScalingGroupName": str(pairs), "Tags": rows})

    ours = tagged(("Name", "x"), ("ash:deployment", "blue"))
    others = (tagged(("ash:deployment", "green")), tagged(("Name", "blue")), tagged())
    monkeypatch.setattr(hosts, "scaling_groups", lambda _: (others[0], ours, *others[1:]))
    assert groups_of(fake_aws.session(), NAMES) == (ours,)


def test_a_machine_that_stops_is_not_counted(world: World) -> None:
    gone = (machine("i-1", state="terminated"), machine("i-2", state="stopped"))
    assert running(world(tagged=gone), NAMES, ()).instances == ()


def test_disks_with_the_tag_cost_whether_they_are_attached_or_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    disks = [Disk(id="vol-1", size_gb=30), Disk(id="vol-9", size_gb=100)]
    monkeypatch.setattr(ec2, "tagged_disks", lambda *_: iter(disks))
    assert other_disks(world(), NAMES, ["vol-1"]) == 100
