"""Where a deployment keeps what agents and sessions stored, as AWS names it."""

from __future__ import annotations

from dataclasses import dataclass

from ash_ops.aws import cloudformation
from ash_ops.aws.client.session import Aws
from ash_ops.aws.operate.backups import DATABASE, DISK, FILES
from ash_ops.deploy.losses import EPHEMERAL, ROOT_DISK, data_home
from ash_ops.errors import OpsError
from ash_ops.facts.stacks import Stack

_TYPES = {
    "AWS::EFS::FileSystem": FILES,
    "AWS::EC2::Volume": DISK,
    "AWS::RDS::DBInstance": DATABASE,
}
_ATTACHED = {"FileSystemId": FILES, "DataVolumeId": DISK}
_OF_STACK = {  # how an ARN is made of the id, where a call asks for one
    FILES: "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{id}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place.

    Attributes:
        kind: ``file system``, ``disk`` or ``database``.
        id: as its service names it.
        arn: likewise, where a call asks for it; empty elsewhere.
    """

    kind: str
    id: str
    arn: str = ""


def sources(aws: Aws, stack: Stack) -> tuple[Source, ...]:
    """The file system, disk and database of a deployment, its own or attached.

    Raises:
        OpsError: it keeps nothing that could be copied.
        ReadFailed: its resources could not be read.
    """
    there = [r for r in cloudformation.resources(aws, stack.id) if r.status != "DELETE_COMPLETE"]
    home = data_home(
        stack.parameters, [r.type for r in there], stack.outputs.get("Mode", "standalone")
    )
    if home in (EPHEMERAL, ROOT_DISK):
        raise OpsError(
            "There is nothing that could be backed up",
            f"/data is {home}, of which AWS makes no copies",
            "`ash-ops deploy --efs` keeps it on a file system from then on.",
        )
    own = [(_TYPES[r.type], r.physical_id) for r in there if r.type in _TYPES and r.physical_id]
    attached = [
        (kind, stack.parameters[name])
        for name, kind in _ATTACHED.items()
        if stack.parameters.get(name)
    ]
    return tuple(
        Source(kind=kind, id=id_, arn=_arn(stack, kind, id_))
        for kind, id_ in dict.fromkeys((*own, *attached))
    )


def _arn(stack: Stack, kind: str, id_: str) -> str:
    _, partition, _, region, account, *_ = [*stack.id.split(":"), "", "", "", "", ""]
    pattern = _OF_STACK.get(kind, "")
    return pattern.format(partition=partition, region=region, account=account, id=id_)
