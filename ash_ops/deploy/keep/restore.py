"""``restore``: a new deployment beside the old one, with what a copy holds.

What is restored is new: a file system, a disk or a database of its own. Nothing that is there is
written over, neither of the deployment that was copied nor of anybody else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from ash_ops.aws import cloudformation
from ash_ops.aws.client.session import Aws
from ash_ops.aws.ec2 import subnets_named, tagged_disks
from ash_ops.aws.iam import caller
from ash_ops.aws.operate import backups
from ash_ops.aws.operate.backups import AUTOMATIC_VAULT, DATABASE, DISK, FILES
from ash_ops.aws.secrets import find_secret, read_values
from ash_ops.aws.storage import file_system_of_token, tag_file_system
from ash_ops.deploy.environment import Environment
from ash_ops.deploy.keep.backup import follow_job
from ash_ops.deploy.keep.points import Copies, age, copies, line_of
from ash_ops.deploy.keep.role import backup_role
from ash_ops.deploy.ownership import Claims, found_secret, why_not_ours
from ash_ops.errors import OpsError, ReadFailed, UsageProblem
from ash_ops.facts.stacks import Stack
from ash_ops.facts.tagged import BackupJob, RecoveryPoint
from ash_ops.names import Deployment
from ash_ops.secret import Secret
from ash_ops.template_parameters import LISTS, SOURCES, in_either

# What the new deployment does not take from the old one as it is: what holds its data, for a copy stands in
# its place; its names in the DNS and whom its alarms call, which are one deployment's; who is let in, told apart below.
_ITS_OWN = frozenset(
    {
        *(
            "FileSystemId",
            "DataVolumeId",
            "DatabaseSnapshotId",
            "SnapshotsBucket",
            "SnapshotsRegion",
        ),
        *("CertificateArn", "Hostname", "DomainName", "HostedZoneId", "AllowedCidr"),
        *("AlarmEmail", "AlarmTopicArn", "AlarmBudget"),
    }
)
_RESTORE_TAG = "ash:restore"
_KEYS = ("ASH_API_KEY", "ASH_CREDENTIAL_KEY", "ASH_INTERNAL_SECRET", "ANTHROPIC_API_KEY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored, as the deployment that is to use it is asked for.

    Attributes:
        wanted: options of ``deploy``, by their names.
        keys: the keys of the deployment that was copied, where they can be read: what its server
            encrypted can be read with them only.
    """

    wanted: Mapping[str, object]
    keys: Mapping[str, Secret]


def restore(
    environment: Environment,
    target: Deployment,
    now: datetime,
    *,
    point: str | None,
    role: str | None,
    plan_only: bool,
) -> Restored | None:
    """Restore a copy for a new deployment.

    Args:
        environment: the world of the deployment that was copied.
        target: the names of the new one.
        now: the time of day, in UTC.
        point: which copy; ``None`` for the newest of each kind.
        role: the ARN of the role that AWS Backup works with; ``None`` for its default.
        plan_only: whether to show what would be restored, and stop.

    Returns:
        What the new deployment is to be made of; ``None`` when it stopped at the plan.

    Raises:
        UsageProblem: the copy, or the new name, cannot be.
        NotOurs: something of the new name is there.
        OpsError: there is no copy, it was declined, or the restore failed.
        KeyboardInterrupt: the user stopped waiting; what goes on was told.
    """
    _require_free(environment, target)
    stack = _old_stack(environment)
    chosen = _chosen(environment, copies(environment.aws, environment.deployment), point, stack)
    worker = backup_role(environment.aws, role) if FILES in chosen else ""
    keys = _keys(environment)
    for line in _plan(environment, target, chosen, keys, now):
        environment.dialogue.say(line)
    if plan_only:
        return None
    if not environment.dialogue.confirm("Restore it?"):
        raise OpsError("Nothing was restored", "it was declined", "Run the command again.")
    wanted = dict(_same(stack))
    for kind, copy in chosen.items():
        wanted |= _RESTORE[kind](_Work(environment, target, copy, worker, stack))
    return Restored(wanted=wanted, keys=keys)


