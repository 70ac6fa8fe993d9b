"""``ash-ops mcp``."""

from __future__ import annotations

import click

from ash_ops.cli._context import Context


@click.command("mcp")
@click.pass_obj
def command(ctx: Context, /) -> int:
    """Offer read-only tools to an assistant, over the Model Context Protocol on standard input and output.

    The tools are doctor, explain, status, logs and cost. None changes anything, secrets are masked, and an
    answer is kept short. Needs the extra `mcp`: `pip install '.[mcp]'` in a clone.

    Examples:

    \b
      ash-ops mcp
      ash-ops --name ash-cloud-2 mcp

    Exit codes: 0 the assistant went away, 1 the extra is not installed.
    """
    from ash_ops.commands.mcp import mcp

    return ctx.show(mcp(ctx.options))
