"""What mutations work on: the deployed service, its tasks, its names and its surroundings."""

from __future__ import annotations

import copy
import random
import uuid
from collections.abc import Mapping, Sequence
from string import Template
from typing import Any

from ash_ops.demo.names import ACCOUNT
from ash_ops.demo.overlay import containers, log_groups, state, targets

Record = dict[str, Any]

_CLOCKS = (
    *("createdAt", "connectivityAt", "pullStartedAt", "pullStoppedAt", "startedAt"),
    *("stoppingAt", "executionStoppedAt", "stoppedAt"),
)

# What the world keeps of a task that it lets live.
_LIVED = ("_phase", "_due", "_start_failure", "_probes", "_ends", "_full", "_kill_due", "_target")


def the_service(of: str = "server") -> Record:
    """The service of the ``server``, or of the ``runner``s it hands its sessions to."""
    for service in state.services().values():
        if service["status"] == "ACTIVE" and bool(service.get("loadBalancers")) is (of == "server"):
            model = next(iter(tasks_of(service)), {})
            lived = {k: v for k, v in model.items() if k not in _LIVED}
            service.setdefault("_model", copy.deepcopy(lived))
            return service
    raise LookupError(f"no ECS service is deployed of a {of}")


def tasks_of(service: Record) -> list[Record]:
    group = f"service:{service['serviceName']}"
    return [task for task in state.tasks().values() if task["group"] == group]


def running_task(service: Record) -> Record:
    for task in tasks_of(service):
        if task["desiredStatus"] == "RUNNING":
            return task
    raise LookupError("no task is running")


def cluster_of(service: Record) -> str:
    return str(service["clusterArn"]).rsplit("/", 1)[-1]


def new_task(service: Record) -> Record:
    """A task like the service's first one, with an identity and an interface of its own."""
    model = {k: v for k, v in service["_model"].items() if k not in _LIVED}
    task: Record = copy.deepcopy(model)
    if not task:
        raise LookupError("the service never had a task to model another on")
    number = uuid.uuid4().hex
    task["taskArn"] = task["taskArn"].rsplit("/", 1)[0] + f"/{number}"
    for container in task["containers"]:
        container["taskArn"] = task["taskArn"]
        container["containerArn"] = container["containerArn"].rsplit("/", 1)[0] + f"/{uuid.uuid4()}"
        container["runtimeId"] = f"{number}-{random.randint(10**8, 10**9)}"  # noqa: S311 - no secret
    for attachment in task["attachments"]:
        _rename_attachment(attachment, task["containers"])
    return task


def _rename_attachment(attachment: Record, its_containers: list[Record]) -> None:
    attachment["id"] = str(uuid.uuid4())
    for detail in attachment["details"]:
        if detail["name"] == "networkInterfaceId":
            detail["value"] = f"eni-{random.getrandbits(68):017x}"
    for container in its_containers:
        for interface in container["networkInterfaces"]:
            interface["attachmentId"] = attachment["id"]


def set_clocks(task: Record, ages: Mapping[str, float], base: float) -> None:
    unknown = set(ages) - set(_CLOCKS)
    if unknown:
        raise ValueError(f"a task has no clocks {', '.join(sorted(unknown))}")
    task |= {c: state.now(base + ages[c]) if c in ages else None for c in _CLOCKS}


def set_container(task: Record, fields: Mapping[str, Any], names: Mapping[str, str]) -> None:
    task["containers"][0] |= filled(fields, names)


def network_of(service: Record) -> Record:
    found: Record = service["networkConfiguration"]["awsvpcConfiguration"]
    return found


def security_groups(of: str) -> list[str]:
    service = the_service("runner" if of == "runner" else "server")
    if of in ("task", "runner"):
        return list(network_of(service)["securityGroups"])
    balancer = targets.balancer_of(service)
    return list(balancer["SecurityGroups"]) if balancer else []


def route_tables() -> list[Record]:
    vpcs = {state.subnets()[s]["VpcId"] for s in network_of(the_service())["subnets"]}
    return [table for table in state.route_tables().values() if table["VpcId"] in vpcs]


def network_acls() -> list[Record]:
    vpcs = {state.subnets()[s]["VpcId"] for s in network_of(the_service())["subnets"]}
    return [acl for acl in state.network_acls().values() if acl["VpcId"] in vpcs]


def task_definition_of(service: Record) -> Record:
    return state.task_definition(service["taskDefinition"])


def container_definition(service: Record) -> Record:
    found: Record = state.task_definition(service["taskDefinition"])["containerDefinitions"][0]
    return found


def log_options(service: Record) -> dict[str, str]:
    found: dict[str, str] = container_definition(service)["logConfiguration"]["options"]
    return found


def write_task_logs(service: Record, task: Record, lines: Sequence[str], until: float) -> None:
    names = names_for(service, task)
    options = log_options(service)
    last = len(lines) - 1
    stamped = [(state.ms(until + last - i), fill(t, names)) for i, t in enumerate(lines)]
    stream = containers.log_stream(options, "ash", task["taskArn"])
    log_groups.write(options["awslogs-group"], stream, stamped)


def the_secret(service: Record) -> Record:
    reference = container_definition(service)["secrets"][0]["valueFrom"]
    arn = ":".join(reference.split(":")[:7])
    for secret in state.secrets().values():
        if secret["ARN"] == arn:
            return secret
    raise LookupError(f"there is no secret {arn}")


def names_for(service: Record, task: Record | None = None) -> dict[str, str]:
    """The names a scenario's texts may hold."""
    running = next((t for t in tasks_of(service) if t["desiredStatus"] == "RUNNING"), None)
    definition = state.task_definition(service["taskDefinition"])
    groups = [lb["targetGroupArn"] for lb in service.get("loadBalancers", [])]
    secrets = definition["containerDefinitions"][0].get("secrets", [])
    return {
        "account": ACCOUNT,
        "region": state.region(),
        "service": service["serviceName"],
        "cluster": cluster_of(service),
        "deployment": service["deployments"][0]["id"],
        "failed_deployment": service.get("_failed", service["deployments"][0])["id"],
        "image": definition["containerDefinitions"][0]["image"],
        "execution_role": definition["executionRoleArn"].rsplit("/", 1)[-1],
        "secret": ":".join(secrets[0]["valueFrom"].split(":")[:7]) if secrets else "",
        "target_group": groups[0] if groups else "",
        "task": _task_id(task or running),
        "running": _task_id(running),
    }


def _task_id(task: Record | None) -> str:
    return str(task["taskArn"]).rsplit("/", 1)[-1] if task else ""


def fill(text: str, names: Mapping[str, str]) -> str:
    return Template(text).safe_substitute(names)


def filled(fields: Mapping[str, Any], names: Mapping[str, str]) -> Record:
    return {k: fill(v, names) if isinstance(v, str) else v for k, v in fields.items()}