def _require_free(environment: Environment, target: Deployment) -> None:
    if target == environment.deployment:
        raise UsageProblem(
            f"{target.prefix} cannot be restored into itself",
            "what is there would have to be written over; a copy is restored beside it",
            f"Name another, for instance `ash-ops restore {target.prefix}-2`.",
        )
    claims = Claims(
        aws=environment.aws, names=target, dialogue=environment.dialogue, look_only=True
    )
    if claims.stack() is not None:
        raise UsageProblem(
            f"There is a deployment {target.prefix} already",
            "a copy is restored into a new one",
            "Name another.",
        )
    claims.refuse_taken()


def _old_stack(environment: Environment) -> Stack | None:
    """The stack of the deployment that was copied, if it is still there and ours."""
    stack = cloudformation.find_stack(environment.aws, environment.deployment.stack)
    if stack is None or stack.status == "DELETE_COMPLETE":
        return None
    return None if why_not_ours(stack.tags, environment.deployment) else stack


def _chosen(
    environment: Environment, found: Copies, point: str | None, stack: Stack | None
) -> dict[str, RecoveryPoint]:
    """The copies to restore, by kind: the one that was named, else the newest of each kind.

    A deployment on several machines needs both its files and its rows, of about the same time.
    """
    if point is not None:
        named = next((p for p in found.points if point in (p.id, p.id.rsplit(":", 1)[-1])), None)
        if named is None:
            raise _no_copy(environment, f"none of its copies is {point}", found)
        return {named.kind: _usable(named)}
    usable = [p for p in found.points if p.is_ready and p.vault != AUTOMATIC_VAULT]
    kinds = _kinds(stack)
    newest = {kind: next((p for p in usable if p.kind == kind), None) for kind in kinds}
    chosen = {kind: copy for kind, copy in newest.items() if copy is not None}
    if not chosen:
        raise _no_copy(environment, "there is no copy that could be restored", found)
    if stack is None and FILES in chosen and DISK in chosen:
        # One deployment keeps /data in one place: the place of the newest copy is the last it had.
        newer = next(p.kind for p in usable if p.kind in (FILES, DISK))
        del chosen[DISK if newer == FILES else FILES]
    return chosen


def _kinds(stack: Stack | None) -> tuple[str, ...]:
    """What a deployment is made of; where its stack is gone, whatever there is."""
    if stack is None:
        return (FILES, DISK, DATABASE)
    if stack.outputs.get("Mode") == "multi-machine":
        return (FILES, DATABASE)
    return (FILES,) if stack.parameters.get("UseEfs") == "true" else (DISK,)


def _usable(point: RecoveryPoint) -> RecoveryPoint:
    if point.vault == AUTOMATIC_VAULT:
        raise OpsError(
            "This copy cannot be restored as it is",
            f"it lies in {AUTOMATIC_VAULT}, whose own policy denies it to everybody",
            f"Take the policy away (`aws backup delete-backup-vault-access-policy --backup-vault-name "
            f"{AUTOMATIC_VAULT}`) and restore it in the console; or make one with `ash-ops backup`.",
        )
    if not point.is_ready:
        raise OpsError(
            "This copy cannot be restored yet",
            f"it is {point.state or 'in a state nobody told'}",
            "`ash-ops backup --list` shows when it is ready.",
        )
    return point


def _no_copy(environment: Environment, why: str, found: Copies) -> OpsError:
    unread = "".join(f"; {sentence}" for sentence in found.unread)
    return OpsError(
        f"There is nothing to restore of {environment.deployment.prefix}",
        f"{why}{unread}",
        "`ash-ops backup --list` shows the copies; `ash-ops backup` makes one.",
    )


