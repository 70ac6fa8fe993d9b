"""One service: its deployments, its circuit breaker, its events."""

from __future__ import annotations

import math
from typing import Any

from ash_ops.demo.overlay import containers, pauses, state, targets
from ash_ops.demo.overlay.machines import protection
from ash_ops.demo.world import placement, tasks
from ash_ops.demo.world.clock import CLOCK, stamp
from ash_ops.demo.world.start import can_start
from ash_ops.demo.world.subjects import primary_of

Record = dict[str, Any]

_BACK_OFF_S = (5.0, 20.0, 30.0, 45.0, 60.0, 120.0, 300.0)
_TELL_AGAIN_S = 300.0
_FEWEST_FAILURES = 3
_BROKEN = "Service deployment rolled back because the circuit breaker threshold was exceeded."
_INCONSISTENT = (
    "is unable to consistently start tasks successfully. For more information, see the "
    "Troubleshooting section of the Amazon ECS Developer Guide."
)


def due(service: Record) -> float | None:
    """When the next thing happens to a service by itself."""
    moment: float | None = service.get("_next_start")
    return moment


def step(service: Record) -> bool:
    """Let happen what is due; answers whether anything did."""
    if service["status"] != "ACTIVE":
        return False
    _count_failures(service)
    if service.get("schedulingStrategy") == "DAEMON":
        service["desiredCount"] = len(placement.daemon_hosts(service))
        primary_of(service)["desiredCount"] = service["desiredCount"]
    changed = _scale(service)
    changed = _conclude(service) or changed
    recount(service)
    return changed


def alive(service: Record) -> list[Record]:
    """The service's tasks that have not stopped."""
    group = f"service:{service['serviceName']}"
    return [
        task
        for task in list(state.tasks().values())
        if task.get("group") == group
        and task["clusterArn"] == service["clusterArn"]
        and tasks.is_alive(task)
    ]


def _tell(service: Record, text: str) -> None:
    state.add_service_event(service, f"(service {service['serviceName']}) {text}", stamp(CLOCK.now))


# -- how many tasks there are ---------------------------------------------------------------------


def _scale(service: Record) -> bool:
    wanted = primary_of(service)
    desired = int(service["desiredCount"])
    its_own = [t for t in alive(service) if t.get("_deployment_id") == wanted["id"]]
    if len(its_own) > desired:
        spare = [task for task in its_own if not protection.is_protected(task)]
        doomed = spare[max(0, len(spare) - (len(its_own) - desired)) :]
        return _stop(service, doomed, "Scaling activity initiated by (deployment)")
    if desired == 0:
        others = [t for t in alive(service) if t not in its_own]
        return _stop(service, others, "Scaling activity initiated by (deployment)")
    if len(its_own) == desired or wanted["rolloutState"] == "FAILED":
        return False
    return _make_room(service, wanted) or _start(service, wanted)


def _stop(service: Record, doomed: list[Record], reason: str) -> bool:
    deployment = primary_of(service)["id"]
    for task in doomed:
        tasks.stop(
            task,
            reason.replace("(deployment)", f"(deployment {deployment})"),
            "ServiceSchedulerInitiated",
            exit_code=0,
        )
    if doomed:
        names = " ".join(f"(task {task['taskArn'].rsplit('/', 1)[-1]})" for task in doomed)
        _tell(service, f"has stopped {len(doomed)} running tasks: {names}.")
    return bool(doomed)


def _percent(service: Record, name: str, default: int) -> float:
    configuration = service.get("deploymentConfiguration") or {}
    return float(configuration.get(name, default)) / 100


def _make_room(service: Record, wanted: Record) -> bool:
    """Stop old tasks where no more may run beside them."""
    desired = int(service["desiredCount"])
    old = [
        task
        for task in alive(service)
        if task.get("_deployment_id") != wanted["id"] and not protection.is_protected(task)
    ]
    most = math.floor(desired * _percent(service, "maximumPercent", 200))
    fewest = math.ceil(desired * _percent(service, "minimumHealthyPercent", 100))
    if len(alive(service)) < most or not old:
        return False
    spare = max(0, len(alive(service)) - fewest)
    return _stop(service, old[:spare], "Scaling activity initiated by (deployment)")


