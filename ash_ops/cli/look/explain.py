"""``ash-ops explain``: what a message of AWS or Ash means."""

from __future__ import annotations

from typing import BinaryIO

import click

from ash_ops.cli import _values
from ash_ops.cli._context import Context


@click.command("explain")
@click.argument("text", nargs=-1, shell_complete=_values.causes)
@click.option(
    "--file",
    "file",
    type=click.File("rb"),
    help="Read the message from a file (- is standard input).",
)
@click.option(
    "--batch",
    "by_line",
    is_flag=True,
    help="JSON lines {id, kind, fields} in, one JSON line each out.",
)
@click.option("--list", "every", is_flag=True, help="List every cause and stop.")
@click.option(
    "--format", "output", type=click.Choice(["text", "json"]), default="text", help="How to print."
)
@click.make_pass_decorator(Context, ensure=True)
def command(
    context: Context,
    /,
    text: tuple[str, ...],
    file: BinaryIO | None,
    by_line: bool,
    every: bool,
    output: str,
) -> int:
    """Say what a message of AWS or Ash means, how to prove it and how to repair it.

    TEXT is what you have: a message, log lines, JSON or YAML of the AWS CLI, however it was
    wrapped; the name of a file; or a cause's name. Without it, or with -, the message is read from
    --file or standard input. Works without AWS, network and credentials.

    Examples:

    \b
      ash-ops explain "CannotPullContainerError: ..."
      aws ecs describe-tasks ... | ash-ops explain
      ash-ops explain container-oom

    Exit codes: 0 something was explained, 4 nothing in it is known; with --batch 1 where a line
    could not be read.
    """
    from ash_ops.commands.explain import Pasted, batch, explain, listing

    if every:
        return context.show(listing(output))
    if by_line:
        return context.show(batch(file or context.stdin, context.write))
    if text == ("-",):  # as every command that reads standard input has it; a person may type there
        text, file = (), file or context.stdin
    pasted = Pasted(words=text, stream=file or context.piped)
    return context.show(explain(pasted, output, context.width))
