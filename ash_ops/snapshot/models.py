"""The facts of one deployment, field for field as the AWS APIs name them.

Field names become the APIs' own (``lastStatus``, ``VpcId``) when a snapshot is written, so that
evidence quotes what the `aws` command would show. Every field may be absent: an emulator, an old
API or a redacted file may leave it out, and a check then says that it cannot tell.
"""

# No ``from __future__ import annotations`` here: pydantic would have to evaluate every annotation
# again, which takes as long as all the rest of loading these models.

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel, to_pascal

from ash_ops.snapshot.reading import Gap, Instant, Model, Reading


class Camel(Model):
    """A value of ECS or CloudWatch Logs: ``camelCase`` names."""

    model_config = ConfigDict(alias_generator=to_camel)


class Pascal(Model):
    """A value of EC2, ELB, IAM, CloudFormation or Secrets Manager: ``PascalCase`` names."""

    model_config = ConfigDict(alias_generator=to_pascal)


# --- ECS ---------------------------------------------------------------------------------------


class NameValue(Camel):
    """A setting or an environment variable. A value that may be secret is masked as it is read.

    Attributes:
        masked: whether ``value`` is a mask; the facts below were taken before masking.
        is_empty: whether the value is empty or only white space.
        is_placeholder: whether it looks like an example's, for instance ``changeme``.
        flaws: what is wrong with its form, as in ``LocalKey``.
    """

    name: str = ""
    value: str | None = None
    masked: bool = False
    is_empty: bool | None = None
    is_placeholder: bool | None = None
    flaws: tuple[str, ...] = ()


class Cluster(Camel):
    """An ECS cluster."""

    cluster_arn: str = ""
    cluster_name: str = ""
    status: str | None = None
    running_tasks_count: int | None = None
    registered_container_instances_count: int | None = None
    capacity_providers: tuple[str, ...] = ()
    settings: tuple[NameValue, ...] = ()


class ServiceEvent(Camel):
    """One line of a service's event list."""

    id: str = ""
    created_at: Instant | None = None
    message: str = ""


class AwsVpcConfiguration(Camel):
    """Where tasks are put."""

    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()
    assign_public_ip: str | None = None


class NetworkConfiguration(Camel):
    """The wrapper that ECS puts around it."""

    awsvpc_configuration: AwsVpcConfiguration | None = None


class CapacityProviderStrategyItem(Camel):
    """One entry of a capacity provider strategy."""

    capacity_provider: str = ""
    weight: int | None = None
    base: int | None = None


class ServiceRollout(Camel):
    """One of a service's deployments: a task definition being rolled out or in place."""

    id: str = ""
    status: str | None = None
    task_definition: str | None = None
    desired_count: int | None = None
    pending_count: int | None = None
    running_count: int | None = None
    failed_tasks: int | None = None
    created_at: Instant | None = None
    updated_at: Instant | None = None
    rollout_state: str | None = None
    rollout_state_reason: str | None = None
    launch_type: str | None = None
    platform_version: str | None = None
    capacity_provider_strategy: tuple[CapacityProviderStrategyItem, ...] = ()
    network_configuration: NetworkConfiguration | None = None


class CircuitBreaker(Camel):
    """The deployment circuit breaker's switches."""

    enable: bool | None = None
    rollback: bool | None = None


class DeploymentConfiguration(Camel):
    """How a rollout may proceed."""

    deployment_circuit_breaker: CircuitBreaker | None = None
    maximum_percent: int | None = None
    minimum_healthy_percent: int | None = None


class ServiceLoadBalancer(Camel):
    """Which container and port a target group gets."""

    target_group_arn: str | None = None
    container_name: str | None = None
    container_port: int | None = None


class Service(Camel):
    """An ECS service."""

    service_arn: str = ""
    service_name: str = ""
    status: str | None = None
    desired_count: int | None = None
    running_count: int | None = None
    pending_count: int | None = None
    launch_type: str | None = None
    platform_version: str | None = None
    task_definition: str | None = None
    created_at: Instant | None = None
    health_check_grace_period_seconds: int | None = None
    enable_execute_command: bool | None = None
    capacity_provider_strategy: tuple[CapacityProviderStrategyItem, ...] = ()
    deployment_configuration: DeploymentConfiguration | None = None
    deployments: tuple[ServiceRollout, ...] = ()
    events: tuple[ServiceEvent, ...] = ()
    load_balancers: tuple[ServiceLoadBalancer, ...] = ()
    network_configuration: NetworkConfiguration | None = None


