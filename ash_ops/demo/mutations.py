"""What can be changed in the emulated account from outside: the vocabulary of scenarios.

Every public function is a mutation; its name is ``do`` in a scenario's ``[[break]]`` and its
parameters are the other keys. Times are given as *seconds ago*. Texts may hold ``${service}``,
``${task}`` and the other names of ``_names``.
"""

from __future__ import annotations

import copy
import json
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from string import Template
from typing import Any

from ash_ops.demo.overlay import (
    containers,
    extras,
    load_balancers,
    log_groups,
    network,
    stacks,
    state,
)

Record = dict[str, Any]
Mutation = Callable[..., None]

_CLOCKS = (
    *("createdAt", "connectivityAt", "pullStartedAt", "pullStoppedAt", "startedAt"),
    *("stoppingAt", "executionStoppedAt", "stoppedAt"),
)


def apply_all(mutations: Sequence[Mapping[str, Any]]) -> Record:
    """Make mutations in order, inside the account.

    Raises:
        ValueError: there is no mutation of that name.
        LookupError: what it wants to change is not there.
        TypeError: it does not take a parameter that was given.
    """
    with state.scope():
        for mutation in mutations:
            parameters = dict(mutation)
            name = parameters.pop("do", None)
            if name not in MUTATIONS:
                raise ValueError(f"there is no mutation {name!r}; there are {', '.join(MUTATIONS)}")
            MUTATIONS[name](**parameters)
    return {"made": len(mutations)}


# ---- tasks ------------------------------------------------------------------------------------


def age(seconds: float) -> None:
    """Let the deployment have been made so many seconds earlier than it was."""
    service = _service()
    definition = state.task_definition(service["taskDefinition"])
    balancer = load_balancers.balancer_of(service)
    by = timedelta(seconds=seconds)
    for record in (service, definition, *_tasks(service), balancer):
        _shift(record, by)
    for stack in state.stacks().values():
        clocks = {k: v for k, v in stack.items() if k.endswith("Time")}
        _shift(clocks, by)
        stack |= clocks
        _shift(state.stack_events(stack["StackId"]), by)
    for secret in state.secrets().values():
        for clock in ("CreatedDate", "LastChangedDate"):
            secret[clock] = int(secret[clock] - seconds)


def _shift(record: Any, by: timedelta) -> None:
    """Move every time in a record (they end in ``At`` or ``Time``, or are called Timestamp)."""
    items = list(record.items()) if isinstance(record, dict) else list(enumerate(record or ()))
    for key, value in items:
        if isinstance(value, dict | list):
            _shift(value, by)
        elif isinstance(value, str) and str(key).endswith(("At", "Time", "Timestamp")):
            moment = datetime.fromisoformat(value) - by
            record[key] = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def stop_tasks(
    reason: str,
    code: str,
    *,
    count: int = 1,
    ago: float = 30,
    every: float = 90,
    phases: Mapping[str, float] | None = None,
    container: Mapping[str, Any] | None = None,
    health: str = "UNKNOWN",
    logs: Sequence[str] = (),
) -> None:
    """Leave tasks behind that ECS stopped.

    Args:
        reason: the task's ``stoppedReason``.
        code: the task's ``stopCode``.
        count: how many; each of them ``every`` seconds before the next.
        ago: when the latest one stopped.
        every: seconds between two of them.
        phases: when each phase was reached, in seconds before the stop; a phase that is not
            named was never reached.
        container: fields of the task's container, such as ``exitCode`` and ``reason``.
        health: the task's health status.
        logs: lines it wrote, the last one a second before it stopped.
    """
    service = _service()
    for number in reversed(range(count)):
        stopped = ago + number * every
        task = _new_task(service)
        names = _names(service, task)
        task |= {"lastStatus": "STOPPED", "desiredStatus": "STOPPED", "healthStatus": health}
        task |= {"stoppedReason": _fill(reason, names), "stopCode": code}
        _set_clocks(task, {**(phases or {}), "stoppingAt": 1, "stoppedAt": 0}, stopped)
        fields = {"lastStatus": "STOPPED", "healthStatus": health, **(container or {})}
        if "exitCode" not in fields:
            fields |= {"imageDigest": None}  # it never had an image to run
        _set_container(task, fields, names)
        containers.delete_interface(task)
        state.tasks()[task["taskArn"]] = task
        _write_logs(service, task, logs, stopped + 1)
        _archive(service, task)


