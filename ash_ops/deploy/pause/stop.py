"""``stop``: no task, no machine, no database that runs; everything else stays where it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ash_ops.aws import cloudformation, ecs
from ash_ops.aws.operate import pausing
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.losses import (
    EPHEMERAL,
    ROOT_DISK,
    agree_to,
    data_home,
    say_losses,
)
from ash_ops.deploy.pause.parts import Part, Parts, read_parts
from ash_ops.deploy.sessions.drain import drained
from ash_ops.deploy.sessions.live import lines
from ash_ops.errors import ExitCode, OpsError, ReadFailed
from ash_ops.facts.stacks import Stack

_POLL = 3.0
_LIMIT = 15 * 60.0
RESTARTS = "RDS starts a stopped database again by itself after 7 days (RDS user guide)"


def stop(environment: Environment, choices: DeployChoices) -> ExitCode:
    """Stop what runs, and keep all the rest.

    Raises:
        NotOurs: what has its names is somebody else's.
        OpsError: it cannot be stopped, or was not agreed to.
        KeyboardInterrupt: the user stopped it; how to go on was told.
    """
    parts = read_parts(environment)
    say = environment.dialogue.say
    if parts.is_stopped:
        say(f"{environment.deployment.prefix} is stopped already. `ash-ops start` starts it.")
        return ExitCode.OK
    home = _home(environment, parts.stack)
    for line in _plan(environment, parts, home):
        say(line)
    lost = _lost(home)
    say_losses(environment.dialogue, lost)
    if choices.plan_only:
        return ExitCode.OK
    agree_to(environment.dialogue, lost, given=choices.lose_data)
    if not environment.dialogue.confirm("Stop it?"):
        say("Nothing was changed.")
        return ExitCode.FAILED
    with drained(environment, parts.stack, choices):
        _carry_out(environment, parts, wait=choices.wait)
    return ExitCode.OK


def _home(environment: Environment, stack: Stack) -> str:
    types = [item.type for item in cloudformation.resources(environment.aws, stack.id)]
    return data_home(stack.parameters, types, stack.outputs.get("Mode", "standalone"))


def _lost(home: str) -> list[str]:
    """An instance that ends takes its root disk along; tasks end with every change anyway."""
    if home != ROOT_DISK:
        return []
    return [f"/data is {home}: all agents and sessions on it are lost."]


def _plan(environment: Environment, parts: Parts, home: str) -> Iterator[str]:
    names = environment.deployment
    yield f"To be stopped: {names.prefix} in {environment.aws.region} (account {parts.account})"
    for each in parts.services:
        yield f"  - stop     service {each.name}: {each.runs} -> 0 tasks"
    for each in parts.groups:
        yield f"  - stop     machines {each.name}: {each.runs} -> 0"
    for each in parts.databases:
        yield f"  - stop     database {each.name}; {RESTARTS}"
    yield f"  = keep     address, network, logs and keys; /data is {home}"
    yield from lines(environment.sessions(environment.aws, names), home)
    if home == EPHEMERAL:
        yield "  note       /data is inside the task: agents and sessions end with it."
    cost = environment.estimate_stopped()
    if cost:
        yield f"  cost       {cost}"
    yield "  back       `ash-ops start`"


def _carry_out(environment: Environment, parts: Parts, *, wait: bool) -> None:
    """Mark it, stop the services, then what they ran on. Each step finds its work done or not."""
    say = environment.dialogue.say
    try:
        _stop_services(environment, parts)
        if wait or parts.groups or parts.databases:
            _wait_for_tasks(environment, parts)
        _stop_rest(environment, parts)
    except KeyboardInterrupt:
        environment.dialogue.settle()
        say("\nWhat was asked for goes on by itself. `ash-ops stop` again stops the rest.")
        raise
    environment.dialogue.settle()
    say(f"Stopped: {environment.deployment.prefix} runs nothing. `ash-ops start` starts it again.")


def _stop_services(environment: Environment, parts: Parts) -> None:
    aws, names = environment.aws, environment.deployment
    pausing.mark_stopped(aws, parts.service.service_arn, datetime.now(UTC))
    for each in parts.services:
        if each.runs:
            pausing.scale_service(aws, names.cluster, each.name, 0)


def _wait_for_tasks(environment: Environment, parts: Parts) -> None:
    """Wait until no task runs: a machine that ends before its task cuts it off.

    Raises:
        OpsError: a task did not end.
    """
    end = environment.clock.now() + _LIMIT
    while environment.clock.now() < end:
        left = sum(_running(environment, each) for each in parts.services)
        if not left:
            return
        environment.dialogue.live([f"  stopping   {left} tasks still run"])
        environment.clock.sleep(_POLL)
    raise OpsError(
        "Tasks still run",
        f"they were asked to stop {_LIMIT / 60:.0f} minutes ago",
        "`ash-ops doctor` tells why; `ash-ops stop` again goes on.",
    )


def _running(environment: Environment, part: Part) -> int:
    found = ecs.live_service(environment.aws, environment.deployment.cluster, part.name)
    return (found.running_count or 0) + (found.pending_count or 0) if found else 0


def _stop_rest(environment: Environment, parts: Parts) -> None:
    for each in parts.groups:
        if each.runs:
            pausing.resize_group(environment.aws, each.name, 0, 0)
    for each in parts.databases:
        if each.runs:
            _stop_database(environment, each)


def _stop_database(environment: Environment, part: Part) -> None:
    """Stop a database; one that is busy with a backup is told, and stopped by the next run."""
    try:
        pausing.stop_database(environment.aws, part.name)
    except ReadFailed as error:
        if error.code not in ("InvalidDBInstanceState", "InvalidDBInstanceStateFault"):
            raise
        raise OpsError(
            f"The database {part.name} still runs, and is billed",
            f"{error.code}: it is {part.state or 'not available'}, and only an available one is stopped",
            "Everything else is stopped. Run `ash-ops stop` again in some minutes.",
        ) from error
