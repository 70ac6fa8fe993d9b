"""``ash-ops ask``."""

from __future__ import annotations

import click

from ash_ops.cli._context import Context

_HELP = """Ask an agent, and print its answer as it comes.

TEXT is the message; - reads it from standard input. The answer goes to standard output,
everything else to standard error. The server is ASH_SERVER_URL's, else the deployment's.
The session is kept, so that --session goes on with it.

Examples:

\b
  ash-ops ask "Hello"
  ash-ops ask --agent my-agent "What can you do?"
  git diff | ash-ops ask --agent reviewer -

Exit codes: 0 answered, 1 not answered or not to the end, 2 wrong usage, 130 Ctrl-C: the turn
is ended and the session kept.
"""


@click.command(help=_HELP)
@click.argument("text", metavar="TEXT")
@click.option("--agent", metavar="NAME", help="Whom to ask; the only agent if there is one.")
@click.option("--session", metavar="ID", help="Go on with this session.")
@click.option("--end", is_flag=True, help="End the session after the answer.")
@click.pass_obj
def command(ctx: Context, text: str, agent: str | None, session: str | None, end: bool) -> int:
    """Ask an agent, and print its answer as it comes."""
    from ash_ops.commands.ask import ask

    message = ctx.stdin.read().decode("utf-8", "replace") if text == "-" else text
    return ctx.show(ask(ctx.ports(), message, agent, session, end=end))
