"""The facts of one deployment, field for field as the AWS APIs name them.

Field names become the APIs' own (``lastStatus``, ``VpcId``) when a snapshot is written, so that
evidence quotes what the `aws` command would show. Every field may be absent: an emulator, an old
API or a redacted file may leave it out, and a check then says that it cannot tell.
"""

from typing import Any, get_args, get_origin

from msgspec import field
from msgspec.structs import fields, replace

from ash_ops.facts.fleet import Registered, RunnerDatabase, RunnerTask
from ash_ops.facts.hosts import (
    CapacityProvider,
    ContainerInstance,
    HostEvent,
    ScalingActivity,
    ScalingGroup,
)
from ash_ops.facts.load_balancing import (
    Certificate,
    Listener,
    LoadBalancer,
    TargetGroup,
    TargetHealth,
)
from ash_ops.facts.model import Instant, Model
from ash_ops.facts.network import (
    InternetGateway,
    NatGateway,
    NetworkAcl,
    PrefixList,
    RouteTable,
    SecurityGroup,
    Subnet,
    Vpc,
    VpcEndpoint,
)
from ash_ops.facts.reading import Gap, Reading, left_out
from ash_ops.facts.rollouts import (
    DeniedCall,
    HookResult,
    RevisionPair,
    ServiceDeployment,
    ServiceRevision,
)
from ash_ops.facts.server import LocalKey, Probe
from ash_ops.facts.services import Cluster, Service
from ash_ops.facts.stacks import Stack, StackEvent
from ash_ops.facts.start import Identity, ImageState, LogGroup, LogLine, Quota, Role, SecretState
from ash_ops.facts.task_definitions import TaskDefinition
from ash_ops.facts.tasks import ArchivedTask, Task
from ash_ops.facts.wanted import WantedResource


class DeploymentFacts(Model, kw_only=True):
    """Which deployment this is about."""

    name: str
    region: str
    account: str | None = None
    cluster: str
    service: str
    log_group: str
    stack: str | None = None
    url: str | None = None


