"""The emulator's stores as plain dictionaries, and the account and region they belong to."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import (
    alb,
    cloudformation,
    cloudwatch_logs,
    ec2,
    ecr,
    ecs,
    efs,
    secretsmanager,
)

from ash_ops.demo.names import ACCOUNT, DEFAULT_REGION

Record = dict[str, Any]
Store = MutableMapping[str, Record]


def region() -> str:
    """The region whose deployment is seeded and served."""
    return os.environ.get("MINISTACK_REGION", DEFAULT_REGION)


@contextmanager
def scope() -> Iterator[None]:
    """Pin the account and region, for work that does not come from an AWS request."""
    with request_scope(ACCOUNT, region()):
        yield


def services() -> Store:
    """ECS services, by ``CLUSTER/SERVICE``."""
    return ecs._services  # type: ignore[no-any-return]  # ministack is untyped


def tasks() -> Store:
    """ECS tasks, by ARN."""
    return ecs._tasks  # type: ignore[no-any-return]  # ministack is untyped


def task_definitions() -> Store:
    """ECS task definitions, by ``FAMILY:REVISION``."""
    return ecs._task_defs  # type: ignore[no-any-return]  # ministack is untyped


def task_definition(arn: str) -> Record:
    """One task definition by its ARN."""
    found: Record = ecs._task_defs[arn.rsplit("/", 1)[-1]]
    return found


def load_balancers() -> Store:
    """Load balancers, by ARN."""
    return alb._lbs  # type: ignore[no-any-return]  # ministack is untyped


def target_groups() -> Store:
    """Target groups, by ARN."""
    return alb._tgs  # type: ignore[no-any-return]  # ministack is untyped


def target_group_attributes(arn: str) -> list[Record]:
    """One target group's attributes, as ``Key``/``Value`` records."""
    found: list[Record] = alb._tg_attrs.setdefault(arn, [])
    return found


def listeners() -> Store:
    """Listeners, by ARN."""
    return alb._listeners  # type: ignore[no-any-return]  # ministack is untyped


def targets(target_group_arn: str) -> list[Record]:
    """The targets registered in one group; ``_health`` overrides a target's health."""
    found: list[Record] = alb._targets.get(target_group_arn, [])
    return found


def route_tables() -> Store:
    """Route tables, by id."""
    return ec2._route_tables  # type: ignore[no-any-return]  # ministack is untyped


def security_groups() -> Store:
    """Security groups, by id."""
    return ec2._security_groups  # type: ignore[no-any-return]  # ministack is untyped


def network_acls() -> Store:
    """Network ACLs, by id."""
    return ec2._network_acls  # type: ignore[no-any-return]  # ministack is untyped


def subnets() -> Store:
    """Subnets, by id."""
    ec2._ensure_defaults_initialized()
    return ec2._subnets  # type: ignore[no-any-return]  # ministack is untyped


def nat_gateways() -> Store:
    """NAT gateways, by id."""
    return ec2._nat_gateways  # type: ignore[no-any-return]  # ministack is untyped


def network_interfaces() -> Store:
    """Network interfaces, by id."""
    return ec2._network_interfaces  # type: ignore[no-any-return]  # ministack is untyped


def vpc_endpoints() -> Store:
    """VPC endpoints, by id."""
    return ec2._vpc_endpoints  # type: ignore[no-any-return]  # ministack is untyped


def vpc_resolves_names(vpc_id: str) -> bool:
    """Whether a VPC's DNS is on (``enableDnsSupport``)."""
    value = ec2._vpcs.get(vpc_id, {}).get("EnableDnsSupport", True)
    return str(value).lower() != "false"


def vpc_names_hosts(vpc_id: str) -> bool:
    """Whether a VPC resolves the names of what stands in it, which are EFS's, too (``enableDnsHostnames``)."""
    return str(ec2._vpcs.get(vpc_id, {}).get("EnableDnsHostnames", False)).lower() == "true"


def internet_gateway_is_attached(gateway_id: str) -> bool:
    """Whether an internet gateway is attached to a VPC."""
    gateway = ec2._internet_gateways.get(gateway_id) or {}
    return bool(gateway.get("Attachments"))


