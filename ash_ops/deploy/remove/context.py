"""What a teardown needs of the world, and how it is to go about its work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.clock import Clock
from ash_ops.deploy.dialogue import Dialogue
from ash_ops.deploy.sessions.live import Look, look
from ash_ops.facts.stacks import Stack
from ash_ops.names import Deployment


def utc_now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeardownContext:
    """What a teardown needs of the world, handed in.

    Attributes:
        estimate: what the deployment costs a month, as a line; empty when it cannot be told.
        delete_data: whether what holds data is to be deleted: file systems, disks, snapshots.
        delete_secret_now: whether the keys are to be destroyed at once, beyond recovery.
        adopt: whether to offer removing what is not ours, thing by thing.
        delete_backups: whether the copies of AWS Backup, EC2 and RDS are to be deleted too.
        now: the time of day, in UTC.
        sessions: asks the server for its sessions.
        drain: waits for the turns under way, if that was asked for.
    """

    aws: Aws
    names: Deployment
    dialogue: Dialogue
    clock: Clock = field(default_factory=Clock)
    estimate: Callable[[], str] = lambda: ""
    delete_data: bool = False
    delete_secret_now: bool = False
    adopt: bool = False
    delete_backups: bool = False
    now: Callable[[], datetime] = utc_now
    sessions: Look = look
    drain: Callable[[Stack], None] = lambda _stack: None
