"""ECS: service events, and the service deployments and revisions that one can list."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable
from typing import Any

from ministack.core.responses import json_response
from ministack.services import ecs

from ash_ops.demo.overlay import state

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]


def install() -> None:
    """Replace what is told about deployments and when services change."""
    ecs._make_deployment = _numbered(ecs._make_deployment)
    ecs._create_service = _with_events(ecs._create_service)
    ecs._update_service = _with_events(ecs._update_service)
    ecs._ACTION_MAP |= {
        "CreateService": lambda data: ecs._create_service(data),
        "UpdateService": lambda data: ecs._update_service(data),
        "ListServiceDeployments": _list_service_deployments,
        "DescribeServiceDeployments": _describe_service_deployments,
        "DescribeServiceRevisions": _describe_service_revisions,
    }


def _numbered(original: Callable[..., Record]) -> Callable[..., Record]:
    def make(*arguments: Any, **named: Any) -> Record:
        deployment = original(*arguments, **named)
        # AWS numbers deployments; the number is in events and in a task's startedBy.
        deployment["id"] = f"ecs-svc/{random.randint(10**18, 9 * 10**18)}"  # noqa: S311 - no secret
        return deployment

    return make


def add_event(service: Record, message: str, ago: float = 0.0) -> None:
    """Add a service event; ECS lists the newest first."""
    event = {"id": str(uuid.uuid4()), "createdAt": state.now(ago), "message": message}
    # First, so that of two events of one moment the later one stays the newer.
    service["events"].insert(0, event)
    service["events"].sort(key=lambda e: str(e["createdAt"]), reverse=True)


def _with_events(original: Callable[[Record], Answer]) -> Callable[[Record], Answer]:
    def change(request: Record) -> Answer:
        before = set(state.tasks())
        answer = original(request)
        if answer[0] == 200:
            arn = json.loads(answer[2])["service"]["serviceArn"]
            service = next(s for s in state.services().values() if s["serviceArn"] == arn)
            started = [arn for arn in state.tasks() if arn not in before]
            if service.get("launchType") == "FARGATE":
                service |= {"platformVersion": "1.4.0", "platformFamily": "Linux"}
            _tell_rollout(service, started)
        return answer

    return change


def _tell_rollout(service: Record, started: list[str]) -> None:
    """Write the events of a rollout that went well."""
    # Ministack's own remark is made whether or not anything drains.
    service["events"][:] = [e for e in service["events"] if e["message"].startswith("(service ")]
    if not started:
        return
    name = service["serviceName"]
    names = " ".join(f"(task {arn.rsplit('/', 1)[-1]})" for arn in started)
    add_event(service, f"(service {name}) has started {len(started)} tasks: {names}.")
    for balancer in service.get("loadBalancers", []):
        group = balancer["targetGroupArn"]
        text = f"(service {name}) registered {len(started)} targets in (target-group {group})"
        add_event(service, text)
    deployment = service["deployments"][0]
    text = f"(service {name}) (deployment {deployment['id']}) deployment completed."
    add_event(service, text)
    add_event(service, f"(service {name}) has reached a steady state.")
    deployment["rolloutStateReason"] = f"ECS deployment {deployment['id']} completed."
    service.setdefault("_rollouts", []).insert(0, dict(deployment))


_ROLLOUT_STATUS = {"COMPLETED": "SUCCESSFUL", "FAILED": "STOPPED", "IN_PROGRESS": "IN_PROGRESS"}


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
        "finishedAt": rollout["updatedAt"] if status != "IN_PROGRESS" else None,
        "status": status,
        "statusReason": rollout.get("_reason"),
        "deploymentConfiguration": service.get("deploymentConfiguration"),
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
            "networkConfiguration": service.get("networkConfiguration"),
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
