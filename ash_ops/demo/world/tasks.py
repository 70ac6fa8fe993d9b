"""One task's life: the phases of its start, its probes, its end."""

from __future__ import annotations

from typing import Any

from ash_ops.demo.overlay import archive, containers, log_groups, state, targets
from ash_ops.demo.world import probes, process
from ash_ops.demo.world.clock import CLOCK, stamp
from ash_ops.demo.world.start import PHASES
from ash_ops.demo.world.subjects import (
    definition_of,
    primary_of,
    server_container,
    service_of,
)

Record = dict[str, Any]

_TO_HEALTHY_S = 10.0
# ECS sees an unhealthy target when it looks next.
_ECS_LOOKS_AGAIN_S = 60.0


def is_simulated(task: Record) -> bool:
    """Whether a task is lived, rather than left behind by a mutation."""
    return "_phase" in task


def is_alive(task: Record) -> bool:
    """Whether a task is lived and has not stopped."""
    return is_simulated(task) and task["lastStatus"] != "STOPPED"


def begin(task: Record) -> None:
    """Let a new task begin with the first phase of its start."""
    task |= dict.fromkeys(phase.clock for phase in PHASES)
    task |= {"createdAt": stamp(CLOCK.now), "lastStatus": "PROVISIONING", "healthStatus": "UNKNOWN"}
    for container in task["containers"]:
        container |= {"lastStatus": "PENDING", "healthStatus": "UNKNOWN", "imageDigest": None}
    task["_phase"] = 0
    _enter(task)


def _enter(task: Record) -> None:
    phase = PHASES[task["_phase"]]
    failure = phase.failure(task)
    task["_start_failure"] = failure
    wait = _fails_after(task, failure.after_s) if failure else CLOCK.lasts(phase.lasts_s)
    task["_due"] = CLOCK.now + wait


def _fails_after(task: Record, seconds: float) -> float:
    """How long until something fails: it is waited for only where a circuit breaker counts."""
    service = service_of(task)
    return CLOCK.lasts(seconds) if service and is_watched(service) else seconds


def is_watched(service: Record) -> bool:
    """Whether a rollout is under way that a circuit breaker ends when it fails."""
    breaker = (service.get("deploymentConfiguration") or {}).get("deploymentCircuitBreaker") or {}
    return bool(breaker.get("enable")) and primary_of(service)["rolloutState"] == "IN_PROGRESS"


def due(task: Record) -> float | None:
    """When the next thing happens to a task by itself."""
    if task["lastStatus"] != "RUNNING":
        return float(task["_due"])
    moments = [task.get("_ends"), task.get("_kill_due"), task.get("_full")]
    moments += [probe["due"] for probe in task["_probes"].values()]
    return min((float(m) for m in moments if m is not None), default=None)


def step(task: Record) -> bool:
    """Let happen what is due; answers whether anything did."""
    if task["lastStatus"] == "RUNNING":
        return _run(task)
    phase = PHASES[task["_phase"]]
    if task["_start_failure"] is not None and phase.failure(task) is None:
        task["_start_failure"] = None  # it has gone: the next of the retries gets through
        task["_due"] = min(task["_due"], CLOCK.now + CLOCK.lasts(phase.lasts_s))
    if task["_due"] > CLOCK.now:
        return False
    failure = phase.failure(task)
    if failure is not None:
        stop(task, failure.reason, "TaskFailedToStart", container_reason=_of_container(failure))
        return True
    task[phase.clock] = stamp(CLOCK.now)
    task["lastStatus"] = "PENDING"
    task["_phase"] += 1
    if task["_phase"] < len(PHASES):
        _enter(task)
    else:
        _started(task)
    return True


def _of_container(failure: Any) -> str | None:
    reason = str(failure.reason)
    return reason if reason.startswith("CannotPullContainerError") else None


