"""What options add to the calls that a command makes itself."""

from __future__ import annotations

from collections.abc import Iterable

from ash_ops.aws import operations as op
from ash_ops.iam.calls import Need, of_scopes

WHOSE: tuple[Need, ...] = (
    Need(sid="WhoseIsIt", actions=(op.DESCRIBE_EC2_TAGS.action,)),
    Need(
        sid="WhoseLogs",
        actions=(op.LOGS_LIST_TAGS.action,),
        resources=op.LOGS_LIST_TAGS.scope.resources,
    ),
    Need(
        sid="WhoseRole",
        actions=(op.LIST_STACK_RESOURCES.action,),
        resources=op.LIST_STACK_RESOURCES.scope.resources,
    ),
)
"""What ``doctor --fix`` asks before a repair: only what is ours is changed."""

_ADOPTING = (
    op.CREATE_TAGS,
    op.EFS_TAG_RESOURCE,
    op.LOGS_TAG_RESOURCE,
    op.SECRETS_TAG_RESOURCE,
)
ADOPT: tuple[Need, ...] = (Need(sid="Adopt", actions=tuple(o.action for o in _ADOPTING)),)
"""What ``--adopt`` may call: it makes a thing ours, so it is in no policy but ``--with adopt``."""

_FITTING = (op.DESCRIBE_INSTANCE_TYPES, op.DESCRIBE_INSTANCE_TYPE_OFFERINGS)
FITS: tuple[Need, ...] = (Need(sid="Fits", actions=tuple(o.action for o in _FITTING)),)
"""Whether an instance type is there and holds the task: ``--with ec2``, ``managed``."""

_LOOKING = (op.DESCRIBE_VOLUMES, op.DESCRIBE_FILE_SYSTEMS, op.DESCRIBE_MOUNT_TARGETS)
KEPT: tuple[Need, ...] = (Need(sid="Kept", actions=tuple(o.action for o in _LOOKING)),)
"""Looking at a file system or disk that is kept, to be attached again: ``--with efs``, ``ec2``."""

_NAMING = (op.LIST_HOSTED_ZONES, op.GET_HOSTED_ZONE, op.LIST_RECORD_SETS)
ZONES: tuple[Need, ...] = (Need(sid="Zones", actions=tuple(o.action for o in _NAMING)),)
"""Which hosted zone holds the domain, and what is in it already: ``--with domain``."""

_WAKING = {
    "ec2": (op.UPDATE_AUTO_SCALING_GROUP, op.DESCRIBE_AUTO_SCALING_GROUPS),
    "multi-machine": (
        op.UPDATE_AUTO_SCALING_GROUP,
        op.DESCRIBE_AUTO_SCALING_GROUPS,
        op.DESCRIBE_DB_INSTANCES,
        op.START_DB_INSTANCE,
    ),
}


def wakes(options: Iterable[str]) -> tuple[Need, ...]:
    """Starting what was stopped before it is changed: machines and a database, where there are any."""
    made = dict.fromkeys(o for option in options for o in _WAKING.get(option, ()))
    return of_scopes(made, "Wake")
