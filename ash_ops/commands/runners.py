"""``runners``: the fleet of a multi-machine deployment, another size of it, one runner emptied."""

from __future__ import annotations

from ash_ops.commands import Result
from ash_ops.commands.deploy import environment_of
from ash_ops.commands.ports import Ports
from ash_ops.deploy.fleet import change
from ash_ops.deploy.fleet.change import FleetAccess, FleetChoices
from ash_ops.deploy.fleet.read import read_fleet
from ash_ops.errors import ExitCode
from ash_ops.facts.fleet import Fleet


def list_runners(ports: Ports, format_name: str) -> Result:
    """Both views of every runner.

    Raises:
        OpsError: there is no fleet, or ECS could not be asked.
    """
    from ash_ops.report.runners import as_json, as_text

    aws, names = ports.open_aws(), ports.settings.deployment
    fleet = read_fleet(aws, names, ports.now)
    if format_name == "json":
        return Result(exit_code=_verdict(fleet), render=lambda: as_json(fleet, names.prefix))
    return Result(
        exit_code=_verdict(fleet), render=lambda: as_text(fleet, names.prefix, aws.region)
    )


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
    return Result(exit_code=change.scale(_access(ports), count, choices))


def drain(ports: Ports, runner: str, choices: FleetChoices, *, undo: bool) -> Result:
    """Empty a runner and replace it; or let it take sessions again.

    Raises:
        OpsError: it cannot be done.
    """
    access = _access(ports)
    if undo:
        return Result(exit_code=change.open_one(access, runner))
    return Result(exit_code=change.drain_one(access, runner, choices))


def _access(ports: Ports) -> FleetAccess:
    return FleetAccess(environment=environment_of(ports), now=ports.now)
