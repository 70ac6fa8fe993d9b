"""Messages and commands: what an agent's sandbox is asked to do, one at a time."""

from __future__ import annotations

import secrets
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx

from ash_client._async.opening import AsyncOpening
from ash_client._async.sessions import AsyncSessions
from ash_client._lazy import models
from ash_client._log import logger
from ash_client._options import (
    NOT_GIVEN,
    check_known,
    check_retries,
    check_stall,
    check_timeout,
    operation,
)
from ash_client._retry import MESSAGE_RETRIED_STATUSES, RetryPolicy
from ash_client._stream.turns import check_choice, left_behind
from ash_client._wire.arguments import given, id_part, id_text, message_content
from ash_client.errors import AshError, RateLimited, SessionBusy, StatusError, StreamInterrupted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Unpack

    from ash_client._async.stream import AsyncMessageStream
    from ash_client._options import Absent, Effort, RequestOptions, SessionId
    from ash_client._stream.turns import AfterUnfinished, Turn

# While a stream's session is asked about nobody reads the stream, so the question is not put off for long.
CHECK_RETRY = RetryPolicy(max_retries=2, cap=2.0)
_AT_WORK = frozenset({"active", "starting"})
_MIXED = "the server would mix the events of both answers"
_SPOILT = "a command run beside it ends its stream and spoils the next one"


