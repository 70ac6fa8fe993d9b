"""The copies of a deployment's data that there are: whose, how old, how large, at what price."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from ash_ops.aws.client.session import Aws
from ash_ops.aws.operate import backups
from ash_ops.aws.operate.backups import AUTOMATIC_VAULT, FILES
from ash_ops.cost.prices.table import bundled
from ash_ops.deploy.ownership import why_not_ours
from ash_ops.errors import ReadFailed
from ash_ops.facts.tagged import RecoveryPoint
from ash_ops.names import Deployment

MADE_BY_HAND = "ash:backup"
"""The tag of a copy that ``ash-ops backup`` made; its value is the time in ISO 8601."""
_DEFAULT_VAULT = "Default"  # where the console of AWS Backup puts what nobody puts elsewhere
_BEGINNING = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """What was found.

    Attributes:
        points: the deployment's own copies, newest first.
        unread: what could not be looked at, and why; a sentence each.
    """

    points: tuple[RecoveryPoint, ...] = ()
    unread: tuple[str, ...] = ()


NONE = Copies()


def copies(aws: Aws, names: Deployment) -> Copies:
    """Every copy that carries the deployment's tag: of file systems, disks and databases.

    A copy outlives what it is a copy of, so only its own tag tells whose it is.
    """
    unread: list[str] = []
    found = [
        *_try("copies of file systems", lambda: file_copies(aws, names), unread),
        *_try("copies of disks", lambda: backups.disk_backups(aws, names.tag), unread),
        *_try("copies of databases", lambda: backups.database_backups(aws), unread),
    ]
    own = (point for point in found if not why_not_ours(point.tags, names))
    newest_first = sorted(own, key=lambda point: point.made or _BEGINNING, reverse=True)
    return Copies(points=tuple(newest_first), unread=tuple(unread))


def _try(
    what: str, read: Callable[[], Iterable[RecoveryPoint]], unread: list[str]
) -> list[RecoveryPoint]:
    try:
        return list(read())
    except ReadFailed as error:
        allow = f" Allow {error.action}." if error.action else ""
        unread.append(f"{what} could not be read ({error.call}: {error.code}).{allow}")
        return []


def file_copies(aws: Aws, names: Deployment) -> Iterator[RecoveryPoint]:
    """The recovery points of file systems in the vaults where ours can be, whosever they are.

    Raises:
        ReadFailed: they could not be read.
    """
    looked = (names.vault, AUTOMATIC_VAULT, _DEFAULT_VAULT)
    for vault in backups.vaults(aws):
        if vault in looked:
            yield from backups.file_backups(aws, vault)


def line_of(point: RecoveryPoint, region: str, now: datetime) -> str:
    """A copy in one line: what of, how old, how large, what it costs, how long it stays."""
    parts = [f"{point.kind} {point.of}", age(point, now), size(point), price(point, region)]
    if not point.is_ready:
        parts.append(point.state.lower() or "in a state nobody told")
    if point.expires:
        parts.append(f"goes by itself on {point.expires:%Y-%m-%d}")
    if point.vault == AUTOMATIC_VAULT:
        parts.append("made by EFS every day; the vault's own policy denies restoring it")
    return f"{point.id}: {', '.join(parts)}"


def age(point: RecoveryPoint, now: datetime) -> str:
    """How old a copy is, in words."""
    if point.made is None:
        return "of unknown age"
    old = max(now - point.made, timedelta(0))
    if old.days:
        return f"{old.days} day{'' if old.days == 1 else 's'} old"
    hours = int(old.total_seconds() // 3600)
    return f"{hours} hour{'' if hours == 1 else 's'} old" if hours else "less than an hour old"


def size(point: RecoveryPoint) -> str:
    """How much a copy holds, in words."""
    return "of unknown size" if point.gb is None else f"{point.gb:.1f} GB"


def price(point: RecoveryPoint, region: str) -> str:
    """What a copy costs a month, in words; AWS bills of a disk and of rows only what has changed."""
    if point.kind != FILES:
        return "price not known: billed for what has changed since the copy before"
    return price_of_files(point.gb, region)


def price_of_files(gb: float | None, region: str) -> str:
    """What so much of a file system costs a month in AWS Backup's warm storage."""
    found = bundled().reader(region)("efs_backup_gb_month")
    if found is None or gb is None:
        return "price not known"
    return f"about ${found.of(Decimal(str(gb))):.2f} a month"
