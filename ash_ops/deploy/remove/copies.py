"""What becomes of the copies of AWS Backup, EC2 and RDS: told before, and removed by their own consent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from ash_ops.aws.operate.backups import AUTOMATIC_VAULT, delete_backup, delete_vault
from ash_ops.deploy.keep.points import Copies, line_of
from ash_ops.deploy.remove.context import TeardownContext
from ash_ops.errors import ReadFailed
from ash_ops.facts.tagged import RecoveryPoint


def what_becomes_of_copies(work: TeardownContext, found: Copies) -> Iterator[str]:
    """Each copy, and whether it goes."""
    for point in found.points:
        told = line_of(point, work.aws.region, work.now())
        if work.delete_backups and point.vault != AUTOMATIC_VAULT:
            yield f"  - {'copy':<26} {told}; deleted for good"
        elif point.vault == AUTOMATIC_VAULT:
            yield f"  = {'copy':<26} {told}, and deleting it"
        else:
            yield f"  = {'copy':<26} {told}; kept, and billed (--delete-backups)"
    for sentence in found.unread:
        yield f"  ? {'copies':<26} {sentence}"


def delete_copies(work: TeardownContext, found: Copies) -> tuple[str, ...]:
    """Delete the copies that may go, then the vault that held them; answers with their ids."""
    gone = tuple(point.id for point in found.points if _deleted(work, point))
    with suppress(ReadFailed):  # it is not there, or not empty: a vault itself costs nothing
        delete_vault(work.aws, work.names.vault)
    return gone


def _deleted(work: TeardownContext, point: RecoveryPoint) -> bool:
    try:
        delete_backup(work.aws, point)
    except ReadFailed as error:
        if point.vault == AUTOMATIC_VAULT:
            why = "its vault's own policy denies deleting; EFS lets it go after 35 days"
        else:
            why = f"{error.call}: {error.code}"
        work.dialogue.say(f"Kept, and billed: the copy {point.id} ({why}).")
        return False
    return True
