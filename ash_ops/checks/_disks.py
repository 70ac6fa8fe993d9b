"""Steps where a disk is full, or was too small for the image: by what the disk belongs to."""

from __future__ import annotations

from ash_ops.aws import operations as op
from ash_ops.checks._facts import on_ec2, stopped
from ash_ops.checks._findings import ash_command, aws_command, change, deploy_fix, fresh_tasks
from ash_ops.checks._past_the_stack import reopened
from ash_ops.checks.base import Fix, NotApplicable
from ash_ops.checks.network.acl import NFS, acl_of, allows
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import TaskDefinition

_FULL = ("no space left on device", "not enough space", "disk full", "enospc")
# GiB of a Fargate task: what comes with it, and the most there is (AWS documentation, "Fargate
# task ephemeral storage").
_GIVEN, _MOST = 20, 200
_GROUP = "FileSystemSecurityGroup"  # of the mount targets, in the templates
_DATA = "/data"  # where the server keeps its database and its sessions


_LARGER_ON_MANAGED = Fix(
    why="Give the instances a larger disk (storageConfiguration.storageSizeGiB of their capacity "
    "provider): Managed Instances gives it to those that it starts from then on."
)


def too_small_for_the_image(snapshot: Snapshot, text: str) -> list[Fix] | None:
    """Where the image found no room, nothing is wrong with the image; ``None`` for other faults."""
    if not any(words in text.lower() for words in _FULL):
        return None
    if _is_managed(snapshot):
        return [_LARGER_ON_MANAGED, *fresh_tasks(snapshot)]
    if on_ec2(snapshot):
        return [_look(snapshot), *_of_the_host(), *fresh_tasks(snapshot)]
    return _of_the_task(snapshot)


def full(snapshot: Snapshot, _text: str) -> list[Fix] | None:
    """A disk that filled while the server ran, or that left no room to start it."""
    file_system = _file_system_of_data(snapshot.task_definition.value)
    where = ", on the instance's disk" if on_ec2(snapshot) else ""
    first = Fix(why=f"End old sessions: their workspaces are in {_DATA}/sandboxes{where}.")
    if file_system:
        first = _not_efs(file_system)
    if _is_managed(snapshot):
        return [first, _LARGER_ON_MANAGED]
    if on_ec2(snapshot):
        return [first, *_of_the_host()]
    return [first, *([_anew(snapshot)] if file_system else _of_the_task(snapshot))]


def not_mounted(snapshot: Snapshot, text: str) -> list[Fix] | None:
    """A rule that somebody took away is put back; silence is a closed door, and no lack of a permission."""
    shut = reopened(snapshot, (_GROUP,))
    if shut:
        return shut
    said = text.lower()
    if "failed to resolve" in said:
        return _found_again(snapshot)
    if "reason given by server: no such file or directory" in said:
        return [_no_directory(snapshot), *fresh_tasks(snapshot)]
    if "access denied by server" in said:
        return _refused(snapshot)
    if not any(words in said for words in ("timed out", "timeout")):
        return None
    return [
        Fix(
            why=f"TCP {NFS[0]} (NFS) was not answered: the security group of the mount targets must admit it "
            f"from the task's, and each zone needs one.{_perhaps_at_the_edge(snapshot)}"
        )
    ]


def _found_again(snapshot: Snapshot) -> list[Fix] | None:
    """What gives the file system its name again: the VPC's DNS, or a mount target that the stack has lost."""
    named = _names_on(snapshot)
    if named:
        return [named, *fresh_tasks(snapshot)]
    if not _has_its_own(snapshot):
        return None
    why = "The task's zone has no mount target of the stack's file system: one that was deleted is made anew."
    return [deploy_fix(snapshot, why)]


def _refused(snapshot: Snapshot) -> list[Fix] | None:
    """A policy that denies the mount is somebody's decision: whoever made it may take it away."""
    files = _file_system_of_data(snapshot.task_definition.value)
    if not files or not _has_its_own(snapshot):
        return None
    stack, service = snapshot.stack.value, snapshot.service.value
    wanted = stack.outputs.get("TaskDefinitionArn") if stack else None
    if wanted and service and service.runs != wanted:
        why = "Put back what the stack wants: this revision was registered behind its back, and may name another access point."
        return [deploy_fix(snapshot, why)]
    return [
        Fix(
            why="Read the file system's policy. The stack gives it none: where one denies the mount, somebody added it, "
            "and may take it away (`aws efs delete-file-system-policy`). Else the access point that the task names is "
            "not there, or the task role may not elasticfilesystem:ClientMount.",
            command=aws_command(
                snapshot, f"efs describe-file-system-policy --file-system-id {files}"
            ),
        )
    ]


def _has_its_own(snapshot: Snapshot) -> bool:
    """Whether the stack made the file system, and with it the group that only its mount targets are in."""
    return any(each.logical_id == _GROUP for each in snapshot.wanted.value or ())