def _started(task: Record) -> None:
    task |= {"lastStatus": "RUNNING", "_probes": {}, "_kill_due": None, "_target": _INITIAL}
    for container in task["containers"]:
        container |= {"lastStatus": "RUNNING", "imageDigest": containers.DIGEST}
    _write(task, process.opening_lines(task))
    _look_ahead(task)
    targets.register(task)


_INITIAL = {
    "State": "initial",
    "Reason": "Elb.InitialHealthChecking",
    "Description": "Initial health checks in progress",
}


def _write(task: Record, lines: list[str]) -> None:
    container = server_container(definition_of(task))
    options = (container.get("logConfiguration") or {}).get("options") or {}
    stream = containers.log_stream(options, container["name"], task["taskArn"])
    at = int(CLOCK.now * 1000)
    stamped = [
        (at + number, line % at if "%d" in line else line) for number, line in enumerate(lines)
    ]
    log_groups.write(
        options.get("awslogs-group", ""), stream, [(float(t), line) for t, line in stamped]
    )


def _look_ahead(task: Record) -> None:
    """Work out when the process would end, as the world is now."""
    ending = process.ending(task)
    started = CLOCK.now - probes.age_of(task)
    task["_ends"] = None if ending is None else max(CLOCK.now, started + ending.after_s)
    task["_full"] = process.next_refusal(started, CLOCK.now)


def _run(task: Record) -> bool:
    _look_ahead(task)
    if task["_ends"] is not None and task["_ends"] <= CLOCK.now:
        _end(task)
        return True
    changed = _probe_containers(task)
    if task["lastStatus"] == "RUNNING":
        changed = _probe_target(task) or changed
    if task["lastStatus"] == "RUNNING" and (task["_kill_due"] or CLOCK.now + 1) <= CLOCK.now:
        _fail_target(task)
        return True
    return changed


def _end(task: Record) -> None:
    ending = process.ending(task)
    if ending is None:
        return
    if ending.reclaimed:
        _write(
            task,
            [
                '{"level":30,"time":%d,"pid":1,"hostname":"ip-10-0-1-23.ec2.internal","msg":"Shutting down..."}'
            ],
        )
        stop(task, "Your Spot Task was interrupted.", "SpotInterruption", exit_code=143)
        return
    stop(
        task,
        "Essential container in task exited",
        "EssentialContainerExited",
        exit_code=ending.exit_code,
        container_reason=ending.reason,
    )


def _probe(task: Record, name: str, passes: bool, after_s: float) -> bool | None:
    """Follow one probe; answers with its verdict once it has been the same for ``after_s``."""
    probe: Record | None = task["_probes"].get(name)
    if probe is None or probe["passes"] is not passes:
        wait = CLOCK.lasts(after_s) if passes else _fails_after(task, after_s)
        task["_probes"][name] = {"passes": passes, "due": CLOCK.now + wait}
        return None
    if probe["due"] is None or probe["due"] > CLOCK.now:
        return None
    probe["due"] = None
    return bool(passes)


def _probe_containers(task: Record) -> bool:
    changed = False
    definitions = {c["name"]: c for c in definition_of(task)["containerDefinitions"]}
    for container in task["containers"]:
        definition = definitions[container["name"]]
        check = definition.get("healthCheck")
        if not check:
            continue
        passes = probes.container_passes(task, definition)
        patience = float(check.get("interval", 30)) * int(check.get("retries", 3))
        if not passes and probes.age_of(task) < (start := int(check.get("startPeriod", 0))):
            patience += start - probes.age_of(task)
        verdict = _probe(task, container["name"], passes, _TO_HEALTHY_S if passes else patience)
        if verdict is not None:
            container["healthStatus"] = "HEALTHY" if verdict else "UNHEALTHY"
            _sum_up(task, definitions)
            changed = True
    if task["healthStatus"] == "UNHEALTHY" and service_of(task) is not None:
        _fail_health(task)
    return changed