class SecretReference(Camel):
    """A container's variable that ECS fills from Secrets Manager or Parameter Store."""

    name: str = ""
    value_from: str = ""


class PortMapping(Camel):
    """A port that a container listens on."""

    container_port: int | None = None
    host_port: int | None = None
    protocol: str | None = None


class HealthCheck(Camel):
    """The container health check of a task definition."""

    command: tuple[str, ...] = ()
    interval: int | None = None
    timeout: int | None = None
    retries: int | None = None
    start_period: int | None = None


class LogConfiguration(Camel):
    """Where a container's output goes."""

    log_driver: str | None = None
    options: dict[str, str] = Field(default_factory=dict)


class MountPoint(Camel):
    """A volume in a container."""

    source_volume: str | None = None
    container_path: str | None = None
    read_only: bool | None = None


class RepositoryCredentials(Camel):
    """The secret with which a private registry is read."""

    credentials_parameter: str | None = None


class ContainerDefinition(Camel):
    """One container of a task definition."""

    name: str = ""
    image: str = ""
    essential: bool | None = None
    cpu: int | None = None
    memory: int | None = None
    memory_reservation: int | None = None
    privileged: bool | None = None
    user: str | None = None
    readonly_root_filesystem: bool | None = None
    command: tuple[str, ...] | None = None
    entry_point: tuple[str, ...] | None = None
    environment: tuple[NameValue, ...] = ()
    secrets: tuple[SecretReference, ...] = ()
    port_mappings: tuple[PortMapping, ...] = ()
    health_check: HealthCheck | None = None
    log_configuration: LogConfiguration | None = None
    mount_points: tuple[MountPoint, ...] = ()
    repository_credentials: RepositoryCredentials | None = None
    stop_timeout: int | None = None


class RuntimePlatform(Camel):
    """The processor and system a task wants."""

    cpu_architecture: str | None = None
    operating_system_family: str | None = None


class EfsVolumeConfiguration(Camel):
    """An EFS file system as a volume."""

    file_system_id: str | None = None
    root_directory: str | None = None
    transit_encryption: str | None = None


class Volume(Camel):
    """A volume of a task definition."""

    name: str = ""
    efs_volume_configuration: EfsVolumeConfiguration | None = None


class EphemeralStorage(Camel):
    """A Fargate task's disk."""

    size_in_gi_b: int | None = Field(default=None, alias="sizeInGiB")


class TaskDefinition(Camel):
    """A revision of a task definition."""

    task_definition_arn: str = ""
    family: str = ""
    revision: int | None = None
    status: str | None = None
    cpu: str | None = None
    memory: str | None = None
    network_mode: str | None = None
    requires_compatibilities: tuple[str, ...] = ()
    execution_role_arn: str | None = None
    task_role_arn: str | None = None
    runtime_platform: RuntimePlatform | None = None
    ephemeral_storage: EphemeralStorage | None = None
    registered_at: Instant | None = None
    container_definitions: tuple[ContainerDefinition, ...] = ()
    volumes: tuple[Volume, ...] = ()

    def container(self, name: str = "ash") -> ContainerDefinition | None:
        """The Ash container: the one of that name, else the first essential one."""
        named = [c for c in self.container_definitions if c.name == name]
        essential = [c for c in self.container_definitions if c.essential is not False]
        return next(iter(named or essential), None)


class Attachment(Camel):
    """A task's network interface, as ECS tells it."""

    id: str = ""
    type: str | None = None
    status: str | None = None
    details: tuple[NameValue, ...] = ()

    def detail(self, name: str) -> str | None:
        """One of its details, for instance ``privateIPv4Address``."""
        return next((d.value for d in self.details if d.name == name), None)