def _start(service: Record, wanted: Record) -> bool:
    definition = state.task_definition(wanted["taskDefinition"])
    most = math.floor(service["desiredCount"] * _percent(service, "maximumPercent", 200))
    if len(alive(service)) >= max(1, most):
        return False
    refusal = placement.refusal(service, definition)
    if refusal is not None:
        return _refused(service, refusal)
    if (service.get("_next_start") or 0) > CLOCK.now and not _healed(service):
        return False
    service["_next_start"] = None
    task = containers.create_task(service, wanted, placement.host_for(service, definition))
    tasks.begin(task)
    replaced = " Amazon ECS replaced 1 tasks due to an unhealthy status."
    because = replaced if service.pop("_replacing", False) else ""
    _tell(service, f"has started 1 tasks: (task {task['taskArn'].rsplit('/', 1)[-1]}).{because}")
    service["_steady"] = False
    return True


def _refused(service: Record, event: str) -> bool:
    """Say why no task is started, when it changes and then every few minutes."""
    said, at = service.get("_refused") or ("", 0.0)
    if event == said and CLOCK.now - at < _TELL_AGAIN_S:
        return False
    service["_refused"] = (event, CLOCK.now)
    state.add_service_event(service, event, stamp(CLOCK.now))
    service["_next_start"] = CLOCK.now + _TELL_AGAIN_S
    service["_steady"] = False
    return True


def _healed(service: Record) -> bool:
    """Whether what stopped the last start is gone: then one need not wait for the next."""
    last = service.get("_last_failure")
    return service.get("_refused") is not None or (
        last is not None and last["stopCode"] == "TaskFailedToStart" and can_start(last)
    )


# -- what became of them --------------------------------------------------------------------------


def _count_failures(service: Record) -> None:
    for task in list(state.tasks().values()):
        if task.get("_failed") and task.get("group") == f"service:{service['serviceName']}":
            task["_failed"] = False
            if task["clusterArn"] == service["clusterArn"]:
                _failed(service, task)


def _failed(service: Record, task: Record) -> None:
    service["_failures"] = service.get("_failures", 0) + 1
    service["_last_failure"] = task
    if task["stopCode"] == "TaskFailedToStart" or task.get("startedAt") is None:
        number = min(service["_failures"], len(_BACK_OFF_S)) - 1
        wait = _BACK_OFF_S[number]
        watched = tasks.is_watched(service)
        service["_next_start"] = CLOCK.now + (CLOCK.lasts(wait) if watched else wait)
    if service["_failures"] == _FEWEST_FAILURES:
        _tell(service, _INCONSISTENT)
    wanted = primary_of(service)
    if task.get("_deployment_id") == wanted["id"] and wanted["rolloutState"] == "IN_PROGRESS":
        wanted["failedTasks"] += 1
        wanted["updatedAt"] = stamp(CLOCK.now)
        _break_circuit(service, wanted)


def threshold(service: Record) -> int:
    """How many failed tasks end a rollout (half the desired count, between 3 and 200)."""
    return min(200, max(_FEWEST_FAILURES, math.ceil(int(service["desiredCount"]) / 2)))


def _break_circuit(service: Record, failed: Record) -> None:
    breaker = (service.get("deploymentConfiguration") or {}).get("deploymentCircuitBreaker") or {}
    if not breaker.get("enable") or failed["failedTasks"] < threshold(service):
        return
    number = failed["id"]
    failed |= {"rolloutState": "FAILED", "desiredCount": 0, "_breaker": "TRIGGERED"}
    failed["rolloutStateReason"] = "ECS deployment circuit breaker: tasks failed to start."
    failed["_finished"] = failed["updatedAt"] = stamp(CLOCK.now)
    _tell(service, f"(deployment {number}) deployment failed: tasks failed to start.")
    earlier = [d for d in service["deployments"] if d is not failed and d.get("_completed")]
    if breaker.get("rollback") and earlier:
        _roll_back(service, failed, earlier[0])


def give_up(service: Record, failed: Record, reason: str) -> None:
    """Send a rollout back to the revision that worked, if there is one."""
    earlier = [d for d in service["deployments"] if d is not failed and d.get("_completed")]
    if earlier:
        failed |= {"rolloutState": "FAILED", "desiredCount": 0, "_finished": stamp(CLOCK.now)}
        _roll_back(service, failed, earlier[0], reason)


