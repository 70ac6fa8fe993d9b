"""Which sessions are live, and what a replaced or removed task does to each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.connection import find_connection
from ash_ops.deploy.losses import EPHEMERAL, INSTANCES
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.facts.deploying.change_sets import Change
from ash_ops.names import Deployment
from ash_ops.redact import redact

if TYPE_CHECKING:
    from ash_client import AshClient

# What the server calls a session that holds a sandbox, or is about to (Ash 0.2.0).
LIVE = ("active", "starting")
# A change of any of these starts new tasks, or new machines under them.
_SERVING = (
    "AWS::ECS::Service",
    "AWS::ECS::TaskDefinition",
    "AWS::ECS::CapacityProvider",
    *INSTANCES,
)
_SHOWN = 10
_SECONDS = 4.0  # a plan does not wait longer for a server that may be ill
STOP_TIMEOUT = (
    "A task that is replaced gets SIGTERM and at most 120 s to end (the most that Fargate gives), then "
    "SIGKILL; the server does not finish turns in that time."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One session that is live, in the server's own words."""

    id: str
    agent: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSessions:
    """What the server told of its sessions.

    Attributes:
        live: those that hold a sandbox, or are about to.
        paused: how many wait on the disk.
        turns: how many turns are under way; ``None`` where nobody can tell: a coordinator does not
            know what its runners do.
        unread: why nothing was told; empty when it was.
    """

    live: tuple[SessionLine, ...] = ()
    paused: int = 0
    turns: int | None = None
    unread: str = ""

    @property
    def count(self) -> str:
        """How many there are, in words."""
        if self.unread:
            return f"could not be counted ({self.unread}): take it that some are live"
        turns = "" if self.turns is None else f", {self.turns} with a turn under way"
        return f"{len(self.live)} live{turns}; {self.paused} paused"

    @property
    def is_quiet(self) -> bool:
        """Whether a replaced task would cut nothing off now."""
        return not (self.unread or (len(self.live) if self.turns is None else self.turns))


Look = Callable[[Aws, Deployment], LiveSessions]


def look(aws: Aws, names: Deployment) -> LiveSessions:
    """Ask the server for its sessions, by its address and key; whatever fails is told in ``unread``."""
    from ash_client import AshClient, AshError

    try:
        found = find_connection(aws, names)
        key = found.key.reveal()
        with AshClient(found.url, api_key=key, timeout=_SECONDS, max_retries=0) as client:
            return _told(client)
    except ReadFailed as error:
        return LiveSessions(unread=f"{error.call}: {error.code}")
    except (AshError, OpsError) as error:
        return LiveSessions(unread=redact(str(error).splitlines()[0].rstrip(".")))


def _told(client: AshClient) -> LiveSessions:
    sessions, health = client.list_sessions(), client.health()
    # A coordinator's own pool is all zeros, whatever its runners do (facts of Ash 0.2.0).
    pool = health.pool if not health.remote_runners else None
    return LiveSessions(
        live=tuple(
            SessionLine(
                id=redact(each.id),
                agent=redact(each.agent_name or "unknown agent"),
                status=each.status,
            )
            for each in sessions
            if each.status in LIVE
        ),
        paused=sum(each.status == "paused" for each in sessions),
        turns=pool.running if pool else None,
    )


def ends_sessions(changes: Iterable[Change]) -> bool:
    """Whether a plan replaces what serves, or may: every such change ends the sessions there are."""
    return any(change.type in _SERVING for change in changes)


def fate(home: str) -> str:
    """What becomes of a live session when the task that serves it ends.

    Args:
        home: where ``/data`` is, of ``data_home``; empty where it goes with the deployment.
    """
    if not home:
        return "ends, and is lost with /data"
    if home == EPHEMERAL:
        return "ends, and is lost with the task's /data"
    return f"a turn under way is cut off; the session is kept {home}, paused: resume it"


def lines(found: LiveSessions, home: str) -> Iterator[str]:
    """The sessions as lines of a plan, with what happens to each.

    Args:
        found: what the server told.
        home: where ``/data`` is, of ``data_home``; empty where it goes with the deployment.
    """
    yield f"  sessions   {found.count}"
    what = fate(home)
    for each in found.live[:_SHOWN]:
        yield f"             {each.id} ({each.agent}, {each.status}): {what}"
    more = len(found.live) - _SHOWN
    if more > 0:
        yield f"             and {more} more: {what}"
    if found.paused and home in ("", EPHEMERAL):
        yield f"             those that are paused ({found.paused}): lost with /data"
    if found.live or found.unread:
        yield f"  note       {STOP_TIMEOUT}"
