"""EBS volumes: the disk that an EC2 deployment keeps ``/data`` on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call, pages
from ash_ops.aws.session import Aws
from ash_ops.errors import ReadFailed

_GOING = ("deleting", "deleted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A volume; it can be attached to instances of its own zone only."""

    id: str
    zone: str
    state: str
    tags: Mapping[str, str] = field(default_factory=dict)


def volumes_tagged(aws: Aws, tag: tuple[str, str]) -> Iterator[Volume]:
    """The volumes that carry a tag.

    Raises:
        ReadFailed: they could not be read.
    """
    filters = [{"Name": f"tag:{tag[0]}", "Values": [tag[1]]}]
    for page in pages(aws, op.DESCRIBE_VOLUMES, Filters=filters):
        for raw in page.get("Volumes") or ():
            volume = _volume(raw)
            # Compared here once more: an endpoint that ignores the filter would name every volume.
            if volume.tags.get(tag[0]) == tag[1] and volume.state not in _GOING:
                yield volume


def find_volume(aws: Aws, id_: str) -> Volume | None:
    """The volume of an id; ``None`` when there is none, or it is being deleted.

    Raises:
        ReadFailed: the question could not be answered.
    """
    try:
        found = call(aws, op.DESCRIBE_VOLUMES, VolumeIds=[id_]).get("Volumes") or ()
    except ReadFailed as error:
        if error.kind == "missing":
            return None
        raise
    volumes = (_volume(raw) for raw in found)
    return next((v for v in volumes if v.id == id_ and v.state not in _GOING), None)


def _volume(raw: Mapping[str, Any]) -> Volume:
    return Volume(
        id=raw["VolumeId"],
        zone=raw.get("AvailabilityZone", ""),
        state=raw.get("State", ""),
        tags={tag["Key"]: tag.get("Value", "") for tag in raw.get("Tags") or ()},
    )


def tag_volume(aws: Aws, id_: str, tag: tuple[str, str]) -> None:
    """Put a tag on a volume.

    Raises:
        ReadFailed: AWS refused.
    """
    call(aws, op.CREATE_TAGS, Resources=[id_], Tags=[{"Key": tag[0], "Value": tag[1]}])


def delete_volume(aws: Aws, id_: str) -> None:
    """Delete a volume with all that is on it.

    Raises:
        ReadFailed: AWS refused, for instance because it is attached.
    """
    call(aws, op.DELETE_VOLUME, VolumeId=id_)
