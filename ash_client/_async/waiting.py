"""Waiting for what the server does by itself: asked again and again, until it is done or a deadline has passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ash_client._async.admin import AsyncAdmin
from ash_client._async.evals import AsyncEvals
from ash_client._async.sessions import AsyncSessions
from ash_client._options import check_wait, operation
from ash_client._wire.arguments import id_text
from ash_client.errors import (
    AshError,
    ConnectionFailed,
    DeadlineExceeded,
    RateLimited,
    RequestTimeout,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from ash_client import models
    from ash_client._options import Id, SessionId

T = TypeVar("T")

# The server allows 1500 requests in 15 minutes from one address, /health among them: one every 0.6 s.
INTERVAL = 1.0
_QUEUE_ENDS = frozenset({"completed", "failed", "cancelled"})
_RUN_ENDS = frozenset({"completed", "failed"})
# A server that is starting, restarting or busy. Anything else, such as a wrong key, will not mend itself.
_PASSING = (ConnectionFailed, RequestTimeout, Unavailable, RateLimited)


class AsyncWaiting(AsyncSessions, AsyncEvals, AsyncAdmin):
    """Helpers that wait."""

    @operation("server", "wait", raw=False)
    async def wait_for_server(
        self, *, timeout: float = 60.0, interval: float = INTERVAL
    ) -> models.Health:
        """Wait until the server answers, as after a deployment or a restart.

        Args:
            timeout: Seconds to wait at most.
            interval: Seconds between two questions.

        Raises:
            DeadlineExceeded: It did not answer in time; ``last`` is the error of the last attempt.
            AshError: It answered, and waiting would change nothing, such as a page that is not Ash's.
        """
        return await self._poll(self.health, lambda _: True, "the server", timeout, interval)

    @operation("queue", "wait", raw=False)
    async def wait_for_queue_item(
        self, item_id: Id, *, timeout: float = 600.0, interval: float = INTERVAL
    ) -> models.QueueItem:
        """Wait until a queued prompt is completed, failed or cancelled: look at the ``status`` of what is returned.

        Args:
            item_id: The queued prompt.
            timeout: Seconds to wait at most.
            interval: Seconds between two questions.

        Raises:
            DeadlineExceeded: It was still pending or processing; ``last`` is what was seen last.
        """

        async def look() -> models.QueueItem:
            return await self.get_queue_item(item_id)

        return await self._poll(
            look,
            _has_status(_QUEUE_ENDS),
            f"queue item {id_text(item_id, 'queue item id')}",
            timeout,
            interval,
        )

    @operation("evals", "wait_for_run", raw=False)
    async def wait_for_eval_run(
        self, agent_name: str, run_id: Id, *, timeout: float = 1800.0, interval: float = INTERVAL
    ) -> models.EvalRun:
        """Wait until an evaluation is completed or failed: look at the ``status`` of what is returned.

        Args:
            agent_name: The agent.
            run_id: The evaluation.
            timeout: Seconds to wait at most.
            interval: Seconds between two questions.

        Raises:
            DeadlineExceeded: It was still running; ``last`` is what was seen last.
        """

        async def look() -> models.EvalRun:
            return await self.get_eval_run(agent_name, run_id)

        return await self._poll(
            look, _has_status(_RUN_ENDS), f"evaluation {run_id}", timeout, interval
        )

    @operation("sessions", "wait_for_status", raw=False)
    async def wait_for_session(
        self,
        session_id: SessionId,
        *,
        status: str = "active",
        timeout: float = 60.0,
        interval: float = INTERVAL,
    ) -> models.Session:
        """Wait until a session has a status, such as ``paused`` after another client paused it.

        Args:
            session_id: The session.
            status: The status to wait for.
            timeout: Seconds to wait at most.
            interval: Seconds between two questions.

        Raises:
            DeadlineExceeded: It had another one; ``last`` is what was seen last.
        """

        async def look() -> models.Session:
            return await self.get_session(session_id)

        what = f"session {id_text(session_id)} to be {status}"
        return await self._poll(look, _has_status({status}), what, timeout, interval)

    async def _poll(
        self,
        look: Callable[[], Awaitable[T]],
        is_done: Callable[[T], bool],
        what: str,
        timeout: float,
        interval: float,
    ) -> T:
        """Look until it is done. A server that does not answer is asked again; one that refuses is not."""
        check_wait(timeout, interval)
        deadline = self._clock.now() + timeout
        last: object = None
        cause: AshError | None
        while True:
            pause = interval
            try:
                seen = await look()
            except _PASSING as error:
                last, cause = error, error
                pause = max(interval, _asked_to_wait(error))
            else:
                if is_done(seen):
                    return seen
                last, cause = seen, None
            left = deadline - self._clock.now()
            if left <= 0:
                message = f"Waited {timeout:g} s for {what}. Seen last: {_shown(last)}"
                raise DeadlineExceeded(message, last=last) from cause
            await self._clock.sleep(min(pause, left))


def _has_status(
    ends: Collection[str],
) -> Callable[[models.QueueItem | models.EvalRun | models.Session], bool]:
    return lambda seen: seen.status in ends


def _asked_to_wait(error: AshError) -> float:
    asked = error.retry_after if isinstance(error, RateLimited | Unavailable) else None
    return asked or 0.0


def _shown(last: object) -> str:
    if isinstance(last, AshError):
        return str(last)
    return f"{getattr(last, 'status', last)}."
