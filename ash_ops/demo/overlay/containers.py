"""ECS: Fargate tasks with interfaces, clocks and health, each with a real listening server.

Stock ministack (without Docker) declares a task RUNNING and stops there: no interface, so no
target, no events, no deployments to list. Here the task gets what AWS would show of it and an Ash
stand-in, configured from the task definition, answers behind it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from ministack.services import ecs, secretsmanager

from ash_ops.demo.names import ACCOUNT
from ash_ops.demo.overlay import log_groups, network, state
from ash_ops.demo.overlay.living import LIVING
from ash_ops.demo.overlay.machines import managed
from ash_ops.demo.runner import Runner
from ash_ops.demo.server import Server, forget_databases
from ash_ops.demo.world.clock import CLOCK, at_standstill

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

DIGEST = "sha256:5f6bd0b7c9ae4b8c9f8e3c9a1d2f4b6a7c8d9e0f1a2b3c4d5e6f708192a3b4c5"
"""The digest of every image that was pulled."""


class SecretMarkedForDeletion(LookupError):
    """A secret is there, but scheduled for deletion: nobody can read it."""


class SecretIsNoJson(LookupError):
    """A key of a secret is asked for, and the secret is no JSON object; the text is its first letter."""


_servers: dict[str, Server | Runner] = {}


def install() -> None:
    """Take the starting of tasks out of ministack's hands: ``ash_ops.demo.world`` does it."""
    ecs.new_uuid = lambda: uuid.uuid4().hex
    ecs._get_docker = lambda: None
    ecs._run_task = at_standstill(_beginning(ecs._run_task))
    ecs._reconcile_service_tasks = lambda _cluster, _service: None
    ecs._refresh_service_state = lambda _cluster, _group: None
    ecs._sync_service_targets = lambda _cluster, _service: None
    ecs._stop_task = at_standstill(_stopping(ecs._stop_task))
    ecs._ACTION_MAP |= {
        "RunTask": lambda data: ecs._run_task(data),
        "StopTask": lambda data: ecs._stop_task(data),
    }


def stop_servers() -> None:
    """Stop every server; their tasks stay in the records."""
    while _servers:
        _servers.popitem()[1].close()
    forget_databases()


def server_of(task_arn: str) -> Server | Runner | None:
    """The server of a task, or ``None`` if it has none (any more)."""
    return _servers.get(task_arn)


def stop_server(task_arn: str, *, killed: bool = True) -> None:
    """End a task's server: nothing listens behind its address any more."""
    server = _servers.pop(task_arn, None)
    if isinstance(server, Runner) and not killed:
        server.terminate()
    elif server is not None:
        server.close()


def _beginning(original: Callable[[Record], Answer]) -> Callable[[Record], Answer]:
    """Let tasks that somebody runs by hand begin as those of services do."""

    def run(request: Record) -> Answer:
        before = set(state.tasks())
        answer = original(request)
        for arn in [arn for arn in state.tasks() if arn not in before]:
            furnish(state.tasks()[arn], request)
            LIVING.begin(state.tasks()[arn])
        return answer

    return run


def _stopping(original: Callable[[Record], Answer]) -> Callable[[Record], Answer]:
    def stop(request: Record) -> Answer:
        task = ecs._resolve_task(request.get("task", ""), request.get("cluster", "default"))
        if task is not None and LIVING.is_alive(task):
            reason = request.get("reason") or "Task stopped by user"
            LIVING.stop(task, reason, "UserInitiated", exit_code=0)
        return original(request)

    return stop


def create_task(service: Record, deployment: Record, host: Record | None) -> Record:
    """Make a task of a service, with what AWS gives one before it starts."""
    before = set(state.tasks())
    request = {
        "cluster": service["clusterArn"].rsplit("/", 1)[-1],
        "taskDefinition": deployment["taskDefinition"],
        "count": 1,
        "group": f"service:{service['serviceName']}",
        "launchType": service.get("launchType"),
        "capacityProviderStrategy": service.get("capacityProviderStrategy"),
        "platformVersion": service.get("platformVersion", ""),
        "networkConfiguration": service.get("networkConfiguration") or {},
        "enableExecuteCommand": service.get("enableExecuteCommand", False),
        "_deploymentId": deployment["id"],
        # An interface is in the zone of the host that it is of.
        "_zone": state.subnets()[host["_subnet"]]["AvailabilityZone"] if host else None,
    }
    ecs._run_task(request)
    (arn,) = [arn for arn in state.tasks() if arn not in before]
    task = state.tasks()[arn]
    if host is not None:
        task["containerInstanceArn"] = host["containerInstanceArn"]
        if "capacityProviderName" in host:
            task["launchType"] = managed.TYPE
    return task