def change_task(
    *,
    status: str | None = None,
    desired: str | None = None,
    health: str | None = None,
    phases: Mapping[str, float] | None = None,
    container: Mapping[str, Any] | None = None,
    fields: Mapping[str, Any] | None = None,
    logs: Sequence[str] = (),
    server: bool = True,
) -> None:
    """Change the service's running task.

    Args:
        status: its ``lastStatus``; anything but ``RUNNING`` takes it out of the target group.
        desired: its ``desiredStatus``.
        health: its ``healthStatus``.
        phases: seconds since each phase was reached; phases not named were not reached.
        container: fields of its container.
        fields: other fields of the task.
        logs: lines it has written, a second apart, the last one now.
        server: whether something still listens in it.
    """
    service = _service()
    task = _running(service)
    names = _names(service, task)
    wanted = {"lastStatus": status, "desiredStatus": desired, "healthStatus": health}
    task |= {key: value for key, value in wanted.items() if value is not None}
    task |= _filled(fields or {}, names)
    if phases is not None:
        _set_clocks(task, phases, 0)
    _set_container(task, container or {}, names)
    if not server:
        containers.stop_server(task["taskArn"])
    _write_logs(service, task, logs, 0)
    load_balancers.recount(_cluster(service), service["serviceName"])


def remove_task() -> None:
    """Take the running task away without a trace, as if it had never been started."""
    service = _service()
    task = _running(service)
    containers.stop_server(task["taskArn"])
    containers.delete_interface(task)
    del state.tasks()[task["taskArn"]]
    load_balancers.recount(_cluster(service), service["serviceName"])


def change_server(
    *,
    cgroups: bool = True,
    anthropic_key: str | None = "accepted",
    requests: int | None = None,
) -> None:
    """Restart the running task's server with other behaviour.

    Args:
        cgroups: whether it can make sandboxes.
        anthropic_key: ``accepted``, ``refused``, or ``missing``.
        requests: how many requests it accepts in 15 minutes from one address.
    """
    task = _running(_service())
    server = containers.server_of(task["taskArn"])
    if server is None:
        raise LookupError("nothing listens in the running task")
    behaviour: Record = {"cgroups": cgroups}
    behaviour["anthropic_key"] = None if anthropic_key == "missing" else anthropic_key
    server.restart(**behaviour, **({} if requests is None else {"requests": requests}))


# ---- the service ------------------------------------------------------------------------------


def add_events(events: Sequence[Mapping[str, Any]], *, replace: bool = False) -> None:
    """Add service events, each ``{"ago": seconds, "message": text}``.

    Args:
        events: what to add.
        replace: whether the events so far are forgotten.
    """
    service = _service()
    if replace:
        service["events"].clear()
    names = _names(service)
    for event in events:
        containers.add_event(service, _fill(event["message"], names), event["ago"])


def change_service(fields: Mapping[str, Any]) -> None:
    """Change fields of the service, such as ``runningCount``."""
    service = _service()
    service |= _filled(fields, _names(service))


def change_deployment(fields: Mapping[str, Any], *, created_ago: float | None = None) -> None:
    """Change fields of the service's primary deployment, such as ``failedTasks``."""
    service = _service()
    deployment = service["deployments"][0]
    deployment |= _filled(fields, _names(service))
    if created_ago is not None:
        deployment["createdAt"] = state.now(created_ago)
    deployment["updatedAt"] = state.now()
    for rollout in service.get("_rollouts", []):
        if rollout["id"] == deployment["id"]:
            rollout |= deployment