def _keys(environment: Environment) -> Mapping[str, Secret]:
    """The old deployment's keys; none where its secret is gone, not ours, or may not be read."""
    aws, names = environment.aws, environment.deployment
    try:
        found = find_secret(aws, names.secret)
        if found is None or found.deleted_at is not None or found_secret(aws, names, found).why:
            return {}
        values = read_values(aws, found.arn)
    except ReadFailed:
        return {}
    return {name: values[name] for name in _KEYS if name in values}


def _plan(
    environment: Environment,
    target: Deployment,
    chosen: Mapping[str, RecoveryPoint],
    keys: Mapping[str, Secret],
    now: datetime,
) -> Iterator[str]:
    aws, old = environment.aws, environment.deployment.prefix
    account = caller(aws).account
    yield f"To be restored: {old} into the new deployment {target.prefix} in {aws.region} (account {account})"
    for point in chosen.values():
        yield f"  < copy     {line_of(point, aws.region, now)}"
        yield f"  + make     a {point.kind} of its own, as it was when the copy was made ({age(point, now)})"
    if "ASH_CREDENTIAL_KEY" in keys:
        yield f"  = keys     those of {old}: its clients' key works, and its stored credentials can be read"
    else:
        yield (
            "  WARNING    The old keys are not known: credentials that its server stored can be read only with "
            "its ASH_CREDENTIAL_KEY (set it in .env), and clients need the new API key."
        )
    yield f"  note       {old} is not touched. What is restored is billed at once; a deployment follows, asked about by itself."


def _same(stack: Stack | None) -> Iterator[tuple[str, object]]:
    """What the old deployment was asked for; a network of its own is chosen where that is not known."""
    if stack is None:
        return
    yield "mode", stack.outputs.get("Mode") or "standalone"
    for parameter, (option, _) in {**SOURCES, **LISTS}.items():
        value = stack.parameters.get(parameter)
        if value and parameter not in _ITS_OWN:
            is_number = in_either(parameter).is_number and value.isdecimal()
            yield option, int(value) if is_number else value
    # What was shut to the world stays shut to it.
    yield "private", stack.parameters.get("AssignPublicIp") == "DISABLED"
    yield "internal", stack.parameters.get("Scheme") == "internal"
    ranges = (stack.parameters.get(name) for name in ("AllowedCidr", "AdditionalCidr"))
    yield "allow_cidr", tuple(cidr for cidr in ranges if cidr)


@dataclass(frozen=True, slots=True)
class _Work:
    environment: Environment
    target: Deployment
    point: RecoveryPoint
    role: str
    stack: Stack | None


def _token(work: _Work) -> str:
    """Names what a restore makes: the same, run again; another once the new deployment was there.

    What an earlier deployment of that name has used holds more than the copy.
    """
    before = cloudformation.deleted_stack_id(work.environment.aws, work.target.stack) or ""
    text = f"{work.point.id} {before}"
    return f"{work.target.prefix}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _restore_files(work: _Work) -> dict[str, object]:
    """A new file system of a recovery point; one that an interrupted run has begun is finished.

    Raises:
        OpsError: AWS Backup could not.
        KeyboardInterrupt: the user stopped waiting; how to find what is made was told.
    """
    say, token = work.environment.dialogue.say, _token(work)
    there = f"--region {work.environment.aws.region}"
    try:
        made = _made_of(work, token)
    except KeyboardInterrupt:
        say(
            "\nA restore that was begun goes on, and the file system that it makes is billed: "
            f"`aws efs describe-file-systems --creation-token {token} {there}` shows it. "
            "Run again, this command goes on with it."
        )
        raise
    say(f"  restored {made}: a file system with the files of {work.point.of}")
    return {"efs": True, "file_system": made, "restored": True}


