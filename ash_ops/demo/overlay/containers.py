"""ECS: Fargate tasks with interfaces, clocks and health, each with a real listening server.

Stock ministack (without Docker) declares a task RUNNING and stops there: no interface, so no
target, no events, no deployments to list. Here the task gets what AWS would show of it and an Ash
stand-in, configured from the task definition, answers behind it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from ministack.services import ecs, secretsmanager

from ash_ops.demo.names import ACCOUNT
from ash_ops.demo.overlay import log_groups, network, state
from ash_ops.demo.server import Server

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

_PHASES = ("createdAt", "connectivityAt", "pullStartedAt", "pullStoppedAt", "startedAt")
_DIGEST = "sha256:5f6bd0b7c9ae4b8c9f8e3c9a1d2f4b6a7c8d9e0f1a2b3c4d5e6f708192a3b4c5"
_NOT_RETRIEVED = (
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
    "retrieval failed: unable to retrieve secret from asm: service call has been retried 1 "
    "time(s): failed to fetch secret {arn} from secrets manager: ResourceNotFoundException: "
    "Secrets Manager can't find the specified secret."
)

_servers: dict[str, Server] = {}


def install() -> None:
    """Replace how tasks start and stop."""
    ecs.new_uuid = lambda: uuid.uuid4().hex
    ecs._get_docker = lambda: None
    ecs._run_task = _with_servers(ecs._run_task)
    ecs._stop_task = _without_server(ecs._stop_task)
    ecs._ACTION_MAP |= {
        "RunTask": lambda data: ecs._run_task(data),
        "StopTask": lambda data: ecs._stop_task(data),
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
        f"arn:aws:ecs:{state.region()}:{ACCOUNT}:attachment/{attachment}",
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
        _fail_to_start(task, _NOT_RETRIEVED.format(arn=error.args[0]))
        return
    _servers[task["taskArn"]] = Server(environment, _log_writer(task, container))


def _fail_to_start(task: Record, reason: str) -> None:
    # Not ministack's own way to stop a task: that starts the next one at once, for ever.
    now = state.now()
    task |= {"lastStatus": "STOPPED", "desiredStatus": "STOPPED", "startedAt": None}
    task |= {"stoppedReason": reason, "stopCode": "TaskFailedToStart"}
    task |= {"stoppingAt": now, "stoppedAt": now, "healthStatus": "UNKNOWN"}
    for container in task["containers"]:
        container |= {"lastStatus": "STOPPED", "reason": reason, "healthStatus": "UNKNOWN"}
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
    value: str = json.loads(text)[key]
    return value


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