def roll_back(reason: str, *, failed: int = 3, ago: float = 120, image: str | None = None) -> None:
    """Let a later revision fail and the circuit breaker go back to the present one.

    Args:
        reason: the ``statusReason`` of the failed rollout.
        failed: how many of its tasks failed.
        ago: when it was rolled back.
        image: the image of the failed revision; the present one if not given.
    """
    service = _service()
    failed_definition = _add_revision(service, {} if image is None else {"image": image}, {})
    rollout = copy.deepcopy(service["deployments"][0])
    rollout |= {
        "id": f"ecs-svc/{random.randint(10**18, 9 * 10**18)}",  # noqa: S311 - an identifier
        "taskDefinition": failed_definition["taskDefinitionArn"],
        "rolloutState": "FAILED", "failedTasks": failed, "runningCount": 0,
        "createdAt": state.now(ago + 300), "updatedAt": state.now(ago),
        "_status": "ROLLBACK_SUCCESSFUL", "_reason": reason, "_breaker": "TRIGGERED",
    }
    service["_rollouts"].insert(0, rollout)
    service["_failed"] = rollout
    service["deployments"][0]["updatedAt"] = state.now(ago - 60)


def change_task_definition(
    *,
    container: Mapping[str, Any] | None = None,
    task: Mapping[str, Any] | None = None,
    without_secrets: Sequence[str] = (),
) -> None:
    """Let the service run another revision of its task definition, with the running task in it.

    Args:
        container: fields of the container that differ.
        task: fields of the task definition that differ.
        without_secrets: names of secrets the container no longer gets.
    """
    service = _service()
    definition = _add_revision(service, container or {}, task or {})
    first = definition["containerDefinitions"][0]
    first["secrets"] = [s for s in first.get("secrets", []) if s["name"] not in without_secrets]
    arn = definition["taskDefinitionArn"]
    service["taskDefinition"] = arn
    for deployment in (*service["deployments"], *service.get("_rollouts", [])):
        deployment["taskDefinition"] = arn
    for record in (*_tasks(service), service["_model"]):
        record["taskDefinitionArn"] = arn
        record["containers"][0]["image"] = first["image"]
        record |= {size: definition[size] for size in ("cpu", "memory") if size in definition}


def _add_revision(service: Record, container: Mapping[str, Any], task: Mapping[str, Any]) -> Record:
    present = state.task_definition(service["taskDefinition"])
    definition = copy.deepcopy(present) | dict(task)
    definition["containerDefinitions"][0] |= dict(container)
    family = definition["family"]
    revision = 1 + max(
        d["revision"] for d in state.task_definitions().values() if d["family"] == family
    )
    arn = present["taskDefinitionArn"].rsplit(":", 1)[0] + f":{revision}"
    definition |= {"revision": revision, "taskDefinitionArn": arn, "registeredAt": state.now(600)}
    state.add_task_definition(definition)
    return definition


# ---- the load balancer ------------------------------------------------------------------------


def set_target_health(health: str, reason: str = "", description: str = "") -> None:
    """Set the health of every registered target, as DescribeTargetHealth tells it."""
    told = {"State": health, "Reason": reason, "Description": description}
    for target in _targets():
        target["_health"] = {key: value for key, value in told.items() if value}


def remove_targets() -> None:
    """Empty the target group."""
    _targets().clear()


def change_target_group(
    *, fields: Mapping[str, Any] | None = None, attributes: Mapping[str, str] | None = None
) -> None:
    """Change a target group's fields and attributes."""
    arn = _service()["loadBalancers"][0]["targetGroupArn"]
    state.target_groups()[arn] |= dict(fields or {})
    kept = [a for a in state.target_group_attributes(arn) if a["Key"] not in (attributes or {})]
    kept += [{"Key": key, "Value": value} for key, value in (attributes or {}).items()]
    state.target_group_attributes(arn)[:] = kept


# ---- the network ------------------------------------------------------------------------------


def remove_default_route() -> None:
    """Delete the route to the internet from the route tables of the service's VPC."""
    for table in _route_tables():
        kept = [r for r in table["Routes"] if r.get("DestinationCidrBlock") != "0.0.0.0/0"]
        table["Routes"][:] = kept


def change_default_route(fields: Mapping[str, Any]) -> None:
    """Change the default route, for instance ``{"State": "blackhole"}``."""
    for table in _route_tables():
        for route in table["Routes"]:
            if route.get("DestinationCidrBlock") == "0.0.0.0/0":
                route |= dict(fields)


def change_subnets(fields: Mapping[str, Any]) -> None:
    """Change the subnets the tasks run in, for instance ``AvailableIpAddressCount``."""
    for subnet_id in _network(_service())["subnets"]:
        state.subnets()[subnet_id] |= dict(fields)


