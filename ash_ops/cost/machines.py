"""The EC2 machines and disks of a deployment: those that are there, and those that are wanted.

Machines are found in three ways that must agree: by the cluster, by the deployment's tag, and by its Auto
Scaling groups. A group bills what it is told to run, whether an instance is just being replaced or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ash_ops.aws import ec2
from ash_ops.aws.calls import Answer
from ash_ops.aws.client.session import Aws
from ash_ops.aws.machines import hosts
from ash_ops.facts.hosts import LaunchTemplateData, LaunchTemplateReference, ScalingGroup
from ash_ops.facts.usage import Instance
from ash_ops.names import Deployment

_NOT_RUNNING = frozenset({"shutting-down", "terminated", "stopping", "stopped"})


@dataclass(frozen=True, slots=True)
class Found:
    """The machines, and the volumes that belong to them."""

    instances: tuple[Instance, ...] = ()
    volumes: frozenset[str] = field(default_factory=frozenset)


def groups_of(aws: Aws, deployment: Deployment) -> tuple[ScalingGroup, ...]:
    """The Auto Scaling groups that carry the deployment's tag.

    Raises:
        ReadFailed: they could not be read.
    """
    return tuple(group for group in hosts.scaling_groups(aws) if _is_own(group, deployment))


def running(aws: Aws, deployment: Deployment, groups: Sequence[ScalingGroup]) -> Found:
    """The machines of a deployment; those that its groups want and that are not there yet as well.

    Raises:
        ReadFailed: one of the ways to find them failed.
    """
    raw = _instances(aws, deployment)
    members = {one.instance_id: group for group in groups for one in group.instances}
    templates = _Templates(aws)
    there = [_instance(aws, one, members.get(one["InstanceId"]), templates) for one in raw]
    present = {one["InstanceId"] for one in raw}
    coming = [one for group in groups for one in _coming(group, present, templates)]
    volumes = frozenset(id_ for one in raw for id_ in _volume_ids(one))
    return Found((*there, *coming), volumes)


def other_disks(aws: Aws, deployment: Deployment, of_instances: Iterable[str]) -> int:
    """GB of the volumes that carry the deployment's tag and are not among its machines' own.

    Raises:
        ReadFailed: they could not be read.
    """
    own = {disk.id: disk.size_gb for disk in ec2.tagged_disks(aws, deployment.tag)}
    return sum(own[id_] for id_ in own.keys() - set(of_instances))


def _is_own(group: ScalingGroup, deployment: Deployment) -> bool:
    key, value = deployment.tag
    return any((tag.key, tag.value) == (key, value) for tag in group.tags)


def _instances(aws: Aws, deployment: Deployment) -> list[Answer]:
    """Those of the cluster and those with the tag, each once, that run or are about to."""
    machines = hosts.cluster_instances(aws, deployment.cluster)
    ids = [found.ec2_instance_id for found in machines if found.ec2_instance_id]
    found = (*ec2.instances(aws, ids), *ec2.instances_tagged(aws, deployment.tag))
    once = {one["InstanceId"]: one for one in found}
    return [one for one in once.values() if _state(one) not in _NOT_RUNNING]


def _state(one: Answer) -> str:
    return str((one.get("State") or {}).get("Name", ""))


def _volume_ids(one: Answer) -> list[str]:
    mappings = one.get("BlockDeviceMappings") or ()
    return [mapping["Ebs"]["VolumeId"] for mapping in mappings if "Ebs" in mapping]


class _Templates:
    """Launch templates, each read once."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._read: dict[LaunchTemplateReference, LaunchTemplateData | None] = {}

    def of(self, group: ScalingGroup | None) -> LaunchTemplateData | None:
        """What a group starts; ``None`` where it has no template of its own."""
        reference = group.launch_template if group else None
        if reference is None:
            return None
        if reference not in self._read:
            self._read[reference] = ec2.launch_template(self._aws, reference)
        return self._read[reference]


def _instance(
    aws: Aws, found: Answer, group: ScalingGroup | None, templates: _Templates
) -> Instance:
    volumes = _volume_ids(found)
    if volumes:
        size: int | None = ec2.volumes_gb(aws, volumes)
    else:
        # One that has only been asked for has no volumes yet: its template says which it gets.
        template = templates.of(group)
        size = template.disk_gb if template else None
    return Instance(
        instance_type=found["InstanceType"],
        spot=found.get("InstanceLifecycle") == "spot",
        volume_gb=size,
        public=bool(found.get("PublicIpAddress")),
        arch=found.get("Architecture", "x86_64"),
        managed=_is_managed(found),
    )


def _is_managed(found: Answer) -> bool:
    """Whether ECS operates it: EC2 says so, and so does the tag that ECS sets on what it starts itself."""
    tags = {tag["Key"]: tag.get("Value") for tag in found.get("Tags") or ()}
    operated = (found.get("Operator") or {}).get("Managed")
    # ECS puts the tag on the Auto Scaling groups of its capacity providers as well, and they on theirs.
    in_group = "aws:autoscaling:groupName" in tags
    return bool(operated) or (tags.get("AmazonECSManaged") == "true" and not in_group)


def _coming(group: ScalingGroup, present: set[str], templates: _Templates) -> Sequence[Instance]:
    """What a group wants and has not got."""
    there = sum(one.instance_id in present for one in group.instances)
    missing = (group.desired_capacity or 0) - there
    template = (templates.of(group) if missing > 0 else None) or LaunchTemplateData()
    one = Instance(
        instance_type=template.instance_type or "of a type not told",
        spot=template.is_spot,
        volume_gb=template.disk_gb,
        public=template.is_public,
        arch="",
    )
    return [one] * missing