def furnish(task: Record, request: Record) -> None:
    """Give a new task what ECS gives one before it starts: a deployment and an interface."""
    definition = state.task_definition(task["taskDefinitionArn"])
    if task["launchType"] == "FARGATE":
        task.pop("containerInstanceArn", None)
        task |= {"platformFamily": "Linux"}
    task["startedBy"] = request.get("_deploymentId") or task["startedBy"]
    task |= {"stoppedReason": None, "stopCode": None, "_network": None}
    if definition.get("networkMode") == "awsvpc":
        vpc = (request.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
        task["_network"] = vpc
        _attach_interface(task, vpc, request.get("_zone"))
    for container in task["containers"]:
        if container["memory"] == "0":
            del container["memory"]


def _attach_interface(task: Record, vpc: Record, zone: str | None = None) -> None:
    if not vpc.get("subnets"):
        return
    known = state.subnets()
    there = [s for s in vpc["subnets"] if zone in (None, known[s]["AvailabilityZone"])]
    subnets = there or vpc["subnets"]
    subnet = next((s for s in subnets if state.free_addresses(s) > 0), subnets[0])
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


def keep_server(task: Record, behaviour: Record) -> None:
    """Let a server listen for a running task, and behave so.

    Args:
        task: the task.
        behaviour: options of ``Server.restart``.
    """
    server = _servers.get(task["taskArn"])
    if server is None:
        definition = state.task_definition(task["taskDefinitionArn"])
        container = definition["containerDefinitions"][0]
        kind = Runner if "runner_id" in behaviour else Server
        server = kind(environment_of(definition), _log_writer(task, container), behaviour)
        _servers[task["taskArn"]] = server
    elif server.behaviour != behaviour:
        server.restart(behaviour)


def environment_of(definition: Record) -> dict[str, str]:
    """What the first container finds in its environment; what cannot be read is not there."""
    container = definition["containerDefinitions"][0]
    found = {item["name"]: item["value"] for item in container.get("environment", [])}
    for secret in container.get("secrets", []):
        with suppress(LookupError):
            found[secret["name"]] = secret_value(secret["valueFrom"])
    return found


def secret_value(reference: str) -> str:
    """The value behind ``valueFrom``: an ARN, or an ARN and ``:JSON-KEY:STAGE:VERSION``.

    Raises:
        LookupError: there is no such secret.
        SecretMarkedForDeletion: it is going to be deleted.
        SecretIsNoJson: it holds no keys at all.
        KeyError: there is no such key in it.
    """
    arn, key = reference, ""
    if reference.count(":") > 6:
        arn = ":".join(reference.split(":")[:7])
        key = reference.split(":")[7]
    _, secret = secretsmanager._resolve(arn)
    if secret is None:
        raise LookupError(arn)
    if secret.get("DeletedDate"):
        raise SecretMarkedForDeletion(arn)
    text = current_version(secret)["SecretString"] or ""
    if not key:
        return text
    try:
        found = json.loads(text)
    except ValueError:
        raise SecretIsNoJson(text[:1]) from None
    if not isinstance(found, dict):
        raise SecretIsNoJson(text[:1])
    return str(found[key])


def current_version(secret: Record) -> Record:
    """The version of a secret that is in force."""
    for version in secret["Versions"].values():
        if "AWSCURRENT" in version["Stages"]:
            found: Record = version
            return found
    raise LookupError(secret["ARN"])


def put_value(secret: Record, text: str) -> None:
    """Give a secret another value; the one before stays as its AWSPREVIOUS.

    Raises:
        ValueError: Secrets Manager refuses; the answer is in the message.
    """
    request = {"SecretId": secret["ARN"], "SecretString": text}
    status, _, body = secretsmanager._put_secret_value(request)
    if status != HTTPStatus.OK:
        raise ValueError(f"PutSecretValue: {body!r}")
    secret["LastChangedDate"] = current_version(secret)["CreatedDate"] = int(CLOCK.now)


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
