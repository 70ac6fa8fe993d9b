"""ECS: container instances, registered by the instances of Auto Scaling groups as they start."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Iterator
from typing import Any

from ministack.core.responses import json_response
from ministack.services import autoscaling, ec2, ecs

from ash_ops.demo.names import ACCOUNT
from ash_ops.demo.overlay import network, state
from ash_ops.demo.overlay.machines import managed
from ash_ops.demo.world.clock import at_standstill

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

_CLUSTER = re.compile(r"ECS_CLUSTER=([\w-]+)")
# vCPUs and MiB of what the templates start; the agent keeps some memory for the system.
_SIZES = {"large": (2, 8192), "xlarge": (4, 16384), "2xlarge": (8, 32768), "medium": (1, 4096)}
_KEPT_BY_THE_SYSTEM_MB = 350

_hosts: dict[str, Record] = {}


def install() -> None:
    """Replace what ECS answers about container instances."""
    ecs._ACTION_MAP |= {
        "ListContainerInstances": _list,
        "DescribeContainerInstances": _describe,
        "UpdateContainerInstancesState": at_standstill(_update_state),
        "DeregisterContainerInstance": at_standstill(_deregister),
    }


def reset() -> None:
    """Forget every host."""
    _hosts.clear()
    managed.reset()


def known() -> dict[str, Record]:
    """The container instances, by ARN."""
    return _hosts


def of_cluster(cluster_arn: str) -> Iterator[Record]:
    """The container instances of a cluster."""
    return (host for host in list(_hosts.values()) if host["_cluster"] == cluster_arn)


def tasks_on(host: Record) -> list[Record]:
    """The tasks on a host that have not stopped."""
    arn = host["containerInstanceArn"]
    return [
        task
        for task in list(state.tasks().values())
        if task.get("containerInstanceArn") == arn and task["lastStatus"] != "STOPPED"
    ]


def remaining(host: Record, resource: str) -> int:
    """How much of ``CPU`` (units) or ``MEMORY`` (MiB) no task on a host has taken."""
    field = {"CPU": "cpu", "MEMORY": "memory"}[resource]
    taken = sum(int(task.get(field) or 0) for task in tasks_on(host))
    return int(_registered(host)[resource]) - taken


def _registered(host: Record) -> dict[str, int]:
    return {
        r["name"]: r["integerValue"] for r in host["registeredResources"] if r["name"] != "PORTS"
    }


def keep() -> list[Record]:
    """Register the instances that have started, and forget those that are gone.

    Returns:
        The hosts that are gone.
    """
    present = {}
    gone: list[Record] = []
    drained = {h["ec2InstanceId"] for h in _hosts.values() if h["status"] == "DRAINING"}
    for group in [*autoscaling._asgs.values(), *managed.groups(drained)]:
        cluster = _cluster_of(group)
        if cluster is not None:
            if "_cluster" not in group:
                autoscaling._reconcile_instances(group)
            for instance in group["Instances"]:
                _run(group, instance)
                present[instance["InstanceId"]] = (cluster, group, instance)
    registered = {host["ec2InstanceId"]: host for host in _hosts.values()}
    for number, (cluster, group, instance) in present.items():
        if number not in registered:
            _register(cluster, group, instance)
    for number, host in registered.items():
        if number not in present:
            _hosts.pop(host["containerInstanceArn"], None)
            _forget_volumes(ec2._instances.pop(number, {}))
            gone.append(host)
    return gone


def _cluster_of(group: Record) -> str | None:
    """The cluster that the user data of a group's launch template names."""
    found = _CLUSTER.search(_user_data(group))
    name = group.get("_cluster") or (found and found[1])
    for cluster in ecs._clusters.values():
        if cluster["clusterName"] == name:
            return str(cluster["clusterArn"])
    return None


def _template_data(group: Record) -> Record:
    if "_data" in group:
        return dict(group["_data"])
    template = ec2._launch_templates.get(
        (group.get("LaunchTemplate") or {}).get("LaunchTemplateId")
    )
    data: Record = template["Versions"][-1]["LaunchTemplateData"] if template else {}
    return data


def _user_data(group: Record) -> str:
    text = str(_template_data(group).get("UserData") or "")
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except ValueError:
        return text


def _run(group: Record, instance: Record) -> None:
    """Let EC2 know an instance that a group has started."""
    number = instance["InstanceId"]
    if number in ec2._instances:
        return
    data = _template_data(group)
    subnet = _emptiest(group)
    (made,) = ec2._launch_instances_internal(
        image_id="ami-0123456789abcdef0",
        instance_type=data.get("InstanceType", "m6i.large"),
        subnet_id=subnet,
        count=1,
        key_name="",
        user_data="",
        sg_ids=_groups(data),
        requested_private_ip=network.free_address(subnet),
    )
    if "_provider" not in group:
        _forget_volumes(made)  # it goes with the instance
        made["BlockDeviceMappings"] = []
    for device in made["BlockDeviceMappings"]:
        ec2._volumes[device["Ebs"]["VolumeId"]]["Size"] = group["_disk_gb"]
    if not _is_public(data):
        made["PublicIpAddress"] = made["PublicDnsName"] = ""
    ec2._instances.pop(made["InstanceId"], None)
    ec2._instances[number] = made | {"InstanceId": number}
    tags = [{"Key": t["Key"], "Value": t["Value"]} for t in group.get("Tags", [])]
    if name := group.get("AutoScalingGroupName"):
        tags.append({"Key": "aws:autoscaling:groupName", "Value": name})
    ec2._tags[number] = tags
    instance["AvailabilityZone"] = state.subnets()[subnet]["AvailabilityZone"]