def _made_of(work: _Work, token: str) -> str:
    """The id of the file system that a restore has made, with the tag of its deployment.

    Raises:
        OpsError: AWS Backup could not.
    """
    aws = work.environment.aws
    before = backups.restores_of(aws, work.point)
    failed = sum(job.is_over and job.state != "COMPLETED" for job in before.values())
    id_ = _begun(work, token, before)
    if id_ is None:
        id_ = backups.restore_files(aws, work.point, work.role, token, failed)
    job = follow_job(work.environment, lambda: backups.restore_job(aws, id_), "restoring files")
    if job.state != "COMPLETED" or not job.made:
        look = f"`aws backup describe-restore-job --restore-job-id {id_}` shows it"
        left = job.made.rsplit("/", 1)[-1]
        raise OpsError(
            f"The restore is {job.state}",
            job.message or "AWS Backup gave no reason",
            f"{look}; {_delete(aws, left) if left else 'then'} run this again.",
        )
    made = job.made.rsplit("/", 1)[-1]
    tag_file_system(aws, made, work.target.tag)
    return made


def _begun(work: _Work, token: str, before: Mapping[str, BackupJob]) -> str | None:
    """The job of an interrupted run that makes, or has made, the file system of a token.

    Raises:
        OpsError: the file system is there, and AWS Backup has no job of it: nobody knows whether it is whole.
    """
    aws = work.environment.aws
    found = file_system_of_token(aws, token)
    if found is None:
        return None
    for id_, job in before.items():
        if job.made.endswith(f"/{found.id}"):
            work.environment.dialogue.say(f"  going on {found.id} is being restored already")
            return id_
    raise OpsError(
        f"The file system {found.id} of an earlier restore is there, perhaps not whole",
        "AWS Backup does not tell of its restore any more",
        f"To go on, {_delete(aws, found.id)} run this again.",
    )


def _delete(aws: Aws, file_system: str) -> str:
    return (
        f"delete what it left (`aws efs delete-file-system --file-system-id {file_system} "
        f"--region {aws.region}`), then"
    )


def _restore_disk(work: _Work) -> dict[str, object]:
    """A new disk of a snapshot, in the zone of the subnets that the deployment will have.

    One that an interrupted run has made is taken.

    Raises:
        KeyboardInterrupt: the user stopped it; how to find what was made was told.
    """
    aws, say = work.environment.aws, work.environment.dialogue.say
    zone = _zone(work.environment, work.stack)
    mark = (_RESTORE_TAG, _token(work))
    tags = {**dict([work.target.tag, mark]), "Name": f"{work.target.prefix}-data"}
    there = f"--region {aws.region}"
    try:
        before = next((disk.id for disk in tagged_disks(aws, mark)), None)
        made = before or backups.restore_disk(aws, work.point.id, zone, tags)
    except KeyboardInterrupt:
        say(
            "\nA disk that was made is billed: "
            f"`aws ec2 describe-volumes --filters Name=tag:{mark[0]},Values={mark[1]} {there}` shows it. "
            "Run again, this command goes on with it."
        )
        raise
    say(f"  restored {made}: a disk in {zone} with the data of {work.point.of}")
    return {"launch_type": "ec2", "volume": made}


def _zone(environment: Environment, stack: Stack | None) -> str:
    """The zone of the old disk; without its stack the region's first."""
    if stack is not None and stack.parameters.get("DataZone"):
        return stack.parameters["DataZone"]
    ids: Iterable[str] = (stack.parameters.get("TaskSubnetIds", "") if stack else "").split(",")
    found = subnets_named(environment.aws, [id_ for id_ in ids if id_])
    zones = sorted(s.availability_zone for s in found if s.availability_zone)
    return zones[0] if zones else f"{environment.aws.region}a"


def _restore_rows(work: _Work) -> dict[str, object]:
    """The stack itself makes its database of the snapshot."""
    return {"mode": "multi-machine", "database_snapshot": work.point.id}


_RESTORE: dict[str, Callable[[_Work], dict[str, object]]] = {
    FILES: _restore_files,
    DISK: _restore_disk,
    DATABASE: _restore_rows,
}
