"""``agent deploy``: an agent's folder onto the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ash_ops.commands import Result
from ash_ops.commands.ports import Ports
from ash_ops.errors import ExitCode

if TYPE_CHECKING:
    from ash_client.agents import AgentFolder, DeployedAgent

_MOST_LINES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRequest:
    """What was asked for.

    Attributes:
        directory: the folder with ``CLAUDE.md`` in it.
        agent: the agent's name; ``None`` for the folder's.
        exclude: patterns of paths that stay here.
        include: patterns of paths that go up although they look like a secret.
        prune: whether files of an earlier deployment that are not in the folder are removed.
        plan_only: whether to show what would go up, and stop.
    """

    directory: Path
    agent: str | None = None
    exclude: Sequence[str] = ()
    include: Sequence[str] = ()
    prune: bool = False
    plan_only: bool = False


def agent_deploy(ports: Ports, request: AgentRequest) -> Result:
    """Show what goes up, ask, send it, and check that all of it arrived.

    Raises:
        UsageProblem: the folder cannot be deployed as it is.
        OpsError: the server could not be reached, or refused it.
    """
    from ash_ops.deploy.agents import client_of, read_folder
    from ash_ops.deploy.connection import client_connection

    folder = read_folder(request.directory, exclude=request.exclude, include=request.include)
    name = request.agent or folder.directory.resolve().name
    _show(ports, folder, name)
    if request.plan_only:
        return Result(exit_code=ExitCode.OK)
    if not ports.dialogue.confirm("Deploy this agent?"):
        ports.note("Nothing was sent.")
        return Result(exit_code=ExitCode.FAILED)
    with client_of(*client_connection(ports.settings, ports.open_aws)) as client:
        done = client.deploy_agent(folder, name=name, prune=request.prune)
    _tell(ports, done)
    return Result(exit_code=ExitCode.OK)


def _show(ports: Ports, folder: AgentFolder, name: str) -> None:
    lines = str(folder).splitlines()
    ports.note(f"Agent {name}: {lines[0]}")
    for line in lines[1 : 1 + _MOST_LINES]:
        ports.note(line)
    if len(lines) > 1 + _MOST_LINES:
        ports.note(f"  ... and {len(lines) - 1 - _MOST_LINES} more")


def _tell(ports: Ports, done: DeployedAgent) -> None:
    ports.note(f"Deployed {done.name}: all of it arrived.")
    if done.removed:
        ports.note(f"Removed, for they are not in the folder: {', '.join(done.removed)}.")
    if done.left_over:
        ports.note(
            f"Still there of an earlier deployment: {', '.join(done.left_over)}. --prune removes them."
        )
    if done.fresh is False:
        ports.note(
            "New sessions may begin with older files until the server's ready ones are used up."
        )
    ports.note(f'Next: `ash-ops ask --agent {done.name} "Hello"`.')
