"""``runners``: the fleet of a multi-machine deployment, another size of it, one runner emptied."""

from __future__ import annotations

from ash_ops.commands import Result
from ash_ops.commands.deploy import environment_of
from ash_ops.commands.ports import Ports
from ash_ops.deploy.fleet import change
from ash_ops.deploy.fleet.change import Crew, FleetChoices
from ash_ops.deploy.fleet.read import read_fleet
from ash_ops.errors import ExitCode
from ash_ops.facts.fleet import Fleet


def list_runners(ports: Ports, format_name: str) -> Result:
    """Both views of every runner.

    Raises:
        OpsError: there is no fleet, or ECS could not be asked.
    """
    names = ports.settings.deployment
    fleet = read_fleet(ports.open_aws(), names, ports.now)
    from ash_ops.report.runners import as_json, as_text

    render = as_json if format_name == "json" else as_text
    return Result(exit_code=_verdict(fleet), render=lambda: render(fleet, names.prefix))


def _verdict(fleet: Fleet) -> ExitCode:
    if fleet.unasked:
        return ExitCode.INCONCLUSIVE
    short = fleet.registered < fleet.wanted
    return ExitCode.PROBLEMS if short or fleet.disagreements else ExitCode.OK


def scale(ports: Ports, count: int, choices: FleetChoices) -> Result:
    """Have so many runners.

    Raises:
        OpsError: it cannot be done.
    """
    return Result(exit_code=change.scale(_crew(ports), count, choices))


def drain(ports: Ports, runner: str, choices: FleetChoices, *, undo: bool) -> Result:
    """Empty a runner and replace it; or let it take sessions again.

    Raises:
        OpsError: it cannot be done.
    """
    crew = _crew(ports)
    if undo:
        return Result(exit_code=change.open_one(crew, runner, plan_only=choices.plan_only))
    return Result(exit_code=change.drain_one(crew, runner, choices))


def _crew(ports: Ports) -> Crew:
    return Crew(environment=environment_of(ports), now=ports.now)