class Container(Camel):
    """A container of a task that runs or ran."""

    name: str = ""
    image: str | None = None
    image_digest: str | None = None
    last_status: str | None = None
    exit_code: int | None = None
    reason: str | None = None
    health_status: str | None = None


class Task(Camel):
    """A task: one run of a task definition."""

    task_arn: str = ""
    task_definition_arn: str | None = None
    group: str | None = None
    started_by: str | None = None
    last_status: str | None = None
    desired_status: str | None = None
    health_status: str | None = None
    launch_type: str | None = None
    capacity_provider_name: str | None = None
    availability_zone: str | None = None
    platform_version: str | None = None
    cpu: str | None = None
    memory: str | None = None
    connectivity: str | None = None
    created_at: Instant | None = None
    connectivity_at: Instant | None = None
    pull_started_at: Instant | None = None
    pull_stopped_at: Instant | None = None
    started_at: Instant | None = None
    stopping_at: Instant | None = None
    stopped_at: Instant | None = None
    stop_code: str | None = None
    stopped_reason: str | None = None
    attachments: tuple[Attachment, ...] = ()
    containers: tuple[Container, ...] = ()

    @property
    def id(self) -> str:
        """The last part of its ARN."""
        return self.task_arn.rsplit("/", 1)[-1]

    @property
    def private_ip(self) -> str | None:
        """The address of its network interface."""
        found = (a.detail("privateIPv4Address") for a in self.attachments)
        return next((address for address in found if address), None)

    @property
    def subnet_id(self) -> str | None:
        """The subnet of its network interface."""
        return next((s for a in self.attachments if (s := a.detail("subnetId"))), None)


# --- Load balancing ----------------------------------------------------------------------------


class LoadBalancerState(Pascal):
    """Whether a load balancer is usable."""

    code: str | None = None
    reason: str | None = None


class ZoneOfBalancer(Pascal):
    """A zone in which a load balancer has a node."""

    zone_name: str | None = None
    subnet_id: str | None = None


class LoadBalancer(Pascal):
    """A load balancer."""

    load_balancer_arn: str = ""
    load_balancer_name: str = ""
    dns_name: str | None = Field(default=None, alias="DNSName")
    scheme: str | None = None
    type: str | None = None
    vpc_id: str | None = None
    created_time: Instant | None = None
    state: LoadBalancerState | None = None
    availability_zones: tuple[ZoneOfBalancer, ...] = ()
    security_groups: tuple[str, ...] = ()


class TargetGroupShare(Pascal):
    """One of several target groups that a listener spreads connections over."""

    target_group_arn: str | None = None
    weight: int | None = None


class ForwardConfig(Pascal):
    """The target groups of a forwarding action."""

    target_groups: tuple[TargetGroupShare, ...] = ()


class ListenerAction(Pascal):
    """What a listener does with a connection."""

    type: str | None = None
    target_group_arn: str | None = None
    forward_config: ForwardConfig | None = None

    @property
    def groups(self) -> tuple[str, ...]:
        """The ARNs of the target groups it forwards to."""
        shares = self.forward_config.target_groups if self.forward_config else ()
        arns = (self.target_group_arn, *(share.target_group_arn for share in shares))
        return tuple(dict.fromkeys(arn for arn in arns if arn))


class Listener(Pascal):
    """A port on which a load balancer accepts connections."""

    listener_arn: str = ""
    load_balancer_arn: str | None = None
    port: int | None = None
    protocol: str | None = None
    default_actions: tuple[ListenerAction, ...] = ()


class Matcher(Pascal):
    """Which HTTP codes count as healthy."""

    http_code: str | None = None


class TargetGroup(Pascal):
    """A target group and its health check."""

    target_group_arn: str = ""
    target_group_name: str = ""
    protocol: str | None = None
    port: int | None = None
    vpc_id: str | None = None
    target_type: str | None = None
    health_check_enabled: bool | None = None
    health_check_protocol: str | None = None
    health_check_port: str | None = None
    health_check_path: str | None = None
    health_check_interval_seconds: int | None = None
    health_check_timeout_seconds: int | None = None
    healthy_threshold_count: int | None = None
    unhealthy_threshold_count: int | None = None
    matcher: Matcher | None = None
    load_balancer_arns: tuple[str, ...] = ()


