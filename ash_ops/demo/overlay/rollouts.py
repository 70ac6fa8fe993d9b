"""ECS: service events, and the service deployments and revisions that one can list."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import ecs

from ash_ops.demo.overlay import pauses, state
from ash_ops.demo.world.clock import CLOCK, at_standstill, stamp

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]


def install() -> None:
    """Replace what is told about deployments and when services change."""
    ecs._make_deployment = _numbered(ecs._make_deployment)
    ecs._create_service = at_standstill(_creating(ecs._create_service))
    ecs._update_service = at_standstill(_updating(ecs._update_service))
    ecs._delete_service = at_standstill(ecs._delete_service)
    ecs._ACTION_MAP |= {
        "CreateService": lambda data: ecs._create_service(data),
        "UpdateService": lambda data: ecs._update_service(data),
        "DeleteService": lambda data: ecs._delete_service(data),
        "ContinueServiceDeployment": at_standstill(_continue),
        "ListServiceDeployments": _list_service_deployments,
        "DescribeServiceDeployments": _describe_service_deployments,
        "DescribeServiceRevisions": _describe_service_revisions,
    }


def _numbered(original: Callable[..., Record]) -> Callable[..., Record]:
    def make(*arguments: Any, **named: Any) -> Record:
        deployment = original(*arguments, **named)
        # AWS numbers deployments; the number is in events and in a task's startedBy.
        number = f"ecs-svc/{random.randint(10**18, 9 * 10**18)}"  # noqa: S311 - no secret
        reason = f"ECS deployment {number} in progress."
        moment = stamp(CLOCK.now)
        deployment |= {"id": number, "rolloutState": "IN_PROGRESS", "rolloutStateReason": reason}
        return deployment | {"createdAt": moment, "updatedAt": moment}

    return make


def _creating(original: Callable[[Record], Answer]) -> Callable[[Record], Answer]:
    def create(request: Record) -> Answer:
        refusal = _without_port(request, request)
        if refusal:
            return refusal
        answer = _noted(original(request), None)
        if (made := _service_named({**request, "service": request.get("serviceName")})) is not None:
            made["placementConstraints"] = request.get("placementConstraints") or []
        return answer

    return create


# Whatever of these changes makes ECS start a deployment of its own accord.
_DEPLOYED = ("networkConfiguration", "loadBalancers", "capacityProviderStrategy", "platformVersion")


def _updating(original: Callable[[Record], Answer]) -> Callable[[Record], Answer]:
    def update(request: Record) -> Answer:
        before = _service_named(request)
        if before is not None:
            changed = [n for n in _DEPLOYED if n in request and request[n] != before.get(n)]
            request = {**request, **({"forceNewDeployment": True} if changed else {})}
            refused = _without_port(before, request) or _not_for_fargate(before, request)
            if refused is not None:
                return refused
        return _noted(original(request), before)

    return update


def _without_port(service: Record, request: Record) -> Answer | None:
    """The refusal of a service whose container has no such port as its target group is to reach."""
    wanted = request.get("taskDefinition") or service.get("taskDefinition", "")
    definition = ecs._task_defs.get(ecs._resolve_td_key(wanted))
    entries = request.get("loadBalancers", service.get("loadBalancers")) or ()
    for entry in entries if definition else ():
        name, port = entry.get("containerName"), int(entry.get("containerPort") or 0)
        if (name, port) not in _ports(definition):
            text = f"The container {name} did not have a container port {port} defined."
            refused: Answer = error_response_json("InvalidParameterException", text, 400)
            return refused
    return None


def _not_for_fargate(service: Record, request: Record) -> Answer | None:
    """The refusal of Fargate for a task that only instances can run."""
    strategy = request.get("capacityProviderStrategy") or []
    wanted = request.get("taskDefinition") or service.get("taskDefinition", "")
    definition = ecs._task_defs.get(ecs._resolve_td_key(wanted)) or {}
    on_fargate = any(item["capacityProvider"].startswith("FARGATE") for item in strategy)
    if not on_fargate or "FARGATE" in definition.get("requiresCompatibilities", ["FARGATE"]):
        return None
    text = "Task definition does not support launch_type FARGATE."
    answer: Answer = error_response_json("InvalidParameterException", text, 400)
    return answer


def _ports(definition: Record) -> set[tuple[str, int]]:
    return {
        (container["name"], int(mapping["containerPort"]))
        for container in definition["containerDefinitions"]
        for mapping in container.get("portMappings", [])
    }


def update(service: Record, request: Record) -> None:
    """Call UpdateService for a service.

    Raises:
        ValueError: ECS refuses; the answer is in the message.
    """
    named = {"cluster": service["clusterArn"].rsplit("/", 1)[-1], "service": service["serviceName"]}
    status, _, body = ecs._update_service({**named, **request})
    if status != HTTPStatus.OK:
        raise ValueError(f"UpdateService: {body!r}")


def delete(service: Record) -> None:
    """Call DeleteService for a service, whatever still runs.

    Raises:
        ValueError: ECS refuses; the answer is in the message.
    """
    named = {"cluster": service["clusterArn"].rsplit("/", 1)[-1], "service": service["serviceName"]}
    status, _, body = ecs._delete_service({**named, "force": True})
    if status != HTTPStatus.OK:
        raise ValueError(f"DeleteService: {body!r}")


def _service_named(request: Record) -> Record | None:
    name = str(request.get("service", "")).rsplit("/", 1)[-1]
    cluster = str(request.get("cluster", "default")).rsplit("/", 1)[-1]
    found: Record | None = ecs._services.get(f"{cluster}/{name}")
    return found


def _noted(answer: Answer, before: Record | None) -> Answer:
    """Keep a change's deployment among those of the service, and let it begin afresh."""
    if answer[0] != HTTPStatus.OK:
        return answer
    arn = json.loads(answer[2])["service"]["serviceArn"]
    service = next(s for s in state.services().values() if s["serviceArn"] == arn)
    if service.get("launchType") == "FARGATE":
        service |= {"platformVersion": "1.4.0", "platformFamily": "Linux"}
    # Ministack's own remark is made whether or not anything drains.
    service["events"][:] = [e for e in service["events"] if e["message"].startswith("(service ")]
    service["events"][:] = [
        e for e in service["events"] if "has begun draining" not in e["message"]
    ]
    service["_steady"] = False
    kept = service.setdefault("_rollouts", [])
    latest = service["deployments"][0]
    if before is None or all(latest is not one for one in kept):
        _supersede(service, latest)
        kept.insert(0, latest)
        service |= {"_failures": 0, "_next_start": None, "_refused": None}
    return answer


