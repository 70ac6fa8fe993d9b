"""Read everything one diagnosis needs, at once, and never fail for a call that does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ash_ops.aws.calls import make_client
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.fan_out import CANARY_PATIENCE, Pool, Run, Step
from ash_ops.snapshot.opening import opening

if TYPE_CHECKING:
    from ash_ops.aws.client.session import Aws
    from ash_ops.facts.snapshot import Snapshot
    from ash_ops.names import Deployment
    from ash_ops.snapshot.http_get import Fetch
    from ash_ops.snapshot.probe import Ladder

_RIGHT_ENOUGH = timedelta(seconds=45)  # a Date is cut to the second, an answer may take a few
_RESERVE = 0.05  # of the time allowed, kept for making the snapshot out of what came


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def collect(
    aws: Aws,
    deployment: Deployment,
    *,
    probe: bool = True,
    canary: bool = False,
    timeout: float = 15.0,
    clock: Callable[[], datetime] = now,
    ladder: Ladder | None = None,
    fetch: Fetch | None = None,
    meanwhile: Iterator[object] | None = None,
) -> Snapshot:
    """Read everything one diagnosis needs about a deployment.

    Whatever cannot be read (denied, throttled, late, broken) is a gap in the snapshot; nothing is
    created or changed.

    Args:
        aws: the account and region to read.
        deployment: whose names to look for.
        probe: whether to ask the server itself.
        canary: whether to create, use and end one session, which proves that agents run. It may
            take a minute, which is added to ``timeout``.
        timeout: seconds after which what is missing is left out, as a gap of kind ``timeout``.
        clock: tells the time of the readings.
        ladder: how to ask the server, if not in the usual way.
        fetch: how to ask the image's registry. By default over HTTPS; not at all where AWS is an
            emulator, whose images come from nowhere.
        meanwhile: makes, piece by piece, what is wanted next, such as its imports; asked for the next piece
            while nothing comes back. Whatever it does not get to is left to whoever wants it.

    Returns:
        The snapshot. In memory too it holds no secret.

    Raises:
        CredentialsProblem: AWS does not accept the credentials.
    """
    deadline = time.monotonic() + timeout * (1 - _RESERVE) + (CANARY_PATIENCE if canary else 0)
    taken_at = clock()
    pool = Pool()
    context = ReadingContext(aws, deployment, Run(pool, clock), clock)
    try:
        _start(context, opening(context))
        context.ladder = (ladder or _usual_ladder(aws, canary=canary)) if probe else None
        context.fetch = fetch or _usual_fetch(aws)
        _go_on(context)
        context.run.finish(deadline, meanwhile)
    finally:
        pool.close()
    from ash_ops.snapshot.assemble import assemble

    return assemble(context, taken_at, _correction(context))


def _correction(context: ReadingContext) -> timedelta:
    """What this machine's clock is wrong by; nothing where it is right enough to judge a start by."""
    ahead = context.aws.ahead
    if ahead is None or abs(ahead) < _RIGHT_ENOUGH:
        return timedelta(0)
    side = "behind" if ahead > timedelta(0) else "ahead of"
    minutes = max(1, round(abs(ahead).total_seconds() / 60))
    context.limits.append(
        f"this machine's clock is {minutes} min {side} AWS's: all times are AWS's, put right by "
        "the Date of its answers"
    )
    return ahead


def _start(context: ReadingContext, steps: Mapping[str, Iterable[Step]]) -> None:
    """Make clients in this thread, each followed at once by the calls that only wait for it."""
    for service, waiting in steps.items():
        make_client(context.aws, service)
        context.run.start(waiting)
        context.run.settle()


def _go_on(context: ReadingContext) -> None:
    """Take on the other readings, which are imported while the first calls are under way."""
    from ash_ops.snapshot.plan import first_steps, later_steps

    context.run.expect(later_steps(context))
    _start(context, first_steps(context))


def _usual_fetch(aws: Aws) -> Fetch | None:
    from ash_ops.snapshot.http_get import get

    return get if aws.settings.endpoint_url is None else None


def _usual_ladder(aws: Aws, *, canary: bool) -> Ladder:
    from ash_ops.snapshot.canary import send_canary
    from ash_ops.snapshot.probe import Ladder, ask_public_ip

    emulated = aws.settings.endpoint_url is not None
    return Ladder(
        public_ip=None if emulated else ask_public_ip, canary=send_canary if canary else None
    )
