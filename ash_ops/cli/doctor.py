"""``ash-ops doctor``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ash_ops.cli._context import Context

if TYPE_CHECKING:
    from ash_ops.diagnosis import Report
    from ash_ops.snapshot.models import Snapshot

PLAYBOOKS = ("pending", "connection", "restarts", "auth", "agents", "deploy", "security")
FORMATS = ("text", "json", "markdown", "junit", "sarif", "html")


@click.command("doctor")
@click.argument("playbooks", nargs=-1, type=click.Choice(PLAYBOOKS), metavar="[PLAYBOOK]...")
@click.option("--format", "format_name", type=click.Choice(FORMATS), default="text")
@click.option("-o", "--output", metavar="FILE", help="Write the report to FILE.")
@click.option("--save", metavar="FILE", help="Keep the facts, with secrets masked, in FILE.")
@click.option("--from", "source", metavar="FILE", help="Diagnose the facts kept in FILE; no AWS.")
@click.option("--offline-server", is_flag=True, help="Do not talk to the server itself.")
@click.option("--canary", is_flag=True, help="Create, use and end one session, to prove agents.")
@click.option("--timeout", type=float, default=15.0, help="Seconds for all reading together.")
@click.pass_obj
def command(
    context: Context,
    *,
    playbooks: tuple[str, ...],
    format_name: str,
    output: str | None,
    save: str | None,
    source: str | None,
    offline_server: bool,
    canary: bool,
    timeout: float,
) -> int:
    """Find the root cause of what is wrong, with evidence and the repair.

    Without PLAYBOOK all are run: pending, connection, restarts, auth, agents, deploy, security.
    Nothing is created, changed or deleted (but for the one session of --canary).

    Exit codes: 0 healthy, 3 a problem was found, 4 it could not be told, 1 the doctor could not
    work, 2 wrong usage.
    """
    snapshot = _facts(context, source, offline_server, canary, timeout)
    if save:
        from ash_ops.snapshot.store import save_snapshot

        save_snapshot(snapshot, save)
        context.note(f"The facts were kept in {save}, with secrets masked.")
    from ash_ops.diagnosis import diagnose

    report = diagnose(snapshot, playbooks)  # type: ignore[arg-type]  # click has checked the names
    _write(context, report, format_name, output)
    return report.exit_code


def _facts(
    context: Context, source: str | None, offline_server: bool, canary: bool, timeout: float
) -> Snapshot:
    if source:
        from ash_ops.snapshot.store import load_snapshot

        return load_snapshot(source)
    from ash_ops.snapshot.collect import collect

    return collect(
        context.aws,
        context.settings.deployment,
        probe=not offline_server,
        canary=canary,
        timeout=timeout,
        meanwhile=_load_diagnosis,
    )


def _load_diagnosis() -> None:
    """Import what the facts will be put through, while they are being read."""
    import ash_ops.checks.catalogue
    import ash_ops.diagnosis
    import ash_ops.report.text  # noqa: F401 - imported for its effect: it is loaded by then


def _write(context: Context, report: Report, format_name: str, output: str | None) -> None:
    from ash_ops.report import render, text
    from ash_ops.style import style_for

    if output:
        from pathlib import Path

        Path(output).write_text(render(report, format_name), encoding="utf-8")
        context.note(f"The report is in {output}.")
    elif format_name == "text":
        style = style_for(is_terminal=context.is_terminal, no_color=os.environ.get("NO_COLOR"))
        click.echo(text.render(report, style=style, verbose=context.verbose), nl=False)
    else:
        click.echo(render(report, format_name), nl=False)