class Target(Pascal):
    """One registered address."""

    id: str = ""
    port: int | None = None
    availability_zone: str | None = None


class HealthState(Pascal):
    """A target's state, with the reason code."""

    state: str | None = None
    reason: str | None = None
    description: str | None = None


class TargetHealth(Pascal):
    """One row of DescribeTargetHealth."""

    target: Target = Field(default_factory=Target)
    target_health: HealthState = Field(default_factory=HealthState)


# --- Network -----------------------------------------------------------------------------------


class Subnet(Pascal):
    """A subnet."""

    subnet_id: str = ""
    vpc_id: str | None = None
    cidr_block: str | None = None
    availability_zone: str | None = None
    availability_zone_id: str | None = None
    available_ip_address_count: int | None = None
    map_public_ip_on_launch: bool | None = None


class Vpc(Pascal):
    """A VPC and its two DNS switches."""

    vpc_id: str = ""
    cidr_block: str | None = None
    is_default: bool | None = None
    enable_dns_support: bool | None = None
    enable_dns_hostnames: bool | None = None


class Route(Pascal):
    """One route; exactly one of its target fields is set."""

    destination_cidr_block: str | None = None
    destination_ipv6_cidr_block: str | None = None
    destination_prefix_list_id: str | None = None
    gateway_id: str | None = None
    nat_gateway_id: str | None = None
    transit_gateway_id: str | None = None
    vpc_peering_connection_id: str | None = None
    network_interface_id: str | None = None
    instance_id: str | None = None
    egress_only_internet_gateway_id: str | None = None
    state: str | None = None


class RouteTableAssociation(Pascal):
    """Which subnet a route table serves; the main one serves those without any."""

    main: bool | None = None
    subnet_id: str | None = None


class RouteTable(Pascal):
    """A route table."""

    route_table_id: str = ""
    vpc_id: str | None = None
    associations: tuple[RouteTableAssociation, ...] = ()
    routes: tuple[Route, ...] = ()


class NatGatewayAddress(Pascal):
    """A NAT gateway's public address."""

    public_ip: str | None = None
    allocation_id: str | None = None


class NatGateway(Pascal):
    """A NAT gateway."""

    nat_gateway_id: str = ""
    state: str | None = None
    subnet_id: str | None = None
    connectivity_type: str | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    nat_gateway_addresses: tuple[NatGatewayAddress, ...] = ()


class InternetGatewayAttachment(Pascal):
    """The VPC an internet gateway is attached to."""

    vpc_id: str | None = None
    state: str | None = None


class InternetGateway(Pascal):
    """An internet gateway."""

    internet_gateway_id: str = ""
    attachments: tuple[InternetGatewayAttachment, ...] = ()


class PortRange(Pascal):
    """A range of ports in a network ACL entry."""

    from_: int | None = Field(default=None, alias="From")
    to: int | None = None


class NetworkAclEntry(Pascal):
    """One numbered rule of a network ACL."""

    rule_number: int | None = None
    rule_action: str | None = None
    egress: bool | None = None
    protocol: str | None = None
    cidr_block: str | None = None
    port_range: PortRange | None = None


class NetworkAclAssociation(Pascal):
    """The subnet an ACL guards."""

    subnet_id: str | None = None


class NetworkAcl(Pascal):
    """A network ACL."""

    network_acl_id: str = ""
    vpc_id: str | None = None
    is_default: bool | None = None
    associations: tuple[NetworkAclAssociation, ...] = ()
    entries: tuple[NetworkAclEntry, ...] = ()


class IpRange(Pascal):
    """An address range of a rule."""

    cidr_ip: str | None = None


class Ipv6Range(Pascal):
    """An IPv6 address range of a rule."""

    cidr_ipv6: str | None = Field(default=None, alias="CidrIpv6")


class GroupPair(Pascal):
    """Another security group as the source or destination of a rule."""

    group_id: str | None = None


class PrefixListReference(Pascal):
    """A prefix list as the source or destination of a rule."""

    prefix_list_id: str | None = None