def _sum_up(task: Record, definitions: dict[str, Record]) -> None:
    told = [
        container["healthStatus"]
        for container in task["containers"]
        if definitions[container["name"]].get("healthCheck")
        and definitions[container["name"]].get("essential", True)
    ]
    unhealthy = "UNHEALTHY" in told
    unknown = not told or "UNKNOWN" in told
    task["healthStatus"] = "UNHEALTHY" if unhealthy else "UNKNOWN" if unknown else "HEALTHY"


def _fail_health(task: Record) -> None:
    service = service_of(task)
    if service is not None:
        number = task["taskArn"].rsplit("/", 1)[-1]
        text = f"(service {service['serviceName']}) (task {number}) failed container health checks."
        state.add_service_event(service, text, stamp(CLOCK.now))
        service["_replacing"] = True
    stop(task, "Task failed container health checks", "ServiceSchedulerInitiated", exit_code=0)


def _probe_target(task: Record) -> bool:
    service = service_of(task)
    for entry in (service or {}).get("loadBalancers", []):
        group = state.target_groups().get(entry.get("targetGroupArn", ""))
        if group is None:
            continue
        balancer = targets.balancer_of_group(group["TargetGroupArn"])
        failure = probes.target_health(task, int(entry["containerPort"]), group, balancer)
        interval = int(group.get("HealthCheckIntervalSeconds") or 30)
        needed = "HealthyThresholdCount" if failure is None else "UnhealthyThresholdCount"
        patience = interval * int(group.get(needed) or 3)
        verdict = _probe(task, group["TargetGroupArn"], failure is None, patience)
        if verdict is not None:
            _judge_target(task, service or {}, failure)
            return True
        if failure is not None and task["_target"]["State"] == "unhealthy":
            task["_target"] = failure
    return False


def _judge_target(task: Record, service: Record, failure: Record | None) -> None:
    task["_target"] = failure or {"State": "healthy"}
    task["_kill_due"] = None
    if failure is not None:
        grace = float(service.get("healthCheckGracePeriodSeconds") or 0)
        left = max(0.0, grace - probes.age_of(task))
        task["_kill_due"] = CLOCK.now + _fails_after(task, left + _ECS_LOOKS_AGAIN_S)


def _fail_target(task: Record) -> None:
    service = service_of(task)
    if service is None:
        return
    entry = service["loadBalancers"][0]
    number = task["taskArn"].rsplit("/", 1)[-1]
    group = f"(target-group {entry['targetGroupArn']})"
    text = (
        f"(service {service['serviceName']}) (task {number}) (port {entry['containerPort']}) is "
        f"unhealthy in {group} due to (reason {task['_target']['Description']})"
    )
    state.add_service_event(service, text, stamp(CLOCK.now))
    service["_replacing"] = True
    stop(
        task, f"Task failed ELB health checks in {group}", "ServiceSchedulerInitiated", exit_code=0
    )


def stop(
    task: Record,
    reason: str,
    code: str,
    *,
    exit_code: int | None = None,
    container_reason: str | None = None,
) -> None:
    """Stop a task now.

    Args:
        task: the task.
        reason: its ``stoppedReason``.
        code: its ``stopCode``.
        exit_code: its containers' exit code, if they ever ran.
        container_reason: what is said of the container.
    """
    was_running = task["lastStatus"] == "RUNNING"
    now = stamp(CLOCK.now)
    task |= {"lastStatus": "STOPPED", "desiredStatus": "STOPPED", "stoppedReason": reason}
    task |= {"stopCode": code, "stoppingAt": now, "executionStoppedAt": now, "stoppedAt": now}
    for container in task["containers"]:
        container["lastStatus"] = "STOPPED"
        if exit_code is not None and was_running:
            container["exitCode"] = exit_code
        if container_reason:
            container["reason"] = container_reason
    task["_failed"] = code in ("TaskFailedToStart", "EssentialContainerExited") or (
        reason.startswith("Task failed")
    )
    containers.stop_server(task["taskArn"], killed=exit_code != 0)
    containers.delete_interface(task)
    targets.deregister(task)
    archive.tell_task(task)
