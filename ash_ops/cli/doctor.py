"""``ash-ops doctor``."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from ash_ops.cli._context import Context
from ash_ops.errors import UsageProblem

if TYPE_CHECKING:
    from ash_ops.diagnosis import Report
    from ash_ops.facts.snapshot import Snapshot

PLAYBOOKS = ("pending", "connection", "restarts", "auth", "agents", "deploy", "security")
FORMATS = ("text", "json", "markdown", "junit", "sarif", "html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for on the command line."""

    playbooks: tuple[str, ...]
    format_name: str
    output: str | None
    save: str | None
    source: str | None
    offline_server: bool
    canary: bool
    timeout: float
    fix: bool
    yes: bool
    watch: bool
    every: float


_LONGEST = 3600.0


def _seconds(least: float) -> Callable[[click.Context, click.Parameter, float], float]:
    """A check of a number of seconds: a real one, not below ``least``, and an hour at most."""

    def check(_: click.Context, parameter: click.Parameter, value: float) -> float:
        if least <= value <= _LONGEST:  # what is no number is in no range
            return value
        raise UsageProblem(
            f"{parameter.opts[0]} {value:g} cannot be used",
            f"it is a number of seconds from {least:g} to {_LONGEST:g}",
            f"Give one, for instance {parameter.opts[0]} 15.",
        )

    return check


@click.command("doctor")
@click.argument("playbooks", nargs=-1, type=click.Choice(PLAYBOOKS), metavar="[PLAYBOOK]...")
@click.option(
    "--format", "format_name", type=click.Choice(FORMATS), default="text", help="How to print."
)
@click.option("-o", "--output", metavar="FILE", help="Write the report to FILE.")
@click.option("--save", metavar="FILE", help="Keep the facts, with secrets masked, in FILE.")
@click.option("--from", "source", metavar="FILE", help="Diagnose the facts kept in FILE; no AWS.")
@click.option("--offline-server", is_flag=True, help="Do not talk to the server itself.")
@click.option("--canary", is_flag=True, help="Create, use and end one session, to prove agents.")
@click.option(
    "--timeout",
    type=float,
    default=15.0,
    callback=_seconds(0.1),
    help="Seconds for all reading together.",
)
@click.option(
    "--fix",
    is_flag=True,
    help="Repair errors that need no decision; asks first, spares what serves.",
)
@click.option("--yes", is_flag=True, help="With --fix: do not ask.")
@click.option("--watch", is_flag=True, help="Look again and again; print only what changed.")
@click.option(
    "--every",
    type=float,
    default=15.0,
    callback=_seconds(0.5),
    help="With --watch: seconds between looks.",
)
@click.pass_obj
def command(context: Context, /, **options: Any) -> int:
    """Find the root cause of what is wrong, with evidence and the repair.

    Without PLAYBOOK all are run: pending, connection, restarts, auth, agents, deploy, security.
    Nothing is created, changed or deleted, but for the session of --canary and what --fix asks.

    Exit codes: 0 healthy, 3 a problem was found, 4 it could not be told, 1 the doctor could not
    work, 2 wrong usage.
    """
    wish = Wish(**options)
    if wish.source and (wish.fix or wish.watch or wish.canary):
        raise UsageProblem(
            "Kept facts cannot be repaired, watched or probed",
            "--from reads a file and talks to nobody",
            "Leave out --fix, --watch and --canary, or leave out --from.",
        )
    if wish.fix:
        code = _fix(context, wish)
        if wish.watch:
            _watch(context, _look(context, wish)[1], wish)
        return code
    _, report = _look(context, wish)
    _write(context, report, wish)
    if wish.watch:
        _watch(context, report, wish)
    return report.exit_code


def _look(context: Context, wish: Wish) -> tuple[Snapshot, Report]:
    """Read the facts and diagnose them."""
    started = time.monotonic()
    snapshot = _facts(context, wish)
    if wish.save:
        from ash_ops.snapshot.store import save_snapshot

        save_snapshot(snapshot, wish.save)
        context.note(f"The facts were kept in {wish.save}, with secrets masked.")
    from msgspec.structs import replace

    from ash_ops.diagnosis import diagnose

    report = diagnose(snapshot, wish.playbooks)  # type: ignore[arg-type] # click checked the names
    elapsed = round((time.monotonic() - started) * 1000)
    return snapshot, replace(report, elapsed_ms=elapsed)


def _facts(context: Context, wish: Wish) -> Snapshot:
    if wish.source:
        from ash_ops.snapshot.store import load_snapshot

        return load_snapshot(wish.source)
    from ash_ops.snapshot.collect import collect

    return collect(
        context.aws,
        context.settings.deployment,
        probe=not wish.offline_server,
        canary=wish.canary,
        timeout=wish.timeout,
        meanwhile=_load_diagnosis,
    )


def _load_diagnosis() -> None:
    """Import what the facts will be put through, while they are being read."""
    import ash_ops.checks.catalogue
    import ash_ops.diagnosis
    import ash_ops.report.text  # noqa: F401 - imported for its effect: it is loaded by then


def _write(context: Context, report: Report, wish: Wish) -> None:
    from ash_ops.report import render, text
    from ash_ops.style import style_for

    if wish.output:
        from ash_ops.files import write_file

        write_file(wish.output, render(report, wish.format_name), option="--output")
        context.note(f"The report is in {wish.output}.")
    elif wish.format_name == "text":
        style = style_for(is_terminal=context.is_terminal, no_color=os.environ.get("NO_COLOR"))
        width = shutil.get_terminal_size((text.WIDTH, 24)).columns
        page = text.render(
            report, style=style, verbose=context.verbose, width=max(40, min(width, text.WIDTH))
        )
        click.echo(page, nl=False)
    else:
        click.echo(render(report, wish.format_name), nl=False)


def _fix(context: Context, wish: Wish) -> int:
    """Repair, and print one document; a person at a terminal sees first what is wrong."""
    from ash_ops.deploy.fix.run import Mending, mend

    first = _look(context, wish)
    is_text = wish.format_name == "text" and not wish.output
    if is_text:
        _write(context, first[1], wish)
    how = Mending(
        aws=context.aws,
        names=context.settings.deployment,
        look=lambda: _look(context, wish),
        say=context.note,
        agree=lambda: _agreed(wish),
        show=lambda report: _write(context, report, wish),
        now=time.monotonic,
        sleep=time.sleep,
    )
    return mend(how, first, shown=is_text)


def _agreed(wish: Wish) -> bool:
    if wish.yes:
        return True
    if not sys.stdin.isatty():
        raise UsageProblem(
            "The repairs were not made", "nobody can be asked: this is no terminal", "Add --yes."
        )
    return click.confirm("Make these changes?", err=True)


def _watch(context: Context, report: Report, wish: Wish) -> None:
    """Look again until Ctrl-C; say only what changed."""
    from ash_ops.report.changes import changes

    context.note(f"Watching; a look every {wish.every:g} s. Ctrl-C ends it.")
    while True:
        time.sleep(wish.every)
        _, later = _look(context, wish)
        for line in changes(report, later):
            click.echo(f"{time.strftime('%H:%M:%S')} {line}")
        report = later
