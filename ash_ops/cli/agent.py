"""``ash-ops agent``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ash_ops.cli._context import Context

_HELP = """Deploy an agent from its folder, which holds CLAUDE.md.

Shows what goes up, asks, sends it, and checks that all of it arrived. Refused are links that
leave the folder, what holds secrets, files that are too large, and what is no file. Tools'
own (.git, node_modules, caches) stay here.

Examples:

\b
  ash-ops agent deploy ./my-agent
  ash-ops agent deploy ./my-agent --plan
  ash-ops agent deploy . --agent helper --exclude '*.csv'

Exit codes: 0 deployed, 1 could not, 2 the folder cannot be deployed as it is.
"""


@click.group()
def command() -> None:
    """Put agents onto the server."""


@command.command(help=_HELP)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--agent", metavar="NAME", help="The agent's name [default: the folder's].")
@click.option("--plan", "plan_only", is_flag=True, help="Show what would go up, and stop.")
@click.option("--yes", "-y", is_flag=True, help="Answer every question with yes.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave these paths here.")
@click.option(
    "--include", multiple=True, metavar="PATTERN", help="Send these although they look secret."
)
@click.option("--prune", is_flag=True, help="Remove files on the server that DIR has no more.")
@click.pass_obj
def deploy(ctx: Context, /, yes: bool, **given: Any) -> int:
    """Deploy an agent from its folder, which holds CLAUDE.md."""
    from ash_ops.commands.agent import AgentRequest, agent_deploy

    return ctx.show(agent_deploy(ctx.ports(yes=yes), AgentRequest(**given)))
