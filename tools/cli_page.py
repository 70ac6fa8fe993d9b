"""Write docs/cli.md, every command with its options, from the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator

import click

from ash_ops.cli._help import own_options
from ash_ops.cli._main import COMMANDS, group

HEAD = """<!-- Generated from the commands by `make generate`. -->

# The command line

```text
ash-ops [OPTIONS] COMMAND [OPTIONS] [ARGUMENTS]
```

Standard output is data, standard error everything else. Configuration comes from options, then the
environment, then `.env`, then defaults. A command that is
advised carries the global options that were given, so that it is about the same deployment.
"""
CODES = """
## Exit codes

| code | meaning |
| --- | --- |
| 0 | done, or healthy |
| 1 | it could not be done |
| 2 | wrong usage: an option, a variable or a file cannot be right |
| 3 | problems were found |
| 4 | it could not be told |
| 130 | Ctrl-C |

What one command means by its code stands with the command.
"""
# The pages that tell more than the help does.
PAGES = {
    "agent": "deploy.md",
    "ask": "deploy.md",
    "backup": "operate.md",
    "cost": "cost.md",
    "demo": "demo.md",
    "deploy": "deploy.md",
    "doctor": "doctor.md",
    "explain": "explain.md",
    "iam-policy": "iam.md",
    "logs": "logs.md",
    "restore": "operate.md",
    "rollback": "deploy.md",
    "rollout": "deploy.md",
    "runners": "scaling.md",
    "start": "operate.md",
    "stop": "operate.md",
    "teardown": "deploy.md",
    "template": "templates.md",
}


def files() -> dict[str, str]:
    """The page by its path below the project."""
    return {"docs/cli.md": page().rstrip("\n") + "\n"}


def page() -> str:
    """The whole page."""
    with group.make_context("ash-ops", [], resilient_parsing=True) as context:
        return "\n".join([HEAD, *_index(), *_global_options(context), CODES, *_sections(context)])


def _index() -> Iterator[str]:
    yield from ("| command | |", "| --- | --- |")
    yield from (f"| [`{name}`](#{name}) | {text} |" for name, (_, text) in COMMANDS.items())


def _global_options(context: click.Context) -> Iterator[str]:
    yield from ("", "## Global options", "", "They may stand before or behind the command.", "")
    yield from _table(context, [p for p in group.params if isinstance(p, click.Option)])


def _sections(context: click.Context) -> Iterator[str]:
    for name in COMMANDS:
        if command := group.get_command(context, name):
            yield from _section(name, command, context)


def _section(name: str, command: click.Command, parent: click.Context) -> Iterator[str]:
    with command.make_context(name, [], parent=parent, resilient_parsing=True) as context:
        usage = " ".join(command.collect_usage_pieces(context))
        yield from (f"## {name}", "", "```text", f"ash-ops {name} {usage}", "```", "")
        yield from _paragraphs(inspect.cleandoc(command.help or ""))
        yield from _table(context, own_options(command))
        yield ""
        if name in PAGES:
            yield from (f"More: [{PAGES[name]}]({PAGES[name]}).", "")
        for inner in command.commands.values() if isinstance(command, click.Group) else ():
            yield from _section(f"{name} {inner.name}", inner, context)


def _paragraphs(text: str) -> Iterator[str]:
    """The help; what click keeps as it is, behind a backspace, is code."""
    for paragraph in text.split("\n\n"):
        kept = paragraph.startswith("\b\n")
        lines = paragraph.removeprefix("\b\n").splitlines()
        yield from ("```text", *map(str.strip, lines), "```") if kept else lines
        yield ""


def _table(context: click.Context, options: Iterable[click.Option]) -> Iterator[str]:
    records = [
        record for option in options if (record := option.get_help_record(context)) is not None
    ]
    if records:
        yield from ("| option | |", "| --- | --- |")
        yield from (f"| `{_cell(left)}` | {_cell(right)} |" for left, right in records)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
