"""``backup``: a copy of everything that a deployment keeps, by AWS's own means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from ash_ops.aws.iam import caller
from ash_ops.aws.operate import backups
from ash_ops.aws.operate.backups import DISK, FILES
from ash_ops.aws.storage import file_system_bytes
from ash_ops.deploy.environment import Environment
from ash_ops.deploy.keep.points import MADE_BY_HAND, Copies, copies, line_of, price_of_files
from ash_ops.deploy.keep.role import backup_role
from ash_ops.deploy.keep.sources import Source, sources
from ash_ops.deploy.live import find_service
from ash_ops.deploy.ownership import Claims, why_not_ours
from ash_ops.errors import ExitCode, OpsError, ReadFailed
from ash_ops.facts.stacks import Stack
from ash_ops.facts.tagged import BackupJob, RecoveryPoint

_POLL = 15.0
_BEING_MADE = ("pending", "creating")  # what EC2 and RDS call it
_LIMIT = 12 * 3600.0  # a first copy of a large file system takes hours; it goes on by itself
_GIGABYTE = 1024**3
_WRITES_ON = (
    "The server writes while it is copied, and a copy may hold half of a change: `ash-ops stop` "
    "first makes it exact."
)


def backup(
    environment: Environment,
    now: datetime,
    *,
    role: str | None,
    plan_only: bool,
    wait: bool,
) -> ExitCode:
    """Copy what a deployment keeps.

    Args:
        environment: the world.
        now: the time of day, in UTC.
        role: the ARN of the role that AWS Backup works with; ``None`` for its default.
        plan_only: whether to show what would be copied, and stop.
        wait: whether to follow the copies to their end.

    Raises:
        NotOurs: the stack of that name is somebody else's.
        OpsError: there is nothing to copy, it was refused, or a copy failed.
        KeyboardInterrupt: the user stopped waiting; how to see the end was told.
    """
    stack = require_own_stack(environment)
    found = sources(environment.aws, stack)
    worker = backup_role(environment.aws, role) if any(s.kind == FILES for s in found) else ""
    for line in _plan(environment, found):
        environment.dialogue.say(line)
    if plan_only:
        return ExitCode.OK
    if not environment.dialogue.confirm("Back it up?"):
        environment.dialogue.say("Nothing was copied.")
        return ExitCode.FAILED
    started = [_start(environment, source, worker, now) for source in found]
    if not wait:
        environment.dialogue.say("Started. `ash-ops backup --list` shows it.")
        return ExitCode.OK
    try:
        for point in started:
            _follow(environment, point)
    except KeyboardInterrupt:
        environment.dialogue.settle()
        environment.dialogue.say("\nAWS goes on by itself. `ash-ops backup --list` shows it.")
        raise
    return ExitCode.OK


def require_own_stack(environment: Environment) -> Stack:
    """The deployment's stack.

    Raises:
        NotOurs: the stack of that name is somebody else's.
        OpsError: there is none.
    """
    names = environment.deployment
    claims = Claims(aws=environment.aws, names=names, dialogue=environment.dialogue, look_only=True)
    stack = claims.stack()
    if stack is not None:
        return stack
    other = find_service(environment.aws, names) is not None
    raise OpsError(
        f"There is no deployment {names.prefix!r} of ash-ops in {environment.aws.region}",
        f"there is no stack {names.stack}"
        + (", though a service of that name: another tool made it" if other else ""),
        "Check --name and --region. `ash-ops backup --list` shows the copies that are left.",
    )


def _plan(environment: Environment, found: Sequence[Source]) -> Iterator[str]:
    aws, names = environment.aws, environment.deployment
    yield f"To be backed up: {names.prefix} in {aws.region} (account {caller(aws).account})"
    for source in found:
        yield f"  + copy     {source.kind} {source.id}{_size(environment, source)}"
    service = find_service(aws, names)
    if service is not None and service.running_count:
        yield f"  note       {_WRITES_ON}"
    yield "  note       Each copy is kept, and billed, until `ash-ops teardown --delete-backups`."
    yield (
        f"  note       Not copied: the keys in the secret {names.secret}, and objects in S3 buckets. "
        "Credentials that the server stored can be read with its ASH_CREDENTIAL_KEY only."
    )


def _size(environment: Environment, source: Source) -> str:
    """How large a file system is, and what its copy will cost; a copy of the rest is of what changed."""
    if source.kind != FILES:
        return ""
    try:
        gb = file_system_bytes(environment.aws, source.id) / _GIGABYTE
    except ReadFailed:
        return ""
    return f", {gb:.1f} GB, {price_of_files(gb, environment.aws.region)}"


Look = Callable[[], BackupJob]


def _start(
    environment: Environment, source: Source, role: str, now: datetime
) -> tuple[Source, Look]:
    """Start the copy of one place; answers with a way to look how far it is.

    One that an interrupted run has started, and that is still being made, is not started again.
    """
    aws, names = environment.aws, environment.deployment
    tags = {**dict([names.tag]), MADE_BY_HAND: f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    made = _going_on(environment, source)
    if made is not None:
        environment.dialogue.say(
            f"  going on the {source.kind} {source.id} is being copied already"
        )
    elif source.kind == FILES:
        if names.vault not in backups.vaults(aws):
            backups.make_vault(aws, names.vault, names.tag)
        made = backups.back_up_files(aws, names.vault, source.arn, role, tags)
    elif source.kind == DISK:
        made = backups.back_up_disk(aws, source.id, tags)
    else:
        made = f"{names.prefix}-{now:%Y%m%d-%H%M%S}"
        backups.back_up_database(aws, source.id, made, tags)
    if source.kind == FILES:
        return source, lambda: backups.backup_job(aws, made)
    return source, lambda: _as_job(environment, source.kind, made)


def _going_on(environment: Environment, source: Source) -> str | None:
    """The job, or the copy, that an earlier run has started and that is not finished."""
    aws, names = environment.aws, environment.deployment
    if source.kind == FILES:
        return backups.backup_going_on(aws, names.vault, source.arn)
    ours = (p for p in _of_kind(environment, source.kind) if not why_not_ours(p.tags, names))
    begun = (p for p in ours if p.of == source.id and MADE_BY_HAND in p.tags)
    return next((p.id for p in begun if p.state.lower() in _BEING_MADE), None)


def _as_job(environment: Environment, kind: str, id_: str) -> BackupJob:
    """A snapshot of EC2 or RDS as a job: neither has jobs of its own."""
    found = (p for p in _of_kind(environment, kind) if p.id == id_)
    point = next(found, None)
    if point is None:
        return BackupJob(state="FAILED", message=f"{id_} is not there", made=id_)
    over = "COMPLETED" if point.is_ready else "RUNNING"
    state = "FAILED" if point.state.lower() in ("error", "failed") else over
    return BackupJob(state=state, message=point.state, made=id_)


def _of_kind(environment: Environment, kind: str) -> Iterator[RecoveryPoint]:
    aws = environment.aws
    if kind == DISK:
        return backups.disk_backups(aws, environment.deployment.tag)
    return backups.database_backups(aws)


def _follow(environment: Environment, started: tuple[Source, Look]) -> None:
    """Wait for one copy.

    Raises:
        OpsError: it failed, or is not finished after twelve hours.
    """
    source, look = started
    job = follow_job(environment, look, f"copying {source.kind} {source.id}")
    if job.state != "COMPLETED":
        raise OpsError(
            f"The copy of the {source.kind} {source.id} is {job.state}",
            job.message or "AWS gave no reason",
            "`ash-ops backup --list` shows what there is; run `ash-ops backup` again.",
        )
    environment.dialogue.say(f"  copied   {source.kind} {source.id}: {job.made}")


def follow_job(environment: Environment, look: Look, what: str) -> BackupJob:
    """Wait until a job is over, however it ended.

    Raises:
        OpsError: it is not, after twelve hours.
    """
    end = environment.clock.now() + _LIMIT
    while environment.clock.now() < end:
        job = look()
        if job.is_over:
            environment.dialogue.settle()
            return job
        done = f", {job.percent} %" if job.percent else ""
        environment.dialogue.live([f"  {what}: {job.state.lower()}{done}"])
        environment.clock.sleep(_POLL)
    raise OpsError(
        f"Still {what}",
        "it has been watched for 12 hours",
        "It goes on by itself: `ash-ops backup --list` shows it.",
    )


def listed(environment: Environment, now: datetime) -> tuple[ExitCode, str]:
    """The copies that there are, as a document; of a deployment that is gone too."""
    aws, names = environment.aws, environment.deployment
    found: Copies = copies(aws, names)
    lines = [f"Copies of {names.prefix} in {aws.region}"]
    lines += [f"  {line_of(point, aws.region, now)}" for point in found.points]
    if not found.points:
        lines.append("  none")
    lines += [f"  unknown: {sentence}" for sentence in found.unread]
    code = ExitCode.INCONCLUSIVE if found.unread else ExitCode.OK
    return code, "\n".join(lines) + "\n"