def _supersede(service: Record, latest: Record) -> None:
    latest |= {
        "launchType": service.get("launchType"),
        "capacityProviderStrategy": service.get("capacityProviderStrategy"),
        "networkConfiguration": service.get("networkConfiguration"),
    }
    for other in service["deployments"]:
        if other is not latest and other["rolloutState"] == "IN_PROGRESS":
            other |= {"_status": "STOPPED", "_finished": stamp(CLOCK.now)}


_ROLLOUT_STATUS = {"COMPLETED": "SUCCESSFUL", "FAILED": "STOPPED", "IN_PROGRESS": "IN_PROGRESS"}


_UNFINISHED = ("IN_PROGRESS", "ROLLBACK_IN_PROGRESS")


def _rollout_arn(service: Record, kind: str, rollout: Record) -> str:
    tail = rollout["id"].split("/")[-1]
    return str(service["serviceArn"]).replace(":service/", f":{kind}/") + f"/{tail}"


def _rollout(service: Record, rollout: Record) -> Record:
    status = rollout.get("_status") or _ROLLOUT_STATUS.get(rollout["rolloutState"], "IN_PROGRESS")
    circuit = (service.get("deploymentConfiguration") or {}).get("deploymentCircuitBreaker") or {}
    return {
        "serviceDeploymentArn": _rollout_arn(service, "service-deployment", rollout),
        "serviceArn": service["serviceArn"],
        "clusterArn": service["clusterArn"],
        "createdAt": rollout["createdAt"],
        "startedAt": rollout["createdAt"],
        "finishedAt": rollout.get("_finished") if status not in _UNFINISHED else None,
        "status": status,
        "statusReason": rollout.get("_reason"),
        "deploymentConfiguration": service.get("deploymentConfiguration"),
        **pauses.told(rollout),
        "targetServiceRevision": {
            "arn": _rollout_arn(service, "service-revision", rollout),
            "requestedTaskCount": rollout["desiredCount"],
            "runningTaskCount": rollout["runningCount"],
            "pendingTaskCount": rollout["pendingCount"],
        },
        "deploymentCircuitBreaker": {
            "status": rollout.get("_breaker") or "MONITORING_COMPLETE",
            "failureCount": rollout["failedTasks"],
            "threshold": 3,
        }
        if circuit.get("enable")
        else None,
    }