def free_addresses(subnet_id: str) -> int:
    """How many addresses of a subnet are free."""
    return int(subnets()[subnet_id]["AvailableIpAddressCount"])


def mount_targets(file_system_id: str | None = None) -> list[Record]:
    """The mount targets that are available: of a file system, or all."""
    return [
        target
        for target in efs._mount_targets.values()
        if file_system_id in (None, target["FileSystemId"])
        and target["LifeCycleState"] == "available"
    ]


def file_system_policy(file_system_id: str) -> Record:
    """The policy of a file system; empty where it has none."""
    text = efs._file_systems.get(file_system_id, {}).get("FileSystemPolicy") or "{}"
    found: Record = json.loads(text)
    return found


def access_points() -> Store:
    """EFS's access points, by id."""
    return efs._access_points  # type: ignore[no-any-return]  # ministack is untyped


def ecr_image(reference: str) -> bool:
    """Whether this account's registry holds an image."""
    repository = reference.partition("/")[2].partition("@")[0].partition(":")[0]
    wanted = reference.partition("@")[2] or reference.rpartition(":")[2]
    return any(
        wanted in (image.get("imageDigest"), image.get("imageTag"))
        for image in ecr._images.get(repository, [])
    )


def add_service_event(service: Record, message: str, at: str) -> None:
    """Add a service event; ECS lists the newest first."""
    event = {"id": str(uuid.uuid4()), "createdAt": at, "message": message}
    # First, so that of two events of one moment the later one stays the newer.
    service["events"].insert(0, event)
    service["events"].sort(key=lambda e: str(e["createdAt"]), reverse=True)
    del service["events"][100:]


def log_groups() -> Store:
    """Log groups, by name."""
    return cloudwatch_logs._log_groups  # type: ignore[no-any-return]  # ministack is untyped


def secrets() -> Store:
    """Secrets, by name."""
    return secretsmanager._secrets  # type: ignore[no-any-return]  # ministack is untyped


def stacks() -> Store:
    """CloudFormation stacks, by name."""
    return cloudformation._stacks  # type: ignore[no-any-return]  # ministack is untyped


def template_of(stack_id: str) -> Record:
    """The template a stack is being made from: its latest change set's, or its own."""
    latest = _latest_change_set(stack_id)
    if latest is not None:
        found: Record = latest["_template"]
        return found
    return next(s["_template"] for s in stacks().values() if s["StackId"] == stack_id)


def changed_resources(stack_id: str) -> set[str] | None:
    """What a stack's latest change set changes; ``None`` when it was changed without one."""
    latest = _latest_change_set(stack_id)
    if latest is None:
        return None
    return {change["ResourceChange"]["LogicalResourceId"] for change in latest["Changes"]}


def _latest_change_set(stack_id: str) -> Record | None:
    its_own = [
        change_set
        for change_set in cloudformation._change_sets.values()
        if change_set.get("StackId") == stack_id and change_set.get("_template")
    ]
    return its_own[-1] if its_own else None


def stack_events(stack_id: str) -> list[Record]:
    """One stack's events, oldest first."""
    found: list[Record] = cloudformation._stack_events.setdefault(stack_id, [])
    return found


def now(ago: float = 0.0) -> str:
    """The time ``ago`` seconds before now, as the stores keep it."""
    return stamp(datetime.now(UTC) - timedelta(seconds=ago))


def stamp(moment: datetime) -> str:
    """A time as the stores keep it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ms(ago: float = 0.0) -> float:
    """The time ``ago`` seconds before now, in milliseconds since the epoch."""
    return (datetime.now(UTC).timestamp() - ago) * 1000


def at_ms(moment: str) -> float:
    """A stored time in milliseconds since the epoch."""
    return datetime.fromisoformat(moment).timestamp() * 1000


def add_task_definition(definition: Record) -> None:
    """File a task definition as the latest of its family."""
    key = f"{definition['family']}:{definition['revision']}"
    ecs._task_defs[key] = definition
    ecs._task_def_latest[definition["family"]] = definition["revision"]
