"""Moves the world on to a moment: everything that is due happens, in its order."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

from ash_ops.demo.overlay import containers, load_balancers, state
from ash_ops.demo.overlay.living import LIVING
from ash_ops.demo.overlay.machines import hosts
from ash_ops.demo.world import conditions, fleet, probes, process, reach, rollouts, tasks
from ash_ops.demo.world.clock import CLOCK, STANDSTILL
from ash_ops.demo.world.probes import age_of, keeps_addresses
from ash_ops.demo.world.subjects import service_of

Record = dict[str, Any]

_MOST_STEPS = 20_000
_nobody_waits = threading.Event()


def advance() -> None:
    """Move on to the present."""
    with STANDSTILL, state.scope():
        _run_until(time.time())
        _keep_servers()
        load_balancers.keep_doors()


def live_through(until: float) -> None:
    """Live through the past up to a moment, at the pace of AWS."""
    with STANDSTILL, state.scope():
        CLOCK.live = False
        try:
            _run_until(until)
        finally:
            CLOCK.live = True


def begin_at(moment: float) -> None:
    """Let the world stand at an earlier moment than now."""
    with STANDSTILL:
        CLOCK.now = moment


def end_waits() -> None:
    """Let nobody wait for a rollout any more, until ``reset``: the account is about to be emptied."""
    _nobody_waits.set()


def reset() -> None:
    """Forget what is known of the world beside the account."""
    _nobody_waits.clear()
    with STANDSTILL:
        CLOCK.now = time.time()
        conditions.reset()


def wait_for_rollout(wanted: Record, patience_s: float) -> str:
    """Wait until a deployment of a service has ended.

    Returns:
        Its ``rolloutState``: ``COMPLETED``, ``FAILED``, or ``IN_PROGRESS`` when patience ran out,
        or the account is emptied.
    """
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        advance()
        if wanted["rolloutState"] != "IN_PROGRESS" or _nobody_waits.wait(0.02):
            break
    return str(wanted["rolloutState"])


def _run_until(until: float) -> None:
    for _ in range(_MOST_STEPS):
        _settle()
        moment = min((m for m in _moments() if m > CLOCK.now), default=None)
        if moment is None or moment > until:
            break
        CLOCK.now = moment
    CLOCK.now = max(CLOCK.now, until)
    _settle()


def _settle() -> None:
    """Let everything happen that is due now, and what follows from it at once."""
    fleet.scale_hosts()
    for host in hosts.keep():
        reason, code = _end_of(host)
        for task in hosts.tasks_on(host):
            tasks.stop(task, reason, code, exit_code=137)
    for _ in range(50):
        happened = [
            tasks.step(task) for task in list(state.tasks().values()) if tasks.is_alive(task)
        ]
        happened += [rollouts.step(service) for service in list(state.services().values())]
        if not any(happened):
            return


def _end_of(host: Record) -> tuple[str, str]:
    """What ECS says of the tasks of a host that is gone: reason and stop code."""
    if host["status"] == "DRAINING":
        return "Task stopped during instance draining", "InfrastructureHealth"
    return f"Host EC2 (instance {host['ec2InstanceId']}) terminated.", "TerminationNotice"


def _moments() -> Iterator[float]:
    for task in list(state.tasks().values()):
        if tasks.is_alive(task):
            moment = tasks.due(task)
            if moment is not None:
                yield moment
    for service in list(state.services().values()):
        moment = rollouts.due(service)
        if moment is not None and service["status"] == "ACTIVE":
            yield moment


def _keep_servers() -> None:
    """Let a stand-in listen for every task that runs, as the world wants it to behave."""
    for task in list(state.tasks().values()):
        if not tasks.is_alive(task) or task["lastStatus"] != "RUNNING":
            continue
        if process.is_deaf(task):
            containers.stop_server(task["taskArn"])
        else:
            containers.keep_server(task, _wanted(task))
            fleet.keep_protected(task)


def _wanted(task: Record) -> Record:
    if fleet.is_runner(task):
        return fleet.behaviour(task)
    service = service_of(task)
    groups = [entry["targetGroupArn"] for entry in (service or {}).get("loadBalancers", [])]
    known = state.target_groups()
    kept = all(keeps_addresses(known[group]) for group in groups if group in known)
    refused = process.refuses_everybody(task, age_of(task), addresses_kept=kept)
    finds = {"runner_address": fleet.address_of} if fleet.is_coordinator(task) else {}
    return process.behaviour(task) | {"requests": 0 if refused else None} | finds


LIVING.advance = advance
LIVING.begin, LIVING.is_alive, LIVING.stop = tasks.begin, tasks.is_alive, tasks.stop
LIVING.serves, LIVING.from_client = probes.serves, reach.from_client
