"""``ash-ops mcp``: tools that only look, over the Model Context Protocol on standard input and output.

Each tool is one run of the command line, so an assistant is told what a person would be, with the same
masking and by the same credentials. No tool changes anything, and none takes options of its own choosing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from subprocess import CompletedProcess
from typing import Annotated, Any, Final, Literal

import anyio
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from ash_client._version import __version__
from ash_ops.assistant import brief
from ash_ops.checks.playbooks import PLAYBOOKS

INSTRUCTIONS: Final = (
    "Ash is an agent server on AWS ECS. Ask `doctor` first when it does not work: it finds the root cause, with "
    "proof and repair commands. `explain` says what a pasted message means. Nothing here changes anything: show "
    "repair commands to the user, who runs them. 'could_not_tell' means unknown, never healthy."
)
_LOOKS: Final = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True)
_SECONDS: Final = 60.0
# 0 healthy, 3 problems found, 4 could not tell: each comes with a document.
_TOLD: Final = frozenset({0, 3, 4})
_MOST_PASTED: Final = 200_000  # characters
_MOST_LINES: Final = 200
Answer = dict[str, Any]


class Tools:
    """The tools, for one deployment.

    Args:
        options: global options of the command line: ``--name``, ``--region`` and the like.
    """

    def __init__(self, options: Sequence[str] = ()) -> None:
        self._options = options

    async def doctor(
        self,
        playbook: Annotated[
            str | None, Field(description=f"One of {', '.join(PLAYBOOKS)}; leave out for all.")
        ] = None,
        full: Annotated[
            bool, Field(description="The whole report instead of the short one.")
        ] = False,
    ) -> str:
        """Find out why Ash does not work: root cause, proof and repair commands. Reads AWS and the server only."""
        if playbook is not None and playbook not in PLAYBOOKS:
            raise ToolError(f"There is no playbook {playbook!r}; there are {', '.join(PLAYBOOKS)}.")
        report = await self._document("doctor", *([playbook] if playbook else []))
        return _compact(report if full else brief.doctor(report))

    async def explain(
        self,
        text: Annotated[
            str, Field(description="A message, log lines, JSON of the AWS CLI, or a cause's name.")
        ],
    ) -> str:
        """Say what a message of AWS or Ash means and how to repair it. Asks nobody; works offline."""
        return _compact(brief.explain(await self._document("explain", pasted=text[:_MOST_PASTED])))

    async def status(self) -> str:
        """Show what runs: service, tasks, targets, version, address, and the doctor's verdict."""
        return _compact(brief.status(await self._document("status")))

    async def logs(
        self,
        lines: Annotated[
            int, Field(ge=1, le=_MOST_LINES, description="How many of the last lines.")
        ] = 50,
        level: Annotated[
            Literal["debug", "info", "warn", "error", "fatal"] | None,
            Field(description="Leave out lines of a lower level."),
        ] = None,
        previous: Annotated[bool, Field(description="The last task that died, instead.")] = False,
    ) -> str:
        """Read the newest lines of the server's log, secrets masked."""
        chosen = [
            *(["--level", level] if level else []),
            *(["--previous"] if previous else ["-n", str(lines)]),
        ]
        done = await self._run("logs", *chosen, "--no-hints")
        return _compact(brief.logs(done.stdout.decode("utf-8", "replace").splitlines()))

    async def cost(
        self,
        planned: Annotated[
            bool, Field(description="The plan of a new deployment; asks nobody.")
        ] = False,
    ) -> str:
        """Estimate what the deployment costs a month, line by line."""
        return _compact(
            brief.cost(await self._document("cost", *(["--planned"] if planned else [])))
        )

    async def _document(self, command: str, *arguments: str, pasted: str = "") -> Answer:
        done = await self._run(command, *arguments, "--format", "json", pasted=pasted)
        document: Answer = json.loads(done.stdout)
        return document

    async def _run(
        self, command: str, *arguments: str, pasted: str = ""
    ) -> CompletedProcess[bytes]:
        """Run the command line.

        Raises:
            ToolError: it could not do it, and says why and what next; or it took too long.
        """
        line = [sys.executable, "-m", "ash_ops", *self._options, command, *arguments]
        try:
            with anyio.fail_after(_SECONDS):
                done = await anyio.run_process(line, input=pasted.encode(), check=False)
        except TimeoutError:
            raise ToolError(f"ash-ops {command} gave no answer in {_SECONDS:g} seconds.") from None
        if done.returncode not in _TOLD or not done.stdout:
            raise ToolError(
                done.stderr.decode("utf-8", "replace").strip() or f"ash-ops {command} said nothing."
            )
        return done


def _compact(answer: Answer) -> str:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def server(options: Sequence[str] = ()) -> MCPServer:
    """The server with its tools, not yet started."""
    made = MCPServer("ash-ops", version=__version__, instructions=INSTRUCTIONS, log_level="ERROR")
    tools = Tools(options)
    every: list[Callable[..., Any]] = [
        tools.doctor,
        tools.explain,
        tools.status,
        tools.logs,
        tools.cost,
    ]
    for tool in every:
        made.add_tool(tool, annotations=_LOOKS, structured_output=False)
    return made


def serve(options: Sequence[str] = ()) -> None:
    """Answer on standard input and output until the assistant goes."""
    server(options).run("stdio")