def _emptiest(group: Record) -> str:
    """The subnet with the fewest of a group's instances: a group keeps its zones in balance."""
    members = {instance["InstanceId"] for instance in group["Instances"]}
    taken = [m["SubnetId"] for number, m in ec2._instances.items() if number in members]
    subnets: list[str] = group["VPCZoneIdentifier"].split(",")
    return min(subnets, key=taken.count)


def _forget_volumes(instance: Record) -> None:
    for device in instance.get("BlockDeviceMappings", []):
        ec2._volumes.pop(device["Ebs"]["VolumeId"], None)


def _groups(data: Record) -> list[str]:
    interfaces = data.get("NetworkInterfaces") or [{}]
    groups: list[str] = interfaces[0].get("Groups") or data.get("SecurityGroupIds") or []
    return groups


def _is_public(data: Record) -> bool:
    interfaces = data.get("NetworkInterfaces") or [{}]
    return str(interfaces[0].get("AssociatePublicIpAddress", True)).lower() == "true"


def _register(cluster: str, group: Record, instance: Record) -> None:
    name = cluster.rsplit("/", 1)[-1]
    data = _template_data(group)
    kind = data.get("InstanceType", "m6i.large")
    cores, memory = _SIZES.get(kind.rsplit(".", 1)[-1], (2, 8192))
    made = ec2._instances[instance["InstanceId"]]
    arn = f"arn:aws:ecs:{state.region()}:{ACCOUNT}:container-instance/{name}/{uuid.uuid4().hex}"
    _hosts[arn] = {
        "containerInstanceArn": arn,
        "ec2InstanceId": instance["InstanceId"],
        "status": "ACTIVE",
        "agentConnected": True,
        "version": 3,
        "versionInfo": {"agentVersion": "1.99.0", "dockerVersion": "DockerVersion: 25.0.8"},
        "registeredResources": _resources(cores * 1024, memory - _KEPT_BY_THE_SYSTEM_MB),
        "attributes": [
            {"name": "ecs.instance-type", "value": kind},
            {"name": "ecs.availability-zone", "value": instance["AvailabilityZone"]},
        ],
        "attachments": [],
        "tags": [],
        "registeredAt": state.now(),
        "healthStatus": {
            "overallStatus": "OK",
            "details": [{"type": "CONTAINER_RUNTIME", "status": "OK"}],
        },
        **({"capacityProviderName": group["_provider"]} if "_provider" in group else {}),
        "_cluster": cluster,
        "_subnet": made["SubnetId"],
        "_address": made["PrivateIpAddress"],
        "_groups": _groups(data),
        "_public": _is_public(data),
    }


def _resources(cpu: int, memory: int) -> list[Record]:
    return [
        {"name": "CPU", "type": "INTEGER", "integerValue": cpu},
        {"name": "MEMORY", "type": "INTEGER", "integerValue": memory},
        {"name": "PORTS", "type": "STRINGSET", "stringSetValue": ["22", "2375", "51678"]},
    ]


def _told(host: Record) -> Record:
    on_it = tasks_on(host)
    left = {
        "CPU": remaining(host, "CPU"),
        "MEMORY": remaining(host, "MEMORY"),
    }
    return {
        **{k: v for k, v in host.items() if not k.startswith("_")},
        "remainingResources": [
            {**r, "integerValue": left[r["name"]]} if r["name"] in left else r
            for r in host["registeredResources"]
        ],
        "runningTasksCount": sum(task["lastStatus"] == "RUNNING" for task in on_it),
        "pendingTasksCount": sum(task["lastStatus"] != "RUNNING" for task in on_it),
    }


def _in_cluster(request: Record) -> list[Record]:
    name = str(request.get("cluster") or "default").rsplit("/", 1)[-1]
    return [h for h in _hosts.values() if h["_cluster"].rsplit("/", 1)[-1] == name]


def _list(request: Record) -> Answer:
    status = request.get("status")
    arns = [
        h["containerInstanceArn"]
        for h in _in_cluster(request)
        if status is None or h["status"] == status
    ]
    return _answer({"containerInstanceArns": arns})


def _wanted(request: Record) -> tuple[list[Record], list[Record]]:
    asked = request.get("containerInstances", [])
    by_number = {h["containerInstanceArn"].rsplit("/", 1)[-1]: h for h in _in_cluster(request)}
    found = [by_number[n] for n in (a.rsplit("/", 1)[-1] for a in asked) if n in by_number]
    missing = [a for a in asked if a.rsplit("/", 1)[-1] not in by_number]
    return found, [{"arn": arn, "reason": "MISSING"} for arn in missing]


def _describe(request: Record) -> Answer:
    found, failures = _wanted(request)
    return _answer({"containerInstances": [_told(h) for h in found], "failures": failures})


def _update_state(request: Record) -> Answer:
    found, failures = _wanted(request)
    for host in found:
        host["status"] = request["status"]
    return _answer({"containerInstances": [_told(h) for h in found], "failures": failures})


def _deregister(request: Record) -> Answer:
    (host, *_), _ = _wanted({**request, "containerInstances": [request["containerInstance"]]})
    _hosts.pop(host["containerInstanceArn"])
    return _answer({"containerInstance": _told(host)})


def _answer(body: Record) -> Answer:
    answer: Answer = json_response(body)
    return answer