def _all_rollouts() -> list[tuple[Record, Record]]:
    return [
        (service, rollout)
        for service in state.services().values()
        for rollout in service.get("_rollouts", [])
    ]


def _list_service_deployments(request: Record) -> Answer:
    name = str(request.get("service", "")).rsplit("/", 1)[-1]
    wanted = set(request.get("status") or [])
    keys = ("serviceDeploymentArn", "serviceArn", "clusterArn", "startedAt", "createdAt")
    brief = [
        {k: rollout[k] for k in (*keys, "finishedAt", "status", "statusReason")}
        | {"targetServiceRevisionArn": rollout["targetServiceRevision"]["arn"]}
        for rollout in (_rollout(s, r) for s, r in _all_rollouts() if s["serviceName"] == name)
        if not wanted or rollout["status"] in wanted
    ]
    return _answer({"serviceDeployments": ecs._sanitize(brief)})


def _continue(request: Record) -> Answer:
    from ash_ops.demo.world.rollouts import give_up

    arn = request.get("serviceDeploymentArn", "")
    for service, rollout in _all_rollouts():
        if _rollout_arn(service, "service-deployment", rollout) == arn:
            try:
                pauses.answer(rollout, request.get("hookId", ""))
            except LookupError:
                break
            if request.get("action") == "ROLLBACK":
                give_up(service, rollout, "Service deployment rolled back at a lifecycle hook.")
            return _answer({"serviceDeploymentArn": arn})
    text = "The service deployment does not wait at that lifecycle hook."
    refused: Answer = error_response_json("InvalidParameterException", text, 400)
    return refused


def _describe_service_deployments(request: Record) -> Answer:
    return _chosen(
        request.get("serviceDeploymentArns", []),
        {r["serviceDeploymentArn"]: r for r in (_rollout(s, r) for s, r in _all_rollouts())},
        "serviceDeployments",
    )


def _describe_service_revisions(request: Record) -> Answer:
    known = {}
    for service, rollout in _all_rollouts():
        arn = _rollout_arn(service, "service-revision", rollout)
        known[arn] = {
            "serviceRevisionArn": arn,
            "serviceArn": service["serviceArn"],
            "clusterArn": service["clusterArn"],
            "taskDefinition": rollout["taskDefinition"],
            "launchType": service.get("launchType"),
            "platformVersion": "1.4.0",
            "platformFamily": "Linux",
            "loadBalancers": service.get("loadBalancers"),
            "networkConfiguration": rollout.get("networkConfiguration"),
            "createdAt": rollout["createdAt"],
        }
    return _chosen(request.get("serviceRevisionArns", []), known, "serviceRevisions")


def _chosen(arns: list[str], known: dict[str, Record], key: str) -> Answer:
    failures = [{"arn": arn, "reason": "MISSING"} for arn in arns if arn not in known]
    found = [known[arn] for arn in arns if arn in known]
    return _answer({key: ecs._sanitize(found), "failures": failures})


def _answer(body: Record) -> Answer:
    answer: Answer = json_response(body)
    return answer