class AsyncMessages(AsyncSessions):
    """Turns and commands."""

    @operation("sessions", "send_message", raw=False)
    def send_message(
        self,
        session_id: SessionId,
        message: str | None = None,
        *,
        content: str | Sequence[Mapping[str, Any]] | None = None,
        include_partial_messages: bool | None = None,
        model: str | None = None,
        max_turns: int | None = None,
        max_budget_usd: float | None = None,
        effort: Effort | None = None,
        thinking: Mapping[str, Any] | None = None,
        output_format: Mapping[str, Any] | None = None,
        stall_check: float | Absent | None = NOT_GIVEN,
        after_unfinished: AfterUnfinished = "raise",
        **request: Unpack[RequestOptions],
    ) -> AsyncOpening:
        """Send a message and stream the answer.

        The message is sent at most once: again only after a refused connection, or a 429 or 503 answered before the
        stream. One turn at a time runs on a session.

        Args:
            session_id: The session.
            message: The message's text.
            content: Instead of ``message``: text, or a list of text, image and document blocks.
            include_partial_messages: Stream the text while it is written (``text_delta`` events).
            model: Model for this turn.
            max_turns: Most turns the agent may take.
            max_budget_usd: Most money the turn may cost.
            effort: How hard the model thinks.
            thinking: For example ``{"type": "enabled", "budgetTokens": 4000}``.
            output_format: For example ``{"type": "json_schema", "schema": {...}}``.
            stall_check: Seconds of silence after which to ask about the session (default: the client's); None: never.
            after_unfinished: What to do when an earlier answer or command of the session was not read to its end, so
                that the server may send the rest of it as this answer: "raise", "restart" (stop and resume the session
                first, which ends what the agent still does), or "accept" the risk.

        Raises:
            InvalidArgument: Neither or both of ``message`` and ``content`` were given, or the id is none.
            SessionBusy: A turn or a command is at work on this session, or an earlier one is not finished.
            StreamInterrupted: The answer is no event stream.
            StatusError: The server refused the message.
        """
        check_known(request)
        body = given(
            content=message_content(message, content),
            includePartialMessages=include_partial_messages,
            model=model,
            maxTurns=max_turns,
            maxBudgetUsd=max_budget_usd,
            effort=effort,
            thinking=thinking,
            outputFormat=output_format,
        )
        session, choice = id_text(session_id), check_choice(after_unfinished)
        patience = self._stall_check if stall_check is NOT_GIVEN else check_stall(stall_check)
        return AsyncOpening(self._open_stream(session, body, patience, choice, **request))

    @operation("sessions", "exec_command")
    async def exec_command(
        self,
        session_id: SessionId,
        command: str,
        *,
        timeout_ms: int | None = None,
        after_unfinished: AfterUnfinished = "raise",
        **request: Unpack[RequestOptions],
    ) -> models.ExecResult:
        """Run a shell command in the session's sandbox.

        A command or message that follows another command at once waits for a moment (50 ms, or as long as the command
        took, at most 500 ms): the server answers before it is done, and what is still on its way would be taken for
        the next one's.

        Args:
            session_id: The session.
            command: The command, for ``/bin/sh``.
            timeout_ms: Milliseconds it may take, 1 to 300000.
            after_unfinished: As for ``send_message``. With "accept" the command is marked, and another command's
                answer is refused.

        Raises:
            SessionBusy: A turn or a command is at work on this session, an earlier one is not finished, or the answer
                was another command's.
            ServerError: The server lost the command's answer; the command may have been carried out.
            BadRequest: The session is not active.
        """
        check_known(request)
        session = id_text(session_id)
        turn = await self._begin_turn(session, _SPOILT, check_choice(after_unfinished))
        mark = f"ash-{secrets.token_hex(8)}:" if self._turns.is_unfinished(session) else ""
        if timeout_ms is not None:
            request.setdefault("timeout", httpx.Timeout(timeout_ms / 1000 + 30, connect=10.0))
        body = given(command=_marked(command, mark), timeout=timeout_ms)
        try:
            response = await self._ask_agent(turn, "exec", body, read=True, **request)
            from ash_client._wire.decode import parse  # here: it brings pydantic

            result = parse(models.ExecResult, response)
        except BaseException as error:
            turn.release(left_behind(error, turn, "The last command's answer has not come"))
            raise
        turn.release(done_due=True)
        if not result.stderr.startswith(mark):
            message = f"The answer to a command on session {session} was another command's."
            raise SessionBusy(message)
        return result.model_copy(update={"stderr": result.stderr.removeprefix(mark)})

    async def _begin_turn(
        self, session_id: str, why: str, after_unfinished: AfterUnfinished
    ) -> Turn:
        """Wait until the session's channel is quiet, and take it.

        Raises:
            SessionBusy: Somebody else has it, or something of an earlier turn may still come.
        """
        if after_unfinished != "raise":
            self._turns.collect_dropped(session_id)
        if after_unfinished == "restart" and self._turns.is_unfinished(session_id):
            await self._restart(session_id)
        turn = self._turns.begin(session_id, why, after_unfinished)
        try:
            if turn.settle:
                await self._clock.sleep(turn.settle)
        except BaseException:
            turn.release()
            raise
        return turn

    async def _restart(self, session_id: str) -> None:
        """Stop and resume: a new sandbox has nothing left of an earlier turn. A paused session still has its old one."""
        session = await self.get_session(session_id)
        if session.status not in ("active", "starting", "stopped"):
            session = await self.resume_session(session_id)
        if session.status != "stopped":
            await self.stop_session(session_id)
        await self.resume_session(session_id)
        self._turns.forget(session_id)

    async def _open_stream(
        self,
        session_id: str,
        body: Mapping[str, Any],
        patience: float | None,
        after_unfinished: AfterUnfinished,
        **request: Unpack[RequestOptions],
    ) -> AsyncMessageStream:
        """Send a message; the answer is read by the stream that is returned."""
        from ash_client._async import stream  # here: it brings pydantic

        turn = await self._begin_turn(session_id, _MIXED, after_unfinished)
        try:
            response = await self._ask_agent(turn, "messages", body, read=False, **request)
            if not response.headers.get("content-type", "").lower().startswith("text/event-stream"):
                raise stream.not_a_stream(response, await self._read_some(response), session_id)
        except BaseException as error:
            turn.release(left_behind(error, turn, "The last message may be with the server"))
            raise

        async def check() -> None:
            await self._check_session(session_id)

        return stream.AsyncMessageStream(response, turn, patience, check)

    async def _ask_agent(
        self, turn: Turn, what: str, body: Any, *, read: bool, **options: Unpack[RequestOptions]
    ) -> httpx.Response:
        """Make the request of a turn, and note in the turn when it sets out."""
        path = f"/api/sessions/{id_part(turn.session_id)}/{what}"
        timeout = check_timeout(options["timeout"]) if "timeout" in options else None
        request = self._request("POST", path, None, body, timeout, headers=options.get("headers"))
        if not read:
            request.headers["accept"] = "text/event-stream"
            request.headers["accept-encoding"] = "identity"

        async def note(name: str, told: Mapping[str, Any]) -> None:
            if name.endswith("send_request_headers.started"):
                turn.sent = True
            elif name.endswith("receive_response_headers.complete"):
                # The status stands elsewhere in HTTP/2. A refused message is with nobody until it sets out again.
                turn.sent = MESSAGE_RETRIED_STATUSES.isdisjoint(told["return_value"][:2])

        request.extensions["trace"] = note  # https://www.encode.io/httpcore/extensions/#trace
        policy = self._retry
        if "max_retries" in options:
            policy = replace(policy, max_retries=check_retries(options["max_retries"]))
        response = await self._send(request, read=read, idempotent=False, policy=policy)
        if read and self._answers is not None:
            self._answers.append(response)
        return response

    async def _check_session(self, session_id: str) -> None:
        """Ask whether the session of a silent stream is still at work.

        Raises:
            StreamInterrupted: It is not, or nobody answers.
        """
        from ash_client._wire.decode import parse  # here: it brings pydantic

        try:
            path = f"/api/sessions/{id_part(session_id)}"
            request = self._request("GET", path, None, None, self._check_timeout)
            answer = await self._send(request, read=True, idempotent=True, policy=CHECK_RETRY)
            status = parse(str, answer, "session", "status")
        except RateLimited:
            return  # the server is there and only counts requests
        except StatusError as error:
            if error.status in (401, 403):
                return  # it answers; whether the turn goes on it would not say
            why = f"The stream fell silent, and asking for its session was answered {error.status}."
            raise StreamInterrupted(why) from error
        except AshError as error:
            if isinstance(error.__cause__, httpx.PoolTimeout):
                return  # an http_client with few connections has none left to ask with
            why = f"The stream fell silent, and the server no longer answers: {error}"
            raise StreamInterrupted(why) from error
        if status not in _AT_WORK:
            why = f"The stream fell silent, and its session is {status}: it is not waited for any longer."
            raise StreamInterrupted(why)
        logger.debug("session %s is silent and still %s", session_id, status)


def _marked(command: str, mark: str) -> str:
    """The command, saying ``mark`` on stderr first; otherwise it runs as the server itself would run it."""
    if not (mark and command):
        return command  # an empty one is refused by the server as it is
    return f"printf %s {mark} >&2; exec /bin/sh -c {shlex.quote(command)}"
