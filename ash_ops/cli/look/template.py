"""``ash-ops template``."""

from __future__ import annotations

from pathlib import Path

import click

from ash_ops.cli._context import Context


@click.command()
@click.argument(
    "directory", type=click.Path(path_type=Path, file_okay=False), default=Path("templates")
)
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@click.pass_obj
def command(ctx: Context, directory: Path, force: bool) -> int:
    """Write the bundled templates to DIRECTORY; `deploy --template DIRECTORY` uses them.

    Examples:

    \b
      ash-ops template cfn
      ash-ops deploy --template cfn --plan

    Exit codes: 0 written, 1 could not, 2 files are there already.
    """
    from ash_ops.commands.template import template

    return ctx.show(template(ctx.ports(), directory, force=force))