def _roll_back(service: Record, failed: Record, to: Record, reason: str = _BROKEN) -> None:
    failed |= {"status": "ACTIVE", "_status": "ROLLBACK_IN_PROGRESS", "_reason": reason}
    to |= {"status": "PRIMARY", "rolloutState": "IN_PROGRESS", "updatedAt": stamp(CLOCK.now)}
    to |= {"desiredCount": service["desiredCount"], "failedTasks": 0}
    to["rolloutStateReason"] = f"ECS deployment {to['id']} in progress."
    service["_failed"] = failed
    # A revision is more than its task definition (ECS developer guide, "Service revisions").
    kept = ("taskDefinition", "networkConfiguration", "launchType", "capacityProviderStrategy")
    service |= {name: to[name] for name in kept if name in to}
    service["deployments"].sort(key=lambda d: d["status"] != "PRIMARY")
    text = f"rolling back to deployment {to['id']}. (reason: deployment circuit breaker triggered)"
    _tell(service, text)


def _is_well(service: Record, task: Record) -> bool:
    if task["lastStatus"] != "RUNNING" or not _checks_pass(task):
        return False
    return not service.get("loadBalancers") or bool(task["_target"]["State"] == "healthy")


def _checks_pass(task: Record) -> bool:
    definition = state.task_definition(task["taskDefinitionArn"])
    checked = any(
        c.get("healthCheck") and c.get("essential", True)
        for c in definition["containerDefinitions"]
    )
    health = str(task["healthStatus"])
    return health == "HEALTHY" if checked else health != "UNHEALTHY"


def _conclude(service: Record) -> bool:
    """End a rollout whose tasks are well, and drain what it replaced."""
    wanted = primary_of(service)
    if wanted["rolloutState"] == "FAILED":
        return False
    its_own = [t for t in alive(service) if t.get("_deployment_id") == wanted["id"]]
    well = [task for task in its_own if _is_well(service, task)]
    if len(well) < int(service["desiredCount"]) or service.get("_steady"):
        return False
    if wanted["rolloutState"] == "IN_PROGRESS" and pauses.holds(service, wanted):
        return False
    old = [t for t in alive(service) if t not in its_own]
    free = [task for task in old if not protection.is_protected(task)]
    _stop(service, free, "Scaling activity initiated by (deployment)")
    if len(free) < len(old):
        return bool(free)  # what is protected is waited for
    if wanted["rolloutState"] == "IN_PROGRESS":
        _complete(service, wanted)
    service |= {"_steady": True, "_failures": 0, "_next_start": None, "_refused": None}
    _tell(service, "has reached a steady state.")
    return True


def _complete(service: Record, wanted: Record) -> None:
    number = wanted["id"]
    wanted |= {"rolloutState": "COMPLETED", "_completed": True, "updatedAt": stamp(CLOCK.now)}
    wanted |= {"rolloutStateReason": f"ECS deployment {number} completed.", "failedTasks": 0}
    wanted.setdefault("_finished", stamp(CLOCK.now))
    for other in service["deployments"]:
        if other.get("_status") == "ROLLBACK_IN_PROGRESS":
            other |= {"_status": "ROLLBACK_SUCCESSFUL", "_finished": stamp(CLOCK.now)}
    service["deployments"][:] = [wanted]
    _tell(service, f"(deployment {number}) deployment completed.")


def recount(service: Record) -> None:
    """Count a service's tasks anew, and those of its deployments."""
    everything = alive(service)
    left = targets.others_of(service)
    _count(service, everything + left)
    for deployment in service["deployments"]:
        _count(deployment, [t for t in everything if t.get("_deployment_id") == deployment["id"]])
    if left:
        primary_of(service)["runningCount"] = service["runningCount"]


def _count(record: Record, its_tasks: list[Record]) -> None:
    running = sum(task["lastStatus"] == "RUNNING" for task in its_tasks)
    pending = sum(task["lastStatus"] in ("PENDING", "PROVISIONING") for task in its_tasks)
    record |= {"runningCount": running, "pendingCount": pending}
