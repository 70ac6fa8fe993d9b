# Generated from ash_client/_async by `make generate`; edit there.
"""Agents, their files and their versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ash_client._lazy import models
from ash_client._sync.base import Base
from ash_client._wire import file_part, given, id_part, name_part, query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Agents(Base):
    """Everything under ``/api/agents`` but evaluations."""

    def create_agent(
        self,
        name: str,
        *,
        path: str | None = None,
        system_prompt: str | None = None,
        files: Sequence[Mapping[str, str]] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> models.Agent:
        """Deploy an agent, or a new version of it.

        The server allows 20 deployments in 15 minutes from one address.

        Args:
            name: The agent's name.
            path: Folder on the server that holds the agent.
            system_prompt: The agent's instructions.
            files: Mappings with ``path`` and ``content`` (base64).
            env: Environment variables of its sandboxes.
        """
        body = given(name=name, path=path, systemPrompt=system_prompt, files=files, env=env)
        return self._ask_for(models.Agent, "POST", "/api/agents", "agent", body=body)

    def list_agents(self) -> list[models.Agent]:
        """List the agents."""
        return self._ask_for(list[models.Agent], "GET", "/api/agents", "agents")

    def get_agent(self, name: str) -> models.Agent:
        """Get an agent.

        Raises:
            NotFound: There is no such agent.
        """
        return self._ask_for(models.Agent, "GET", f"/api/agents/{name_part(name)}", "agent")

    def update_agent(
        self,
        name: str,
        *,
        env: Mapping[str, str] | None = None,
        config: Mapping[str, Any] | None = None,
    ) -> models.Agent:
        """Change an agent's environment or configuration."""
        body = given(env=env, config=config)
        return self._ask_for(
            models.Agent, "PATCH", f"/api/agents/{name_part(name)}", "agent", body=body
        )

    def delete_agent(self, name: str) -> None:
        """Delete an agent; its sessions vanish from the list."""
        self._ask("DELETE", f"/api/agents/{name_part(name)}")

    def get_agent_config(self, name: str) -> dict[str, Any]:
        """Get an agent's configuration."""
        path = f"/api/agents/{name_part(name)}/config"
        return self._ask_for(dict[str, Any], "GET", path, "config")

    def update_agent_config(self, name: str, config: Mapping[str, Any]) -> dict[str, Any]:
        """Change an agent's configuration; the whole of it is returned."""
        path = f"/api/agents/{name_part(name)}/config"
        return self._ask_for(dict[str, Any], "PATCH", path, "config", body=dict(config))

    def list_agent_files(self, name: str) -> list[models.FileInfo]:
        """List an agent's files."""
        return self._ask_for(
            list[models.FileInfo], "GET", f"/api/agents/{name_part(name)}/files", "files"
        )

    def write_agent_files(self, name: str, files: Sequence[Mapping[str, str]]) -> int:
        """Write files of an agent, mappings with ``path`` and ``content`` (base64); how many were written."""
        path = f"/api/agents/{name_part(name)}/files"
        body = {"files": [dict(file) for file in files]}
        return self._ask_for(int, "POST", path, "written", body=body)

    def get_agent_file(self, name: str, path: str) -> bytes:
        """Get the bytes of an agent's file."""
        url = f"/api/agents/{name_part(name)}/files/{file_part(path)}"
        return (self._ask("GET", url, params=query(format="raw"))).content

    def read_agent_file(self, name: str, path: str) -> models.FileContent:
        """Get a text file of an agent with its size."""
        url = f"/api/agents/{name_part(name)}/files/{file_part(path)}"
        return self._ask_for(models.FileContent, "GET", url, params=query(format="json"))

    def delete_agent_file(self, name: str, path: str) -> bool:
        """Delete an agent's file; True if there was one."""
        url = f"/api/agents/{name_part(name)}/files/{file_part(path)}"
        return self._ask_for(bool, "DELETE", url, "deleted")

    def list_agent_versions(self, name: str) -> list[models.AgentVersion]:
        """List an agent's versions."""
        return self._ask_for(list[models.AgentVersion], "GET", _versions(name), "versions")

    def create_agent_version(
        self,
        agent_name: str,
        *,
        name: str | None = None,
        system_prompt: str | None = None,
        release_notes: str | None = None,
        knowledge_files: Sequence[str] | None = None,
        clone_from: int | str | None = None,
    ) -> models.AgentVersion:
        """Make a version of an agent, from nothing or as a copy of the version ``clone_from``."""
        body = given(
            name=name,
            systemPrompt=system_prompt,
            releaseNotes=release_notes,
            knowledgeFiles=knowledge_files,
            cloneFrom=clone_from,
        )
        return self._ask_for(
            models.AgentVersion, "POST", _versions(agent_name), "version", body=body
        )

    def get_agent_version(self, agent_name: str, version_number: int) -> models.AgentVersion:
        """Get a version of an agent."""
        return self._ask_for(
            models.AgentVersion, "GET", _version(agent_name, version_number), "version"
        )

    def update_agent_version(
        self,
        agent_name: str,
        version_number: int,
        *,
        name: str | None = None,
        system_prompt: str | None = None,
        release_notes: str | None = None,
        knowledge_files: Sequence[str] | None = None,
    ) -> models.AgentVersion:
        """Change a version of an agent."""
        body = given(
            name=name,
            systemPrompt=system_prompt,
            releaseNotes=release_notes,
            knowledgeFiles=knowledge_files,
        )
        path = _version(agent_name, version_number)
        return self._ask_for(models.AgentVersion, "PATCH", path, "version", body=body)

    def delete_agent_version(self, agent_name: str, version_number: int) -> None:
        """Delete a version of an agent."""
        self._ask("DELETE", _version(agent_name, version_number))

    def activate_agent_version(self, agent_name: str, version_number: int) -> bool:
        """Make a version the one new sessions use; True when done."""
        path = f"{_version(agent_name, version_number)}/activate"
        return self._ask_for(bool, "POST", path, "activated")


def _versions(agent_name: str) -> str:
    return f"/api/agents/{name_part(agent_name)}/versions"


def _version(agent_name: str, number: int) -> str:
    return f"{_versions(agent_name)}/{id_part(str(number), 'version number')}"
