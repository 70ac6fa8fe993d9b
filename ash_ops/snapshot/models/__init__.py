"""The facts of one deployment, field for field as the AWS APIs name them.

Field names become the APIs' own (``lastStatus``, ``VpcId``) when a snapshot is written, so that
evidence quotes what the `aws` command would show. Every field may be absent: an emulator, an old
API or a redacted file may leave it out, and a check then says that it cannot tell.
"""

# No ``from __future__ import annotations`` here: pydantic would have to evaluate every annotation
# again, which takes as long as all the rest of loading these models.

from pydantic import Field

from ash_ops.snapshot.models.base import Camel, NameValue, Pascal
from ash_ops.snapshot.models.load_balancing import (
    ForwardConfig,
    HealthState,
    Listener,
    ListenerAction,
    LoadBalancer,
    LoadBalancerState,
    Matcher,
    Target,
    TargetGroup,
    TargetGroupShare,
    TargetHealth,
    ZoneOfBalancer,
)
from ash_ops.snapshot.models.network import (
    GroupPair,
    InternetGateway,
    InternetGatewayAttachment,
    IpPermission,
    IpRange,
    Ipv6Range,
    NatGateway,
    NatGatewayAddress,
    NetworkAcl,
    NetworkAclAssociation,
    NetworkAclEntry,
    PortRange,
    PrefixList,
    PrefixListReference,
    Route,
    RouteTable,
    RouteTableAssociation,
    SecurityGroup,
    SecurityGroupReference,
    Subnet,
    Vpc,
    VpcEndpoint,
)
from ash_ops.snapshot.models.server import LocalKey, Probe, Rung, ServerHealth, ServerPool
from ash_ops.snapshot.models.services import (
    AwsVpcConfiguration,
    CapacityProviderStrategyItem,
    CircuitBreaker,
    Cluster,
    DeploymentConfiguration,
    NetworkConfiguration,
    Service,
    ServiceEvent,
    ServiceLoadBalancer,
    ServiceRollout,
)
from ash_ops.snapshot.models.stacks import Stack, StackEvent, StackOutput, StackTag
from ash_ops.snapshot.models.start import (
    Identity,
    ImageState,
    LogGroup,
    LogLine,
    Quota,
    Role,
    SecretState,
    SimulatedAction,
)
from ash_ops.snapshot.models.task_definitions import (
    ContainerDefinition,
    EfsVolumeConfiguration,
    EphemeralStorage,
    HealthCheck,
    LogConfiguration,
    MountPoint,
    PortMapping,
    RepositoryCredentials,
    RuntimePlatform,
    SecretReference,
    TaskDefinition,
    Volume,
)
from ash_ops.snapshot.models.tasks import ArchivedTask, Attachment, Container, Task
from ash_ops.snapshot.reading import Instant, Model, Reading

__all__ = [
    "ArchivedTask",
    "Attachment",
    "AwsVpcConfiguration",
    "Camel",
    "CapacityProviderStrategyItem",
    "CircuitBreaker",
    "Cluster",
    "Container",
    "ContainerDefinition",
    "DeploymentConfiguration",
    "DeploymentFacts",
    "EfsVolumeConfiguration",
    "EphemeralStorage",
    "ForwardConfig",
    "GroupPair",
    "HealthCheck",
    "HealthState",
    "Identity",
    "ImageState",
    "InternetGateway",
    "InternetGatewayAttachment",
    "IpPermission",
    "IpRange",
    "Ipv6Range",
    "Listener",
    "ListenerAction",
    "LoadBalancer",
    "LoadBalancerState",
    "LocalKey",
    "LogConfiguration",
    "LogGroup",
    "LogLine",
    "Matcher",
    "MountPoint",
    "NameValue",
    "NatGateway",
    "NatGatewayAddress",
    "NetworkAcl",
    "NetworkAclAssociation",
    "NetworkAclEntry",
    "NetworkConfiguration",
    "Pascal",
    "PortMapping",
    "PortRange",
    "PrefixList",
    "PrefixListReference",
    "Probe",
    "Quota",
    "RepositoryCredentials",
    "Role",
    "Route",
    "RouteTable",
    "RouteTableAssociation",
    "Rung",
    "RuntimePlatform",
    "SecretReference",
    "SecretState",
    "SecurityGroup",
    "SecurityGroupReference",
    "ServerHealth",
    "ServerPool",
    "Service",
    "ServiceEvent",
    "ServiceLoadBalancer",
    "ServiceRollout",
    "SimulatedAction",
    "Snapshot",
    "Stack",
    "StackEvent",
    "StackOutput",
    "StackTag",
    "Subnet",
    "Target",
    "TargetGroup",
    "TargetGroupShare",
    "TargetHealth",
    "Task",
    "TaskDefinition",
    "Volume",
    "Vpc",
    "VpcEndpoint",
    "ZoneOfBalancer",
]


class DeploymentFacts(Model):
    """Which deployment this is about."""

    name: str
    region: str
    account: str | None = None
    cluster: str
    service: str
    log_group: str
    stack: str | None = None
    url: str | None = None


class Snapshot(Model):
    """Everything one diagnosis needs.

    A reading whose value is ``None`` and that has no gap means: looked for, and not there.

    Attributes:
        limits: what was left out because there was too much of it; a sentence each.
        masked: where something was masked, for instance ``environment[ANTHROPIC_API_KEY]``.
    """

    schema_: str = Field(default="ash-ops.snapshot/1", alias="schema")
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
    probe: Reading[Probe]
    local_key: Reading[LocalKey]