def open_ingress(cidr: str = "0.0.0.0/0", *, of: str = "load_balancer") -> None:
    """Let a range of addresses in to port 4100.

    Args:
        cidr: the range.
        of: ``load_balancer`` or ``task``: whose security groups.
    """
    for group in _groups(of):
        properties = {"GroupId": group, "CidrIp": cidr, "IpProtocol": "tcp"}
        network.add_rule({**properties, "FromPort": 4100, "ToPort": 4100}, "IpPermissions")


def clear_rules(*, of: str = "task", egress: bool = False) -> None:
    """Delete all rules of the security groups of the task or of the load balancer."""
    for group in _groups(of):
        side = "IpPermissionsEgress" if egress else "IpPermissions"
        state.security_groups()[group][side].clear()


# ---- logs, secrets, stacks, quotas ------------------------------------------------------------


def write_logs(lines: Sequence[Mapping[str, Any]], *, stream: str | None = None) -> None:
    """Write lines, each ``{"ago": seconds, "message": text}``, as the running task or to a stream."""
    service = _service()
    task = _running(service)
    options = _log_options(service)
    names = _names(service, task)
    name = stream or containers.log_stream(options, "ash", task["taskArn"])
    stamped = [(state.ms(line["ago"]), _fill(line["message"], names)) for line in lines]
    log_groups.write(options["awslogs-group"], name, stamped)


def change_secret(key: str, value: str | None, *, ago: float = 0, restart: bool = False) -> None:
    """Change one key of the secret the container reads; ``None`` takes the key away.

    Args:
        key: the variable's name, for instance ``ANTHROPIC_API_KEY``.
        value: what it becomes.
        ago: when it was changed.
        restart: whether the running server has the new value already.
    """
    service = _service()
    secret = _secret(service)
    version = containers.current_version(secret)
    content = json.loads(version["SecretString"])
    content.pop(key, None)
    version["SecretString"] = json.dumps(content if value is None else content | {key: value})
    secret["LastChangedDate"] = version["CreatedDate"] = int(state.ms(ago) / 1000)
    if restart:
        task = _running(service)
        containers.stop_server(task["taskArn"])
        containers.start_server(task)


def delete_secret() -> None:
    """Schedule the container's secret for deletion."""
    _secret(_service())["DeletedDate"] = int(state.ms(0) / 1000)


def deny_secret() -> None:
    """Take the right to read secrets from the execution role."""
    definition = state.task_definition(_service()["taskDefinition"])
    state.inline_policies(definition["executionRoleArn"].rsplit("/", 1)[-1]).clear()


def fail_creation(type: str, reason: str) -> None:  # noqa: A002 - the template's word for it
    """Let the next stacks fail at a type of resource, with AWS's sentence."""
    stacks.plan_failure(type, reason)


def set_quota(service: str, code: str, value: float) -> None:
    """Set a service quota, for instance ``fargate``, ``L-3032A538``, ``0``."""
    extras.set_quota(service, code, value)


# ---- what they share --------------------------------------------------------------------------


def _service() -> Record:
    for service in state.services().values():
        if service["status"] == "ACTIVE":
            service.setdefault("_model", copy.deepcopy(next(iter(_tasks(service)), {})))
            return service
    raise LookupError("no ECS service is deployed")


def _tasks(service: Record) -> list[Record]:
    group = f"service:{service['serviceName']}"
    return [task for task in state.tasks().values() if task["group"] == group]


def _running(service: Record) -> Record:
    for task in _tasks(service):
        if task["desiredStatus"] == "RUNNING":
            return task
    raise LookupError("no task is running")


def _cluster(service: Record) -> str:
    return str(service["clusterArn"]).rsplit("/", 1)[-1]


def _new_task(service: Record) -> Record:
    """A task like the service's first one, with an identity and an interface of its own."""
    task = copy.deepcopy(service["_model"])
    if not task:
        raise LookupError("the service never had a task to model another on")
    number = uuid.uuid4().hex
    task["taskArn"] = task["taskArn"].rsplit("/", 1)[0] + f"/{number}"
    for container in task["containers"]:
        container["taskArn"] = task["taskArn"]
        container["containerArn"] = container["containerArn"].rsplit("/", 1)[0] + f"/{uuid.uuid4()}"
        container["runtimeId"] = f"{number}-{random.randint(10**8, 10**9)}"  # noqa: S311
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


