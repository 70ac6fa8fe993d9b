"""``ash-ops completion``."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(SHELLS)))
@click.pass_context
def command(ctx: click.Context, /, shell: str) -> int:
    """Print the lines that make SHELL complete ash-ops: commands, options and values.

    \b
    For bash, in ~/.bashrc:
      eval "$(ash-ops completion bash)"
    For zsh, in ~/.zshrc below compinit:
      eval "$(ash-ops completion zsh)"
    For fish:
      ash-ops completion fish > ~/.config/fish/completions/ash-ops.fish

    Names of causes and scenarios, regions and the profiles of your AWS configuration are completed too.

    Exit codes: 0 printed, 2 it is no shell that can be completed.
    """
    root = ctx.find_root().command
    click.echo(SHELLS[shell](root, {}, "ash-ops", "_ASH_OPS_COMPLETE").source())
    return 0