class IpPermission(Pascal):
    """One rule of a security group."""

    ip_protocol: str | None = None
    from_port: int | None = None
    to_port: int | None = None
    ip_ranges: tuple[IpRange, ...] = ()
    ipv6_ranges: tuple[Ipv6Range, ...] = ()
    user_id_group_pairs: tuple[GroupPair, ...] = ()
    prefix_list_ids: tuple[PrefixListReference, ...] = ()


class SecurityGroup(Pascal):
    """A security group."""

    group_id: str = ""
    group_name: str | None = None
    vpc_id: str | None = None
    ip_permissions: tuple[IpPermission, ...] = ()
    ip_permissions_egress: tuple[IpPermission, ...] = ()


class SecurityGroupReference(Pascal):
    """A security group of an endpoint."""

    group_id: str = ""


class VpcEndpoint(Pascal):
    """A VPC endpoint."""

    vpc_endpoint_id: str = ""
    vpc_endpoint_type: str | None = None
    vpc_id: str | None = None
    service_name: str = ""
    state: str | None = None
    private_dns_enabled: bool | None = None
    subnet_ids: tuple[str, ...] = ()
    route_table_ids: tuple[str, ...] = ()
    groups: tuple[SecurityGroupReference, ...] = ()


class PrefixList(Pascal):
    """An AWS-managed prefix list, for instance S3's."""

    prefix_list_id: str = ""
    prefix_list_name: str | None = None
    cidrs: tuple[str, ...] = ()


# --- Identity, secrets, image ------------------------------------------------------------------


class Identity(Pascal):
    """Who is asking."""

    account: str | None = None
    arn: str | None = None


class SimulatedAction(Model):
    """What IAM's policy simulator says about one action of a role.

    Attributes:
        decision: ``allowed``, ``explicitDeny``, ``implicitDeny``, or ``inconclusive`` when context
            that the simulation lacked could have changed the answer.
    """

    action: str
    resource: str
    decision: str
    missing_context: tuple[str, ...] = ()


class Role(Model):
    """A role of the task: who may assume it, and what it may do.

    Attributes:
        trusted_services: the service principals of its trust policy that may assume it.
        simulated: one row an action and resource that the task needs.
        simulation_gap: why the simulation, or a part of it, was not answered; the rows it would
            have given are there as ``inconclusive``.
    """

    arn: str
    name: str
    exists: bool = True
    created_at: Instant | None = None
    trusted_services: tuple[str, ...] = ()
    simulated: tuple[SimulatedAction, ...] = ()
    simulation_gap: Gap | None = None


class SecretState(Model):
    """A secret or parameter that the task definition refers to; never its value.

    Attributes:
        reference: the ``valueFrom`` as the task definition writes it.
        variables: the container's variables that it fills.
        json_key: the key of its JSON that the reference names.
        json_keys: the names of the keys in its JSON, if it could be read and is JSON.
        empty_keys: those of them whose value is empty; ``""`` stands for the whole value.
        is_json: whether its value is a JSON object; ``None`` if it was not read.
        is_empty: whether the value (of the JSON key referred to) is empty; ``None`` if not read.
        is_placeholder: whether it looks like an example's; ``None`` if not read.
        flaws: what is wrong with its form, as in ``LocalKey``.
        value_gap: why the value was not read; everything else is known all the same.
    """

    reference: str
    arn: str | None = None
    exists: bool = True
    kind: str = "secret"
    region: str | None = None
    deleted_at: Instant | None = None
    last_changed_at: Instant | None = None
    has_current_version: bool | None = None
    is_json: bool | None = None
    json_keys: tuple[str, ...] = ()
    empty_keys: tuple[str, ...] = ()
    kms_key_id: str | None = None
    variables: tuple[str, ...] = ()
    json_key: str | None = None
    is_empty: bool | None = None
    is_placeholder: bool | None = None
    flaws: tuple[str, ...] = ()
    value_gap: Gap | None = None


class ImageState(Model):
    """What the registry says about the image.

    Attributes:
        exists: whether the tag or digest is there; ``None`` if the registry would not say.
        status: the HTTP status with which the registry answered the look-up.
        architectures: for instance ``("amd64", "arm64")``.
    """

    reference: str
    registry: str = ""
    repository: str = ""
    tag: str = ""
    exists: bool | None = None
    status: int | None = None
    repository_exists: bool | None = None
    architectures: tuple[str, ...] = ()
    digest: str | None = None


