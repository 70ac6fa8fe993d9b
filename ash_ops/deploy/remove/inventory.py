"""What there is to remove of a deployment, and what is there under its names and not ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from ash_ops.aws import cloudformation
from ash_ops.aws.client.session import Aws
from ash_ops.aws.ec2 import tagged_disks
from ash_ops.aws.logs import find_log_group, tag_log_group
from ash_ops.aws.secrets import StoredSecret, find_secret, tag_secret
from ash_ops.aws.storage import database_snapshots, file_systems
from ash_ops.deploy.deletion_policy import goes_with_the_stack
from ash_ops.deploy.keep.points import NONE, Copies, copies
from ash_ops.deploy.losses import EPHEMERAL, INSTANCES, ROOT_DISK, STATEFUL, data_home
from ash_ops.deploy.ownership import (
    Claims,
    FoundResource,
    NotOurs,
    could_tell,
    found_secret,
    own_log_groups,
    why_not_ours,
)
from ash_ops.deploy.plan.foreign_workloads import ForeignWorkloads, find_foreign_workloads
from ash_ops.errors import ReadFailed
from ash_ops.facts.stacks import Stack, StackResource
from ash_ops.facts.tagged import DatabaseSnapshot, OwnLogGroup
from ash_ops.names import Deployment

_T = TypeVar("_T")
FILES = "file system"
DISK = "disk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What there is to remove.

    Attributes:
        data: file systems and disks that outlive the stack, with what agents stored.
        logs: log groups that the stack does not take along.
        foreign_workloads: what others started in the stack's cluster.
        foreign: what is there under the deployment's names and stays, for it is not ours.
        copies: of AWS Backup, EC2 and RDS; they outlive everything else.
        lost: data that the deletion of the stack takes along, a sentence each.
        lost_ids: the physical ids of what is lost.
    """

    stack: Stack | None
    resources: tuple[StackResource, ...]
    secret: StoredSecret | None
    data: tuple[FoundResource, ...]
    logs: tuple[OwnLogGroup, ...]
    foreign_workloads: ForeignWorkloads
    foreign: tuple[FoundResource, ...]
    copies: Copies = NONE
    lost: tuple[str, ...] = ()
    lost_ids: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing of ours is there."""
        return not (self.stack or self.secret or self.data or self.logs)

    @property
    def beside(self) -> tuple[FoundResource, ...]:
        """The file systems and disks that the deletion of the stack leaves."""
        return tuple(resource for resource in self.data if resource.name not in self.lost_ids)

    @property
    def ends_with_its_tasks(self) -> bool:
        """Whether ``/data`` is inside the task."""
        if self.stack is None:
            return False
        types = [resource.type for resource in self.resources]
        mode = self.stack.outputs.get("Mode", "standalone")
        return bool(types) and data_home(self.stack.parameters, types, mode) == EPHEMERAL

    @property
    def databases(self) -> frozenset[str]:
        """The stack's databases: a final snapshot is known by them."""
        found = (r.physical_id for r in self.resources if r.type == "AWS::RDS::DBInstance")
        return frozenset(id_ for id_ in found if id_)


def take_inventory(claims: Claims, *, secret_now: bool = False) -> Stock:
    """Look what is there, and whose it is.

    Args:
        claims: whose what is.
        secret_now: whether a secret that waits for its deletion is to go too.

    Raises:
        NotOurs: the stack is somebody else's and was not adopted.
        Inconclusive: whose the stack or the secret is may not be read.
    """
    aws = claims.aws
    stack = claims.stack()
    resources = cloudformation.resources(aws, stack.id) if stack else ()
    foreign: list[FoundResource] = []
    secret = _secret(claims, foreign, waiting=secret_now)
    logs = _readable(lambda: _logs(claims, resources, foreign))
    going = _going(claims, stack, resources) if stack else []
    return Stock(
        stack=stack,
        resources=resources,
        secret=secret,
        data=_readable(lambda: _files(aws, claims.names)) + _readable(lambda: _disks(claims)),
        logs=logs,
        foreign_workloads=_foreign_workloads(claims) if stack else ForeignWorkloads(),
        foreign=tuple(foreign),
        copies=copies(aws, claims.names),
        lost=tuple(_losses(stack, resources, going)) if stack else (),
        lost_ids=frozenset(item.physical_id or "" for item in going),
    )


def _going(claims: Claims, stack: Stack, resources: Sequence[StackResource]) -> list[StackResource]:
    with could_tell(f"the data in {stack.name}"):
        return goes_with_the_stack(claims.aws, stack, resources)


def _losses(
    stack: Stack, resources: Sequence[StackResource], going: Iterable[StackResource]
) -> Iterator[str]:
    """What is lost with the stack, whatever becomes of file systems and disks beside it."""
    for item in going:
        yield (
            f"{item.logical_id} ({item.physical_id}) goes with the stack, whose template does not "
            f"keep it: {STATEFUL[item.type]} are lost."
        )
    types = [item.type for item in resources if item.status != "DELETE_COMPLETE"]
    home = data_home(stack.parameters, types, stack.outputs.get("Mode", "standalone"))
    if home == ROOT_DISK and any(type_ in INSTANCES for type_ in types):
        yield f"/data is {home}: all agents and sessions on it are lost."


