"""What a reading works with: the session, the names, what other readings found, and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from ash_ops.errors import ReadFailed
from ash_ops.facts.model import fact_of
from ash_ops.facts.reading import Gap
from ash_ops.names import Deployment
from ash_ops.snapshot.fan_out import Absent, Run, Several

if TYPE_CHECKING:
    from ash_ops.aws.client.session import Aws
    from ash_ops.snapshot.http_get import Fetch
    from ash_ops.snapshot.probe import Ladder

Row = dict[str, Any]


class ReadingContext(Struct):
    """Handed to every reading.

    Attributes:
        ladder: how to ask the server; ``None`` asks nothing of it.
        fetch: how to ask the image's registry; ``None`` where only one on this machine may be asked.
        limits: sentences about what was left out because there was too much of it.
        hidden: where a value was masked.
    """

    aws: Aws
    deployment: Deployment
    run: Run
    clock: Callable[[], datetime]
    ladder: Ladder | None = None
    fetch: Fetch | None = None
    limits: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def need(self, name: str) -> Any:
        """What another reading found.

        Raises:
            Absent: it found that there is no such thing.
            ReadFailed: it failed; so the reading that needs it fails for the same reason.
        """
        outcome = self.run.outcomes[name]
        if outcome.failure is not None:
            raise outcome.failure
        if outcome.value is None:
            raise Absent(name)
        return outcome.value

    def seek(self, name: str) -> Any:
        """What another reading found; ``None`` if nothing, for whatever reason."""
        return self.run.outcomes[name].value

    def several(
        self, jobs: Iterable[Callable[[], Any]], join: Callable[[Sequence[Future[Any]]], Any]
    ) -> Several:
        """Start jobs side by side; ``join`` makes one value of them."""
        return Several([self.run.pool.submit(job) for job in jobs], join)

    def each(self, jobs: Iterable[Callable[[], Any]]) -> Several:
        """Start jobs side by side; the value is the tuple of theirs, a failure any of theirs."""
        return self.several(jobs, lambda parts: tuple(part.result() for part in parts))


def failure_of(part: Future[Any]) -> ReadFailed | None:
    """Why a part failed; ``None`` if it did not, or if it found that there is no such thing."""
    error = part.exception()
    if error is None or (isinstance(error, ReadFailed) and error.kind == "missing"):
        return None
    if isinstance(error, ReadFailed):
        return error
    raise error


def gap_of(failure: ReadFailed) -> Gap:
    """A failure as a gap of the snapshot."""
    return fact_of(
        Gap,
        {
            "kind": failure.kind,
            "code": failure.code,
            "message": failure.message,
            "action": failure.action,
        },
    )
