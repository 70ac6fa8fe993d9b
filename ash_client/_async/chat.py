"""A session that lives as long as its ``with`` block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ash_client._async.messages import AsyncMessages
from ash_client._async.opening import MustAwait  # async only
from ash_client._async.shield import finish
from ash_client._log import logger
from ash_client.chat import Reply
from ash_client.errors import AshError, ConfigurationError, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Unpack

    from ash_client import models
    from ash_client._async.opening import AsyncOpening
    from ash_client._options import MessageOptions, SessionOptions


class AsyncChats(AsyncMessages):
    """Sessions as conversations."""

    def session(
        self,
        agent: str | models.Session,
        *,
        end: bool | None = None,
        **options: Unpack[SessionOptions],
    ) -> AsyncChat:
        """A conversation with an agent, in a ``with`` block: the session begins there and ends with it.

        ::

            async with client.session("my-agent") as chat:
                print(await chat.send("Hello!"))

        Args:
            agent: The agent's name; or a session there is already, which then is neither begun nor ended here.
            end: Whether to end the session at the end of the block (default: if it was begun there).
            options: The options of ``create_session``.
        """
        return AsyncChat(self, agent, end, options)


class AsyncChat(
    MustAwait,  # async only
):
    """A conversation: a session, and messages answered in it one after the other."""

    def __init__(
        self,
        client: AsyncMessages,
        agent: str | models.Session,
        end: bool | None,
        options: Mapping[str, Any],
    ) -> None:
        self._client = client
        self._agent = agent
        self._session: models.Session | None = None
        self._ends = isinstance(agent, str) if end is None else end
        self._options = options

    @property
    def session(self) -> models.Session:
        """The session, as it was when the block began.

        Raises:
            ConfigurationError: The block has not been entered.
        """
        if self._session is None:
            message = "The session begins with the block: with client.session(...) as chat."
            raise ConfigurationError(message)
        return self._session

    async def send(
        self,
        message: str | None = None,
        *,
        content: str | Sequence[Mapping[str, Any]] | None = None,
        **options: Unpack[MessageOptions],
    ) -> Reply:
        """Send a message and wait for the whole answer.

        Args:
            message: The message's text.
            content: Instead of ``message``: text, or a list of text, image and document blocks.
            options: The options of ``send_message``.

        Raises:
            AgentError: The turn failed.
            StreamInterrupted: The answer is not complete.
        """
        async with self.stream(message, content=content, **options) as stream:
            text = await stream.get_final_text()
            return Reply(text, stream.session_id, stream.usage, stream.result)

    def stream(
        self,
        message: str | None = None,
        *,
        content: str | Sequence[Mapping[str, Any]] | None = None,
        **options: Unpack[MessageOptions],
    ) -> AsyncOpening:
        """Send a message and stream the answer, as ``send_message`` does.

        Args:
            message: The message's text.
            content: Instead of ``message``: text, or a list of text, image and document blocks.
            options: The options of ``send_message``.
        """
        return self._client.send_message(self.session.id, message, content=content, **options)

    async def __aenter__(self) -> AsyncChat:
        if isinstance(self._agent, str):
            self._session = await self._client.create_session(self._agent, **self._options)
        else:
            self._session = self._agent
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._ends:
            return
        try:
            await finish(self._end())
        except NotFound:
            logger.debug("session %s was gone already", self.session.id)
        except AshError as failure:
            if error is None:
                raise
            # What left the block is told by its own exception.
            logger.info("session %s could not be ended: %s", self.session.id, failure)

    async def _end(self) -> None:
        await self._client.with_options(timeout=10.0).end_session(self.session.id)
