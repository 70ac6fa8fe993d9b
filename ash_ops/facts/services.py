"""ECS clusters and services."""

from datetime import datetime

from ash_ops.facts.model import Camel, Instant, NameValue

FARGATE_SPOT = "FARGATE_SPOT"
STOPPED_TAG = "ash:stopped"
"""The tag that ``ash-ops stop`` puts on a service; its value is the time in ISO 8601."""
_SERVERLESS = frozenset({"FARGATE", FARGATE_SPOT})


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

    @property
    def is_primary(self) -> bool:
        """Whether it is the one that is, or is to be, in place."""
        return self.status == "PRIMARY"

    @property
    def state(self) -> str:
        """``IN_PROGRESS``, ``COMPLETED`` or ``FAILED``."""
        return self.rollout_state or "IN_PROGRESS"

    @property
    def revision(self) -> str:
        """Its task definition by its short name, for instance ``ash-cloud-runtime:3``."""
        return (self.task_definition or "").rsplit("/", 1)[-1]

    @property
    def line(self) -> str:
        """How far it is, in one line."""
        return (
            f"{self.revision} {self.state.lower().replace('_', ' ')}: "
            f"{self.running_count or 0} of {self.desired_count or 0} running, "
            f"{self.pending_count or 0} pending, {self.failed_tasks or 0} failed"
        )


class BreakerThreshold(Camel):
    """How many failed tasks stop a deployment: a number, or a share of those wanted."""

    type: str | None = None
    value: int | None = None


class CircuitBreaker(Camel):
    """The deployment circuit breaker's switches.

    Attributes:
        reset_on_healthy_task: whether a task that becomes healthy sets the count back to nothing.
    """

    enable: bool | None = None
    rollback: bool | None = None
    reset_on_healthy_task: bool | None = None
    threshold_configuration: BreakerThreshold | None = None


class DeploymentConfiguration(Camel):
    """How a rollout may proceed."""

    deployment_circuit_breaker: CircuitBreaker | None = None
    maximum_percent: int | None = None
    minimum_healthy_percent: int | None = None


class AdvancedConfiguration(Camel):
    """What a blue/green deployment of ECS switches between."""

    alternate_target_group_arn: str | None = None
    production_listener_rule: str | None = None
    test_listener_rule: str | None = None


class ServiceLoadBalancer(Camel):
    """Which container and port a target group gets."""

    target_group_arn: str | None = None
    advanced_configuration: AdvancedConfiguration | None = None
    container_name: str | None = None
    container_port: int | None = None

    @property
    def target_groups(self) -> tuple[str, ...]:
        """The ARNs of the groups that its tasks are registered with: of blue and of green."""
        advanced = self.advanced_configuration
        alternate = advanced.alternate_target_group_arn if advanced else None
        return tuple(arn for arn in (self.target_group_arn, alternate) if arn)


class ServiceTag(Camel):
    """A tag, as ECS spells it."""

    key: str = ""
    value: str = ""


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
    tags: tuple[ServiceTag, ...] = ()

    @property
    def is_stopped(self) -> bool:
        """Whether ``ash-ops stop`` stopped it: it is to run nothing, and bears the tag that says so."""
        return self.desired_count == 0 and self.has_stop_tag

    @property
    def has_stop_tag(self) -> bool:
        """Whether ``ash-ops stop`` was here, and ``ash-ops start`` has not been since."""
        return any(tag.key == STOPPED_TAG for tag in self.tags)

    @property
    def stopped_at(self) -> datetime | None:
        """When it was stopped on purpose; ``None`` if it was not, or its tag tells no time."""
        told = next((tag.value for tag in self.tags if tag.key == STOPPED_TAG), "")
        try:
            found = datetime.fromisoformat(told)
        except ValueError:
            return None
        return found if self.is_stopped and found.tzinfo else None

    @property
    def primary(self) -> ServiceRollout | None:
        """The deployment that is, or is to be, in place."""
        return next((each for each in self.deployments if each.is_primary), None)

    @property
    def runs(self) -> str:
        """The ARN of the task definition that is, or is to be, in place."""
        primary = self.primary
        return (primary.task_definition if primary else None) or self.task_definition or ""

    @property
    def target_group(self) -> str | None:
        """The ARN of the first target group that its tasks are registered with."""
        return next((b.target_group_arn for b in self.load_balancers if b.target_group_arn), None)

    @property
    def awsvpc(self) -> AwsVpcConfiguration | None:
        """Where its tasks are put, if they have network interfaces of their own."""
        config = self.network_configuration
        return config.awsvpc_configuration if config else None

    @property
    def providers(self) -> frozenset[str]:
        """The capacity providers that its strategy names."""
        return frozenset(item.capacity_provider for item in self.capacity_provider_strategy)

    @property
    def host_providers(self) -> tuple[str, ...]:
        """The capacity providers of instances that its strategy names, of its rollouts too."""
        rollouts = (item for each in self.deployments for item in each.capacity_provider_strategy)
        named = (i.capacity_provider for i in (*self.capacity_provider_strategy, *rollouts))
        return tuple(dict.fromkeys(name for name in named if name and name not in _SERVERLESS))

    @property
    def uses_hosts(self) -> bool:
        """Whether its tasks are put on instances, which somebody starts, updates and stops."""
        types = (self.launch_type, *(each.launch_type for each in self.deployments))
        return bool(self.host_providers) or any(t and t != "FARGATE" for t in types)

    @property
    def is_on_fargate(self) -> bool:
        """Whether Fargate runs its tasks, on demand or on spare capacity."""
        return self.launch_type == "FARGATE" or bool(self.providers & _SERVERLESS)
