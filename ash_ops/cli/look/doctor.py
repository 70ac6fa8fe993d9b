"""``ash-ops doctor``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ash_ops.checks.playbooks import PLAYBOOKS
from ash_ops.cli._context import Context
from ash_ops.config_file import FAIL_ON, doctor_defaults
from ash_ops.errors import UsageProblem
from ash_ops.report import FORMATS

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
    "--format",
    "format_name",
    type=click.Choice(FORMATS),
    default=None,
    help="How to print.  [default: text, or what the ending of FILE of -o asks for]",
)
@click.option("--brief", is_flag=True, help="With --format json: only roots, proof and repair.")
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
    "--ignore",
    multiple=True,
    metavar="CAUSE",
    help="Leave out warnings of CAUSE, but for a line that counts them. May be repeated.",
)
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default=None,
    help="What makes the exit code 3: an error, or a warning too.  [default: error]",
)
@click.option(
    "--fix",
    is_flag=True,
    help="Repair errors that need no decision; asks first, spares what serves.",
)
@click.option("--yes", "-y", is_flag=True, help="With --fix: do not ask.")
@click.option(
    "--lose-sessions",
    is_flag=True,
    help="With --fix: make repairs too that replace a task that serves; its sessions end.",
)
@click.option(
    "--adopt",
    is_flag=True,
    help="With --fix: offer to change what is not ours too, thing by thing.",
)
@click.option(
    "--wait",
    is_flag=True,
    help="Look again while a task starts or a repair is too young to be certain; 20 minutes at most.",
)
@click.option("--watch", is_flag=True, help="Look again and again; print only what changed.")
@click.option(
    "--every",
    type=float,
    default=15.0,
    callback=_seconds(0.5),
    help="With --watch: seconds between looks.",
)
@click.option(
    "--notify",
    metavar="URL",
    help="With --watch: post each new verdict there as JSON (Slack reads it too).",
)
@click.pass_obj
def command(context: Context, /, **options: Any) -> int:
    """Find the root cause of what is wrong, with evidence and the repair.

    Without PLAYBOOK all are run: deploy, pending, restarts, connection, auth, agents, security.
    Nothing is created, changed or deleted, but for the session of --canary and what --fix asks.

    Examples:

    \b
      ash-ops doctor                        everything; the answer on one screen
      ash-ops doctor -v                     all evidence, all steps, all checks
      ash-ops doctor pending                why does no task start?
      ash-ops doctor --fix                  repair what needs no decision, after asking
      ash-ops doctor --wait                 after a repair: end when it is certain
      ash-ops doctor --save facts.json      for a colleague: doctor --from facts.json
      ash-ops doctor -o report.html         a page to forward

    Exit codes: 0 healthy, 3 a problem was found, 4 it could not be told, 1 the doctor could not
    work, 2 wrong usage.
    """
    from ash_ops.commands.doctor import DoctorRequest, doctor

    yes = options.pop("yes")
    own = doctor_defaults(Path.cwd())
    options["ignore"] = {**own.ignore, **dict.fromkeys(options["ignore"], "")}
    options["fail_on"] = options["fail_on"] or own.fail_on or "error"
    return context.show(doctor(context.ports(yes=yes), DoctorRequest(**options)))