def _set_clocks(task: Record, ages: Mapping[str, float], base: float) -> None:
    unknown = set(ages) - set(_CLOCKS)
    if unknown:
        raise ValueError(f"a task has no clocks {', '.join(sorted(unknown))}")
    task |= {c: state.now(base + ages[c]) if c in ages else None for c in _CLOCKS}


def _set_container(task: Record, fields: Mapping[str, Any], names: Mapping[str, str]) -> None:
    task["containers"][0] |= _filled(fields, names)


def _targets() -> list[Record]:
    return state.targets(_service()["loadBalancers"][0]["targetGroupArn"])


def _network(service: Record) -> Record:
    found: Record = service["networkConfiguration"]["awsvpcConfiguration"]
    return found


def _groups(of: str) -> list[str]:
    service = _service()
    if of == "task":
        return list(_network(service)["securityGroups"])
    balancer = load_balancers.balancer_of(service)
    return list(balancer["SecurityGroups"]) if balancer else []


def _route_tables() -> list[Record]:
    vpcs = {state.subnets()[s]["VpcId"] for s in _network(_service())["subnets"]}
    return [table for table in state.route_tables().values() if table["VpcId"] in vpcs]


def _container_definition(service: Record) -> Record:
    found: Record = state.task_definition(service["taskDefinition"])["containerDefinitions"][0]
    return found


def _log_options(service: Record) -> dict[str, str]:
    found: dict[str, str] = _container_definition(service)["logConfiguration"]["options"]
    return found


def _write_logs(service: Record, task: Record, lines: Sequence[str], until: float) -> None:
    names = _names(service, task)
    options = _log_options(service)
    last = len(lines) - 1
    stamped = [(state.ms(until + last - i), _fill(t, names)) for i, t in enumerate(lines)]
    stream = containers.log_stream(options, "ash", task["taskArn"])
    log_groups.write(options["awslogs-group"], stream, stamped)


def _archive(service: Record, task: Record) -> None:
    """Tell the event archive about a stopped task, as EventBridge does where a stack has one."""
    record = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "ECS Task State Change",
        "source": "aws.ecs",
        "account": state.ACCOUNT,
        "time": task["stoppedAt"],
        "region": state.region(),
        "resources": [task["taskArn"]],
        "detail": {k: v for k, v in task.items() if not k.startswith("_") and v is not None},
    }
    group = _log_options(service)["awslogs-group"].replace("/runtime", "/events")
    log_groups.write(
        group, str(uuid.uuid4()), [(state.at_ms(task["stoppedAt"]), json.dumps(record))]
    )


def _secret(service: Record) -> Record:
    reference = _container_definition(service)["secrets"][0]["valueFrom"]
    arn = ":".join(reference.split(":")[:7])
    for secret in state.secrets().values():
        if secret["ARN"] == arn:
            return secret
    raise LookupError(f"there is no secret {arn}")


def _names(service: Record, task: Record | None = None) -> dict[str, str]:
    """The names a scenario's texts may hold."""
    running = next((t for t in _tasks(service) if t["desiredStatus"] == "RUNNING"), None)
    definition = state.task_definition(service["taskDefinition"])
    groups = [lb["targetGroupArn"] for lb in service.get("loadBalancers", [])]
    secrets = definition["containerDefinitions"][0].get("secrets", [])
    return {
        "account": state.ACCOUNT,
        "region": state.region(),
        "service": service["serviceName"],
        "cluster": _cluster(service),
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


def _fill(text: str, names: Mapping[str, str]) -> str:
    return Template(text).safe_substitute(names)


def _filled(fields: Mapping[str, Any], names: Mapping[str, str]) -> Record:
    return {k: _fill(v, names) if isinstance(v, str) else v for k, v in fields.items()}


MUTATIONS: dict[str, Mutation] = {
    function.__name__: function
    for function in (
        *(age, stop_tasks, change_task, remove_task, change_server),
        *(add_events, change_service, change_deployment, roll_back, change_task_definition),
        *(set_target_health, remove_targets, change_target_group),
        *(remove_default_route, change_default_route, change_subnets, open_ingress, clear_rules),
        *(write_logs, change_secret, delete_secret, deny_secret, fail_creation, set_quota),
    )
}
