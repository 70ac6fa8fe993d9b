"""ECS: Fargate tasks with interfaces, clocks and health, each with a real listening server.

Stock ministack (without Docker) declares a task RUNNING and stops there: no interface, so no
target, no events, no deployments to list. Here the task gets what AWS would show of it and an Ash
stand-in, configured from the task definition, answers behind it.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable
from typing import Any

from ministack.core.responses import json_response
from ministack.services import ecs, secretsmanager

from ash_ops.demo.overlay import log_groups, network, state
from ash_ops.demo.server import Server

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

_PHASES = ("createdAt", "connectivityAt", "pullStartedAt", "pullStoppedAt", "startedAt")
_DIGEST = "sha256:5f6bd0b7c9ae4b8c9f8e3c9a1d2f4b6a7c8d9e0f1a2b3c4d5e6f708192a3b4c5"
_SECRET_MISSING = (
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
    "retrieval failed: unable to retrieve secret from asm: service call has been retried 1 "
    "time(s): failed to fetch secret {arn} from secrets manager: ResourceNotFoundException: "
    "Secrets Manager can't find the specified secret."
)

_servers: dict[str, Server] = {}


def install() -> None:
    """Replace how tasks start and stop, and what is told about deployments."""
    ecs.new_uuid = lambda: uuid.uuid4().hex
    ecs._get_docker = lambda: None
    ecs._make_deployment = _numbered(ecs._make_deployment)
    ecs._run_task = _with_servers(ecs._run_task)
    ecs._stop_task = _without_server(ecs._stop_task)
    ecs._create_service = _with_events(ecs._create_service)
    ecs._update_service = _with_events(ecs._update_service)
    ecs._ACTION_MAP |= {
        "RunTask": lambda data: ecs._run_task(data),
        "StopTask": lambda data: ecs._stop_task(data),
        "CreateService": lambda data: ecs._create_service(data),
        "UpdateService": lambda data: ecs._update_service(data),
        "ListServiceDeployments": _list_service_deployments,
        "DescribeServiceDeployments": _describe_service_deployments,
        "DescribeServiceRevisions": _describe_service_revisions,
    }


def stop_servers() -> None:
    """Stop every server; their tasks stay in the records."""
    while _servers:
        _servers.popitem()[1].close()


def server_of(task_arn: str) -> Server | None:
    """The server of a task, or ``None`` if it has none (any more)."""
    return _servers.get(task_arn)


def server_port_of(address: str) -> int | None:
    """The loopback port behind a task's private address, or ``None``."""
    for arn, server in list(_servers.items()):
        task = state.tasks().get(arn)
        if task is not None and ecs._task_ip(task) == address:
            return server.port
    return None


def stop_server(task_arn: str) -> None:
    """End a task's server: nothing listens behind its address any more."""
    server = _servers.pop(task_arn, None)
    if server is not None:
        server.close()


def _numbered(original: Callable[..., Record]) -> Callable[..., Record]:
    def make(*arguments: Any, **named: Any) -> Record:
        deployment = original(*arguments, **named)
        # AWS numbers deployments; the number is in events and in a task's startedBy.
        deployment["id"] = f"ecs-svc/{random.randint(10**18, 9 * 10**18)}"  # noqa: S311
        return deployment

    return make


def _with_servers(original: Callable[[Record], Answer]) -> Callable[[Record], Answer]:
    def run(request: Record) -> Answer:
        before = set(state.tasks())
        answer = original(request)
        for arn in [arn for arn in state.tasks() if arn not in before]:
            task = state.tasks()[arn]
            furnish(task, request)
            start_server(task)
        return answer

    return run


def _without_server(original: Callable[[Record], Answer]) -> Callable[[Record], Answer]:
    def stop(request: Record) -> Answer:
        task = ecs._resolve_task(request.get("task", ""), request.get("cluster", "default"))
        answer = original(request)
        if task is not None:
            stop_server(task["taskArn"])
            delete_interface(task)
            task["_stopped"] = True
        return answer

    return stop


def furnish(task: Record, request: Record) -> None:
    """Give a new task what Fargate gives one: interface, phases, health, digest."""
    definition = state.task_definition(task["taskDefinitionArn"])
    if task["launchType"] == "FARGATE":
        task.pop("containerInstanceArn", None)
    task["startedBy"] = request.get("_deploymentId") or task["startedBy"]
    task |= dict.fromkeys(_PHASES, state.now())
    task |= {"stoppedReason": None, "stopCode": None, "platformFamily": "Linux"}
    if definition.get("networkMode") == "awsvpc":
        _attach_interface(task, request)
    checked = [bool(c.get("healthCheck")) for c in definition["containerDefinitions"]]
    for container, has_check in zip(task["containers"], checked, strict=True):
        container["healthStatus"] = "HEALTHY" if has_check else "UNKNOWN"
        container["imageDigest"] = _DIGEST
        if container["memory"] == "0":
            del container["memory"]
    task["healthStatus"] = "HEALTHY" if any(checked) else "UNKNOWN"


