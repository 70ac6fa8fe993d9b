"""Agents, their files and their versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ash_client._async.base import AsyncBase
from ash_client._lazy import agents, models
from ash_client._options import operation
from ash_client._wire.arguments import file_part, given, id_part, name_part, query
from ash_client._wire.upload import batches, named_uploads, size_in_json
from ash_client._wire.written import refuse_outside
from ash_client.errors import AshError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Unpack

    from ash_client._options import RequestOptions
    from ash_client._wire.upload import FileContents


class AsyncAgents(AsyncBase):
    """Everything under ``/api/agents`` but evaluations."""

    @operation("agents", "create")
    async def create_agent(
        self,
        name: str,
        *,
        path: str | None = None,
        system_prompt: str | None = None,
        files: FileContents | None = None,
        env: Mapping[str, str] | None = None,
        **request: Unpack[RequestOptions],
    ) -> models.Agent:
        """Deploy an agent, or a new version of it, in one request; ``deploy_agent`` sends a folder.

        The server allows 20 deployments in 15 minutes from one address, and 1 MiB a request. Files of an earlier
        deployment stay, and a session may still be given a sandbox that was warmed up before.

        Args:
            name: The agent's name: letters, digits, ``_`` and ``-``.
            path: Folder on the server that holds the agent.
            system_prompt: The agent's instructions, written to ``CLAUDE.md`` if no file of that name is given.
            files: Each file's content by its path: bytes, text (UTF-8), or a ``Path`` to read.
            env: Environment variables of its sandboxes.

        Raises:
            FilesRefused: A path leaves the agent's folder; nothing was sent.
        """
        uploads = None if files is None else refuse_outside(named_uploads(files))
        body = given(name=name, path=path, systemPrompt=system_prompt, files=uploads, env=env)
        return await self._ask_for(
            models.Agent, "POST", "/api/agents", "agent", body=body, **request
        )

    @operation("agents", "list")
    async def list_agents(self, **request: Unpack[RequestOptions]) -> list[models.Agent]:
        """List the agents."""
        return await self._ask_for(list[models.Agent], "GET", "/api/agents", "agents", **request)

    @operation("agents", "get")
    async def get_agent(self, name: str, **request: Unpack[RequestOptions]) -> models.Agent:
        """Get an agent.

        Raises:
            NotFound: There is no such agent.
        """
        return await self._ask_for(
            models.Agent, "GET", f"/api/agents/{name_part(name)}", "agent", **request
        )

    @operation("agents", "update")
    async def update_agent(
        self,
        name: str,
        *,
        env: Mapping[str, str] | None = None,
        config: Mapping[str, Any] | None = None,
        **request: Unpack[RequestOptions],
    ) -> models.Agent:
        """Change an agent's environment or configuration."""
        body = given(env=env, config=config)
        return await self._ask_for(
            models.Agent, "PATCH", f"/api/agents/{name_part(name)}", "agent", body=body, **request
        )

    @operation("agents", "delete")
    async def delete_agent(self, name: str, **request: Unpack[RequestOptions]) -> None:
        """Delete an agent; its sessions vanish from the list."""
        await self._ask("DELETE", f"/api/agents/{name_part(name)}", **request)

    @operation("agents", "get_config")
    async def get_agent_config(
        self, name: str, **request: Unpack[RequestOptions]
    ) -> dict[str, Any]:
        """Get an agent's configuration."""
        path = f"/api/agents/{name_part(name)}/config"
        return await self._ask_for(dict[str, Any], "GET", path, "config", **request)

    @operation("agents", "update_config")
    async def update_agent_config(
        self, name: str, config: Mapping[str, Any], **request: Unpack[RequestOptions]
    ) -> dict[str, Any]:
        """Change an agent's configuration; the whole of it is returned."""
        path = f"/api/agents/{name_part(name)}/config"
        return await self._ask_for(
            dict[str, Any], "PATCH", path, "config", body=dict(config), **request
        )

    @operation("agents", "list_files")
    async def list_agent_files(
        self, name: str, **request: Unpack[RequestOptions]
    ) -> list[models.FileInfo]:
        """List an agent's files."""
        return await self._ask_for(
            list[models.FileInfo], "GET", f"/api/agents/{name_part(name)}/files", "files", **request
        )

    @operation("agents", "write_files", raw=False)
    async def write_agent_files(
        self, name: str, files: FileContents, **request: Unpack[RequestOptions]
    ) -> int:
        """Write files of an agent; how many were written is returned.

        They go up in as many requests as the server's limit of 1 MiB a request asks for.

        Args:
            name: The agent.
            files: Each file's content by its path: bytes, text (UTF-8), or a ``Path`` to read.

        Raises:
            FilesRefused: A path leaves the agent's folder; nothing was sent.
            PayloadTooLarge: One of them is too large for a request, about 780 KB.
        """
        path = f"/api/agents/{name_part(name)}/files"
        written = 0
        uploads = refuse_outside(named_uploads(files))
        for batch in batches(uploads, agents.MOST_BYTES_A_REQUEST, size_in_json):
            try:
                written += await self._ask_for(
                    int, "POST", path, "written", body={"files": batch}, **request
                )
            except AshError as error:
                error.add_note(f"Before that, {written} of {len(uploads)} files had been written.")
                raise
        return written

    @operation("agents", "get_file")
    async def get_agent_file(
        self, name: str, path: str, **request: Unpack[RequestOptions]
    ) -> bytes:
        """Get the bytes of an agent's file."""
        url = f"/api/agents/{name_part(name)}/files/{file_part(path)}"
        return (await self._ask("GET", url, params=query(format="raw"), **request)).content

    @operation("agents", "read_file")
    async def read_agent_file(
        self, name: str, path: str, **request: Unpack[RequestOptions]
    ) -> models.FileContent:
        """Get a text file of an agent with its size."""
        url = f"/api/agents/{name_part(name)}/files/{file_part(path)}"
        return await self._ask_for(
            models.FileContent, "GET", url, params=query(format="json"), **request
        )

    @operation("agents", "delete_file")
    async def delete_agent_file(
        self, name: str, path: str, **request: Unpack[RequestOptions]
    ) -> bool:
        """Delete an agent's file; True if there was one."""
        url = f"/api/agents/{name_part(name)}/files/{file_part(path)}"
        return await self._ask_for(bool, "DELETE", url, "deleted", **request)

    @operation("agents", "list_versions")
    async def list_agent_versions(
        self, name: str, **request: Unpack[RequestOptions]
    ) -> list[models.AgentVersion]:
        """List an agent's versions."""
        return await self._ask_for(
            list[models.AgentVersion], "GET", _versions(name), "versions", **request
        )

    @operation("agents", "create_version")
    async def create_agent_version(
        self,
        agent_name: str,
        *,
        name: str | None = None,
        system_prompt: str | None = None,
        release_notes: str | None = None,
        knowledge_files: Sequence[str] | None = None,
        clone_from: int | str | None = None,
        **request: Unpack[RequestOptions],
    ) -> models.AgentVersion:
        """Make a version of an agent, from nothing or as a copy of the version ``clone_from``."""
        body = given(
            name=name,
            systemPrompt=system_prompt,
            releaseNotes=release_notes,
            knowledgeFiles=knowledge_files,
            cloneFrom=clone_from,
        )
        return await self._ask_for(
            models.AgentVersion, "POST", _versions(agent_name), "version", body=body, **request
        )

    @operation("agents", "get_version")
    async def get_agent_version(
        self, agent_name: str, version_number: int, **request: Unpack[RequestOptions]
    ) -> models.AgentVersion:
        """Get a version of an agent."""
        return await self._ask_for(
            models.AgentVersion, "GET", _version(agent_name, version_number), "version", **request
        )

    @operation("agents", "update_version")
    async def update_agent_version(
        self,
        agent_name: str,
        version_number: int,
        *,
        name: str | None = None,
        system_prompt: str | None = None,
        release_notes: str | None = None,
        knowledge_files: Sequence[str] | None = None,
        **request: Unpack[RequestOptions],
    ) -> models.AgentVersion:
        """Change a version of an agent."""
        body = given(
            name=name,
            systemPrompt=system_prompt,
            releaseNotes=release_notes,
            knowledgeFiles=knowledge_files,
        )
        path = _version(agent_name, version_number)
        return await self._ask_for(
            models.AgentVersion, "PATCH", path, "version", body=body, **request
        )

    @operation("agents", "delete_version")
    async def delete_agent_version(
        self, agent_name: str, version_number: int, **request: Unpack[RequestOptions]
    ) -> None:
        """Delete a version of an agent."""
        await self._ask("DELETE", _version(agent_name, version_number), **request)

    @operation("agents", "activate_version")
    async def activate_agent_version(
        self, agent_name: str, version_number: int, **request: Unpack[RequestOptions]
    ) -> bool:
        """Make a version the one new sessions use; True when done."""
        path = f"{_version(agent_name, version_number)}/activate"
        return await self._ask_for(bool, "POST", path, "activated", **request)


def _versions(agent_name: str) -> str:
    return f"/api/agents/{name_part(agent_name)}/versions"


def _version(agent_name: str, number: int) -> str:
    return f"{_versions(agent_name)}/{id_part(str(number), 'version number')}"
