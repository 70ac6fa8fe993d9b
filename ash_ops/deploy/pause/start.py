"""``start``: what was stopped runs again, as its stack wants it, and is proven to work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ash_ops.aws.operate import pausing
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.live import find_service, require_service
from ash_ops.deploy.pause.parts import Part, Parts, read_parts
from ash_ops.deploy.run.evidence import Evidence, collect
from ash_ops.deploy.run.proof import prove
from ash_ops.errors import ExitCode, OpsError

_POLL = 3.0
_SLOW_POLL = 15.0
_LIMIT = 20 * 60.0  # a machine takes minutes to come, and a task some more
_DATABASE_LIMIT = 45 * 60.0


def start(environment: Environment, choices: DeployChoices) -> ExitCode:
    """Start what was stopped, follow it, and prove that it works.

    Raises:
        NotOurs: what has its names is somebody else's.
        OpsError: it cannot be started.
        KeyboardInterrupt: the user stopped waiting; how to go on was told.
    """
    parts = read_parts(environment)
    say = environment.dialogue.say
    if parts.is_running:
        _forget_stop(environment, parts)
        say(f"Nothing to start: {environment.deployment.prefix} is asked to run already.")
        say("`ash-ops doctor` tells whether it works.")
        return ExitCode.OK
    for line in _plan(environment, parts):
        say(line)
    if choices.plan_only:
        return ExitCode.OK
    if not environment.dialogue.confirm("Start it?"):
        say("Nothing was changed.")
        return ExitCode.FAILED
    with told_how_to_go_on(environment):
        return _carry_out(environment, parts, choices)


def wake(environment: Environment, *, look_only: bool = False) -> None:
    """Before a change that has to be proven: what was stopped on purpose is started, with consent.

    CloudFormation would start the service alone, without its machines and its database.

    Raises:
        OpsError: it was declined, or cannot be started.
        ReadFailed: a read failed.
        KeyboardInterrupt: the user stopped waiting; how to go on was told.
    """
    service = find_service(environment.aws, environment.deployment)
    if service is None or not service.is_stopped:
        return
    prefix = environment.deployment.prefix
    if look_only:
        environment.dialogue.say(
            f"{prefix} is stopped on purpose: the change would start it first."
        )
        return
    if not environment.dialogue.confirm(
        f"{prefix} is stopped on purpose. Start it for the change?"
    ):
        raise OpsError(
            "Nothing was changed",
            f"{prefix} is stopped on purpose, and a change cannot be proven while nothing runs",
            "`ash-ops start` starts it; then run the command again.",
        )
    parts = read_parts(environment)
    with told_how_to_go_on(environment):
        _start(environment, parts)
        _wait_for_tasks(environment, parts, Evidence())


@contextmanager
def told_how_to_go_on(environment: Environment) -> Iterator[None]:
    """After Ctrl-C say what goes on, and how to get back to it."""
    try:
        yield
    except KeyboardInterrupt:
        environment.dialogue.settle()
        environment.dialogue.say(
            "\nWhat was started goes on by itself. `ash-ops start` again starts the rest."
        )
        raise


def _plan(environment: Environment, parts: Parts) -> Iterator[str]:
    names = environment.deployment
    when = parts.service.stopped_at
    since = f", stopped since {when:%Y-%m-%d %H:%M} UTC" if when else ""
    yield f"To be started: {names.prefix} in {environment.aws.region} (account {parts.account}){since}"
    for each in parts.databases:
        yield f"  + start    database {each.name} ({each.state})"
    for each in parts.groups:
        yield f"  + start    machines {each.name}: {each.runs} -> {each.wants}"
    for each in parts.services:
        yield f"  + start    service {each.name}: {each.runs} -> {each.wants} tasks"


def _carry_out(environment: Environment, parts: Parts, choices: DeployChoices) -> ExitCode:
    _start(environment, parts)
    if not choices.wait:
        environment.dialogue.say("Started. `ash-ops status` shows it.")
        return ExitCode.OK
    evidence = Evidence()
    _wait_for_tasks(environment, parts, evidence)
    return prove(environment, evidence, choices.canary)


def _start(environment: Environment, parts: Parts) -> None:
    """What the server needs first: its database, then its machines, then its tasks."""
    for each in parts.databases:
        _start_database(environment, each)
    for each in parts.groups:
        if each.runs < each.wants:
            pausing.resize_group(environment.aws, each.name, each.least, each.wants)
    for each in parts.services:
        if each.runs < each.wants:
            names = environment.deployment
            pausing.scale_service(environment.aws, names.cluster, each.name, each.wants)
    _forget_stop(environment, parts)


def _forget_stop(environment: Environment, parts: Parts) -> None:
    if parts.service.has_stop_tag:
        pausing.unmark_stopped(environment.aws, parts.service.service_arn)


def _start_database(environment: Environment, part: Part) -> None:
    """Start a database and wait for it: the server ends at once without it.

    Raises:
        OpsError: it did not come.
    """
    end, state = environment.clock.now() + _DATABASE_LIMIT, part.state
    while state != "available":
        if environment.clock.now() >= end:
            raise OpsError(
                f"The database {part.name} is not available",
                f"it is {state} after {_DATABASE_LIMIT / 60:.0f} minutes",
                "`ash-ops start` again goes on from here.",
            )
        if state == "stopped":
            pausing.start_database(environment.aws, part.name)
        environment.dialogue.live([f"  starting   database {part.name}: {state}"])
        environment.clock.sleep(_SLOW_POLL)
        found = pausing.find_database(environment.aws, part.name) or {}
        state = str(found.get("DBInstanceStatus") or "gone")


def _wait_for_tasks(environment: Environment, parts: Parts, evidence: Evidence) -> None:
    """Wait until the server's tasks run, or enough of them have died of one cause; proving tells which."""
    wanted = next((p.wants for p in parts.services if p.name == environment.deployment.service), 1)
    end = environment.clock.now() + _LIMIT
    while environment.clock.now() < end:
        service = require_service(environment.aws, environment.deployment)
        collect(environment.aws, environment.deployment, service, evidence)
        if (service.running_count or 0) >= wanted or evidence.verdict():
            break
        line = f"{service.running_count or 0} of {wanted} tasks run, {service.pending_count or 0} pending"
        environment.dialogue.live([f"  starting   {line}"])
        environment.clock.sleep(_POLL)
    environment.dialogue.settle()
