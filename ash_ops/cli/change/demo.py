"""``ash-ops demo``."""

from __future__ import annotations

import click

from ash_ops.cli import _values


@click.command("demo")
@click.argument("scenario", required=False, shell_complete=_values.scenarios)
@click.option("--list", "list_only", is_flag=True, help="List the scenarios, and stop.")
@click.option("--all", "play_all", is_flag=True, help="Play every scenario.")
@click.option("--serve", is_flag=True, help="Keep the account up and print how to use it.")
def command(*, scenario: str | None, list_only: bool, play_all: bool, serve: bool) -> int:
    """Try everything against an embedded emulator; no AWS account needed.

    Deploys Ash, breaks it as SCENARIO says, lets doctor find out, and types what doctor printed;
    without SCENARIO it shows three. Every command that it runs is shown with what it printed.

    Examples:

    \b
      ash-ops demo                      three of them
      ash-ops demo out-of-memory
      ash-ops demo --serve              keep it up, for another terminal

    Exit codes: 0 found and repaired, 1 doctor did not lead with the scenario's cause, or what it
    printed did not repair, 2 wrong usage.
    """
    from ash_ops.demo import scenario as scenarios

    if list_only:
        _print_list()
        return 0
    if serve:
        from ash_ops.demo.serving import serve as keep_up

        return keep_up(scenario)
    from ash_ops.demo import tour

    names = scenarios.names() if play_all else [scenario] if scenario else []
    return tour.run(names)


def _print_list() -> None:
    from tabulate import tabulate

    from ash_ops.demo.tour import listing

    headers = ("scenario", "doctor leads with", "what is wrong")
    click.echo(tabulate(listing(), headers=headers, tablefmt="plain"))
