"""``ash-ops runners``."""

from __future__ import annotations

import click

from ash_ops.cli._context import Context
from ash_ops.cli._options import plan_option

_HELP = """Show the fleet of a multi-machine deployment, scale it, drain one.

Without a word behind it the fleet is listed.

Examples:

\b
  ash-ops runners
  ash-ops runners list --format json
  ash-ops runners scale 3
  ash-ops runners drain runner-0123abcd --wait

Exit codes: 0 done or as it should be, 1 could not, 3 runners are missing or the views of ECS and the
coordinator differ, 4 the coordinator could not be asked.
"""


@click.group(help=_HELP, invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> int | None:
    """List the fleet, where nothing else is asked."""
    if context.invoked_subcommand is None:
        code: int = context.invoke(list_, format_="text")
        return code
    return None


@command.command(name="list")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="How to print."
)
@click.pass_obj
def list_(ctx: Context, format_: str) -> int:
    """Show every runner as ECS and as the coordinator see it, and where they differ.

    "turns" is what works on a message now, of the most it may; "sessions" is what the coordinator
    counts as active, which includes sessions that have been idle for long.

    Example: `ash-ops runners list --format json`.

    Exit codes: 0 as it should be, 3 runners are missing or the views differ, 4 could not be asked.
    """
    from ash_ops.commands.runners import list_runners

    return ctx.show(list_runners(ctx.ports(), format_))


@command.command()
@click.argument("count", type=int)
@click.option(
    "--force", is_flag=True, help="End turns and pause sessions rather than wait for them."
)
@plan_option
@click.option("--yes", "-y", is_flag=True, help="Answer every question with yes.")
@click.pass_obj
def scale(ctx: Context, /, count: int, yes: bool, **how: bool) -> int:
    """Have COUNT runners; shows what that costs, and asks.

    With fewer, those with the fewest sessions take no new ones, and are ended when they hold none.

    Example: `ash-ops runners scale 3`.

    Exit codes: 0 done, 1 it was declined or could not be done, 3 the change failed or the server does not
    work after it, 4 whether it works could not be told.
    """
    from ash_ops.commands.runners import scale as run
    from ash_ops.deploy.fleet.change import FleetChoices

    return ctx.show(run(ctx.ports(yes=yes), count, FleetChoices(**how)))


@command.command()
@click.argument("runner", metavar="ID")
@click.option("--wait", is_flag=True, help="Wait until it holds no session, up to an hour.")
@click.option("--force", is_flag=True, help="End it now: turns end, sessions are paused.")
@click.option("--undo", is_flag=True, help="Let it take sessions again.")
@plan_option
@click.option("--yes", "-y", is_flag=True, help="Answer every question with yes.")
@click.pass_obj
def drain(ctx: Context, /, runner: str, undo: bool, yes: bool, **how: bool) -> int:
    """Give runner ID no new session, and replace it once it holds none.

    ID is the runner's, its task's, or the beginning of one.

    Example: `ash-ops runners drain runner-0123abcd --wait`.

    Exit codes: 0 done, 1 it was declined or could not be done.
    """
    from ash_ops.commands.runners import drain as run
    from ash_ops.deploy.fleet.change import FleetChoices

    return ctx.show(run(ctx.ports(yes=yes), runner, FleetChoices(**how), undo=undo))