def _names_on(snapshot: Snapshot) -> Fix | None:
    """EFS is found by a name of the VPC's own DNS, which its DNS hostnames give (EFS user guide, "DNS name")."""
    off = (v for v in snapshot.vpcs.value or () if v.enable_dns_hostnames is False)
    vpc = next(off, None)
    if vpc is None:
        return None
    return change(
        snapshot,
        f"Switch DNS hostnames of {vpc.vpc_id} on: without them the file system's name leads nowhere.",
        op.MODIFY_VPC_ATTRIBUTE,
        VpcId=vpc.vpc_id,
        EnableDnsHostnames={"Value": True},
    )


def _no_directory(snapshot: Snapshot) -> Fix:
    """EFS answered: only the directory that is to be mounted is not there."""
    task = snapshot.task_definition.value
    volumes = (v.efs_volume_configuration for v in (task.volumes if task else ()))
    mounted = next((v for v in volumes if v and v.root_directory not in {None, "/"}), None)
    which = f"{mounted.root_directory} of {mounted.file_system_id}" if mounted else "it"
    return Fix(
        why=f"Make the directory that the volume names, {which}: mount the file system's root where it is reached, "
        "and `mkdir` it. Or let the volume name / or an access point, which makes its own."
    )


def _perhaps_at_the_edge(snapshot: Snapshot) -> str:
    """The network ACLs that would stop it, unless the mount target stands in the task's own subnet."""
    from ash_ops.checks.connection._chain import subnets_of_tasks

    shut: list[str] = []
    try:
        for subnet in subnets_of_tasks(snapshot):
            acl = acl_of(snapshot, subnet)
            if acl is not None and not allows(acl, NFS, egress=True):
                shut.append(f"{acl.network_acl_id} ({subnet.subnet_id})")
    except (CannotTell, NotApplicable):
        return " No network ACL may stand between."
    if not shut:
        return ""
    return f" Network ACL {', '.join(shut)} lets none of it out to another subnet: allow it there."


def _file_system_of_data(task: TaskDefinition | None) -> str | None:
    """The EFS file system on which the server keeps its data, if it does."""
    container = task.container() if task else None
    if task is None or container is None:
        return None
    mounted = {m.source_volume for m in container.mount_points if m.container_path == _DATA}
    volumes = (v.efs_volume_configuration for v in task.volumes if v.name in mounted)
    return next((v.file_system_id for v in volumes if v is not None), None)


def _not_efs(file_system: str) -> Fix:
    """EFS has no size to run out of (AWS documentation, "How Amazon EFS works": it grows and shrinks)."""
    return Fix(
        why=f"{_DATA} is on EFS ({file_system}), which grows by itself: what is full is the disk beside it, "
        "its temporary files first, where SQLite too keeps what does not fit in memory. Read which path the log "
        "names."
    )


def _anew(snapshot: Snapshot) -> Fix:
    facts = snapshot.deployment
    return Fix(
        why=f"A fresh task begins with an empty disk: what is in {_DATA} stays, every running session ends.",
        command=aws_command(
            snapshot,
            f"ecs update-service --cluster {facts.cluster} --service {facts.service} "
            "--force-new-deployment",
        ),
    )


def _is_managed(snapshot: Snapshot) -> bool:
    providers = snapshot.capacity_providers.value or ()
    return on_ec2(snapshot) and any(p.managed_instances_provider for p in providers)


def _look(snapshot: Snapshot) -> Fix:
    """The instance whose disk it is: the tasks that died name it."""
    cluster = snapshot.deployment.cluster
    try:
        arns = [t.container_instance_arn for t in stopped(snapshot) if t.container_instance_arn]
    except CannotTell:
        arns = []
    asked = (
        f"ecs describe-container-instances --cluster {cluster} --container-instances {arns[0]} "
        "--query 'containerInstances[].ec2InstanceId'"
        if arns
        else f"ecs list-container-instances --cluster {cluster}"
    )
    return Fix(
        why="See which instance it is. On it, `docker system df` shows what fills the disk, and "
        "`docker image prune --all` frees what no container uses.",
        command=aws_command(snapshot, asked),
    )


def _of_the_host() -> list[Fix]:
    return [
        Fix(
            why="Or give the instance a larger disk (its launch template's volume, or the data volume) "
            "and have it replaced: the size of a task's own storage counts on Fargate only, and what is "
            "only on the old disk is lost."
        )
    ]


def _of_the_task(snapshot: Snapshot) -> list[Fix]:
    has = _size(snapshot.task_definition.value)
    if has >= _MOST:
        return [
            Fix(why=f"The task's disk has the most there is, {_MOST} GiB: use a smaller image.")
        ]
    return [
        Fix(
            why=f"Give the task more disk: it has {has} GiB, an image needs room packed and unpacked. "
            f"Write the templates out, set EphemeralStorage: {{SizeInGiB: {has + 1} to {_MOST}}} in the "
            "task definition, and give them to `deploy --template`; how much is your decision, for "
            f"what is above {_GIVEN} GiB is billed.",
            command=ash_command(snapshot, "template ash-template"),
        )
    ]


def _size(task: TaskDefinition | None) -> int:
    storage = task.ephemeral_storage if task else None
    return (storage.size_in_gi_b if storage else None) or _GIVEN
