"""Where ``/data`` goes: a kept file system or disk is looked at before it is attached.

A disk lives in one zone, and an instance can attach it in that zone only; so the zone is chosen
once, kept, and the instance put there. A file system has at most one mount target a zone, all of
them in one VPC (EFS, "Managing mount targets").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ash_ops.aws.ec2 import find_disk, tag_disk
from ash_ops.aws.storage import find_file_system, mount_targets, tag_file_system
from ash_ops.deploy.losses import STATEFUL
from ash_ops.deploy.ownership import Claims, FoundResource, could_tell, why_not_ours
from ash_ops.deploy.plan.placement import Placement
from ash_ops.deploy.plan.request import Request
from ash_ops.errors import OpsError
from ash_ops.facts.stacks import StackResource
from ash_ops.facts.tagged import Disk
from ash_ops.template_parameters import MULTI_MACHINE


def place_data(
    claims: Claims, request: Request, placement: Placement, resources: Sequence[StackResource]
) -> Request:
    """The request with the place of ``/data`` in it.

    Args:
        claims: whose what is.
        request: what is wanted.
        placement: the network.
        resources: of the stack that is there, which count as its own.

    Raises:
        NotOurs: what is to be attached is somebody else's and was not adopted.
        OpsError: it is not there, or cannot be reached from the network that was chosen.
        Inconclusive: whose it is may not be read.
    """
    own = {resource.physical_id for resource in resources if resource.type in STATEFUL}
    if keeps_on_files(request):
        wanted = request.given.get("FileSystemId")
        if wanted and wanted != request.previous.get("FileSystemId"):
            _refuse_own(wanted, own, "--file-system")
            _check_file_system(claims, wanted, placement, resources)
        return request
    if not request.is_ec2:
        return request
    wanted = request.given.get("DataVolumeId")
    if wanted and wanted != request.previous.get("DataVolumeId"):
        _refuse_own(wanted, own, "--volume")
    return _with_disk(claims, request, placement)


def _refuse_own(wanted: str, own: set[str | None], option: str) -> None:
    """The stack's own one cannot be attached as another's: the stack would let go of it."""
    if wanted in own:
        raise OpsError(
            f"{wanted} is this deployment's own already",
            "its stack made it and uses it for /data; naming it would take it out of the stack",
            f"Leave {option} out: it stays where it is.",
        )


def keeps_on_files(request: Request) -> bool:
    """Whether ``/data`` is on EFS."""
    return request.effective("UseEfs") == "true" or request.mode == MULTI_MACHINE


def _check_file_system(
    claims: Claims, id_: str, placement: Placement, resources: Sequence[StackResource]
) -> None:
    with could_tell(f"the file system {id_}"):
        found = find_file_system(claims.aws, id_)
    if found is None:
        raise OpsError(
            f"There is no file system {id_} in {claims.aws.region}",
            "EFS does not know it in this account and region",
            "Correct --file-system: `aws efs describe-file-systems` lists them.",
        )
    resource = FoundResource(
        kind="file system", name=id_, why=why_not_ours(found.tags, claims.names)
    )
    claims.require(resource, lambda: tag_file_system(claims.aws, id_, claims.names.tag))
    if found.zone is not None:
        raise OpsError(
            f"{id_} cannot be attached",
            f"it lives in the zone {found.zone} alone (EFS One Zone), and the task may start in two",
            "Copy it to a regional file system first (AWS DataSync, or a backup restored to one).",
        )
    _check_mount_targets(claims, id_, placement, {r.physical_id for r in resources})


def _check_mount_targets(
    claims: Claims, id_: str, placement: Placement, own: set[str | None]
) -> None:
    zones = {subnet.zone for subnet in placement.task_subnets}
    for target in mount_targets(claims.aws, id_):
        if target.id in own:
            continue
        if target.vpc and target.vpc != placement.vpc:
            why = f"it is mounted in {target.vpc} ({target.id}), the task is in {placement.vpc}"
        elif target.zone in zones:
            why = f"it has a mount target in {target.zone} already ({target.id}), and takes one a zone"
        else:
            continue
        raise OpsError(
            f"{id_} cannot be attached",
            why,
            "When nothing uses that mount target any more, delete it "
            f"(`aws efs delete-mount-target --mount-target-id {target.id}`) and run this again.",
        )


def _with_disk(claims: Claims, request: Request, placement: Placement) -> Request:
    """The zone of the disk, and the subnet in it: where the disk is, or where the first subnet is."""
    wanted = request.given.get("DataVolumeId")
    known = request.previous.get("DataZone")
    if wanted and wanted != request.previous.get("DataVolumeId"):
        known = _check_disk(claims, wanted).zone
    zone = known or placement.task_subnets[0].zone
    subnet = next((s for s in placement.task_subnets if s.zone == zone), None)
    if subnet is None:
        zones = ", ".join(sorted({s.zone for s in placement.task_subnets}))
        raise OpsError(
            f"The disk with /data is in {zone}, and the task's subnets are in {zones}",
            "a disk can be attached in its own zone only",
            f"Name a subnet in {zone} with --task-subnets. To move the disk: make a snapshot, a volume "
            "of it in the other zone, and attach that with --volume vol-...",
        )
    given = {**request.given, "DataZone": zone, "DataSubnetId": subnet.subnet_id}
    return replace(request, given=given)


def _check_disk(claims: Claims, id_: str) -> Disk:
    with could_tell(f"the disk {id_}"):
        found = find_disk(claims.aws, id_)
    if found is None:
        raise OpsError(
            f"There is no volume {id_} in {claims.aws.region}",
            "EC2 does not know it in this account and region",
            "Correct --volume: `aws ec2 describe-volumes` lists them.",
        )
    resource = FoundResource(kind="disk", name=id_, why=why_not_ours(found.tags, claims.names))
    claims.require(resource, lambda: tag_disk(claims.aws, id_, claims.names.tag))
    if found.state != "available":
        raise OpsError(
            f"{id_} cannot be attached",
            f"it is {found.state}: a disk is attached to one instance at a time",
            "Detach it from the other instance first.",
        )
    return found
