"""An agent's folder onto the server, and from there into the sessions that begin afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_client._async.agents import AsyncAgents
from ash_client._async.files import AsyncFiles
from ash_client._async.sessions import AsyncSessions
from ash_client._lazy import agents
from ash_client._log import logger
from ash_client._options import operation
from ash_client._wire.arguments import check_agent_name
from ash_client._wire.written import check_arrived
from ash_client.errors import AshError

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from typing import Unpack

    from ash_client._options import RequestOptions

# The server makes one more sandbox ready at every deployment, and another for each that is used.
MOST_OLD_SANDBOXES = 10


class AsyncDeploying(AsyncAgents, AsyncFiles, AsyncSessions):
    """Deployment of whole agents."""

    @operation("agents", "deploy", raw=False)
    async def deploy_agent(
        self,
        directory: str | os.PathLike[str] | agents.AgentFolder,
        *,
        name: str | None = None,
        env: Mapping[str, str] | None = None,
        exclude: Sequence[str] = (),
        include: Sequence[str] = (),
        prune: bool = False,
        renew: bool = True,
        **request: Unpack[RequestOptions],
    ) -> agents.DeployedAgent:
        """Deploy an agent from its folder on this machine, and check that all of it arrived.

        What goes up and what does not is told by ``ash_client.agents.read_agent_folder``, without sending anything;
        its answer can be given here in place of the folder. More than about 780 KB go up in several requests.

        The server keeps sandboxes ready, with the files of the time they were made, and gives the oldest to the next
        session. So after a later deployment, or one in several requests, sessions are begun and ended here, until one
        has the files just sent; ``fresh`` of what is returned tells. Each counts: the server allows 20 in 15 minutes.

        Args:
            directory: The folder with ``CLAUDE.md`` in it.
            name: The agent's name (default: the folder's).
            env: Environment variables of its sandboxes.
            exclude: Patterns of further paths to skip.
            include: Patterns of paths to take although they look like a secret or a tool's own.
            prune: Remove files of an earlier deployment that are not in the folder any more.
            renew: Use up the sandboxes that were made ready before.

        Raises:
            InvalidArgument: The folder cannot be deployed as it is; each reason is told.
            FilesRefused: A file is not on the server afterwards.
        """
        folder = (
            directory
            if isinstance(directory, agents.AgentFolder)
            else agents.read_agent_folder(directory, exclude=exclude, include=include)
        )
        name = check_agent_name(folder.directory.resolve().name if name is None else name)
        first, *others = agents.agent_batches(folder.files)
        agent = await self.create_agent(name, files=agents.contents(first), env=env, **request)
        for batch in others:
            await self.write_agent_files(name, agents.contents(batch), **request)
        left_over = check_arrived(folder.files, await self.list_agent_files(name, **request))
        removed = left_over if prune else []
        for path in removed:
            await self.delete_agent_file(name, path, **request)
        fresh: bool | None = None
        if agent.version == 1 and not others:
            fresh = True  # the first sandbox was made ready after the files had been written
        elif renew:
            fresh = await self._use_up_old_sandboxes(name, folder.files, removed, **request)
        kept = [] if prune else left_over
        return agents.DeployedAgent(agent, folder, tuple(kept), tuple(removed), fresh)

    async def _use_up_old_sandboxes(
        self,
        name: str,
        files: Sequence[agents.AgentFile],
        removed: Sequence[str],
        **request: Unpack[RequestOptions],
    ) -> bool | None:
        """Begin and end sessions until one has these files; None where none could be begun or looked at."""
        try:
            for _ in range(MOST_OLD_SANDBOXES):
                session = await self.create_session(name, **request)
                try:
                    bundle = await self.get_workspace(session, **request)
                finally:
                    await self.end_session(session, **request)
                if agents.holds(bundle, files, removed):
                    return True
        except AshError as error:
            logger.info(
                "whether new sessions of %s have its new files cannot be told: %s", name, error
            )
            return None
        return False