class Snapshot(Model, kw_only=True):
    """Everything one diagnosis needs.

    A reading whose value is ``None`` and that has no gap means: looked for, and not there.

    Attributes:
        other_attributes: by ARN, those of every target group and listener but the first of each.
        limits: what was left out because there was too much of it; a sentence each.
        masked: where something was masked, for instance ``environment[ANTHROPIC_API_KEY]``.
    """

    schema_: str = field(default="ash-ops.snapshot/1", name="schema")
    tool_version: str = ""
    taken_at: Instant
    deployment: DeploymentFacts
    limits: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    identity: Reading[Identity]
    cluster: Reading[Cluster]
    service: Reading[Service]
    task_definition: Reading[TaskDefinition]
    other_task_definitions: Reading[tuple[TaskDefinition, ...]]
    tasks: Reading[tuple[Task, ...]]
    stopped_tasks: Reading[tuple[Task, ...]]
    archived_tasks: Reading[tuple[ArchivedTask, ...]]
    target_groups: Reading[tuple[TargetGroup, ...]]
    target_health: Reading[tuple[TargetHealth, ...]]
    target_group_attributes: Reading[dict[str, str]]
    load_balancers: Reading[tuple[LoadBalancer, ...]]
    load_balancer_attributes: Reading[dict[str, str]]
    listeners: Reading[tuple[Listener, ...]]
    listener_attributes: Reading[dict[str, str]]
    subnets: Reading[tuple[Subnet, ...]]
    vpcs: Reading[tuple[Vpc, ...]]
    route_tables: Reading[tuple[RouteTable, ...]]
    nat_gateways: Reading[tuple[NatGateway, ...]]
    internet_gateways: Reading[tuple[InternetGateway, ...]]
    network_acls: Reading[tuple[NetworkAcl, ...]]
    security_groups: Reading[tuple[SecurityGroup, ...]]
    vpc_endpoints: Reading[tuple[VpcEndpoint, ...]]
    prefix_lists: Reading[tuple[PrefixList, ...]]
    execution_role: Reading[Role]
    task_role: Reading[Role]
    secrets: Reading[tuple[SecretState, ...]]
    image: Reading[ImageState]
    quota: Reading[Quota]
    log_group: Reading[LogGroup]
    log_lines: Reading[tuple[LogLine, ...]]
    memory_utilization: Reading[float]
    stack: Reading[Stack]
    stack_events: Reading[tuple[StackEvent, ...]]
    certificates: Reading[tuple[Certificate, ...]] = left_out("acm:DescribeCertificate")
    other_attributes: Reading[dict[str, dict[str, str]]] = left_out(
        "elasticloadbalancing:DescribeTargetGroupAttributes"
    )
    wanted: Reading[tuple[WantedResource, ...]] = left_out("cloudformation:GetTemplate")
    service_deployments: Reading[tuple[ServiceDeployment, ...]] = left_out(
        "ecs:DescribeServiceDeployments"
    )
    service_revisions: Reading[tuple[ServiceRevision, ...]] = left_out(
        "ecs:DescribeServiceRevisions"
    )
    revision_pair: Reading[RevisionPair] = left_out("ecs:DescribeTaskDefinition")
    log_driver_mode: Reading[str] = left_out("ecs:ListAccountSettings")
    hook_results: Reading[tuple[HookResult, ...]] = left_out("cloudformation:GetHookResult")
    denied_calls: Reading[tuple[DeniedCall, ...]] = left_out("cloudtrail:LookupEvents")
    container_instances: Reading[tuple[ContainerInstance, ...]] = left_out(
        "ecs:DescribeContainerInstances"
    )
    capacity_providers: Reading[tuple[CapacityProvider, ...]] = left_out(
        "ecs:DescribeCapacityProviders"
    )
    scaling_groups: Reading[tuple[ScalingGroup, ...]] = left_out(
        "autoscaling:DescribeAutoScalingGroups"
    )
    scaling_activities: Reading[tuple[ScalingActivity, ...]] = left_out(
        "autoscaling:DescribeScalingActivities"
    )
    infrastructure_role: Reading[Role] = left_out("iam:GetRole")
    host_events: Reading[tuple[HostEvent, ...]] = left_out("logs:FilterLogEvents")
    runner_service: Reading[Service] = left_out("ecs:DescribeServices")
    runner_definition: Reading[TaskDefinition] = left_out("ecs:DescribeTaskDefinition")
    runner_tasks: Reading[tuple[RunnerTask, ...]] = left_out("ecs:DescribeTasks")
    stopped_runners: Reading[tuple[Task, ...]] = left_out("ecs:DescribeTasks")
    runner_lines: Reading[tuple[LogLine, ...]] = left_out("logs:GetLogEvents")
    runner_deployments: Reading[tuple[ServiceDeployment, ...]] = left_out(
        "ecs:DescribeServiceDeployments"
    )
    runner_hosts: Reading[tuple[ContainerInstance, ...]] = left_out(
        "ecs:DescribeContainerInstances"
    )
    runner_providers: Reading[tuple[CapacityProvider, ...]] = left_out(
        "ecs:DescribeCapacityProviders"
    )
    runner_groups: Reading[tuple[ScalingGroup, ...]] = left_out(
        "autoscaling:DescribeAutoScalingGroups"
    )
    runner_scaling: Reading[tuple[ScalingActivity, ...]] = left_out(
        "autoscaling:DescribeScalingActivities"
    )
    runner_database: Reading[RunnerDatabase] = left_out("rds:DescribeDBInstances")
    registered_runners: Reading[tuple[Registered, ...]] = left_out("probe:GET")
    probe: Reading[Probe]
    local_key: Reading[LocalKey]


# Every reading of a snapshot: the field's name, and the type of its value.
READINGS: dict[str, Any] = {
    each.name: get_args(each.type)[0]
    for each in fields(Snapshot)
    if get_origin(each.type) is Reading
}

# What AWS answers, if only with an empty list, wherever it knows what it is of.
_ANSWERED_WITH: dict[str, tuple[str, ...]] = {
    "service": ("tasks", "stopped_tasks", "service_deployments"),
    "target_groups": ("target_health",),
    "load_balancers": ("listeners",),
    "log_group": ("log_lines",),
    "task_definition": ("secrets",),
    "runner_definition": ("runner_service",),
}
_LOST = Gap(kind="missing", message="the list that was answered is not here")


def _is_of_something(source: Any) -> bool:
    """Whether the lists of a source are asked for; no secret is, of a task that is given none."""
    if isinstance(source, TaskDefinition):
        return any(container.secrets for container in source.container_definitions)
    return bool(source)


def with_losses_told(snapshot: Snapshot) -> Snapshot:
    """The same facts, in which a list that must have been there and is not counts as unread, never as empty."""
    lost = {
        name: replace(reading, gap=_LOST)
        for source, names in _ANSWERED_WITH.items()
        if _is_of_something(getattr(snapshot, source).value)
        for name in names
        if (reading := getattr(snapshot, name)).value is None and reading.gap is None
    }
    return replace(snapshot, **lost) if lost else snapshot