def _attach_interface(task: Record, request: Record) -> None:
    vpc = (request.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
    if not vpc.get("subnets"):
        return
    subnet = vpc["subnets"][0]
    attachment = str(uuid.uuid4())
    interface = network.create_interface(
        subnet,
        vpc.get("securityGroups") or [],
        f"arn:aws:ecs:{state.region()}:{state.ACCOUNT}:attachment/{attachment}",
        "interface",
        public=vpc.get("assignPublicIp") == "ENABLED",
    )
    address = interface["PrivateIpAddress"]
    task["availabilityZone"] = interface["AvailabilityZone"]
    task["attachments"] = [
        {
            "id": attachment,
            "type": "ElasticNetworkInterface",
            "status": "ATTACHED",
            "details": [
                {"name": "subnetId", "value": subnet},
                {"name": "networkInterfaceId", "value": interface["NetworkInterfaceId"]},
                {"name": "macAddress", "value": interface["MacAddress"]},
                {"name": "privateDnsName", "value": f"ip-{address.replace('.', '-')}.ec2.internal"},
                {"name": "privateIPv4Address", "value": address},
            ],
        }
    ]
    for container in task["containers"]:
        container["networkInterfaces"] = [
            {"attachmentId": attachment, "privateIpv4Address": address}
        ]


def delete_interface(task: Record) -> None:
    """Take a stopped task's interface away, as AWS does; the attachment keeps its details."""
    for attachment in task.get("attachments", []):
        attachment["status"] = "DELETED"
        network.delete_interfaces(
            detail["value"]
            for detail in attachment["details"]
            if detail["name"] == "networkInterfaceId"
        )


def start_server(task: Record) -> None:
    """Start the server of a task, or stop the task as ECS does when a secret is not there."""
    definition = state.task_definition(task["taskDefinitionArn"])
    container = definition["containerDefinitions"][0]
    try:
        environment = _environment(container)
    except LookupError as error:
        _fail_to_start(task, _SECRET_MISSING.format(arn=error.args[0]))
        return
    _servers[task["taskArn"]] = Server(environment, _log_writer(task, container))


def _fail_to_start(task: Record, reason: str) -> None:
    ecs._mark_task_stopped(task["taskArn"], task, reason, "TaskFailedToStart")
    task["startedAt"] = None
    delete_interface(task)


def _environment(container: Record) -> dict[str, str]:
    """What the container would find in its environment.

    Raises:
        LookupError: a secret it names does not exist.
    """
    plain = {item["name"]: item["value"] for item in container.get("environment", [])}
    return plain | {s["name"]: secret_value(s["valueFrom"]) for s in container.get("secrets", [])}


def secret_value(reference: str) -> str:
    """The value behind ``valueFrom``: an ARN, or an ARN and ``:JSON-KEY:STAGE:VERSION``.

    Raises:
        LookupError: there is no such secret, or no such key in it.
    """
    arn, key = reference, ""
    if reference.count(":") > 6:
        arn = ":".join(reference.split(":")[:7])
        key = reference.split(":")[7]
    _, secret = secretsmanager._resolve(arn)
    if secret is None or secret.get("DeletedDate"):
        raise LookupError(arn)
    text = current_version(secret)["SecretString"] or ""
    if not key:
        return text
    return str(json.loads(text)[key])


def current_version(secret: Record) -> Record:
    """The version of a secret that is in force."""
    for version in secret["Versions"].values():
        if "AWSCURRENT" in version["Stages"]:
            found: Record = version
            return found
    raise LookupError(secret["ARN"])


def _log_writer(task: Record, container: Record) -> Callable[[float, str], None]:
    options = (container.get("logConfiguration") or {}).get("options") or {}
    group = options.get("awslogs-group", "")
    stream = log_stream(options, container["name"], task["taskArn"])

    def write(at_ms: float, line: str) -> None:
        with state.scope():
            log_groups.write(group, stream, [(at_ms, line)])

    return write


def log_stream(options: dict[str, str], container_name: str, task_arn: str) -> str:
    """The stream the awslogs driver writes to: ``PREFIX/CONTAINER/TASK``."""
    prefix = options.get("awslogs-stream-prefix", "ecs")
    return f"{prefix}/{container_name}/{task_arn.rsplit('/', 1)[-1]}"


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
    return service["serviceArn"].replace(":service/", f":{kind}/") + f"/{tail}"


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
