"""``ash-ops explain``: what a message of AWS or Ash means."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import BinaryIO, Final

import click

from ash_ops.cli import _values
from ash_ops.errors import ExitCode, UsageProblem


@click.command("explain")
@click.argument("text", nargs=-1, shell_complete=_values.causes)
@click.option(
    "--file",
    "file",
    type=click.File("rb"),
    help="Read the message from a file (- is standard input).",
)
@click.option(
    "--batch", is_flag=True, help="JSON lines {id, kind, fields} in, one JSON line each out."
)
@click.option("--list", "listing", is_flag=True, help="List every cause and stop.")
@click.option(
    "--format", "output", type=click.Choice(["text", "json"]), default="text", help="How to print."
)
def command(
    text: tuple[str, ...], file: BinaryIO | None, batch: bool, listing: bool, output: str
) -> int:
    """Say what a message of AWS or Ash means, how to prove it and how to repair it.

    TEXT is what you have: a message, log lines, JSON or YAML of the AWS CLI, however it was
    wrapped; the name of a file; or a cause's name. Without it the message is read from --file or
    standard input. Works without AWS, network and credentials.

    Exits with 0 when something was explained, 4 when nothing in it is known; with --batch 1 when
    a line could not be read.
    """
    if listing:
        return _list(output)
    if batch:
        return _batch(file)
    from ash_ops.causes.explain import SCHEMA, explain
    from ash_ops.report.explanation import lines

    found = explain(_message(text, file))
    if output == "json":
        document = {"schema": SCHEMA, "explanations": [entry.to_json() for entry in found]}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(lines(found, _width())))
    known = any(entry.cause for entry in found)
    return ExitCode.OK if known else ExitCode.INCONCLUSIVE


def _width() -> int:
    """The columns of the terminal; 0 where the output is no terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def _message(text: tuple[str, ...], file: BinaryIO | None) -> str | bytes:
    """What to explain, from the arguments, a file that is named, or standard input."""
    if text:
        return _of_file(text) or " ".join(text)
    if file is None and sys.stdin.isatty():
        raise UsageProblem(
            "There is nothing to explain",
            "neither a text nor --file was given, and standard input is a terminal",
            "Paste the message: ash-ops explain 'CannotPullContainerError: ...'",
        )
    content = (file or sys.stdin.buffer).read()
    if not content.strip():
        raise UsageProblem(
            "There is nothing to explain",
            "the input is empty",
            "Paste the message: ash-ops explain 'CannotPullContainerError: ...'",
        )
    return content


_LONGEST_PATH: Final = 1_000


def _of_file(text: tuple[str, ...]) -> bytes | None:
    """What a file holds, if the text is the name of one that is there and holds something."""
    if len(text) != 1 or len(text[0]) > _LONGEST_PATH or "\n" in text[0]:
        return None
    try:
        path = Path(text[0])
        return path.read_bytes() if path.is_file() else None
    except (OSError, ValueError):  # a text that cannot be a name
        return None


def _batch(file: BinaryIO | None) -> int:
    from ash_ops.causes.batch import answers

    code = ExitCode.OK
    for answer, readable in answers(file or sys.stdin.buffer):
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        code = code if readable else ExitCode.FAILED
    return code


def _list(output: str) -> int:
    from ash_ops.causes.catalogue import ORDER

    if output == "json":
        rows = [
            {"cause": c.slug, "category": c.category, "severity": c.severity, "title": c.title}
            for c in ORDER
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(f"{c.slug:32}  {c.title}" for c in ORDER))
    return ExitCode.OK