def _readable(read: Callable[[], Iterable[_T]]) -> tuple[_T, ...]:
    """What is found; nothing when it may not be read: the second look then says so."""
    try:
        return tuple(read())
    except ReadFailed:
        return ()


def _takes(
    claims: Claims,
    resource: FoundResource,
    tag_it: Callable[[], None],
    foreign: list[FoundResource],
) -> bool:
    """Whether something is ours or was adopted; else it is noted as foreign, and stays."""
    try:
        claims.require(resource, tag_it)
    except NotOurs:
        foreign.append(resource)
        return False
    return True


def _secret(claims: Claims, foreign: list[FoundResource], *, waiting: bool) -> StoredSecret | None:
    aws, names = claims.aws, claims.names
    with could_tell(f"the secret {names.secret}"):
        found = find_secret(aws, names.secret)
    if found is None:
        return None
    resource = found_secret(aws, names, found)
    ours = _takes(claims, resource, lambda: tag_secret(aws, found.arn, names.tag), foreign)
    return found if ours and (waiting or found.deleted_at is None) else None


def _logs(
    claims: Claims, resources: Sequence[StackResource], foreign: list[FoundResource]
) -> Iterator[OwnLogGroup]:
    """Log groups of exactly our names that the stack will not take along."""
    aws, names = claims.aws, claims.names
    in_stack = {resource.physical_id for resource in resources}
    for name in (*own_log_groups(names), names.insights_log_group):
        group = None if name in in_stack else find_log_group(aws, name)
        if group is None:
            continue
        if name == names.insights_log_group and _lists_cluster(resources, names):
            # ECS made it for our cluster, without a tag: given ours, it is known when the cluster
            # and the stack are gone.
            with suppress(ReadFailed):
                tag_log_group(aws, group.arn, names.tag)
            yield group
            continue
        resource = FoundResource(kind="log group", name=name, why=why_not_ours(group.tags, names))
        if _takes(claims, resource, partial(tag_log_group, aws, group.arn, names.tag), foreign):
            yield group


def _lists_cluster(resources: Sequence[StackResource], names: Deployment) -> bool:
    return any(
        r.type == "AWS::ECS::Cluster" and (r.physical_id or "").rsplit("/", 1)[-1] == names.cluster
        for r in resources
    )


def _files(aws: Aws, names: Deployment) -> Iterator[FoundResource]:
    for system in file_systems(aws):
        if not why_not_ours(system.tags, names):
            yield FoundResource(kind=FILES, name=system.id)


def _disks(claims: Claims) -> Iterator[FoundResource]:
    for disk in data_disks(claims.aws, claims.names):
        yield FoundResource(kind=DISK, name=disk)


def data_disks(aws: Aws, names: Deployment) -> Iterator[str]:
    """The disks that hold ``/data``; an instance's root disk carries our tag too, and goes with it.

    Raises:
        ReadFailed: they could not be read.
    """
    for disk in tagged_disks(aws, names.tag):
        if not why_not_ours(disk.tags, names) and disk.tags.get("Name") == f"{names.prefix}-data":
            yield disk.id


def own_snapshots(
    aws: Aws, names: Deployment, databases: frozenset[str]
) -> Iterator[DatabaseSnapshot]:
    """The snapshots of our databases: by our tag, or of a database that our stack listed.

    Raises:
        ReadFailed: they could not be read.
    """
    for snapshot in database_snapshots(aws):
        if snapshot.database in databases or not why_not_ours(snapshot.tags, names):
            yield snapshot


def _foreign_workloads(claims: Claims) -> ForeignWorkloads:
    try:
        return find_foreign_workloads(claims.aws, claims.names)
    except ReadFailed:
        return ForeignWorkloads()  # not to be read: if something is there, the deletion tells


def what_becomes_of_data(stock: Stock, *, delete: bool) -> Iterator[str]:
    """Each place where agents' data is, and whether it goes."""
    yield from (f"  DATA LOSS  {sentence}" for sentence in stock.lost)
    if stock.ends_with_its_tasks:
        yield f"  - {'data':<26} inside the task: agents and sessions end with it"
    for resource in stock.beside:
        if delete:
            yield f"  - {resource.kind:<26} {resource.name}: all agents and sessions on it are lost"
        else:
            yield f"  = {resource.kind:<26} {resource.name}: kept, it holds agents' data (--delete-data)"
    for database in sorted(stock.databases - stock.lost_ids):
        kept = "lost with it" if delete else "kept in a last snapshot (--delete-data)"
        yield f"  - {'data of the database':<26} {database}: {kept}"


def way_back(resource: FoundResource) -> str:
    """The command that uses a kept file system or disk again."""
    if resource.kind == FILES:
        return f"`ash-ops deploy --efs --file-system {resource.name}`"
    return f"`ash-ops deploy --launch-type ec2 --volume {resource.name}`"
