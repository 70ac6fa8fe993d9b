"""``ash-ops skill``."""

from __future__ import annotations

import click


@click.command("skill")
def command() -> int:
    """Print the SKILL.md that teaches an assistant to use ash-ops.

    For one that reads skills from a folder: `ash-ops skill > .claude/skills/ash-ops/SKILL.md`, or where
    yours looks for them.

    Examples:

    \b
      ash-ops skill > SKILL.md

    Exit codes: 0 printed, 2 wrong usage.
    """
    from ash_ops.commands.mcp import skill

    click.echo(skill().render(), nl=False)
    return 0