class Quota(Model):
    """An account quota and how much of it is used, in the quota's own unit (vCPU)."""

    code: str
    name: str = ""
    value: float | None = None
    used: float | None = None


class LogGroup(Camel):
    """A log group."""

    log_group_name: str = ""
    retention_in_days: int | None = None
    stored_bytes: int | None = None


class LogLine(Model):
    """A line of a container's log, with secrets masked."""

    at: Instant
    stream: str = ""
    message: str = ""


class ArchivedTask(Model):
    """A stopped task from the event archive, for deaths that ECS has forgotten."""

    at: Instant
    task: Task


# --- CloudFormation ----------------------------------------------------------------------------


class StackTag(Pascal):
    """A tag."""

    key: str = ""
    value: str = ""


class StackOutput(Pascal):
    """An output of a stack; never a secret in the bundled templates."""

    output_key: str = ""
    output_value: str | None = None


class Stack(Pascal):
    """A stack and its state."""

    stack_id: str = ""
    stack_name: str = ""
    stack_status: str = ""
    stack_status_reason: str | None = None
    creation_time: Instant | None = None
    last_updated_time: Instant | None = None
    drift_status: str | None = None
    outputs: tuple[StackOutput, ...] = ()
    tags: tuple[StackTag, ...] = ()


class StackEvent(Pascal):
    """One event of a stack."""

    event_id: str = ""
    timestamp: Instant | None = None
    logical_resource_id: str | None = None
    physical_resource_id: str | None = None
    resource_type: str | None = None
    resource_status: str | None = None
    resource_status_reason: str | None = None


# --- The live server ---------------------------------------------------------------------------


class Rung(Model):
    """One rung of the live ladder.

    Attributes:
        name: ``dns``, ``tcp``, ``http``, ``health``, ``auth``, ``config-js``, ``tls`` or ``canary``.
        outcome: ``ok``, ``failed`` or ``skipped``.
        detail: what was answered, with secrets masked.
        error: the class of the failure, for instance ``ConnectionRefusedError``.
    """

    name: str
    outcome: str
    elapsed_ms: float | None = None
    detail: str = ""
    error: str | None = None
    status: int | None = None


class ServerPool(Camel):
    """The sandbox pool of ``/health``."""

    running: int | None = None
    total: int | None = None
    max_capacity: int | None = None


class ServerHealth(Camel):
    """The body of ``/health``."""

    status: str | None = None
    version: str | None = None
    uptime: float | None = None
    active_sessions: int | None = None
    active_sandboxes: int | None = None
    remote_runners: int | None = None
    pool: ServerPool | None = None


class Probe(Model):
    """What the server answered to this machine.

    Attributes:
        url: where it was asked.
        key_rejected: the text of a 401, one of the server's three.
        answers_without_key: whether an authenticated path answered without any key.
        key_published: whether ``/dashboard/config.js`` hands the API key to anyone.
        caller_ip: this machine's public address, if it could be found out.
    """

    url: str
    rungs: tuple[Rung, ...] = ()
    health: ServerHealth | None = None
    server_date: Instant | None = None
    key_rejected: str | None = None
    answers_without_key: bool | None = None
    key_published: bool | None = None
    caller_ip: str | None = None

    def rung(self, name: str) -> Rung | None:
        """The rung of that name."""
        return next((r for r in self.rungs if r.name == name), None)


class LocalKey(Model):
    """The API key this machine would use; never the key itself.

    Attributes:
        origin: where it was found: ``environment``, a file, or ``none``.
        fingerprint: eight digits of its hash.
        deployed_fingerprint: the same of the deployed key, if it could be read.
        flaws: what is wrong with its form: ``quotes``, ``spaces``, ``line-end``, ``bearer-prefix``.
    """

    origin: str = "none"
    fingerprint: str | None = None
    deployed_fingerprint: str | None = None
    flaws: tuple[str, ...] = ()


# --- All of it ---------------------------------------------------------------------------------


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
